"""Characters: their simplified form, their reading, what they look like and how common they are in brands."""

import unicodedata
from functools import cache

from chalicelib.matching.tables.simplified_and_readings import (
    COMMONNESS,
    READINGS,
    SECOND_READINGS,
    SIMPLIFIED,
    TRADITIONAL,
)

# Bits of the characters that firms choose most for their names; the counted table covers consumer brands only.
_AUSPICIOUS = {
    5: "鑫华盛源宏信达兴佳金博瑞恒泰丰隆诚嘉德顺通新海天福",
    6: "安旺利祥和美创亿腾科鸿正龙东方中大润立永富星荣康联万世凯明辉昌升林晟合众远景城文一三",
    7: "欣运成力广建业国友顺百汇伟益飞强特维诺展青山水江阳光丽雅尚聚优宝圣奥迪思力农绿春庆民吉元同益裕昊宇航凤云",
}
_UNKNOWN_BITS = 13
SYLLABLES: dict[str, str] = {}
BITS: dict[str, int] = {}


def _load() -> None:
    for line in READINGS.splitlines():
        syllable, _, chars = line.partition(" ")
        SYLLABLES.update(dict.fromkeys(chars, syllable))
    for line in COMMONNESS.splitlines():
        bits, _, chars = line.partition(" ")
        BITS.update(dict.fromkeys(chars, max(7, int(bits))))
    for worth, chars in sorted(_AUSPICIOUS.items(), reverse=True):
        BITS.update(dict.fromkeys(chars, worth))


_load()

_BRACKETS = dict.fromkeys("([{〔【〖〘〚《〈「『﹙﹝﹛⟨⟦❨❲❪❬⦅｟﴾", "(") | dict.fromkeys(
    ")]}〕】〗〙〛》〉」』﹚﹞﹜⟩⟧❩❳❫❭⦆｠﴿", ")"
)
# Circled and bracketed characters are ornaments in a shop's name; NFKC would make letters of the name of them.
_ORNAMENTS = dict.fromkeys((*range(0x3200, 0x3220), *range(0x3220, 0x3248), *range(0x3260, 0x32D0)))
_ORNAMENTS |= dict.fromkeys((0x2122, 0xAE, 0xA9, 0x2120))
_TABLE = str.maketrans(TRADITIONAL, SIMPLIFIED) | {ord(c): b for c, b in _BRACKETS.items()}
_SCRIPT = frozenset(TRADITIONAL) - {"○"}
_ODD = frozenset(map(chr, _TABLE)) | frozenset(map(chr, _ORNAMENTS))


# Converters to traditional script also put Taiwan's words; OpenCC's phrase tables name them. Only in such texts.
_PHRASES = tuple(
    tuple(pair.split(">"))
    for pair in [
        "网际网路>互联网",
        "资讯>信息",
        "装置>设备",
        "网路>网络",
        "软体>软件",
        "硬体>硬件",
        "雷射>激光",
        "矽>硅",
        "列印>打印",
        "感测>传感",
        "智慧财产>知识产",
        "智慧>智能",
        "数位>数码",
        "计程车>出租车",
        "脚踏车>自行车",
        "资料>数据",
        "社群>社区",
        "网咖>网吧",
        "整合>集成",
        "专案>项目",
        "新增剂>添加剂",
        "紧韧体>紧固件",
        "线上>在线",
        "影片>视频",
        "晶片>芯片",
        "积体电路>集成电路",
        "程式>程序",
        "讯号>信号",
        "模组>模块",
        "伺服器>服务器",
        "储存>存储",
        "傢俱>家具",
    ]
)


def _mainland(text: str) -> str:
    for there, here in _PHRASES:
        if there in text:
            text = text.replace(there, here)
    return text


def plain(raw: str) -> str:
    """NFKC, lower case, simplified, every bracket `(` or `)`, nothing but these, letters and digits."""
    if not _ODD.isdisjoint(raw):
        raw = raw.translate(_ORNAMENTS)
    text = unicodedata.normalize("NFKC", raw).lower()
    if not _ODD.isdisjoint(text):
        written, text = text, text.translate(_TABLE)
        if not _SCRIPT.isdisjoint(written):
            text = _mainland(text)
    if not text.isalnum():
        text = "".join(c for c in text if c.isalnum() or c in "()")
    return text


def syllables(text: str) -> list[str]:
    """The toneless reading of each character; a letter or digit stands for itself."""
    return [SYLLABLES.get(c, c) for c in text]


def sounds_like(char: str, other: str) -> bool:
    """The two characters share a toneless reading."""
    a, b = SYLLABLES.get(char), SYLLABLES.get(other)
    if a is None or b is None:
        return False
    return (
        a == b or SECOND_READINGS.get(char) in (b, SECOND_READINGS.get(other, "-")) or SECOND_READINGS.get(other) == a
    )


@cache
def _lookalikes() -> dict[str, str]:
    from chalicelib.matching.tables.lookalike_characters import LOOKALIKES

    return {line[0]: line[1:] for line in LOOKALIKES.splitlines()}


def looks_like(char: str, other: str) -> bool:
    """A reader takes one of the two characters for the other."""
    table = _lookalikes()
    return other in table.get(char, "") or char in table.get(other, "")


def bits(char: str) -> int:
    """How much a character says: 2 to the power of minus this is its share among the characters of brands."""
    return BITS.get(char, _UNKNOWN_BITS)
