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
    assert schema() == committed, "run: policyparse schema -o schema/notice.schema.json"


def test_every_field_has_its_chinese_name() -> None:
    described = json.loads(schema())
    for model in [described, *described["$defs"].values()]:
        for name, field in model["properties"].items():
            assert any("\u4e00" <= character <= "\u9fff" for character in field["title"]), name


def test_a_result_read_back_is_the_same() -> None:
    notice = policyparse.extract("一、目标\n到2025年，建成步道12公里。（责任单位：县住建局）\n")
    assert Notice.model_validate_json(notice.model_dump_json()) == notice


def test_models_are_frozen_and_refuse_unknown_fields() -> None:
    metadata = Metadata()
    with pytest.raises(ValidationError):
        metadata.title = "甲"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Metadata(titel="甲")  # type: ignore[call-arg]
