"""Each sample notice gives the result that stands beside it; `python samples/expected.py` writes them anew."""

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "samples"))

import expected


@pytest.mark.parametrize("notice", expected.NOTICES, ids=lambda path: path.name)
def test_a_sample_gives_what_stands_beside_it(notice: Path) -> None:
    wanted = notice.with_suffix(".yaml").read_text("utf-8")
    assert yaml.safe_load(expected.result(notice)) == yaml.safe_load(wanted)


def test_every_expected_result_has_its_notice() -> None:
    assert {path.stem for path in expected.SAMPLES.glob("*.yaml")} == {path.stem for path in expected.NOTICES}
