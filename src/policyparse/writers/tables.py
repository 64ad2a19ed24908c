"""Notice -> rows of tables, one table per kind of fact: what csv, sqlite, duckdb and parquet hold.

`path` stands in every table and joins them all; with it `section` leads to `sections`, `task` to `tasks`. Spans are
`span_start` and `span_end`, in code points of the text layer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from policyparse.schema import (
    Assignment,
    Citation,
    Deadline,
    Diagnostic,
    DocNumber,
    Fact,
    Metadata,
    Model,
    Notice,
    Part,
    Section,
    Source,
    Target,
    Task,
)

Kind = Literal["text", "integer", "number", "date", "list"]
"""What a column holds; a list is of texts."""
Value = str | int | float | date | tuple[str, ...] | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `title` is its Chinese name."""

    name: str
    kind: Kind
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `title` is its Chinese name, and the first `key` columns name a row where it is more than 0."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: int = 0


def _columns(model: type[Model], *fields: str, **renamed: str) -> Iterator[Column]:
    """Columns named after fields, or by keyword `column=field`, with the fields' own titles; all of them texts."""
    for column, field in [*((field, field) for field in fields), *renamed.items()]:
        yield Column(column, "text", model.model_fields[field].title or field)


PATH = Column("path", "text", "文件路径")
TASK = Column("task", "text", "任务编号")
SECTION = Column("section", "text", "所在章节")
SPAN = (Column("span_start", "integer", "起"), Column("span_end", "integer", "止"))
PAGE = Column("page", "integer", "页码")
EVIDENCE = (*_columns(Fact, "text"), *SPAN, PAGE, *_columns(Fact, "rule"))

TABLES = {
    table.name: table
    for table in (
        Table(
            "notices",
            "公文",
            (
                PATH,
                *_columns(Source, "format", "encoding", "sha256"),
                Column("characters", "integer", "字数"),
                Column("pages", "integer", "页数"),
                *_columns(Metadata, "title"),
                *_columns(DocNumber, doc_number="text", agency="agency"),
                Column("year", "integer", "年份"),
                Column("serial", "integer", "序号"),
                Column("issuers", "list", "发文机关"),
                *_columns(Metadata, "publisher"),
                Column("addressees", "list", "主送机关"),
                Column("issued_on", "date", "成文日期"),
                Column("published_on", "date", "发布日期"),
                *_columns(Metadata, "index_number", "status"),
                Column("attachments", "list", "附件"),
            ),
            key=1,
        ),
        Table(
            "sections",
            "章节",
            (
                PATH,
                Column("section", "text", "编号"),
                Column("parent", "text", "上级"),
                *_columns(Part, "kind"),
                Column("level", "integer", "层级"),
                *_columns(Section, "marker"),
                Column("number", "integer", "序数"),
                *_columns(Section, "title", "text"),
                *SPAN,
                *_columns(Section, "rule"),
            ),
            key=2,
        ),
        Table(
            "tasks",
            "任务",
            (
                PATH,
                TASK,
                SECTION,
                *_columns(Task, "kind"),
                Column("headings", "list", "章节路径"),
                *_columns(Task, "title", "text"),
                *SPAN,
            ),
            key=2,
        ),
        Table(
            "assignments",
            "责任分工",
            (PATH, TASK, *_columns(Assignment, "role", "name", "canonical"), *EVIDENCE),
        ),
        Table(
            "targets",
            "目标",
            (
                PATH,
                TASK,
                *_columns(Target, "indicator", "comparator"),
                Column("low", "number", "下限"),
                Column("high", "number", "上限"),
                *_columns(Target, "unit", "change"),
                *EVIDENCE,
            ),
        ),
        Table(
            "deadlines",
            "时限",
            (
                PATH,
                TASK,
                *_columns(Deadline, "kind"),
                Column("starts_on", "date", "开始"),
                Column("ends_on", "date", "截止"),
                Column("yearly_end", "text", "每年截止"),
                *_columns(Deadline, "recurrence"),
                *EVIDENCE,
            ),
        ),
        Table("citations", "依据文件", (PATH, SECTION, *_columns(Citation, "title", "doc_number"), *EVIDENCE)),
        Table("diagnostics", "提示", (PATH, *_columns(Diagnostic, "code", "severity", "message"), *SPAN, PAGE)),
        Table("failures", "未能读取", (PATH, Column("kind", "text", "类型"), Column("reason", "text", "原因"))),
    )
}
"""The tables by name. A part of a notice stands in `sections` too, with its kind and level 0."""


def rows(notice: Notice) -> Iterator[tuple[str, Row]]:
    """Every row of a notice with the name of its table, each table's rows in the order of the notice."""
    path, about = notice.source.path or "", notice.metadata
    number = about.doc_number or DocNumber(text="", agency=None, year=None, serial=None)
    yield (
        "notices",
        (
            path,
            notice.source.format,
            notice.source.encoding,
            notice.source.sha256,
            notice.source.characters,
            notice.source.pages,
            about.title,
            number.text or None,
            number.agency,
            number.year,
            number.serial,
            about.issuers,
            about.publisher,
            about.addressees,
            about.issued_on,
            about.published_on,
            about.index_number,
            about.status,
            about.attachments,
        ),
    )
    for part in notice.parts:
        yield "sections", (path, part.id, None, part.kind, 0, None, None, part.title, part.text, *part.span, None)
        open_sections = [(part.id, section) for section in reversed(part.sections)]
        while open_sections:
            parent, section = open_sections.pop()
            yield (
                "sections",
                (
                    path,
                    section.id,
                    parent,
                    None,
                    section.level,
                    section.marker,
                    section.number,
                    section.title,
                    section.text,
                    *section.span,
                    section.rule,
                ),
            )
            open_sections += [(section.id, child) for child in reversed(section.sections)]
    for task in notice.tasks:
        yield "tasks", (path, task.id, task.section, task.kind, task.path, task.title, task.text, *task.span)
        for assignment in task.assignments:
            names = (assignment.role, assignment.name, assignment.canonical)
            yield "assignments", (path, task.id, *names, *_evidence(assignment))
        for target in task.targets:
            bounds = (target.comparator, target.low, target.high, target.unit, target.change)
            yield "targets", (path, task.id, target.indicator, *bounds, *_evidence(target))
        for due in task.deadlines:
            end = (due.end, None) if isinstance(due.end, date) else (None, due.end)
            yield "deadlines", (path, task.id, due.kind, due.start, *end, due.recurrence, *_evidence(due))
    for cited in notice.citations:
        yield "citations", (path, cited.section, cited.title, cited.doc_number, *_evidence(cited))
    for found in notice.diagnostics:
        yield (
            "diagnostics",
            (path, found.code, found.severity, found.message, *(found.span or (None, None)), found.page),
        )


def _evidence(fact: Fact) -> Row:
    return fact.text, *fact.span, fact.page, fact.rule
