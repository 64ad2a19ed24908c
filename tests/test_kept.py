"""The cache of compiled patterns and rules."""

import os
import re
from pathlib import Path

import pytest

from policyparse import kept
from policyparse.kept import Store
from policyparse.rulebook import load


def test_a_value_is_made_once(tmp_path: Path) -> None:
    made = []

    def make() -> list[str]:
        made.append("x")
        return ["value"]

    first = Store(tmp_path / "kept" / "store.pickle")
    assert first.get("key", make) == first.get("key", make) == ["value"]
    first.save()
    again = Store(tmp_path / "kept" / "store.pickle")
    assert again.get("key", make) == ["value"]
    assert again.get("another key", make) == ["value"]
    assert len(made) == 2
    assert os.listdir(tmp_path / "kept") == ["store.pickle"]


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"\x80\x05]\x94."])
def test_what_cannot_be_used_is_made_afresh(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "store.pickle"
    path.write_bytes(rubbish)
    store = Store(path)
    assert store.get("key", lambda: 1) == 1
    store.save()
    assert Store(path).get("key", lambda: 2) == 1


def test_no_place_for_it_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (None, tmp_path / "file" / "store.pickle"):
        store = Store(path)
        assert store.get("key", lambda: 1) == 1
        store.save()


def test_rules_from_the_cache_are_the_rules() -> None:
    fresh = [compiled.rule for compiled in load([Path(__file__).parent]).all()]
    assert [compiled.rule for compiled in load().all()] == fresh


@pytest.mark.parametrize("pattern", ["[一二三]{1,3}(?P<mark>、)", r"(?<=\d)万|亿(?!元)", "(a)|(b)"])
def test_kept_patterns_match_as_compiled_ones(pattern: str) -> None:
    text = "一、3万二、5亿元ab"
    for _ in range(2):  # made, then fetched
        for compiled in (kept.compile_re(pattern), kept.compile(pattern)):
            expected = [(found.span(), found.groupdict()) for found in re.finditer(pattern, text)]
            assert [(found.span(), found.groupdict()) for found in compiled.finditer(text)] == expected
    assert kept.compile_re(pattern, re.M).flags == re.compile(pattern, re.M).flags


def test_a_python_that_compiles_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def parts(pattern: str, flags: int) -> None:
        raise AttributeError(pattern, flags)

    monkeypatch.setattr(kept, "_parts", parts)
    assert kept.compile_re("never seen before (?P<x>.)").groupindex == {"x": 1}
