"""Words hung on a name, before it, behind it and several at once, never lower its relation, on either side."""

import random
from functools import partial

import pytest

from benchmarks.invented_names import Firm, firms
from chalicelib.lookups.rules.find_candidates import STRENGTH
from chalicelib.matching.blocking_keys import listed_keys
from chalicelib.matching.name_scoring import compare
from chalicelib.matching.readings.asked_names import keys_of, listed_names, read_names
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

# Chains of chemists number their branches, which are registered; 店 is the form of many a sole trader.
FIRMS = [f for f in firms(600, seed=91) if f.place and f.form.endswith("公司") and "药" not in f.name]
BRACKETS = [
    "（）",
    "()",
    "【】",
    "[]",
    "「」",
    "『』",
    "《》",
    "〈〉",
    "{}",
    "｛｝",
    "〔〕",
    "〖〗",
    "<>",
    "＜＞",
    "“”",
    "‘’",
    '""',
    "｢｣",
    "⟨⟩",
    "〘〙",
    "﹝﹞",
    "«»",
    "||",
    "~~",
    "**",
    "##",
]
PLATFORMS = [
    "天猫",
    "淘宝",
    "京东自营",
    "拼多多",
    "抖音",
    "快手",
    "小红书店铺",
    "苏宁易购",
    "唯品会",
    "微信小程序",
    "视频号",
    "1688",
    "得物",
    "Shopee",
    "Temu",
]
PRAISE = [
    "官方",
    "正品",
    "金牌",
    "实力商家",
    "源头工厂",
    "包邮",
    "假一赔十",
    "官方认证",
    "行业领先",
    "全网最低",
    "热销爆款",
    "诚信经营",
    "直播专享",
]
NUMBERS = ["1店", "二店", "3号店", "八店", "01店", "第2家", "一号店", "No.5", "旗舰2店"]
FORMERLY = ["曾用名：{}", "原名：{}", "前身{}", "由{}更名", "更名前：{}", "旧名{}", "又名{}"]
OTHERS = ("洛阳市禾屿川食品有限公司", "成都沐岚纺织有限责任公司")
NOTES = [
    "电商部",
    "仓库",
    "直播间",
    "电话13900000007",
    "微信yunluquan88",
    "2024-05-01",
    "已注销",
    "存续",
    "等3家",
    "www.example.com",
]
LABELS = [
    "商家名称：",
    "店铺名称:",
    "企业名称",
    "1.",
    "③",
    "（2）",
    "卖家：",
    "供应商:",
    "被清退商户：",
    "原名：",
    "曾用名：",
    "原",
    "正宗",
    "官方",
]
MARKS = ("-", "_", "|", "·", " ", "：", "—", "/")


def _in_brackets(rng: random.Random, word: str) -> str:
    pair = rng.choice(BRACKETS)
    return pair[0] + word + pair[1]


def _behind(rng: random.Random) -> str:
    """A platform, praise, a number of a shop, a note or a clause of a former name, as they are hung behind a name."""
    kind = rng.randrange(5)
    if kind == 0:
        return _in_brackets(rng, rng.choice(FORMERLY).format(rng.choice(OTHERS)))
    if kind == 1:
        return rng.choice(PLATFORMS) + rng.choice(("", "店", "旗舰店", "专营店"))
    word = rng.choice((PRAISE, NUMBERS, NOTES)[kind - 2])
    return rng.choice((_in_brackets(rng, word), rng.choice(MARKS) + word))


def _before(rng: random.Random) -> str:
    """A label, or a word in brackets or apart, as they are put before a name."""
    if rng.random() < 0.4:
        return rng.choice(LABELS)
    word = rng.choice((*PLATFORMS, *PRAISE))
    return rng.choice((_in_brackets(rng, word), word + rng.choice(MARKS)))


def _strength(asked: str, listed: str, firm: Firm) -> int:
    """The place of the best relation among those of all readings of both texts; -1 where no list would be shared."""
    names, readings = listed_names(listed, firm.code[2:8]), read_names(asked)
    if set(keys_of(readings)).isdisjoint(key for name in names for key in listed_keys(name)):
        return -1
    relations = [compare(reading.name, name).relation for reading in readings for name in names]
    return max(STRENGTH.index(RELATION_CLASS[r]) if r in RELATION_CLASS else -1 for r in relations)


WAYS = {
    "behind": lambda rng, name: name + _behind(rng),
    "before": lambda rng, name: _before(rng) + name,
    "both": lambda rng, name: _before(rng) + name + _behind(rng),
    "two_behind": lambda rng, name: name + _behind(rng) + _behind(rng),
}


@pytest.mark.parametrize("way", WAYS)
def test_words_hung_on_a_name_never_lower_its_relation(way: str) -> None:
    rng = random.Random(way)
    lowered = []
    for firm in rng.sample(FIRMS, 60):
        text = WAYS[way](rng, firm.name)
        bare = _strength(firm.name, firm.name, firm)
        for read in (partial(_strength, text, firm.name), partial(_strength, firm.name, text)):
            if read(firm) < bare:
                lowered.append(text)
    assert lowered == []
