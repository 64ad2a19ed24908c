"""The form of a rule file, and YAML -> RuleFile.

Plain dataclasses, which pydantic checks when a file is read: YAML and pydantic are not needed to use rules.
"""

from dataclasses import dataclass, field
from typing import Any

from policyparse.errors import RuleError


class Strict:
    """A misspelt key is an error, never silently nothing."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - how pydantic finds it


@dataclass(frozen=True)
class Example(Strict):
    """A sentence with what the rule finds in it marked 【】, and the fields that the fact must have."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule(Strict):
    """One list item of a rule file.

    `cues` are words of which at least one stands in every match: a pattern is tried only around them, in a window
    that reaches `reach` characters to either side and never leaves the paragraph. A rule without cues reads
    every paragraph. The matches of an `ignore` rule hide whatever overlaps them and yield nothing.
    """

    id: str
    summary: str
    pattern: str
    cues: tuple[str, ...] = ()
    reach: int = 40
    set: dict[str, str] = field(default_factory=dict)
    ignore: bool = False
    examples: tuple[Example, ...] = ()
    rejects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation(Strict):
    """A kind of bureau or party organ: its full name and the short forms in use, none with a place."""

    name: str
    short: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleFile(Strict):
    """What a file holds: rules of one kind, and the fragments, lists and organisations that all may use."""

    kind: str
    fragments: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    organisations: tuple[Organisation, ...] = ()
    rules: tuple[Rule, ...] = ()


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

    try:
        data = yaml.load(text, Loader=Loader) or {}
    except (yaml.YAMLError, RecursionError) as error:
        raise RuleError(f"{name}: not valid YAML: {' '.join(str(error).split())}") from None
    try:
        return TypeAdapter(RuleFile).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise RuleError(f"{name}: {_place(data, first['loc'])}{first['msg']}") from None


def _place(data: Any, path: tuple[int | str, ...]) -> str:
    """Where a fault is, a rule by its id."""
    steps = [str(step) for step in path]
    if len(path) > 1 and path[0] == "rules" and isinstance(path[1], int) and isinstance(data["rules"][path[1]], dict):
        steps[:2] = [f"rule {data['rules'][path[1]].get('id', f'number {path[1] + 1}')}"]
    return "".join(f"{step}: " for step in steps)
