"""Citations: which documents in 《》 or by number a notice refers to."""

import pytest

from policyparse.document import Document
from policyparse.extractors.citations import core, normal_number
from policyparse.pipeline import parse
from policyparse.rulebook import load
from policyparse.schema import Citation

HEAD = "青禾县人民政府关于印发《青禾县产业振兴实施方案》的通知\n\n青政发〔2023〕1号\n\n各镇人民政府：\n\n"
SIGNED = "\n\n青禾县人民政府\n2023年5月16日\n"


def read(body: str, head: str = HEAD) -> list[Citation]:
    return list(parse(Document(f"{head}    {body}{SIGNED}"), load()).citations)


def titles(body: str) -> list[str | None]:
    return [citation.title for citation in read(body)]


def test_a_number_after_the_title_belongs_to_it() -> None:
    (found,) = read("根据《关于推进乡村书屋建设的意见》（青委办发[2016] 12 号）精神，制定本方案。")
    assert (found.title, found.doc_number) == ("关于推进乡村书屋建设的意见", "青委办发〔2016〕12号")
    assert found.text == "《关于推进乡村书屋建设的意见》"


def test_a_document_may_be_named_by_its_number_alone() -> None:
    (found,) = read("资金管理按财建〔2021〕12号文件执行，不得挤占挪用。")
    assert (found.title, found.doc_number, found.text) == (None, "财建〔2021〕12号", "财建〔2021〕12号")


def test_titles_within_titles_are_one_document() -> None:
    assert titles("落实《贯彻落实〈关于抓基层促振兴的意见〉的通知》和《关于转发<安全生产规定>的通知》要求。") == [
        "贯彻落实〈关于抓基层促振兴的意见〉的通知",
        "关于转发<安全生产规定>的通知",
    ]
    assert titles("落实《关于印发《耕地保护办法》的通知》要求，抓好各项工作。") == ["关于印发《耕地保护办法》的通知"]


def test_laws_count() -> None:
    assert titles("认真贯彻落实《种子法》《农药管理条例》等法律法规。") == [
        "种子法",
        "农药管理条例",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "现将《青禾县产业振兴实施方案》印发给你们，请认真贯彻执行。",
        "《青禾县产业振兴实施方案》已经县政府第5次常务会议审议通过，现印发给你们。",
        "现将《青禾县人才振兴方案》《青禾县文化振兴方案》等二个方案印发给你们。",
        "各镇要把《青禾县产业振兴实施方案》贯彻落实情况纳入考核。",
        "为做好工作，制定本方案（以下简称《方案》）。",
        "《方案》每两年修订一次，由县农业农村局负责解释。",
        "编排茶歌剧《茶山往事》，在《临江日报》开设专栏。",
        "请填写《项目申报表》，签订《安全生产承诺书》后报送。",
        "本通知即青政发〔2023〕1号文件，请遵照执行。",
    ],
)
def test_own_documents_works_and_forms_are_none(body: str) -> None:
    assert read(body) == []


def test_a_document_that_this_one_replaces_is_cited() -> None:
    (found,) = read("原《青禾县产业振兴实施方案》（青政发〔2019〕8号）同时废止。")
    assert found.doc_number == "青政发〔2019〕8号"


def test_a_short_name_is_another_documents_where_that_was_given_it() -> None:
    assert titles("根据《临江市乡村产业振兴实施方案》（以下简称《方案》），落实《方案》各项任务。") == [
        "临江市乡村产业振兴实施方案",
        "方案",
    ]


def test_the_section_is_the_deepest() -> None:
    (found,) = read("一、总体要求\n    （一）依据。落实《土地管理法》要求。")
    assert found.section is not None
    assert found.section.endswith(".1.1")


def test_numbers_and_titles_are_compared_in_one_form() -> None:
    assert normal_number("青政发 [2023] 1 号") == "青政发〔2023〕1号"
    assert core("关于稳定增长的若干举措（2021—2023年）") == core("稳定增长若干举措(2021-2023年)")
