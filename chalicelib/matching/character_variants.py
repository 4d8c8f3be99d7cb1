"""Characters: their simplified form, their reading, what they look like and how common they are in brands."""

import math
import re
import unicodedata
from functools import cache

from chalicelib.matching.tables import folded_characters
from chalicelib.matching.tables.phrase_readings import OTHER_READINGS, PHRASES, USUAL_READINGS
from chalicelib.matching.tables.simplified_and_readings import (
    COMMONNESS,
    READINGS,
    SIMPLIFIED,
    TRADITIONAL,
)
from chalicelib.matching.tables.simplified_and_readings import (
    SECOND_READINGS as _SECOND_READINGS,
)

# Bits of the characters that firms choose most for their names; the counted table covers consumer brands only.
_AUSPICIOUS = {
    5: "鑫华盛源宏信达兴佳金博瑞恒泰丰隆诚嘉德顺通新海天福",
    6: "安旺利祥和美创亿腾科鸿正龙东方中大润立永富星荣康联万世凯明辉昌升林晟合众远景城文一三",
    7: "欣运成力广建业国友顺百汇伟益飞强特维诺展青山水江阳光丽雅尚聚优宝圣奥迪思力农绿春庆民吉元同益裕昊宇航凤云",
}
_UNKNOWN_BITS = 13
SYLLABLES: dict[str, str] = {}
SECOND_READINGS = {**_SECOND_READINGS, **{pair[0]: pair[1:] for pair in OTHER_READINGS.split()}}
BITS: dict[str, int] = {}


def _load() -> None:
    for line in READINGS.splitlines():
        syllable, _, chars = line.partition(" ")
        SYLLABLES.update(dict.fromkeys(chars, syllable))
    for pair in USUAL_READINGS.split():
        SYLLABLES[pair[0]] = pair[1:]
    for line in COMMONNESS.splitlines():
        bits, _, chars = line.partition(" ")
        BITS.update(dict.fromkeys(chars, max(7, int(bits))))
    for worth, chars in sorted(_AUSPICIOUS.items(), reverse=True):
        BITS.update(dict.fromkeys(chars, worth))


_load()
# By the first character: phrases, the longest first, each with its reading.
_PHRASES_OF: dict[str, list[tuple[str, list[str]]]] = {}
for _line in PHRASES.splitlines():
    _phrase, _, _reading = _line.partition(" ")
    _PHRASES_OF.setdefault(_phrase[0], []).append((_phrase, _reading.split(" ")))
_HEADS = frozenset(_PHRASES_OF)

_BRACKETS = dict.fromkeys("([{〔【〖〘〚《〈「『﹙﹝﹛⟨⟦❨❲❪❬⦅｟﴾", "(") | dict.fromkeys(
    ")]}〕】〗〙〛》〉」』﹚﹞﹜⟩⟧❩❳❫❭⦆｠﴿", ")"
)


def _pairs(text: str) -> dict[int, str | None]:
    """A table for `str.translate` of a text that puts each character before the one that it is written for."""
    return {ord(text[n]): text[n + 1] for n in range(0, len(text), 2)}


