"""The cache of the built-in rules."""

import os
from pathlib import Path

import pytest

from policyparse import rulebook
from policyparse.kept import Store, place


def test_a_value_is_made_once(tmp_path: Path) -> None:
    made = []

    def make() -> list[str]:
        made.append("x")
        return ["value"]

    first = Store(tmp_path / "kept" / "store.pickle", b"key")
    assert first.get("name", list, make) == first.get("name", list, make) == ["value"]
    first.save()
    again = Store(tmp_path / "kept" / "store.pickle", b"key")
    assert again.get("name", list, make) == ["value"]
    assert again.get("another name", list, make) == ["value"]
    assert len(made) == 2
    assert os.listdir(tmp_path / "kept") == ["store.pickle"]


def test_values_of_another_key_are_not_used(tmp_path: Path) -> None:
    path = tmp_path / "store.pickle"
    store = Store(path, b"old rules")
    assert store.get("name", int, lambda: 1) == 1
    store.save()
    assert Store(path, b"new rules").get("name", int, lambda: 2) == 2


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"\x80\x05]\x94."])
def test_what_cannot_be_used_is_made_afresh(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "store.pickle"
    path.write_bytes(rubbish)
    store = Store(path, b"key")
    assert store.get("name", int, lambda: 1) == 1
    store.save()
    assert Store(path, b"key").get("name", int, lambda: 2) == 1


def test_what_is_of_another_kind_is_made_afresh(tmp_path: Path) -> None:
    path = tmp_path / "store.pickle"
    store = Store(path, b"key")
    assert store.get("name", type(None), lambda: None) is None
    store.save()
    assert Store(path, b"key").get("name", int, lambda: 2) == 2


@pytest.mark.skipif(os.name == "nt", reason="the folder of the cache is the user's alone")
def test_what_others_may_have_written_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "store.pickle"
    store = Store(path, b"key")
    assert store.get("name", int, lambda: 1) == 1
    store.save()
    path.chmod(0o666)
    assert Store(path, b"key").get("name", int, lambda: 2) == 2


def test_no_place_for_it_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (None, tmp_path / "file" / "store.pickle"):
        store = Store(path, b"key")
        assert store.get("name", int, lambda: 1) == 1
        store.save()


def test_the_rules_that_come_back_are_the_rules(tmp_path: Path) -> None:
    fresh = rulebook._assemble([], rulebook._read_all(rulebook.built_in()))
    store = Store(tmp_path / "store.pickle", b"key")
    store.get("rules", rulebook.Rulebook, lambda: fresh)
    store.save()
    back = Store(tmp_path / "store.pickle", b"key").get("rules", rulebook.Rulebook, rulebook.load)
    assert back is not rulebook.load()
    assert [compiled.rule for compiled in back.all()] == [compiled.rule for compiled in fresh.all()]
    assert back.lists == fresh.lists


def test_tests_write_no_cache_of_the_user() -> None:
    folder = place()
    assert folder is not None
    assert "pytest" in str(folder)
