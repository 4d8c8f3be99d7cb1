"""Text whose characters were destroyed before it came: no value, whatever field it stands in.

U+FFFD stands for bytes that could not be decoded; 锟斤拷 is U+FFFD in UTF-8 read as GBK; 烫烫烫 and 屯屯屯 are the
uninitialised memory of a C program. Unpaired surrogates, private-use characters and noncharacters mean nothing to
anyone else (Unicode 16.0, 3.4 and 23.5). C1 controls only come from UTF-8 read as Latin-1. A `?` is what a converter
writes for a character that its character set lacks.

>>> is_damaged_text("杭州云栖谷??服饰有限公司"), is_damaged_name("杭州云?谷服饰"), is_damaged_sentence("是真的吗??不是")
(True, True, False)
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# Fields of names in registers, which hold no question mark, and of sentences, which may; all others are short texts.
NAMES: Final = frozenset({"name", "former_name", "legal_representative"})
SENTENCES: Final = frozenset(
    {"statement", "why", "reason", "contact", "shop_url", "notice_url", "url", "rules_url", "display_link", "file_name"}
)
_NONCHARACTERS: Final = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 15)
)
# One character that no text has: lost, of nobody, or a control of ISO 6429's C1 set (NEL, U+0085, is a line break).
_NO_CHARACTER: Final = re.compile(
    f"[\ufffd\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff{_NONCHARACTERS}\u0080-\u0084\u0086-\u009f]"
)
# What Windows-1252 makes of the bytes 80 to 9F; those of A0 to BF are the characters of the same number.
_CONTINUATION: Final = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
# Two hanzi or more in UTF-8 read as Latin-1, quotation marks and accented letters read so, U+FFFD read so.
_READ_AS_LATIN: Final = re.compile(
    f"(?:[ã-éï]{_CONTINUATION}{{2}}){{2}}|ï¿½|â€[\u0080-\u00bf™œšž˜¢¦“”‘’]|[ÃÂ][\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf]"
)
# GB 2312 read as Latin-1: no language writes four such letters and signs in a row.
_GB_AS_LATIN: Final = re.compile("[\u00a1-\u00fe]{4,}")
_WRONG_WORDS: Final = re.compile("锟斤|斤拷|烫{3}|屯{3}|^锘[夸垮挎跨胯块縶縖]")
_HANZI: Final = "[\u3400-\u9fff\U00020000-\U000323af]"
# Compiled when the first text with question marks comes: it takes long for a class of so many characters.
_RUN_BESIDE_HANZI: Final = rf"{_HANZI}\?\?|\?\?{_HANZI}"
_MARK_BESIDE_HANZI: Final = rf"{_HANZI}\?|\?{_HANZI}|\?\?"
_RUN_AT_START_OF_WORD: Final = re.compile(r"(?<![A-Za-z?])\?\?")
# The first character of UTF-8 read as GBK: the lead byte of a hanzi in UTF-8 (E4 to E9) and its second byte.
_GBK_OF_UTF8: Final = frozenset(
    bytes((lead, second)).decode("gb18030", "ignore") for lead in range(0xE4, 0xEA) for second in range(0x80, 0xC0)
) - {""}
_FEWEST_BYTES: Final = 6
# Any damaged text has one of these, or begins by one of `_FIRST`.
_SIGNS: Final = (*"?？\ufffdåæçèéäÃÂâïÖÐ", "锟", "斤拷", "烫烫烫", "屯屯屯", "锘")
_FIRST: Final = _GBK_OF_UTF8 | {chr(number) for number in range(0x80, 0x100)}

# GB 18030-2005: hanzi that were private-use in the edition of 2000, which Python's codec follows.
_HANZI_OF_GB18030: Final = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip
_PRIVATE_HANZI: Final = re.compile("[\ue816-\ue864]")


def with_standard_hanzi(line: str) -> str:
    """A line of a file in GB 18030 without the private-use characters that Python's codec makes of some hanzi."""
    return line.translate(_HANZI_OF_GB18030) if _PRIVATE_HANZI.search(line) else line


