"""The Python API."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

import policyparse

TEXT = "临江市关于整治河道的通知\n一、主要任务\n（一）清淤。2025年底前清淤河道30公里。（责任单位：市水利局）\n"


def test_a_path_bytes_and_text_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    from_path = policyparse.extract(path)
    from_bytes = policyparse.extract(TEXT.encode())
    from_text = policyparse.extract(TEXT)
    assert from_path.parts == from_bytes.parts == from_text.parts
    assert from_path.tasks == from_bytes.tasks == from_text.tasks
    assert [notice.source.path for notice in (from_path, from_bytes, from_text)] == [str(path), None, None]
    assert [notice.source.encoding for notice in (from_path, from_bytes, from_text)] == ["gb18030", "utf-8", None]


def test_a_str_is_always_the_text_itself() -> None:
    assert policyparse.extract("notice.txt").source.characters == len("notice.txt")


def test_format_and_rules_are_named() -> None:
    notice = policyparse.extract("<p>一、目标</p><p>甲</p>", format="html", rules=policyparse.load_rules())
    assert notice.source.format == "html"
    assert notice.parts[0].sections[0].marker == "一、"


def test_read_gives_the_text_layer() -> None:
    assert policyparse.read("\ufeff一、甲\r\n").text == "一、甲\n"


def test_half_characters_do_no_harm() -> None:
    notice = policyparse.extract("一、目标\ud800\n到2025年，建成步道12公里。")
    assert notice.model_dump_json()


@pytest.mark.parametrize("source", [b"\x89PNG", Path("no such file.txt"), Path(__file__).parent])
def test_what_cannot_be_read_is_one_kind_of_error(source: bytes | Path) -> None:
    with pytest.raises(policyparse.ReadError):
        policyparse.extract(source, format="txt")
    assert issubclass(policyparse.RuleError, policyparse.PolicyparseError)


def test_everything_promised_is_there() -> None:
    for name in policyparse.__all__:
        assert getattr(policyparse, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        policyparse.nothing  # noqa: B018


def test_importing_costs_nothing_and_extracting_needs_neither_click_nor_rich() -> None:
    code = (
        "import sys, policyparse; early = {'pydantic', 'regex', 'yaml'} & set(sys.modules);"
        f"policyparse.extract({TEXT!r}); late = {{'click', 'rich', 'jieba', 'selectolax'}} & set(sys.modules);"
        "print(sorted(early), sorted(late))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[] []\n"


def test_extract_can_be_called_twice() -> None:
    policyparse.extract(TEXT)
    assert callable(policyparse.extract)


def test_the_garbage_collector_is_left_as_it_was() -> None:
    for turn in (gc.enable, gc.disable, gc.enable):
        turn()
        before = gc.isenabled()
        policyparse.extract("一、目标")
        assert gc.isenabled() is before
