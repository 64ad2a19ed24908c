"""Every example and every reject of every built-in rule, each a test named after its rule."""

import pytest

from policyparse.rule_check import RuleCheck, rule_checks
from policyparse.rulebook import load

CHECKS = list(rule_checks(load()))


@pytest.mark.parametrize("check", CHECKS, ids=[check.name.replace(" ", "-") for check in CHECKS])
def test_rule(check: RuleCheck) -> None:
    fault = check.fault()
    assert fault is None, fault


@pytest.mark.parametrize("id", [compiled.rule.id for compiled in load().all()])
def test_rule_has_an_example_and_a_summary(id: str) -> None:
    rule = next(compiled.rule for compiled in load().all() if compiled.rule.id == id)
    assert bool(rule.summary) == bool(rule.examples) == True  # noqa: E712 - shows which of the two is missing