def is_damaged_sentence(text: str) -> bool:
    """Whether characters of a text were lost; `?` only where hardly anything else is left, for people ask questions."""
    if text.isascii() and "?" not in text:
        return False
    return has_lost_characters(text) or _is_of_question_marks(text) or _is_read_wrongly(text)


def has_lost_characters(text: str) -> bool:
    """Whether a text holds what no text has, such as U+FFFD or 锟斤拷; question marks and wrong decoding aside."""
    if (
        text.isprintable()
        and "\ufffd" not in text
        and "锟" not in text
        and "烫" not in text
        and "斤拷" not in text
        and "屯屯屯" not in text
        and text[:1] != "锘"
    ):
        return False
    return _NO_CHARACTER.search(text) is not None or _WRONG_WORDS.search(text) is not None


def is_damaged_text(text: str) -> bool:
    """Whether characters of a short text were lost, such as an address or a reason; also by `??` beside a hanzi."""
    marks = _plain_marks(text)
    return is_damaged_sentence(text) or ("?" in marks and re.search(_RUN_BESIDE_HANZI, marks) is not None)


def is_damaged_name(text: str) -> bool:
    """Whether characters of a registered name or a person's name were lost; also by one `?` beside a hanzi."""
    marks = _plain_marks(text)
    return is_damaged_sentence(text) or ("?" in marks and re.search(_MARK_BESIDE_HANZI, marks) is not None)


def is_damaged(field: str, text: str) -> bool:
    """Whether characters of the text were lost, by what kind of text the field holds."""
    if field in NAMES:
        return is_damaged_name(text)
    return (is_damaged_sentence if field in SENTENCES else is_damaged_text)(text)


def may_be_damaged(cells: Iterable[str]) -> bool:
    """Whether it is worth looking at each cell of a row: False only where none of them is damaged."""
    parts = [cell for cell in cells if cell]
    text = "".join(parts)
    if not text.isprintable():
        return True
    for sign in _SIGNS:
        if sign in text:
            return True
    return not _FIRST.isdisjoint([part[0] for part in parts])


def _plain_marks(text: str) -> str:
    return text.replace("？", "?")


def _is_of_question_marks(text: str) -> bool:
    """Nothing but question marks, two at least; or without any hanzi more of them than of all that can be read."""
    text = _plain_marks(text)
    marks = text.count("?")
    if marks < 2:
        return False
    rest = sum(map(str.isalnum, text))
    if not rest:
        return True
    return marks > rest and re.search(_HANZI, text) is None and _RUN_AT_START_OF_WORD.search(text) is not None


def _is_read_wrongly(text: str) -> bool:
    """The text was decoded by another character set than it was encoded in, as far as that is certain."""
    if _READ_AS_LATIN.search(text):
        return True
    run = _GB_AS_LATIN.search(text)
    if run and _decodes_to_hanzi(run[0].encode("latin-1"), "gb2312"):
        return True
    return text[:1] in _GBK_OF_UTF8 and _decodes_to_hanzi(_gbk_bytes(text), "utf-8")


def _gbk_bytes(text: str) -> bytes:
    """The bytes that GBK stands for, without what was lost at the end of the text."""
    return text.rstrip("?？\ufffd").encode("gb18030", "replace")


def _decodes_to_hanzi(data: bytes, encoding: str) -> bool:
    """The bytes are whole hanzi of that encoding, or ASCII, but for a last character that may be cut off."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(data) - 2 or error.start < _FEWEST_BYTES:
            return False
        text = data[: error.start].decode(encoding)
    foreign = [char for char in text if not char.isascii()]
    enough = len("".join(foreign).encode(encoding)) >= min(_FEWEST_BYTES, 4 if encoding == "gb2312" else _FEWEST_BYTES)
    return enough and all(unicodedata.category(char) in ("Lo", "Po", "Ps", "Pe") for char in foreign)
