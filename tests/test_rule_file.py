"""What the reader of each kind asks of its rules: no rule of a user ends in a traceback."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from policyparse import rule_file, rulebook
from policyparse.document import Document
from policyparse.errors import RuleError
from policyparse.pipeline import parse
from policyparse.rule_file import KINDS
from policyparse.rulebook import load
from test_never_fails import spans_hold

NOTICE = """青禾县人民政府办公室关于印发稳定粮食生产方案的通知
青政办发〔2025〕3号
各镇人民政府：
现将方案印发给你们，请结合实际抓好落实。
一、总体要求
1.1 稳定面积。到2025年，茶园面积稳定在38.5万亩。（责任单位：县农业农村局）
（一）建设农田。按照《临江市农田建设办法》（临政发〔2024〕9号），2025年底前新建灌溉渠系3万亩。（牵头单位：县水利局）
责任单位
县财政局
2025年3月1日
附件：1.任务表
附件1
任务表
任务\t责任单位\t目标值\t完成时限
粮食播种面积（万亩）\t县农业农村局\t≥38.5\t2025年底
"""
GROUPS = ("inside", "title", "number", "amount", "low", "high", "label", "issuer", "annex", "year", "month", "day")
BUILT_IN = rulebook._read_all(rulebook.built_in())
ANY_OF = cache(rulebook.any_of)
OPEN = sorted(kind for kind, asked in KINDS.items() if asked.open)


@pytest.fixture(autouse=True)
def _read_the_built_in_rules_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulebook, "_read_all", lambda _: BUILT_IN)
    monkeypatch.setattr(rulebook, "any_of", lambda words: ANY_OF(tuple(words)))


def fitting(kind: str) -> dict[str, Any]:
    """A rule with all that its kind needs."""
    asked = KINDS[kind]
    names = (*asked.groups, *asked.either, *(name for names in asked.needs.values() for name in names))
    pattern = "".join(f"(?P<{name}>[一-龥])" for name in dict.fromkeys(names)) or "[一-龥]{2}"
    settings = {key: (asked.settings[key] or ("1",))[0] for key in asked.required}
    return {"id": f"{kind}.own", "summary": "My own.", "pattern": pattern, "set": settings}


def book(tmp_path: Path, kind: str, *rules: dict[str, Any], **others: Any) -> Any:
    file = {"kind": kind, "rules": list(rules), **others}
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(file, allow_unicode=True), "utf-8")
    return load([tmp_path])


def fault(tmp_path: Path, kind: str, *rules: dict[str, Any], **others: Any) -> str:
    """What is told of a bad file, without its name."""
    with pytest.raises(RuleError) as told:
        book(tmp_path, kind, *rules, **others)
    place = f"{tmp_path / 'mine.yaml'}: "
    assert str(told.value).startswith(place)
    return str(told.value).removeprefix(place)


def test_the_built_in_rules_are_held_to_the_same_table() -> None:
    for kind, rules in load().rules.items():
        for compiled in rules:
            if KINDS[kind].open:
                assert list(rule_file.faults(kind, compiled.rule, compiled.pattern.groupindex)) == [], compiled.rule.id


@pytest.mark.parametrize("kind", OPEN)
def test_a_rule_with_all_that_its_kind_needs_is_used(tmp_path: Path, kind: str) -> None:
    spans_hold(parse(Document(NOTICE), book(tmp_path, kind, fitting(kind))), NOTICE)


@pytest.mark.parametrize("kind", OPEN)
def test_whatever_is_allowed_ends_in_no_traceback(tmp_path: Path, kind: str) -> None:
    """Groups that take no part in the match, every value of every setting, matches of nothing."""
    asked = KINDS[kind]
    absent = "".join(f"(?P<{name}>丽丽丽)?" for name in GROUPS)
    present = "|".join(f"(?P<{name}>[一-龥\\d.]{{1,3}})" for name in GROUPS)
    settings = [
        {**fitting(kind)["set"], key: value}
        for key, values in asked.settings.items()
        for value in (
            values[:20] or ("", "decimal", "own", "-", "{title}", "{number}-{low}-{day}", "99999", "{high}五")
        )
    ]
    rules = [
        {"id": f"{kind}.own-{index}-{number}", "summary": "Mine.", "pattern": pattern, "set": chosen}
        for index, chosen in enumerate(settings or [{}])
        for number, pattern in enumerate([f"{absent}[一-龥\\d≥]", present, f"{absent}(?=[一-龥])", f".{{1,9}}{absent}"])
    ]
    for rule in rules:
        spans_hold(parse(Document(NOTICE), book(tmp_path, kind, rule)), NOTICE)


@pytest.mark.parametrize("id", ["label-alone", "mine.label-alone", "mine.label", "mine.bare-bracket"])
def test_an_assignment_rule_may_have_any_id(tmp_path: Path, id: str) -> None:
    rules = book(tmp_path, "assignment", {**fitting("assignment"), "id": id})
    spans_hold(parse(Document(NOTICE), rules), NOTICE)


@pytest.mark.parametrize("kind", [kind for kind in OPEN if KINDS[kind].groups or KINDS[kind].either])
def test_a_rule_without_the_groups_of_its_kind(tmp_path: Path, kind: str) -> None:
    told = fault(tmp_path, kind, {**fitting(kind), "pattern": "春耕"})
    name = (*KINDS[kind].groups, *KINDS[kind].either)[0]
    assert told.startswith(f"rule {kind}.own: the pattern has no group {name!r}")
    assert f"(?P<{name}>...)" in told


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in OPEN for key in KINDS[kind].required])
def test_a_rule_without_the_settings_of_its_kind(tmp_path: Path, kind: str, key: str) -> None:
    told = fault(tmp_path, kind, {**fitting(kind), "set": {}})
    assert told.startswith(f"rule {kind}.own: set has no {key!r}; it must be one of ")


@pytest.mark.parametrize(
    ("kind", "key"), [(kind, key) for kind in OPEN for key, values in KINDS[kind].settings.items() if values]
)
def test_a_setting_that_its_kind_does_not_know(tmp_path: Path, kind: str, key: str) -> None:
    rule = fitting(kind)
    told = fault(tmp_path, kind, {**rule, "set": {**rule["set"], key: "before"}})
    assert told.startswith(f"rule {kind}.own: set has {key}: 'before'; it must be ")


@pytest.mark.parametrize("kind", OPEN)
def test_a_key_of_set_that_its_kind_does_not_use(tmp_path: Path, kind: str) -> None:
    rule = fitting(kind)
    told = fault(tmp_path, kind, {**rule, "set": {**rule["set"], "colour": "red"}})
    assert told.startswith(f"rule {kind}.own: set has 'colour', which rules of kind {kind} do not use; ")


@pytest.mark.parametrize("kind", [kind for kind in OPEN if not KINDS[kind].hides])
def test_a_kind_whose_rules_hide_nothing(tmp_path: Path, kind: str) -> None:
    assert "take `ignore` out" in fault(tmp_path, kind, {**fitting(kind), "ignore": True})


@pytest.mark.parametrize("kind", [kind for kind in OPEN if KINDS[kind].hides])
def test_a_rule_that_hides_needs_no_groups_and_settings(tmp_path: Path, kind: str) -> None:
    rules = book(tmp_path, kind, {"id": "own", "summary": "Mine.", "pattern": "[一-龥]", "ignore": True})
    spans_hold(parse(Document(NOTICE), rules), NOTICE)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(OPEN)))
def test_a_kind_whose_rules_are_fetched_by_their_ids(tmp_path: Path, kind: str) -> None:
    assert f"rule {kind}.own: rules of kind {kind} cannot be added" in fault(tmp_path, kind, fitting(kind))
    assert book(tmp_path, kind, lists={"agency_endings": ["茶叶站"]}).words("agency_endings")[-1] != ""


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("{yeer}", "{yeer} is no group of the pattern; the groups are month, year"),
        ("{year}-{}", "{} is no group of the pattern"),
        ("{year:4}", "{year} is no group of the pattern"),
        ("{year", "a brace has no partner"),
    ],
)
def test_a_place_that_no_group_fills(tmp_path: Path, value: str, says: str) -> None:
    pattern = r"(?P<year>\d{4})年(?P<month>\d)月"
    told = fault(tmp_path, "deadline", {**fitting("deadline"), "pattern": pattern, "set": {"kind": "by", "end": value}})
    assert told.startswith("rule deadline.own: set has end: ")
    assert says in told


def test_an_unknown_kind(tmp_path: Path) -> None:
    assert fault(tmp_path, "dedline").startswith("kind: there is no kind 'dedline'; it must be one of amount, ")


def test_a_line_that_begins_an_attachment_needs_its_title(tmp_path: Path) -> None:
    rule = {**fitting("line"), "pattern": "附表", "set": {"is": "annex"}}
    assert "no group 'title'" in fault(tmp_path, "line", rule)


@pytest.mark.parametrize(
    ("place", "others"),
    [
        ("count_units", {"lists": {"count_units": ["篮", ""]}}),
        ("organisations", {"organisations": [{"name": " "}]}),
        ("organisations", {"organisations": [{"name": "茶叶局", "short": [""]}]}),
    ],
)
def test_an_empty_word(tmp_path: Path, place: str, others: dict[str, Any]) -> None:
    assert fault(tmp_path, "target", **others).startswith(place)


@pytest.mark.parametrize("other", [{"cues": [""]}, {"reach": -1}])
def test_a_rule_that_can_find_nothing(tmp_path: Path, other: dict[str, Any]) -> None:
    assert "an empty cue or a negative reach" in fault(tmp_path, "deadline", {**fitting("deadline"), **other})


def test_a_rule_that_begins_with_a_sign_finds_nothing_empty(tmp_path: Path) -> None:
    rule = {**fitting("deadline"), "begins": "春夏", "pattern": r"[春夏] \K (?=耕)"}
    assert book(tmp_path, "deadline", rule).kind("deadline").find("春耕夏耘") == []
    rule["pattern"] = r"[春夏] \K 耕"
    found = book(tmp_path, "deadline", rule).kind("deadline").find("春耕夏耘")
    assert [match.groups[0] for match in found] == ["耕"]


def test_a_rule_that_fits_at_a_place_begins_with_its_signs_too(tmp_path: Path) -> None:
    rule = {**fitting("heading"), "begins": "春夏", "pattern": "[春夏秋]耕"}
    headings = book(tmp_path, "heading", rule).kind("heading")
    assert [bool(headings.match(words, 0, 2)) for words in ("春耕", "秋耕", "夏耕")] == [True, False, True]


def test_a_folder_without_rules(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("kind: deadline", "utf-8")
    with pytest.raises(RuleError, match=r"no \.yaml file in this folder"):
        load([tmp_path])


def test_lists_nested_without_end_are_an_error_and_no_crash() -> None:
    with pytest.raises(RuleError, match=r"^deep\.yaml: lists in lists"):
        rule_file.read("deep.yaml", "a: " + "[" * 100_000)


RULE = "{id: deadline.own, summary: s, pattern: 春耕, set: {kind: by}}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "kind: it is missing; write kind: and what is meant"),
        ("- a", "this is no mapping; a rule file holds kind, fragments"),
        ("kind: [deadline]", "kind: it must be a text; put it in quotation marks"),
        ("kind: deadline\nrule: []", "rule: there is no such key here; it must be one of kind, fragments, lists"),
        ("kind: deadline\nrules: {}", "rules: it must be a list; write [one, another]"),
        ("kind: deadline\nrules: [x]", "rule number 1: it must be keys with their values"),
        ("kind: deadline\nrules: [{summary: s, pattern: x}]", "rule number 1: id: it is missing"),
        (f"kind: deadline\nrules: [{RULE[:-1]}, cue: [a]}}]", "rule deadline.own: cue: there is no such key here; it"),
        (f"kind: deadline\nrules: [{RULE[:-1]}, cues: 春耕}}]", "rule deadline.own: cues: it must be a list"),
        (f"kind: deadline\nrules: [{RULE[:-1]}, reach: far}}]", "rule deadline.own: reach: it must be a whole number"),
        (
            f"kind: deadline\nrules: [{RULE[:-1]}, ignore: maybe}}]",
            "rule deadline.own: ignore: it must be true or false",
        ),
        (f"kind: deadline\nrules: [{RULE.replace('{kind: by}', 'by')}]", "rule deadline.own: set: it must be keys"),
        (f"kind: deadline\nrules: [{RULE.replace('{kind: by}', '{kind: [by]}')}]", "set: kind: it must be a text"),
        (
            f"kind: deadline\nrules: [{RULE[:-1]}, examples: [一]}}]",
            "rule deadline.own: examples number 1: it must be keys with their values",
        ),
        (
            f"kind: deadline\nrules: [{RULE[:-1]}, examples: [{{txt: 一}}]}}]",
            "rule deadline.own: examples number 1: text: it is missing",
        ),
        (
            f"kind: deadline\nrules: [{RULE[:-1]}, examples: [{{text: 一, field: 二}}]}}]",
            "rule deadline.own: examples number 1: field: there is no such key here; it must be one of text, fields",
        ),
        (
            "kind: deadline\norganisations: [{nam: 茶叶局, name: 局}]",
            "organisations number 1: nam: there is no such key",
        ),
        ("kind: deadline\norganisations: [茶叶局]", "organisations number 1: it must be keys with their values"),
        ("kind: deadline\nrules: [[deadline.own, Mine, 春耕前]]", "rule number 1: it must be keys with their values"),
        (
            f"kind: deadline\nrules: [{RULE[:-1]}, examples: [{{text: 一}}, [二, {{}}]]}}]",
            "rule deadline.own: examples number 2: it must be keys with their values",
        ),
        (
            "kind: deadline\norganisations: [[茶叶局, [茶局]]]",
            "organisations number 1: it must be keys with their values",
        ),
        ("kind: deadline\norganisations: [{name: 茶叶局, examples: [[一]]}]", "examples: there is no such key here"),
        ("kind: deadline\nlists: {units: 县}", "lists: units: it must be a list"),
        ("kind: deadline\nlists: {units: [[县]]}", "lists: units number 1: it must be a text"),
        ("kind: deadline\nfragments: {day: [日]}", "fragments: day: it must be a text"),
        ("kind: deadline\nfragments: {x: 日}", "fragment x: its name must be two or more of a-z, A-Z and _"),
        (
            "kind: deadline\nfragments: {own: '{nowhere}'}",
            "fragment own: no fragment is named 'nowhere'; mend the name",
        ),
        ("kind: deadline\nfragments: {own: 'a{own}'}", "fragment own: it stands in itself (own in own); take it out"),
        (
            "kind: deadline\nfragments: {aa: '{bb}', bb: '{cc}', cc: '{aa}'}",
            "fragment aa: it stands in itself (aa in cc in bb in aa); take it out of one",
        ),
    ],
)
def test_a_fault_is_told_in_the_words_of_rule_files(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleError) as told:
        load([tmp_path])
    assert str(told.value).startswith(f"{tmp_path / 'mine.yaml'}: ")
    assert says in str(told.value)


def test_fragments_that_grow_in_one_another_are_an_error(tmp_path: Path) -> None:
    grown = {f"a{'b' * depth}": f"{{a{'b' * (depth + 1)}}}" * 20 for depth in range(1, 8)} | {"abbbbbbbb": "日" * 20}
    rule = {**fitting("deadline"), "pattern": "{ab}"}
    told = fault(tmp_path, "deadline", rule, fragments=grown)
    assert told.startswith("rule deadline.own: the pattern is not valid: with its fragments it is longer than")
