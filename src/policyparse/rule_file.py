"""The form of a rule file, and YAML -> RuleFile.

Named tuples, which pydantic checks when a file is read: YAML and pydantic are not needed to use rules. A misspelt key
is an error, never silently nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from string import Formatter
from typing import Any, NamedTuple

from policyparse.errors import RuleError

DEEPEST = 20
"""Lists and mappings in one another; a rule needs five."""


class Example(NamedTuple):
    """A sentence with what the rule finds in it marked 【】, and the fields that the fact must have."""

    text: str
    fields: Mapping[str, str] = {}


class Rule(NamedTuple):
    """One list item of a rule file.

    `cues` are words of which at least one stands in every match: a pattern is tried only around them, in a window
    that reaches `reach` characters to either side and never leaves the paragraph. A rule without cues reads
    every paragraph. Where every match begins with one of a few signs, `begins` has them, and the pattern is tried only
    at these. The matches of an `ignore` rule hide whatever overlaps them and yield nothing.
    """

    id: str
    summary: str
    pattern: str
    cues: tuple[str, ...] = ()
    reach: int = 40
    begins: str = ""
    set: Mapping[str, str] = {}
    ignore: bool = False
    examples: tuple[Example, ...] = ()
    rejects: tuple[str, ...] = ()


class Organisation(NamedTuple):
    """A kind of bureau or party organ: its full name and the short forms in use, none with a place."""

    name: str
    short: tuple[str, ...] = ()


class RuleFile(NamedTuple):
    """What a file holds: rules of one kind, and the fragments, lists and organisations that all may use."""

    kind: str
    fragments: Mapping[str, str] = {}
    lists: Mapping[str, tuple[str, ...]] = {}
    organisations: tuple[Organisation, ...] = ()
    rules: tuple[Rule, ...] = ()


class Kind(NamedTuple):
    """What the reader of a kind of rules asks of them.

    `groups` are the named groups that a pattern must have, of `either` at least one. `settings` are the keys of `set`
    with the values that each may have, any where none are named; a rule must have the `required` ones. With a
    setting in `needs`, `is: annex`, further groups must be there. Of a kind that is not `open` each rule is fetched by
    its id, so that another is never used; in one that does not `hide`, no rule can be `ignore`.
    """

    groups: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    settings: Mapping[str, tuple[str, ...]] = {}
    required: tuple[str, ...] = ()
    needs: Mapping[tuple[str, str], tuple[str, ...]] = {}
    open: bool = True
    hides: bool = False


ANY: tuple[str, ...] = ()
TIMES = {"kind": ("by", "during", "within", "recurring"), "start": ANY, "end": ANY, "recurrence": ANY}
COMPARATORS = ("eq", "ge", "le", "gt", "lt", "approx")
COLUMNS = (
    *("lead", "responsible", "support", "implement", "supervise"),
    *("task", "indicator", "target", "deadline", "unit", "number", "person", "division", "base", "grant", "note"),
)
LABELS = (
    *("title", "doc_number", "issuers", "publisher", "issued_on", "published_on", "index_number"),
    *("time", "source", "other"),
)
KINDS = {
    "amount": Kind(open=False),
    "assignment": Kind(groups=("inside",), hides=True),
    "assignment-cell": Kind(groups=("inside",)),
    "beginning": Kind(open=False),
    "cell": Kind(open=False),
    "citation": Kind(either=("title", "number"), hides=True),
    "column": Kind(settings={"column": COLUMNS}, required=("column",)),
    "deadline": Kind(settings=TIMES, hides=True),
    "due": Kind(settings=TIMES),
    "grant": Kind(open=False),
    "heading": Kind(
        settings={
            "style": ANY,
            "rank": tuple(map(str, range(1, 1000))),
            "number": ANY,
            "inside": ("text",),
            "gaps": ("usual",),
        },
        needs={("style", "decimal"): ("number",)},
    ),
    "indicator": Kind(open=False),
    "label": Kind(settings={"field": LABELS}, required=("field",)),
    "lead-note": Kind(hides=True),
    "line": Kind(
        settings={"is": ("addressee", "annex", "contents", "copy", "date", "label", "number", "page", "release")},
        required=("is",),
        needs={("is", "annex"): ("title",)},
    ),
    "metadata": Kind(open=False),
    "name": Kind(open=False),
    "organisations": Kind(open=False),
    "own-title": Kind(open=False),
    "page": Kind(open=False),
    "past": Kind(open=False),
    "seam": Kind(hides=True),
    "target": Kind(
        groups=("amount",),
        settings={"comparator": (*COMPARATORS, "same"), "change": ("increase", "decrease", "same")},
        hides=True,
    ),
    "target-cell": Kind(
        groups=("low", "high"), settings={"comparator": COMPARATORS, "change": ("increase", "decrease")}
    ),
    "title": Kind(settings={"is": ("content", "assigned")}, required=("is",), hides=True),
    "transmittal": Kind(settings={"in": ("title", "text")}, required=("in",), hides=True),
    "year": Kind(open=False),
}
"""Every kind that a rule file may have."""


def faults(kind: str, rule: Rule, groups: Collection[str]) -> Iterator[str]:
    """What is wrong with a rule whose pattern has these named groups, each with the mend."""
    asked = KINDS[kind]
    if rule.ignore and not asked.hides:
        yield f"rules of kind {kind} hide nothing; take `ignore` out"
    if not rule.ignore:
        further = [names for (key, value), names in asked.needs.items() if rule.set.get(key) == value]
        for name in (*asked.groups, *(name for names in further for name in names)):
            if name not in groups:
                yield f"the pattern has no group {name!r}; write (?P<{name}>...) around what is meant"
        if asked.either and not set(asked.either) & set(groups):
            names = " or ".join(f"(?P<{name}>...)" for name in asked.either)
            yield f"the pattern has no group {' or '.join(map(repr, asked.either))}; write {names} around what is meant"
        for key in asked.required:
            if key not in rule.set:
                yield f"set has no {key!r}; it must be {_choice(asked.settings[key])}"
    for key, value in rule.set.items():
        if key not in asked.settings:
            yield f"set has {key!r}, which rules of kind {kind} do not use; {_usable(asked)}"
        elif asked.settings[key] and value not in asked.settings[key]:
            yield f"set has {key}: {value!r}; it must be {_choice(asked.settings[key])}"
        else:
            yield from _places(key, value, groups)
    if rule.reach < 0 or "" in rule.cues:
        yield "an empty cue or a negative reach finds nothing; take it out"


def _choice(values: tuple[str, ...]) -> str:
    if values[0].isdecimal():
        return f"a number from {values[0]} to {values[-1]}"
    return f"one of {', '.join(values)}" if len(values) > 1 else repr(values[0])


def _usable(asked: Kind) -> str:
    return f"they use {', '.join(asked.settings)}" if asked.settings else "take it out"


def _places(key: str, value: str, groups: Collection[str]) -> Iterator[str]:
    """The {group} places of a setting that no group can fill."""
    try:
        pieces = list(Formatter().parse(value))
    except ValueError:
        yield f"set has {key}: {value!r}, in which a brace has no partner"
        return
    for _, name, form, conversion in pieces:
        if name is not None and (name not in groups or form or conversion):
            there = f"the groups are {', '.join(sorted(groups))}" if groups else "the pattern has no named groups"
            yield f"set has {key}: {value!r}, but {{{name}}} is no group of the pattern; {there}"


def read_own(name: str, text: str) -> RuleFile:
    """A user's rule file: as `read`, and with nothing in it that would never be used."""
    file = read(name, text)
    if file.kind not in KINDS:
        raise RuleError(f"{name}: kind: there is no kind {file.kind!r}; it must be {_choice(tuple(KINDS))}")
    if file.rules and not KINDS[file.kind].open:
        raise RuleError(
            f"{name}: rule {file.rules[0].id}: rules of kind {file.kind} cannot be added, only `lists`, "
            f"`fragments` and `organisations`; write it for another kind or take it out"
        )
    names = tuple(word for organisation in file.organisations for word in (organisation.name, *organisation.short))
    for place, words in (*file.lists.items(), ("organisations", names)):
        if not all(map(str.strip, words)):
            raise RuleError(f"{name}: {place}: an empty word stands in it; take it out")
    return file


