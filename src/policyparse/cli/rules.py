"""Commands about the rules."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policyparse.cli.console import Unusable, patterns_option, put

if TYPE_CHECKING:
    from policyparse.rulebook import CompiledRule, Rulebook


@click.group()
def patterns() -> None:
    """The rules: list them, or test them by their own examples."""


@patterns.command("list")
@click.argument("folder", required=False, metavar="[DIR]")
def list_rules(folder: str | None) -> None:
    """Every rule with its kind and what it finds; with DIR the rules of that folder."""
    rows = [(kind, rule.rule.id, rule.rule.summary) for kind, rule in chosen(folder)[1]]
    width = max((len(id) for _, id, _ in rows), default=0)
    put([f"{kind:<12} {id:<{width}}  {summary}\n".encode() for kind, id, summary in rows])


@patterns.command("test")
@click.argument("folder", required=False, metavar="[DIR]")
@click.pass_context
def test_rules(ctx: click.Context, folder: str | None) -> None:
    """Run every example and reject of the rules; with DIR of the rules in that folder."""
    from policyparse.rule_check import rule_checks

    rulebook, rules = chosen(folder)
    checks = list(rule_checks(rulebook, frozenset(rule.source for _, rule in rules)))
    faults = [f"{check.name}: {fault}" for check in checks if (fault := check.fault())]
    put([f"{line}\n".encode() for line in (*faults, f"{len(checks)} examples, {len(faults)} faults")])
    ctx.exit(1 if faults else 0)


@click.command()
@click.argument("rule_id", metavar="RULE-ID")
@patterns_option
def explain(rule_id: str, patterns: tuple[str, ...]) -> None:
    """What a rule finds, how, and its examples."""
    from policyparse.api import load_rules

    rulebook = load_rules(*patterns)
    for kind, rules in rulebook.rules.items():
        for compiled in rules:
            if compiled.rule.id == rule_id:
                put([explanation(kind, compiled).encode()])
                return
    from difflib import get_close_matches

    near = get_close_matches(rule_id, [compiled.rule.id for compiled in rulebook.all()], n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `policyparse patterns list` names them all"
    raise Unusable(f"no rule has the id {rule_id!r}{hint}")


def explanation(kind: str, compiled: "CompiledRule") -> str:
    """A rule in the words of its file."""
    rule = compiled.rule
    lines = [f"{rule.id} ({kind}, {compiled.source})", "", f"  {rule.summary}"]
    if rule.ignore:
        lines.append("  What it matches is hidden from the other rules of its kind.")
    lines += ["", "Pattern:", *(f"  {line}" for line in rule.pattern.strip().splitlines())]
    if rule.cues:
        lines += ["", f"Tried only near: {'、'.join(rule.cues)}"]
    if rule.begins:
        lines += ["", f"Tried only at: {'、'.join(rule.begins)}"]
    if rule.set:
        lines += ["", "Sets:", *(f"  {name}: {value}" for name, value in rule.set.items())]
    if rule.examples:
        lines += ["", "Finds:"]
        for example in rule.examples:
            fields = ", ".join(f"{name}={value}" for name, value in example.fields.items())
            lines.append(f"  {example.text}" + (f"  ({fields})" if fields else ""))
    if rule.rejects:
        lines += ["", "Does not find anything in:", *(f"  {sentence}" for sentence in rule.rejects)]
    return "\n".join(lines) + "\n"


def chosen(folder: str | None) -> tuple["Rulebook", list[tuple[str, "CompiledRule"]]]:
    """The rules with those of a folder, and the ones that are meant: the folder's, or all."""
    from policyparse.api import load_rules

    rulebook = load_rules(*([folder] if folder else []))
    rules = [(kind, compiled) for kind, found in rulebook.rules.items() for compiled in found]
    if folder:
        rules = [(kind, compiled) for kind, compiled in rules if Path(compiled.source).parent == Path(folder)]
    return rulebook, rules
