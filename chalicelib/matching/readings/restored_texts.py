"""A text that a program or a writer damaged: the name that was meant.

>>> unescaped("深圳市&#20113;麓泉"), unescaped("%E6%B7%B1%E5%9C%B3"), unescaped("æ·±åœ³å¸\x82"), unescaped("深<br>圳")
('深圳市云麓泉', '深圳', '深圳市', '深圳')
>>> from chalicelib.matching.parse_name import parse
>>> restored(parse("司公限有子电泉麓云市圳深"))
['深圳市云麓泉电子有限公司']
>>> restored(parse("深圳市云（yun）麓（lu）泉（quan）电子有限公司")), restored(parse("深圳市云麓泉YLQ电子有限公司"))
(['深圳市云麓泉电子有限公司'], ['深圳市云麓泉电子有限公司'])
>>> restored(parse("深圳市云麓泉点子有线公司")), restored(parse("深圳市云麓泉dianziyouxiangongsi"))
(['深圳市云麓泉点子有限公司'], ['深圳市云麓泉dianzi有限公司'])
>>> restored(parse("深圳市云麓泉电子有限公司有限公司")), restored(parse("深圳市某麓泉电子有限公司"))
(['深圳市云麓泉电子有限公司'], ['深圳市麓泉电子有限公司'])
>>> restored(parse("深圳市南山区学院路15号3栋801室深圳市云麓泉电子有限公司"))
['深圳市云麓泉电子有限公司']
"""

import re
from collections.abc import Iterator
from functools import cache

from chalicelib.matching import find_region, legal_forms, trade_words
from chalicelib.matching.character_variants import syllables
from chalicelib.matching.edits.name_edits import letters
from chalicelib.matching.parse_name import Name

_CODE_POINT = r"(?:\\u|%u|U\+)([0-9a-fA-F]{4})"
_TAG = r"</?[a-zA-Z][^<>]{0,30}>|\\[nrt]"
_HAN = re.compile("[\u3400-\u9fff]")
_LEAST_WRONG = 0.7  # share of a text read in a wrong encoding that is no ASCII
_LATIN = re.compile("[a-z]{2,}")
_BESIDE, _LONGEST_FORM, _LEAST = 4, 8, 4
_ADDRESS = re.compile(r"^.{0,30}[路街道巷村镇园].{0,30}\d(?:号|室|层|楼|栋|幢|座|单元|弄|房|铺)(?=.{6})")
_MASKED = re.compile("(?<=[\u3400-\u9fff])(?:某+|x+|〇|_+)(?=[\u3400-\u9fff])")
_NAMES = re.compile("(?<=公司|作社)(?:和|与|及|以及|暨|跟)(?=.{6})")
_COMPANY = "(?:有限公司|责任公司|股份公司|集团|合作社)$"
# What stands around a name in a sentence or on an envelope.
_BEFORE = re.compile(
    r"^(?:本店|该店铺?|店铺|本?商品|本?产品|本公司)?(?:由|与|致|转|抄送|尊敬的|以下简称|版权所有|copyright|收件人|寄件人|"
    r"(?:经营者|签约主体|主体|经营主体|运营方|运营主体|所有者|负责人)(?:为|是)?)"
)
_BEHIND = re.compile(
    r"(?:(?:提供|负责|进行|统一|授权|独家|委托)[^公司厂店]{0,6}|运营|销售|经营|合作|出品|发货|制造|生产|监制|代理|敬?[收启上])$"
)
_LIMITED = re.compile("有?限[^公司]{1,4}公司$")
_DOUBLED = re.compile(r"(.{2,30})\1")
_BACKWARDS = ("司公", "社作合")


def unescaped(raw: str) -> str:
    """The text without escapes and tags of web pages, in the encoding that it was written in."""
    text = raw
    if "&" in raw and ";" in raw:
        from html import unescape

        text = unescape(text)
    text = re.sub(_TAG, "", re.sub(_CODE_POINT, lambda code: chr(int(code[1], 16)), text))
    if re.search("%[0-9a-fA-F]{2}", text):
        from urllib.parse import unquote

        text = unquote(text, errors="ignore")
    return _encoded_anew(text) or text


def _encoded_anew(text: str) -> str:
    """The text whose bytes were read in another encoding than they were written in; '' of any other text."""
    is_han = _HAN.search(text) is not None
    if not is_han and sum(not c.isascii() for c in text) < _LEAST_WRONG * max(4, len(text)):
        return ""
    try:
        data = text.encode("gbk") if is_han else b"".join(_byte(c) for c in text)
    except UnicodeEncodeError:
        return ""
    for encoding in ("utf-8",) if is_han else ("utf-8", "gbk"):
        try:
            made = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return made if _HAN.search(made) else ""
    return ""


