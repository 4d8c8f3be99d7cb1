"""Personal values are shown masked: a name by its surname, numbers by their ends."""

import re
import unicodedata

from chalicelib.values.cell_text import tidy
from chalicelib.values.organisation_codes import is_plausible_uscc, is_valid_registration_no
from chalicelib.values.personal_identifiers import FIRST_DIGITS, is_valid_resident_id

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
    return text


def _as_digits(text: str, digits: dict[int, int]) -> str:
    """The text with digits of every script as 0 to 9, one character for one."""
    if text.isascii():
        return text
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
_OTHER_SEPARATORS = "－—–‐‑‒―−．•・／＿\u3000\u00a0\u2002\u2003\u2009\u202f"
# One character to one, so that a place in the plain text is the same place in the text itself.
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ（）＋" + _OTHER_SEPARATORS, "0123456789Xx()+" + "--------.··/_      ")
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")
_HANZI = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
# Nothing personal has fewer.
_DIGIT = r"\d〇零一二三四五六七八九幺"
_THREE_DIGITS = re.compile(f"[{_DIGIT}](?:[^{_DIGIT}]*+[{_DIGIT}]){{2}}")
_HANZI_DIGITS = re.compile("[〇零一二三四五六七八九幺]{3}")
# Before anything is replaced.
_MANY_DIGITS = re.compile(rf"\d(?:[ \-.·_/{_OTHER_SEPARATORS}]{{0,2}}\d){{6}}")
_RESIDENT_18 = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:18|19|20)\d\d{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12]\d|3[01])"
    rf"{_GAP}\d{{3}}{_GAP}[\dXx](?!\d)"
)
# Of before 1999, without a check: one that would pass as a registration number is masked too.
_RESIDENT_15 = re.compile(r"(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_BANK_CARD = re.compile(
    rf"(?<!\d)(?:62|[3-5]\d)\d{{2}}(?:{_GAP}\d{{4}}){{2}}(?:{_GAP}\d{{3,4}})(?:{_GAP}\d{{1,3}})?(?!\d)"
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
