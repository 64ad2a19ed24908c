"""The program in summary: a document and the rules in, a Notice out."""

import gc
from collections.abc import Iterable, Iterator
from typing import TypeVar

from policyparse.clean import clean
from policyparse.document import Document
from policyparse.extractors.assignments import assignments
from policyparse.extractors.citations import citations
from policyparse.extractors.deadlines import deadlines
from policyparse.extractors.metadata import metadata
from policyparse.extractors.sections import Sections
from policyparse.extractors.tables import rows
from policyparse.extractors.targets import targets
from policyparse.outline import Node, Outline
from policyparse.rulebook import Rulebook
from policyparse.schema import Diagnostic, Fact, Fields, Notice, Part, Source
from policyparse.segment import segment
from policyparse.tasks import tasks
from policyparse.text import Span, Text

Found = TypeVar("Found", bound=Fact)


def parse(document: Document, rulebook: Rulebook) -> Notice:
    """Read one document with the rules. Any text gives a valid Notice, if an empty one."""
    collecting = gc.isenabled()
    gc.disable()  # nearly all that is made is kept: to look for garbage in it takes a sixth of the time of a long text
    try:
        return _parse(document, rulebook)
    finally:
        if collecting:
            gc.enable()


def _parse(document: Document, rulebook: Rulebook) -> Notice:
    text = clean(document.text, document.paragraphs)
    rulebook.scan(text.plain)
    outline = segment(text, document, rulebook)
    table = rows(text, document, outline, rulebook)
    about = metadata(text, document, outline, rulebook)
    duties = assignments(text, outline, table, rulebook)
    sections = Sections(text.plain, rulebook)
    aims = targets(text, outline, table, sections, about, rulebook)
    times = deadlines(text, outline, table, sections, about, rulebook)
    references = citations(text, outline, about, rulebook)
    if document.pages:
        duties, aims, times = _paged(duties, document), _paged(aims, document), _paged(times, document)
        references = _paged(references, document)
    return Notice(
        source=Source(
            path=document.path,
            format=document.format,
            encoding=document.encoding,
            sha256=document.sha256,
            characters=len(document.text),
            pages=len(document.pages) or None,
        ),
        metadata=about,
        parts=tuple(Part.many(_part(part, text) for part in outline.parts)),
        tasks=tasks(duties, aims, times, outline, table, text),
        citations=tuple(references),
        diagnostics=tuple(sorted([*outline.diagnostics, *_remarks(text, outline, document, rulebook)], key=_place)),
    )


def _place(found: Diagnostic) -> tuple[Span, str]:
    return found.span or (0, 0), found.code


def _paged(facts: Iterable[Found], document: Document) -> list[Found]:
    """The facts with the pages that they stand on."""
    return [fact.model_copy(update={"page": document.page(fact.span[0])}) for fact in facts]


def _remarks(text: Text, outline: Outline, document: Document, rulebook: Rulebook) -> Iterator[Diagnostic]:
    """Why a result is empty, as that of a file that is no notice, or incomplete."""
    for remark in document.remarks:
        at = document.pages[remark.page - 1] if remark.page and remark.page <= len(document.pages) else None
        span = None if at is None else (at, at)
        yield Diagnostic(
            code=remark.code, severity=remark.severity, message=remark.message, span=span, page=remark.page
        )
    for rule in rulebook.timeouts():
        message = f"规则 {rule} 用时过长，有的段落没有读完。"
        yield Diagnostic(code="rule-timeout", severity="warning", message=message, span=None)
    if not text.plain.strip():
        yield Diagnostic(code="empty", severity="warning", message="文件里没有文字。", span=None)
    elif not any(part.children for part in outline.parts):
        message = "没有找到带序号的标题，全文只作为正文读取。"
        yield Diagnostic(code="no-headings", severity="warning", message=message, span=None)


def _part(node: Node, text: Text) -> Fields:
    """The fields of a Part."""
    return {
        "id": node.id,
        "kind": node.kind,
        "title": node.title,
        "span": text.span(node.start, node.end),
        "text": node.words(text.shown),
        "sections": [_section(child, text) for child in node.children],
    }


def _section(node: Node, text: Text) -> Fields:
    """The fields of a Section, and of those in it."""
    return {
        "id": node.id,
        "marker": node.marker,
        "number": node.number,
        "level": node.level,
        "title": node.title,
        "span": text.span(node.start, node.end),
        "text": node.words(text.shown),
        "rule": node.rule,
        "sections": [_section(child, text) for child in node.children],
    }