def _byte(char: str) -> bytes:
    """The byte that Windows-1252 shows as a character; of what it does not use, that of Latin-1."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def restored(name: Name) -> list[str]:
    """The texts that a damaged name may be meant for, two at most; none of nearly every name."""
    text = name.key
    texts = [made for mend in _MENDS for made in mend(name) if made != text and len(made) >= _LEAST]
    return list(dict.fromkeys(texts))[:2]


def _from_right(name: Name) -> Iterator[str]:
    """A name that is written from right to left, as on old plaques."""
    text = name.key[::-1]
    if name.key.startswith(_BACKWARDS) or (
        not name.places and legal_forms.ending(text) and find_region.place_length(text)
    ):
        yield name.raw[::-1]


def _said_once(name: Name) -> Iterator[str]:
    """A name in which two characters or more, or all, are written twice."""
    if match := _DOUBLED.search(name.key):
        yield name.key[: match.start()] + name.key[match.end(1) :]


def _behind_address(name: Name) -> Iterator[str]:
    """A name behind an address."""
    if name.form and (match := _ADDRESS.match(name.key)):
        yield name.key[match.end() :]


def _several(name: Name) -> Iterator[str]:
    """The names of two firms that a text joins by a word; what follows the word is no branch, as 和田销售分公司 is."""
    match = _NAMES.search(name.key)
    if not match:
        return
    rest = name.key[match.end() :]
    is_place = find_region.place_length(name.key[match.start() :])
    if not is_place and (re.search(_COMPANY, rest) or (find_region.place_length(rest) and legal_forms.ending(rest))):
        yield from (name.key[: match.start()], rest)


def _in_sentence(name: Name) -> Iterator[str]:
    """A name within a sentence that says what its firm does, or to whom a letter goes."""
    if name.places and name.form:
        return
    start, text = _BEFORE.match(name.key), name.key
    rest = _BEHIND.sub("", text[start.end() :] if start else text)
    if rest != text and legal_forms.ending(rest) and (find_region.place_length(rest) or len(rest) + 1 < len(text)):
        yield rest


def _without_mask(name: Name) -> Iterator[str]:
    """A name without what stands for a character that is not shown."""
    if _MASKED.search(name.key):
        yield _MASKED.sub("", name.key)


def _without_reading(name: Name) -> Iterator[str]:
    """A name without letters that are the reading, or its initials, of the characters beside them."""
    text = name.key
    for run in [match[0] for match in _LATIN.finditer(text)]:
        at = text.find(run)
        before, behind = text[:at], text[at + len(run) :]
        sides = [side for n in range(1, _BESIDE + 1) for side in (before[-n:], behind[:n])]
        if any(run in (letters(side), _initials(side)) for side in sides if _HAN.match(side)):
            text = before + behind
    yield text


def _initials(text: str) -> str:
    return "".join(syllable[0] for syllable in syllables(text))


@cache
def _forms() -> dict[str, str]:
    """The legal forms of four characters and more, by their letters, the longest first."""
    forms = sorted(legal_forms.CLASSES, key=lambda form: -len(form))
    return {letters(form): form for form in forms if len(form) >= 4 and not form.isascii()}


def _form_by_sound(name: Name) -> Iterator[str]:
    """A name whose legal form is written in letters, or in other characters of the same sounds."""
    text = name.key
    if text[-1:].isascii():
        spelt = next((each for each in _forms() if text.endswith(each)), "")
        if spelt:
            yield text.removesuffix(spelt) + _forms()[spelt]
        return
    if len(name.form) > 2:
        return
    if name.form == "公司" and (match := _LIMITED.search(text)):
        yield text[: match.start()] + "有限责任公司"
    reading = syllables(text[-_LONGEST_FORM:])
    for size in range(len(reading), 3, -1):
        if form := _forms().get("".join(reading[-size:])):
            yield text[:-size] + form
            return


@cache
def _words() -> dict[str, str]:
    """The words of trades, by their letters; of those that sound alike the one that says least."""
    return {letters(word): word for word in sorted(trade_words.WORDS, key=lambda w: (-trade_words.bits(w), w))}


def trade_by_sound(name: Name) -> str:
    """The text of a name whose trade is written in letters or in other characters of its sounds; '' of any other.

    >>> from chalicelib.matching.parse_name import parse
    >>> trade_by_sound(parse("深圳市云麓泉点籽有限公司"))
    '深圳市云麓泉电子有限公司'
    """
    body = name.body
    if not name.form or trade_words.begins(name.trade):
        return ""
    reading = syllables(body)
    for at in (0, 2, 3, 4):  # characters of the brand
        trade = _in_words(reading[at:])
        if trade and body in name.key:
            return name.key.replace(body, body[:at] + trade)
    return ""


def _in_words(reading: list[str]) -> str:
    """The words of trades that are read so, the longest first; '' where something is left."""
    trade, at = "", 0
    while at < len(reading):
        size = next((n for n in range(6, 1, -1) if "".join(reading[at : at + n]) in _words()), 0)
        if not size:
            return ""
        trade += _words()["".join(reading[at : at + size])]
        at += size
    return trade


_MENDS = (
    _from_right,
    _said_once,
    _several,
    _in_sentence,
    _behind_address,
    _without_mask,
    _without_reading,
    _form_by_sound,
)
