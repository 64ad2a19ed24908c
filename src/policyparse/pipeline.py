"""The program in summary: a document and the rules in, a Notice out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from policyparse.clean import clean
from policyparse.document import Document
from policyparse.extractors.assignments import assignments
from policyparse.extractors.citations import citations
from policyparse.extractors.deadlines import deadlines
from policyparse.extractors.metadata import metadata
from policyparse.extractors.tables import Row, rows
from policyparse.extractors.targets import targets
from policyparse.outline import Node, Outline
from policyparse.rulebook import Rulebook
from policyparse.schema import Assignment, Deadline, Diagnostic, Fact, Notice, Part, Section, Source, Target, Task
from policyparse.segment import segment
from policyparse.text import Span, Text

Found = TypeVar("Found", bound=Fact)


def parse(document: Document, rulebook: Rulebook) -> Notice:
    """Read one document with the rules. Any text gives a valid Notice, if an empty one."""
    text = clean(document.text, document.paragraphs)
    rulebook.scan(text.plain)
    outline = segment(text, document, rulebook)
    table = rows(text, document, outline, rulebook)
    about = metadata(text, document, outline, rulebook)
    facts: list[Fact] = [
        *assignments(text, outline, table, rulebook),
        *targets(text, outline, table, rulebook, about),
        *deadlines(text, outline, table, about, rulebook),
    ]
    references = citations(text, outline, about, rulebook)
    if document.pages:
        facts, references = _paged(facts, document), _paged(references, document)
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
        parts=tuple(_part(part, text) for part in outline.parts),
        tasks=tuple(_tasks(facts, outline, table, text)),
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


def own_text(node: Node, text: Text) -> str:
    """A node's own paragraphs, for reading: no title, no children, no signature."""
    bodies = (text.shown[line.body : line.end] for line in node.lines if line.role in ("text", "heading", "cell"))
    return "\n".join(body for body in bodies if body)


def heading(node: Node) -> str:
    """Marker and title, as a path shows them."""
    return node.marker + (node.title or "")


def _section(node: Node, text: Text) -> Section:
    return Section(
        id=node.id,
        marker=node.marker,
        number=node.number,
        level=node.level,
        title=node.title,
        span=text.span(node.start, node.end),
        text=own_text(node, text),
        rule=node.rule,
        sections=tuple(_section(child, text) for child in node.children),
    )


def _part(node: Node, text: Text) -> Part:
    return Part(
        id=node.id,
        kind=node.kind,
        title=node.title,
        span=text.span(node.start, node.end),
        text=own_text(node, text),
        sections=tuple(_section(child, text) for child in node.children),
    )


def _tasks(facts: Iterable[Fact], outline: Outline, table: Sequence[Row], text: Text) -> list[Task]:
    """Give each fact to the rows whose cells hold it (a merged cell reaches all rows that it spans), or its section."""
    cells = sorted((start, end, index) for index, row in enumerate(table) for start, end in row.cells)
    starts = [start for start, _, _ in cells]
    held: dict[int | Node, list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.span, fact.rule)):
        at = text.offset(fact.span[0])
        last = bisect_right(starts, at)
        first = last
        while first and starts[first - 1] == starts[last - 1]:
            first -= 1
        owners: list[int | Node] = [index for _, end, index in cells[first:last] if at < end]
        if not owners:
            node = outline.line(at).node
            owners = [node] if node else []
        for owner in owners:
            held.setdefault(owner, []).append(fact)

    def place(owner: int | Node) -> tuple[int, int]:
        return (owner.start, 0) if isinstance(owner, Node) else (min(table[owner].own or table[owner].cells)[0], 1)

    return [
        _task(f"t{number}", owner if isinstance(owner, Node) else table[owner], held[owner], text)
        for number, owner in enumerate(sorted(held, key=place), 1)
    ]


def _task(id: str, owner: Row | Node, facts: Sequence[Fact], text: Text) -> Task:
    node = owner.node if isinstance(owner, Row) else owner
    path = []
    above: Node | None = node
    while above and above.level:
        path.append(heading(above))
        above = above.parent
    if isinstance(owner, Row):
        own = owner.own or owner.cells
        span = text.span(own[0][0], own[-1][1])
        title, words = owner.title, "\n".join(text.shown[start:end] for start, end in owner.cells)
    else:
        end = max((line.end for line in node.lines), default=node.start)
        span, title, words = text.span(node.start, end), node.title, own_text(node, text)
    return Task(
        id=id,
        section=node.id,
        path=tuple(reversed(path)),
        kind="row" if isinstance(owner, Row) else "task",
        title=title,
        text=words,
        span=span,
        assignments=tuple(fact for fact in facts if isinstance(fact, Assignment)),
        targets=tuple(fact for fact in facts if isinstance(fact, Target)),
        deadlines=tuple(fact for fact in facts if isinstance(fact, Deadline)),
    )
