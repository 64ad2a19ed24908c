"""Outlines of short notices about fictional places, and the views of them that the tests of segment compare."""

from collections.abc import Iterator

from policyparse.clean import clean
from policyparse.document import Document, Table
from policyparse.outline import Node, Outline
from policyparse.rulebook import load
from policyparse.segment import segment

RULES = load()
Shape = tuple[int, str, str | None]


def outline(source: str, tables: tuple[Table, ...] = ()) -> Outline:
    return segment(clean(source), Document(source, tables=tables), RULES)


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in document order."""
    yield node
    for child in node.children:
        yield from walk(child)


def shape(node: Node) -> list[Shape]:
    return [(n.level, n.marker, n.title) for n in walk(node) if n.level]


def tree(source: str) -> list[Shape]:
    found = outline(source)
    assert len(found.parts) == 1, [(part.kind, part.title) for part in found.parts]
    return shape(found.parts[0])


def parts(source: str) -> list[tuple[str, str | None]]:
    return [(part.kind, part.title) for part in outline(source).parts]


def roles(source: str) -> dict[str, str]:
    found, text = outline(source), clean(source)
    return {text.plain[line.start : line.end]: line.role for line in found.lines}


def codes(source: str) -> list[str]:
    return [found.code for found in outline(source).diagnostics]


LETTER = """青禾县人民政府办公室关于印发青禾县茶产业发展方案的通知
青政办发〔2023〕7号
各镇人民政府，县政府各部门：
《青禾县茶产业发展方案》已经县政府同意，现印发给你们，请认真贯彻执行。
青禾县人民政府办公室
2023年5月6日
（此件公开发布）
"""
PLAN = """青禾县茶产业发展方案
为加快茶产业发展，结合我县实际，制定本方案。
一、总体目标
到2025年，全县茶园面积达到3万亩。
二、重点任务
（一）建设基地。东岭镇新建茶园2000亩。
（二）培育企业。年内培育加工企业5家。
"""
