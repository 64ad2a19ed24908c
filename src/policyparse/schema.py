"""The shape of the output: what `policyparse extract` puts out, as validated and frozen models.

Each field's title is its Chinese name, used as a column heading and in the JSON Schema. Spans are [start, end) in
code points of the text layer, and the `text` of a fact is exactly `layer[start:end]`.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from policyparse.text import Span

SCHEMA_VERSION: Literal["1"] = "1"

Role = Literal["lead", "responsible", "support", "implement", "supervise"]
Comparator = Literal["eq", "ge", "le", "gt", "lt", "approx", "range"]
Change = Literal["increase", "decrease"]
TimeKind = Literal["by", "during", "within", "recurring"]
PartKind = Literal["cover", "body", "annex"]
TaskKind = Literal["task", "row"]
Severity = Literal["error", "warning", "info"]

AT_ONCE = 500
"""Models that are made in one step."""
Fields = dict[str, Any]
"""The fields of a model that is yet to be made."""


class Model(BaseModel):
    """Frozen; what a later version has added is passed over when its output is read back."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def many(cls, values: Iterable[Fields]) -> list[Self]:
        """One for each set of fields, in half the time that it takes to make them one by one."""
        made: list[Self] = []
        waiting = iter(values)
        while some := list(islice(waiting, AT_ONCE)):  # few, so that not all are in memory twice
            made += cls._several().validate_python(some)
        return made

    @classmethod
    @cache
    def _several(cls) -> TypeAdapter[list[Self]]:
        return TypeAdapter(list[cls])  # type: ignore[valid-type]


class Source(Model):
    """The file that was read."""

    path: str | None = Field(title="文件路径")
    format: str = Field(title="文件格式")
    encoding: str | None = Field(title="字符编码")
    sha256: str = Field(title="校验值", description="SHA-256 of the file's bytes")
    characters: int = Field(title="字数", description="code points of the text layer")
    pages: int | None = Field(None, title="页数", description="null where the format has none")


class DocNumber(Model):
    """发文字号 (GB/T 9704-2012, 7.2.5): the agency's code word, the year and the serial number."""

    text: str = Field(title="发文字号")
    agency: str | None = Field(title="机关代字")
    year: int | None = Field(title="年份")
    serial: int | None = Field(title="序号")


class Metadata(Model):
    """Facts about the notice itself; null or empty where it does not say."""

    title: str | None = Field(None, title="标题")
    doc_number: DocNumber | None = Field(None, title="发文字号")
    issuers: tuple[str, ...] = Field((), title="发文机关")
    publisher: str | None = Field(None, title="发布机构")
    addressees: tuple[str, ...] = Field((), title="主送机关")
    issued_on: date | None = Field(None, title="成文日期")
    published_on: date | None = Field(None, title="发布日期")
    index_number: str | None = Field(None, title="索引号")
    status: Literal["final", "draft"] = Field("final", title="状态")
    attachments: tuple[str, ...] = Field((), title="附件")
    evidence: dict[str, tuple[Span, ...]] = Field(
        default_factory=dict, title="出处", description="where each field was read, by its name"
    )


class Fact(Model):
    """A value read from the notice, with its evidence."""

    text: str = Field(title="原文", description="exactly layer[start:end]")
    span: Span = Field(title="位置")
    rule: str = Field(title="规则", description="id of the rule that found it")
    page: int | None = Field(None, title="页码", description="from 1; null where the format has no pages")

    @classmethod
    def many(cls, values: Iterable[Fields]) -> list[Self]:
        """One for each set of fields. They share the set of given ones: it is more than half of a fact's memory."""
        facts, given = super().many(values), set(cls.model_fields)
        for fact in facts:
            object.__setattr__(fact, "__pydantic_fields_set__", given)
        return facts


class Assignment(Fact):
    """责任分工: an organisation and what it is to be in the task."""

    role: Role = Field(title="角色")
    name: str = Field(title="单位", description="the organisation as written, without blanks")
    canonical: str = Field(title="规范名称", description="its full form where it is known, else the name")


class Target(Fact):
    """目标: a number that must be reached, kept or not exceeded."""

    indicator: str = Field(title="指标")
    comparator: Comparator = Field(title="比较关系")
    low: float = Field(title="下限")
    high: float = Field(title="上限")
    unit: str = Field(title="计量单位")
    change: Change | None = Field(title="增减")


class Deadline(Fact):
    """时限: a time that bounds or schedules a task."""

    kind: TimeKind = Field(title="类型")
    start: date | None = Field(title="开始")
    end: date | str | None = Field(title="截止", description="a date, or --MM-DD within a recurring year")
    recurrence: str | None = Field(title="周期", description="yearly, monthly …, or an ISO 8601 duration")


class Citation(Fact):
    """依据文件: a document referred to."""

    title: str | None = Field(title="文件名称")
    doc_number: str | None = Field(title="文号")
    section: str | None = Field(title="所在章节")


class Section(Model):
    """A heading with the paragraphs and headings under it."""

    id: str = Field(title="编号", description="the part, then ordinals down the tree: 1.2.1")
    marker: str = Field(title="序号")
    number: int | None = Field(title="序数", description="the marker's numeral worked out")
    level: int = Field(title="层级", description="1 directly under the part")
    title: str | None = Field(title="标题")
    span: Span = Field(title="位置", description="from the marker to the end of the last child")
    text: str = Field(title="正文", description="its own paragraphs, without title and children")
    rule: str = Field(title="规则")
    sections: tuple["Section", ...] = Field((), title="下级")


class Part(Model):
    """A document inside the file."""

    id: str = Field(title="编号")
    kind: PartKind = Field(title="类型")
    title: str | None = Field(title="标题")
    span: Span = Field(title="位置")
    text: str = Field(title="正文", description="the paragraphs before the first heading")
    sections: tuple[Section, ...] = Field((), title="章节")


class Task(Model):
    """A section, part or table row that carries facts."""

    id: str = Field(title="任务编号")
    section: str = Field(title="所在章节", description="id of the deepest section or part that holds it")
    path: tuple[str, ...] = Field(title="章节路径")
    kind: TaskKind = Field(title="类型")
    title: str | None = Field(title="任务")
    text: str = Field(title="内容")
    span: Span = Field(title="位置")
    assignments: tuple[Assignment, ...] = Field((), title="责任分工")
    targets: tuple[Target, ...] = Field((), title="目标")
    deadlines: tuple[Deadline, ...] = Field((), title="时限")


class Diagnostic(Model):
    """Something the program noticed while reading; `message` is for a person, in Chinese."""

    code: str = Field(title="代码")
    severity: Severity = Field(title="级别")
    message: str = Field(title="说明")
    span: Span | None = Field(title="位置")
    page: int | None = Field(None, title="页码", description="from 1; null where it is of no one page")


class Notice(Model):
    """One notice: the whole result."""

    schema_version: Literal["1"] = Field(SCHEMA_VERSION, title="格式版本")
    source: Source = Field(title="来源")
    metadata: Metadata = Field(title="公文要素")
    parts: tuple[Part, ...] = Field((), title="组成部分")
    tasks: tuple[Task, ...] = Field((), title="任务")
    citations: tuple[Citation, ...] = Field((), title="依据文件")
    diagnostics: tuple[Diagnostic, ...] = Field((), title="提示")
