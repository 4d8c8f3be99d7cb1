"""Personal values are shown masked: a name by its surname, numbers by their ends."""

import re
import unicodedata
from collections.abc import Sequence

from chalicelib.values.cell_text import tidy
from chalicelib.values.organisation_codes import is_plausible_uscc, is_valid_registration_no
from chalicelib.values.personal_identifiers import (
    FIRST_DIGITS,
    compact_phone,
    is_day,
    is_old_resident_id,
    is_valid_resident_id,
)

# Surnames of two characters (复姓) that are still borne; of any other Chinese name the first character is the surname.
_COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|夏侯|宇文|长孙|轩辕|端木|独孤|南宫|西门"
    "|东郭|百里|呼延|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|鲜于|闾丘|司寇|赫连|拓跋|完颜|纳兰"
    "|万俟|闻人|歐陽|司馬|諸葛|東方|長孫|軒轅|獨孤|南宮|西門|東郭|鍾離|鮮于|納蘭|萬俟|聞人"
)
_BESIDE_A_NAME = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|【[^【】]*】?|〔[^〔〕]*〕?")
_ALREADY_MASKED = re.compile(r"[*＊某×✕●○]|\bX{2,}\b")


def shown_name(name: str) -> str:
    """The name of a person as others may see it: the surname and a star, 张*, 欧阳*, 古*, J*; '' for none.

    What stands in brackets is no part of the name; of a name whose beginning was masked nothing is shown.
    """
    plain = unicodedata.normalize("NFKC", tidy(name)) if name else ""
    if not plain or is_shown_name(plain):
        return plain
    bare = bare_name(plain) or plain
    hanzi = re.sub(r"[^\u3400-\u9fff\U00020000-\U0003ffff]", "", bare[:8])
    if len(hanzi) > 2 and _COMPOUND_SURNAME.match(bare):
        return f"{bare[:2]}*"
    return f"{bare[0].upper()}*" if bare[0].isalpha() and not _ALREADY_MASKED.match(bare) else "*"


def bare_name(name: str) -> str:
    """The name of a person without what stands in brackets beside it: 王示（个人）."""
    return _BESIDE_A_NAME.sub("", unicodedata.normalize("NFKC", name)).strip()


def is_masked(name: str) -> bool:
    """A name is one that was masked, so that it says nothing of who is meant: 张*, 李某."""
    return "*" in name or "＊" in name


def is_shown_name(name: str) -> bool:
    """A name is what `shown_name` leaves of one: a surname and a star."""
    return len(name) <= 3 and name.endswith("*")


def without_name(text: str, name: str) -> str:
    """The text with the full name of a person masked wherever it stands; short Latin names stay."""
    bare = bare_name(name)
    if len(bare) < 2 or (bare.isascii() and len(bare) < 5) or is_masked(bare):
        return text
    # Most texts name nobody, and a pattern for each name is dear.
    folded = text.upper()
    if not all(char in folded for char in bare.upper() if char.isalpha()):
        return text
    if len(bare) > 60:  # no person's: a pattern would read so long a name again from each place
        return text.replace(bare, shown_name(name))
    spaced = r"[\s·•・．]*".join(re.escape(char) for char in bare if not char.isspace() and char not in "·•・．.")
    return re.sub(spaced, shown_name(name), text, flags=re.IGNORECASE)


