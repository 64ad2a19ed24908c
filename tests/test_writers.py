"""Writers: JSON, JSON Lines and YAML say the same."""

import json

import pytest
import yaml

import policyparse
from policyparse.schema import Notice
from policyparse.writers import write

ONE = "一、目标\n到2025年，建成步道12公里。（责任单位：县住建局）\n"
TWO = "二〇二四年工作要点：\n- 无标题\n"


@pytest.fixture(scope="module")
def notices() -> list[Notice]:
    return [policyparse.extract(ONE), policyparse.extract(TWO)]


def plain(notice: Notice) -> object:
    return json.loads(notice.model_dump_json())


def test_one_notice(notices: list[Notice]) -> None:
    for format in ("json", "jsonl"):
        assert json.loads(b"".join(write(notices[:1], format))) == plain(notices[0])
    assert yaml.safe_load(b"".join(write(notices[:1], "yaml"))) == plain(notices[0])


def test_many_notices(notices: list[Notice]) -> None:
    expected = [plain(notice) for notice in notices]
    assert json.loads(b"".join(write(notices, "json", many=True))) == expected
    assert [json.loads(line) for line in b"".join(write(notices, "jsonl", many=True)).splitlines()] == expected
    assert list(yaml.safe_load_all(b"".join(write(notices, "yaml", many=True)))) == expected


def test_one_that_is_left_of_many_still_is_an_array(notices: list[Notice]) -> None:
    assert json.loads(b"".join(write(notices[:1], "json", many=True))) == [plain(notices[0])]


def test_nothing_is_written_for_nothing() -> None:
    assert [list(write([], format, many=True)) for format in ("json", "jsonl", "yaml")] == [[], [], []]


def test_chinese_is_written_as_it_is_and_spans_on_one_line(notices: list[Notice]) -> None:
    assert "责任单位" in b"".join(write(notices[:1], "json")).decode()
    text = b"".join(write(notices[:1], "yaml")).decode()
    assert "县住建局" in text
    assert "span: [0, " in text
