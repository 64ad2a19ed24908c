"""附件: lists of attachments, and attachments."""

import pytest

from outlines import PLAN, parts, roles

SIGNED = "青禾县人民政府\n2023年5月6日\n"


@pytest.mark.parametrize(
    "listed",
    [
        "附件：任务清单\n",
        "附件：1.任务清单\n2.企业名单\n",
        "附件：\n1.任务清单\n2.企业名单\n",
        "附件1.任务清单\n附件2.企业名单\n",
        "附件：青禾县茶产业\n重点任务清单\n",
    ],
)
def test_a_list_stays_in_its_document(listed: str) -> None:
    found = roles(PLAN + listed + SIGNED)
    assert [words for words, role in found.items() if role == "attachments"] == listed.replace("：", ":").split()
    assert parts(PLAN + listed + SIGNED) == [("body", "青禾县茶产业发展方案")]


@pytest.mark.parametrize(
    "signed", ["青禾县茶业工作\n联席会议领导小组\n2023年5月6日\n", "（青禾县茶叶办公室代章）\n2023年5月6日\n"]
)
def test_a_list_above_a_signature_of_any_form(signed: str) -> None:
    for listed in ("附件：直播间二维码\n", "附件：\n1.任务清单\n2.工作通讯录\n"):
        assert parts(PLAN + listed + signed) == [("body", "青禾县茶产业发展方案")]


@pytest.mark.parametrize(
    "printed",
    [
        "附件\n任务清单\n",
        "附件1：\n任务清单\n",
        "附件：任务清单\n",
        "附件1\n附件2\n任务清单\n",
        "附件\n扫一扫在手机打开当前页\n任务清单\n",
    ],
)
def test_an_attachment_begins_a_part(printed: str) -> None:
    source = PLAN + SIGNED + printed + "一、种植任务\n建设茶园。\n"
    assert parts(source) == [("body", "青禾县茶产业发展方案"), ("annex", "任务清单")]


def test_the_word_at_the_end_of_a_file_announces_nothing() -> None:
    assert parts(PLAN + SIGNED + "附件\n") == [("body", "青禾县茶产业发展方案")]
