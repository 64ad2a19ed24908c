"""The organisation lexicon."""

import subprocess
import sys

import pytest

from policyparse import rulebook
from policyparse.words import Lexicon, lexicon


@pytest.fixture(scope="module")
def known() -> Lexicon:
    return lexicon(rulebook.load())


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("县发改局", "县发展和改革局"),
        ("市发改委", "市发展和改革委员会"),
        ("省人社厅", "省人力资源和社会保障厅"),
        ("青禾县卫健局", "青禾县卫生健康局"),
        ("县委编办", "县委机构编制委员会办公室"),
        ("县委农办", "县委农村工作领导小组办公室"),
        ("团县委", "共青团县委员会"),
        ("银保监会", "中国银行保险监督管理委员会"),
        ("国家发展改革委", "国家发展和改革委员会"),
        ("市场监管总局", "国家市场监督管理总局"),
        ("县供销社", "县供销合作社联合社"),
        ("县财政局", "县财政局"),
        ("县教体科技局", "县教体科技局"),  # not 县教体 + 科学技术局
        ("东岭镇", "东岭镇"),
        ("国家外汇局", "国家外汇管理局"),
        ("县人行", "县人行"),  # a branch of it
        ("省社科院", "省社会科学院"),
        ("县大数据局", "县大数据局"),  # called otherwise from place to place
        ("县文旅局", "县文旅局"),
    ],
)
def test_canonical_is_the_full_form_where_it_is_known(known: Lexicon, name: str, full: str) -> None:
    assert known.canonical(name) == full


@pytest.mark.parametrize(
    ("piece", "names"),
    [
        ("县住房和城乡建设局", ["县住房和城乡建设局"]),
        ("区农业农村和水利局和区林业局", ["区农业农村和水利局", "区林业局"]),
        ("各镇及各部门", ["各镇", "各部门"]),
        ("各有关部门和单位", ["各有关部门和单位"]),
        ("市工业和信息化局等", ["市工业和信息化局等"]),
        ("县委编办县林业局团县委县妇联各镇", ["县委编办", "县林业局", "团县委", "县妇联", "各镇"]),
        ("市生态环境局云溪分局各街道", ["市生态环境局云溪分局", "各街道"]),
        ("县直机关工委", ["县直机关工委"]),
        ("县领导小组各成员单位", ["县领导小组各成员单位"]),
        ("各村(社区)", ["各村(社区)"]),
        ("各园区管委会", ["各园区管委会"]),
        ("临江新区先行区管委会", ["临江新区先行区管委会"]),
        ("财政局水利局农业农村局", ["财政局", "水利局", "农业农村局"]),
        ("县应急管理局消防救援大队", ["县应急管理局消防救援大队"]),
    ],
)
def test_names_part_only_where_one_ends_and_another_begins(known: Lexicon, piece: str, names: list[str]) -> None:
    assert [piece[start:end] for start, end in known.parts(piece, 0, len(piece))] == names


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("各市、州、县人民政府负责", "各市、州、县人民政府"),
        ("各县(市、区)、各开发区", ""),
        ("各区、县政府,市教委", "各区、县政府"),
        ("青禾、白石县政府", "青禾、白石县政府"),
        ("财政部、青禾县政府", ""),
        ("财政、教育等部门配合", "财政、教育等部门"),
        ("各镇街、县财政局", ""),
    ],
)
def test_pieces_with_one_head_noun_are_one_body(known: Lexicon, text: str, shared: str) -> None:
    assert text[: known.shared(text, 0, text.index("、"), len(text))] == shared


def test_certain_names_need_more_than_an_ending(known: Lexicon) -> None:
    assert all(map(known.certain, ("县教育局", "财政部", "教育局", "县职业中学学校")))
    assert not any(map(known.certain, ("企业", "技工院校", "村民小组", "社区", "银行")))


def test_jieba_is_loaded_for_nothing_but_names_run_together() -> None:
    program = (
        "import sys; from policyparse import rulebook; from policyparse.words import lexicon;"
        "known = lexicon(rulebook.load()); known.parts('县教育局和县财政局', 0, 9); before = 'jieba' in sys.modules;"
        "known.parts('财政局水利局', 0, 6); print(before, 'jieba' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "True"]
