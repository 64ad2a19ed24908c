"""Rules that are used by their ids, and word lists."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from policyparse.extractors import phrases
from policyparse.rulebook import load
from policyparse.shapes import Longest, Shape, shapes, signs

INDICATOR = shapes(load(), "indicator")


def test_a_shape_is_sought_where_a_cue_stands() -> None:
    assert INDICATOR["origin"].without("登记费由120元") == "登记费"
    assert INDICATOR["origin"].without("登记费120元") == "登记费120元"
    role = INDICATOR["role"].search("名医生担任健康顾问")
    assert role is not None
    assert role["role"] == "健康顾问"


def test_words_without_a_sign_have_none_of_the_shapes() -> None:
    some = [INDICATOR[name] for name in ("origin", "will", "onward")]
    examples = ("登记费由120元", "县农场将茶园面积", "农民合作社力争茶园面积")
    assert all(shape.without(words) != words for shape, words in zip(some, examples, strict=True))
    assert not any(signs(some).isdisjoint(words) for words in examples)
    assert signs(some).isdisjoint("茶园面积")


def test_all_shapes_that_are_passed_over_by_their_signs_have_cues(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[Shape] = []

    def noted(some: Iterable[Shape]) -> frozenset[str]:
        passed.extend(some)
        return frozenset()

    monkeypatch.setattr(phrases, "signs", noted)
    phrases.Words(load())
    assert passed
    assert all(shape.cues for shape in passed)


def test_a_shape_is_sought_between_two_places() -> None:
    words = "每镇配备一名干部,每村配备两名干部"
    found = INDICATOR["each"].search(words, 9)
    assert found is not None
    assert found[0] == "每村"
    assert INDICATOR["each"].search(words, 1, 9) is None


@pytest.mark.parametrize(("words", "fits"), [("以上的", True), ("左右", True), ("以为", False), ("", False)])
def test_a_shape_at_a_place(words: str, fits: bool) -> None:
    assert bool(INDICATOR["suffix"].match(words)) == fits
    assert bool(INDICATOR["suffix"].match("号" + words, 1)) == fits


def test_a_shape_at_the_end() -> None:
    assert INDICATOR["since"].ending("用量较2020年") is not None
    assert INDICATOR["since"].ending("用量较2020年的") is None


def test_words_that_a_user_adds_to_a_list_are_sought(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("kind: grant\nlists:\n  grant_words: [红包]\n", "utf-8")
    words = "每户春耕红包"
    assert [found[0] for found in shapes(load([tmp_path]), "grant")["what"].each(words)] == ["红包"]
    assert list(shapes(load(), "grant")["what"].each(words)) == []


def test_the_longest_word() -> None:
    words = Longest(["亩", "亩次", "公里", "芯公里"])
    assert [words.at("亩次亩公里", at) for at in range(5)] == ["亩次", "", "亩", "公里", ""]
    assert [words.before(text) for text in ("光缆芯公里", "公里", "一亩", "里", "")] == ["芯公里", "公里", "亩", "", ""]