def mask_personal(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with resident IDs, bank cards, phones and other documents masked, and which of these it held.

    A number of the right shape is masked even if its check fails: a mistyped resident ID still identifies its holder.
    Credit codes and registration numbers stay. Characters that nobody sees are taken out from between digits; digits
    of other scripts and hanzi count as digits.
    """
    if _THREE_DIGITS.search(text) is None:
        return text, ()
    kinds: list[str] = []
    if _UNSEEN.search(text):
        text = _UNSEEN_IN_NUMBERS.sub("", text)
    if _MANY_DIGITS.search(text):
        text = _mask(text, _PLAIN, kinds)
    if _HANZI_DIGITS.search(text):
        text = _mask(text, _PLAIN | _HANZI, kinds)
    return text, tuple(dict.fromkeys(kinds))


def _mask(text: str, digits: dict[int, int], kinds: list[str]) -> str:
    """The text masked as it reads with these characters as digits and separators, each in its place."""
    plain = _as_digits(text, digits)
    for kind, pattern, keep in _PERSONAL:
        pieces: list[str] = []
        end = 0
        for match in pattern.finditer(plain):
            number = re.sub("[^0-9Xx]", "", match.group(match.lastindex or 0))
            if not keep(number):
                kinds.append(kind)
                start = match.start(match.lastindex or 0)
                pieces += (text[end:start], _masked(kind, number))
                end = match.end()
        if pieces:
            text = "".join([*pieces, text[end:]])
            plain = _as_digits(text, digits)
    return _mask_spread(text, plain, kinds)


def _mask_spread(text: str, plain: str, kinds: list[str]) -> str:
    """The text without numbers that are written in groups of any size, as 1 3 9 1 2 3 4 5 6 7 8 is."""
    pieces: list[str] = []
    end = 0
    for run in _RUN.finditer(plain):
        # Single digits in a longer row are looked at by themselves: 1 3 9 1 2 3 4 5 6 7 8 2026.
        for part in (run, *_SINGLE_DIGITS.finditer(plain, run.start(), run.end())):
            groups = _GROUP.findall(part[0])
            around = plain[max(0, part.start() - 12) : part.start()], plain[part.end() : part.end() + 3]
            if part.start() >= end and len(groups) > 1 and (kind := _kind_of_groups(groups, part[0], *around)):
                number = "".join(groups)
                kinds.append(kind)
                pieces += (
                    text[end : part.start()],
                    _masked(kind, compact_phone(number) if kind == "phone" else number),
                )
                end = part.end()
    return "".join([*pieces, text[end:]]) if pieces else text


def _kind_of_groups(groups: Sequence[str], written: str, before: str, behind: str) -> str:
    """Which personal number groups of digits are together, '' for an amount, a date, a list or another number."""
    number, singles = "".join(groups).upper(), all(len(group) == 1 for group in groups)
    if len(number) == 18 and number[:2] in FIRST_DIGITS and is_day(number[6:14]) and not _is_code(number):
        return "resident_id"
    if _is_other_number(groups, written, behind) and not _SAYS_PERSONAL.search(before):
        return ""
    if len(number) == 15 and is_old_resident_id(number) and (singles or len(groups[0]) == 6):
        return "resident_id"
    if 15 <= len(number) <= 19 and _CARD_PREFIX.match(number) and not _is_no_card(number):
        return "bank_account"
    phone = compact_phone(number)
    return "phone" if phone[:1] == "1" or (phone[:1] == "0" and (singles or len(groups[0]) in (3, 4))) else ""


def _is_other_number(groups: Sequence[str], written: str, behind: str) -> bool:
    """Whether groups of digits are an amount, a decimal, a number with a day or a year in it, or numbers in a row."""
    if len(groups) == 2 and re.search(r"\d\.\d", written):
        return True
    is_amount = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]) and len(groups) > 2
    has_year = any(_YEAR.fullmatch(group) for group in groups)
    values = [int(group[:19]) for group in groups if group.isdigit()]
    in_a_row = len(groups) > 3 and values == sorted(set(values))
    return is_amount or has_year or in_a_row or _COUNTS.match(behind) is not None


def _as_digits(text: str, digits: dict[int, int]) -> str:
    """The text with digits of every script as 0 to 9, one character for one."""
    if text.isascii():
        return text.replace("\t", " ")
    return _OTHER_DIGITS.sub(lambda digit: str(unicodedata.digit(digit[0])), text.translate(digits))


def _masked(kind: str, number: str) -> str:
    if kind == "phone":
        return f"{number[:3]}****{number[-4:]}"
    return number[:4] + "*" * (len(number) - 4)


def _is_code(number: str) -> bool:
    return is_plausible_uscc(number.upper()) and not is_valid_resident_id(number.upper())


def _is_of_no_division(number: str) -> bool:
    return number[:2] not in FIRST_DIGITS


def _is_no_card(number: str) -> bool:
    doubled = [int(d) * 2 for d in number[-2::-2]]
    fails = (sum(int(d) for d in number[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 != 0
    return fails or is_plausible_uscc(number)


def _is_of_organisation(number: str) -> bool:
    return _is_code(number) or is_valid_registration_no(number)


def _never(_number: str) -> bool:
    return False


# What people put between the digits of a number; bounded, so that a pattern reads each place a few times only.
_GAP = r"[ \-.·_/]{0,2}"
_OTHER_SEPARATORS = "－—–‐‑‒―−．•・／＿\u3000\u00a0\u2002\u2003\u2009\u202f\t"
# One character to one, so that a place in the plain text is the same place in the text itself.
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ（）＋" + _OTHER_SEPARATORS, "0123456789Xx()+" + "--------.··/_       ")
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")
_HANZI = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
# Nothing personal has fewer.
_DIGIT = r"\d〇零一二三四五六七八九幺"
_THREE_DIGITS = re.compile(f"[{_DIGIT}](?:[^{_DIGIT}]*+[{_DIGIT}]){{2}}")
_BETWEEN = rf"[ \-.·_/{_OTHER_SEPARATORS}]{{0,3}}"
_HANZI_DIGITS = re.compile(rf"[〇零一二三四五六七八九幺](?:{_BETWEEN}[〇零一二三四五六七八九幺]){{2}}")
# Before anything is replaced.
_MANY_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{6}}")
_RESIDENT_18 = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:18|19|20)\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01])"
    rf"{_GAP}\d{{3}}{_GAP}[\dXx](?!\d)"
)
# Of before 1999, without a check: one that would pass as a registration number is masked too.
_RESIDENT_15 = re.compile(r"(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_BANK_CARD = re.compile(
    rf"(?<!\d)(?:62|[3-5]\d)\d{{2}}(?:{_GAP}\d{{4}}){{2}}(?:{_GAP}\d{{3,4}})(?:{_GAP}\d{{1,3}})?(?!\d)"
)
_CARD_PREFIX = re.compile(r"62|[3-5]\d")
# Groups of digits of any size, whole: a part of a longer row of digits is no number.
_RUN = re.compile(r"(?<![\dA-Za-z])\+?\d(?:[ \-.·_/]{0,3}+\d)*+(?:[ \-.·_/]{0,3}[Xx](?![\dA-Za-z]))?(?![*A-Za-z])")
_SINGLE = r"[ \-.·_/]{1,3}+\d(?!\d)"
_SINGLE_DIGITS = re.compile(
    rf"(?<!\d)(?:1(?:{_SINGLE}){{10}}|[1-9](?:{_SINGLE}){{16}}[ \-.·_/]{{1,3}}+[\dXx](?!\d))"
    rf"(?:(?!{_SINGLE})|(?=(?:{_SINGLE}){{11}}))"
)
_GROUP = re.compile(r"\d+|[Xx]")
_YEAR = re.compile(r"(?:19|20)\d\d")
# What is counted or paid.
_COUNTS = re.compile(r" ?(?:元|万|亿|角|分|件|个|人|次|%|％|美|港|日|吨|kg|RMB|USD|CNY)", re.IGNORECASE)
_SAYS_PERSONAL = re.compile(
    "电话|手机|微信|联系|座机|热线|tel|phone|mobile|身份证|卡号|账号|账户|银行卡", re.IGNORECASE
)
# Permits and passports have no check, so that only a word before the number says what it is: 护照 E12345678.
_DOCUMENT = re.compile(
    r"(?:通行证|回乡证|台胞证|护照|居留证|居留身份证|居住证|身份证|证件)[^\dA-Za-z]{0,8}[A-Za-z]{0,3}(\d{7,17}[\dXx]?)(?![\dA-Za-z])"
)
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)(?:\(0\d{{2,3}}\){_GAP}|0\d{{2,3}}{_GAP})[2-9]\d{{6,7}}(?!\d)")
_PERSONAL = (
    ("resident_id", _RESIDENT_18, _is_code),
    ("resident_id", _RESIDENT_15, _is_of_no_division),
    ("bank_account", _BANK_CARD, _is_no_card),
    ("phone", _MOBILE, _never),
    ("phone", _LANDLINE, _never),
    ("identity_document", _DOCUMENT, _is_of_organisation),
)
_UNSEEN_CHARACTERS = (
    "\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{_UNSEEN_CHARACTERS}]")
_UNSEEN_IN_NUMBERS = re.compile(rf"(?<=[\dXxＸｘ])[{_UNSEEN_CHARACTERS}]+(?=[\dXxＸｘ \-.·])")