# Circled and bracketed characters are ornaments in a shop's name; NFKC would make letters of the name of them. A
# number in a ring is the number.
_ORNAMENTS: dict[int, str | None] = dict.fromkeys((*range(0x3200, 0x3248), *range(0x3260, 0x32D0)))
_ORNAMENTS |= dict.fromkeys((0x2122, 0xAE, 0xA9, 0x2120))
_ORNAMENTS |= {first + n: char for first in (0x3220, 0x3280) for n, char in enumerate("一二三四五六七八九十")}
_ORNAMENTS |= {first + n: str(n + 1) for first in (0x2776, 0x2780, 0x278A, 0x24F5) for n in range(10)}
# What is drawn as another character, or as none.
_FOLDED = (
    {0x2E80 + n: char for n, char in enumerate(folded_characters.RADICALS) if char != " "}
    | _pairs(folded_characters.LATIN + folded_characters.HAN + folded_characters.JAPANESE)
    | dict.fromkeys(map(ord, folded_characters.MARKS + folded_characters.FILLERS))
)
_AS_DRAWN = _ORNAMENTS | _FOLDED
BRACKETS = {ord(c): b for c, b in _BRACKETS.items()}
_TABLE = str.maketrans(TRADITIONAL, SIMPLIFIED) | BRACKETS
_SCRIPT = frozenset(TRADITIONAL) - {"○"}
_ODD = frozenset(map(chr, _TABLE)) | frozenset(map(chr, _AS_DRAWN))
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_NUMERALS = _pairs(
    folded_characters.NUMERALS + "〇零0零" + "".join(f"{n}{char}" for n, char in enumerate("一二三四五六七八九", 1))
)


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
        raw = _as_drawn(raw)
    text = unicodedata.normalize("NFKC", raw).lower()
    if _ACCENTED.search(text):
        text = _unaccented(text)
    if not _ODD.isdisjoint(text):
        written, text = text, text.translate(_TABLE)
        if not _SCRIPT.isdisjoint(written):
            text = _mainland(text)
    if not text.isalnum():
        text = "".join(c for c in text if c.isalnum() or c in "()")
    return text


def is_traditional(raw: str) -> bool:
    """The text has characters that simplified script writes in another way."""
    return not _SCRIPT.isdisjoint(raw)


def _as_drawn(raw: str) -> str:
    """The text with what is drawn as another character put as that, and without ornaments and what is not seen.

    Letters of other scripts stand in a name that has Han or Latin letters; a name that is all Greek keeps them.
    """
    if any("a" <= c.lower() <= "z" or "\u3400" <= c <= "\u9fff" or "\u2e80" <= c <= "\u2eff" for c in raw):
        return raw.translate(_AS_DRAWN)
    return raw.translate(_ORNAMENTS)


def _unaccented(text: str) -> str:
    """Latin letters without tone marks and accents; `ü` after n and l is `v`, as an input method has it."""
    text = re.sub("(?<=[nl])[üǖǘǚǜ]", "v", text)
    return "".join([c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)])


def numerals(text: str) -> str:
    """The text with each digit as it is said: 1, 壹 and 一 are one, so that they read and count alike."""
    return text if text.isascii() else text.translate(_NUMERALS)


def syllables(text: str) -> list[str]:
    """The toneless reading of each character; a letter or digit stands for itself.

    A character of several readings is read as the phrase that it stands in: 重庆 and 重工, 厦门, 银行 and 行走.
    """
    read = [SYLLABLES.get(c, c) for c in text]
    if not _HEADS.isdisjoint(text):
        for at, char in enumerate(text):
            for phrase, reading in _PHRASES_OF.get(char, ()):
                if text.startswith(phrase, at):
                    read[at : at + len(phrase)] = reading
                    break
    return read


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
    from chalicelib.matching.tables.reading_errors import READING_ERRORS

    table = {line[0]: line[1:] for line in LOOKALIKES.splitlines()}
    for line in READING_ERRORS.splitlines():
        table[line[0]] = table.get(line[0], "") + line[1:]
    return table


def looks_like(char: str, other: str) -> bool:
    """A reader, a person or a program, takes one of the two characters for the other."""
    table = _lookalikes()
    return other in table.get(char, "") or char in table.get(other, "")


@cache
def _shares() -> dict[str, float]:
    """The share of each reading among the characters of brands."""
    shares: dict[str, float] = {}
    for char, worth in BITS.items():
        syllable = SYLLABLES.get(char, char)
        shares[syllable] = shares.get(syllable, 0.0) + 2.0**-worth
    return shares


def syllable_bits(syllable: str) -> float:
    """How much a reading says: 2 to the power of minus this is its share among those of brands."""
    return -math.log2(_shares().get(syllable, 2.0**-_UNKNOWN_BITS))


def bits(char: str) -> int:
    """How much a character says: 2 to the power of minus this is its share among the characters of brands."""
    return BITS.get(char, _UNKNOWN_BITS)
