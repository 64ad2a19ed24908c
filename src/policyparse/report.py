"""What people read: the outline of a notice, as text or, on a terminal, as a tree."""

from collections import Counter
from collections.abc import Iterator

from policyparse.schema import Notice, Part, Section

KINDS = {"cover": "印发通知", "body": "正文", "annex": "附件"}
COUNTED = {"assignments": "责任单位", "targets": "目标", "deadlines": "时限"}


def outline(notice: Notice) -> str:
    """The heading tree, two blanks a level, each heading with the number of its facts."""
    counts = _counts(notice)
    return "".join(f"{'  ' * depth}{label}{_tail(note)}\n" for depth, label, note in _walk(notice, counts))


def print_tree(notice: Notice) -> None:
    """The same as a tree, for a terminal."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    root = Tree(Text(notice.metadata.title or notice.source.path or "", style="bold"), guide_style="dim")
    branches = [root]
    for depth, label, note in _walk(notice, _counts(notice)):
        del branches[depth + 1 :]
        text = Text(label, style="bold cyan" if depth == 0 else "")
        branches.append(branches[-1].add(text.append(_tail(note), style="dim")))
    Console().print(root)


def _tail(note: str) -> str:
    return f"  [{note}]" if note else ""


def _counts(notice: Notice) -> dict[str, Counter[str]]:
    """How many facts of each kind stand in each section, by its id."""
    counts: dict[str, Counter[str]] = {}
    for task in notice.tasks:
        for group in COUNTED:
            counts.setdefault(task.section, Counter())[group] += len(getattr(task, group))
    return counts


def _walk(notice: Notice, counts: dict[str, Counter[str]]) -> Iterator[tuple[int, str, str]]:
    """Every part and section in order: depth, marker and title, and what is counted in it."""
    open_nodes: list[tuple[int, Part | Section]] = [(0, part) for part in reversed(notice.parts)]
    while open_nodes:
        depth, node = open_nodes.pop()
        label = (
            f"{KINDS[node.kind]}：{node.title or ''}" if isinstance(node, Part) else node.marker + (node.title or "")
        )
        found = counts.get(node.id, Counter())
        yield depth, label, " ".join(f"{name}{found[group]}" for group, name in COUNTED.items() if found[group])
        open_nodes += [(depth + 1, child) for child in reversed(node.sections)]
