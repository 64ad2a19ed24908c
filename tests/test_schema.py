"""The output and its JSON Schema."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

import policyparse
from policyparse.schema import Metadata, Notice
from policyparse.writers.data import schema

ROOT = Path(__file__).parent.parent


def test_the_committed_schema_is_the_one_that_the_command_prints() -> None:
    committed = (ROOT / "schema" / "notice.schema.json").read_bytes()
    assert schema() == committed, "run: policyparse schema > schema/notice.schema.json"


def test_every_field_has_its_chinese_name() -> None:
    described = json.loads(schema())
    for model in [described, *described["$defs"].values()]:
        for name, field in model["properties"].items():
            assert any("\u4e00" <= character <= "\u9fff" for character in field["title"]), name


def test_a_result_read_back_is_the_same() -> None:
    notice = policyparse.extract("一、目标\n到2025年，建成步道12公里。（责任单位：县住建局）\n")
    assert Notice.model_validate_json(notice.model_dump_json()) == notice


def test_models_are_frozen() -> None:
    metadata = Metadata()
    with pytest.raises(ValidationError):
        metadata.title = "甲"  # type: ignore[misc]


def test_what_a_later_version_adds_is_passed_over() -> None:
    notice = policyparse.extract("一、目标\n到2025年，建成步道12公里。（责任单位：县住建局）\n")
    later = notice.model_dump(mode="json")
    later["tasks"][0]["added"] = later["added"] = 1
    assert Notice.model_validate_json(json.dumps(later)) == notice


def test_a_field_that_is_missing_or_of_another_kind_is_refused() -> None:
    notice = policyparse.extract("一、目标\n到2025年，建成步道12公里。（责任单位：县住建局）\n")
    for wrong in ({"role": "chief"}, {"span": [1]}, {"name": None}):
        other = notice.model_dump(mode="json")
        other["tasks"][0]["assignments"][0] |= wrong
        with pytest.raises(ValidationError):
            Notice.model_validate(other)
    del other["tasks"][0]["title"]
    with pytest.raises(ValidationError, match="title"):
        Notice.model_validate(other)