def read(name: str, text: str) -> RuleFile:
    """The rules in a file's text. Raises RuleError naming the file, the rule and the fault."""
    import yaml
    from pydantic import TypeAdapter, ValidationError

    class Loader(yaml.CBaseLoader if hasattr(yaml, "CBaseLoader") else yaml.BaseLoader):  # type: ignore[misc]
        """Scalars stay text (no dates out of 2025-12-31), and a key twice is an error."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value]
            for key in keys:
                if keys.count(key) > 1:
                    raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands twice", problem_mark=node.start_mark)
            mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
            return mapping

    depth = 0
    try:
        for event in yaml.parse(text, Loader=Loader):  # to read what is nested deeper would end the program
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise RuleError(f"{name}: lists in lists, {DEEPEST} deep, are no rules; take them out")
        data = yaml.load(text, Loader=Loader) or {}
    except (yaml.YAMLError, RecursionError) as error:
        raise RuleError(f"{name}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict):
        raise RuleError(f"{name}: this is no mapping; a rule file holds {', '.join(RuleFile._fields)}")
    for path in _listed(data):
        raise RuleError(f"{name}: {_place(data, path)}{WRONG['dict']}")
    try:
        return TypeAdapter(RuleFile).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        *_, last = path = first["loc"] or ("",)
        if first["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            told = f"there is no such key here; it must be {_choice(_holder(path)._fields)}"
        elif first["type"].startswith("missing"):
            told = f"it is missing; write {last}: and what is meant"
        else:
            told = WRONG.get(first["type"].partition("_")[0], first["msg"])
        raise RuleError(f"{name}: {_place(data, first['loc'])}{told}") from None


WRONG = {
    "string": "it must be a text; put it in quotation marks",
    "tuple": "it must be a list; write [one, another], or - before each in a line of its own",
    "dict": "it must be keys with their values; write {key: value}",
    "unexpected": "it must be keys with their values; write {key: value}",
    "arguments": "it must be keys with their values; write {key: value}",
    "named": "it must be keys with their values; write {key: value}",
    "bool": "it must be true or false",
    "int": "it must be a whole number",
}
"""What pydantic finds wrong with the form of a value -> the mend."""


def _listed(data: dict[Any, Any]) -> Iterator[tuple[str | int, ...]]:
    """Where a list stands for keys with their values, which pydantic would take for the values in their order."""
    for key in ("rules", "organisations"):
        for number, item in _numbered(data.get(key)):
            if isinstance(item, list):
                yield key, number
            examples = item.get("examples") if key == "rules" and isinstance(item, dict) else None
            yield from ((key, number, "examples", at) for at, one in _numbered(examples) if isinstance(one, list))


def _numbered(items: Any) -> Iterator[tuple[int, Any]]:
    return enumerate(items if isinstance(items, list) else ())


def _holder(path: tuple[int | str, ...]) -> type[Example | Organisation | Rule | RuleFile]:
    """What a key stands in."""
    if path[0] == "organisations" and len(path) > 2:
        return Organisation
    if path[0] == "rules" and len(path) > 2:
        return Example if len(path) > 4 else Rule
    return RuleFile


def _place(data: Any, path: tuple[int | str, ...]) -> str:
    """Where a fault is, a rule by its id, what has no name by its number."""
    steps: list[str] = []
    for step in path:
        if isinstance(step, str):
            steps.append(step)
        elif steps[-1:] == ["rules"]:
            rule = data["rules"][step]
            id = rule.get("id") if isinstance(rule, dict) else None
            steps[-1] = f"rule {id}" if isinstance(id, str) else f"rule number {step + 1}"
        else:
            steps[-1] += f" number {step + 1}"
    return "".join(f"{step}: " for step in steps)
