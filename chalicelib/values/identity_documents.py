"""Identity documents of natural persons (证件类型, 证件号码): which document a number is, written in one way.

- resident ID (GB 11643), also the residence permits of Hong Kong, Macau and Taiwan residents (港澳台居民居住证, 81, 82
  and 83) and the card of foreign permanent residents of 2023 (18 digits, the first a 9): one number, one kind
- 港澳居民来往内地通行证: H or M and eight digits; two more count the renewals and are no part of the number
- 台湾居民来往大陆通行证: eight digits; the renewals and a letter in brackets may follow
- 外国人永久居留身份证 issued before 2023: three letters of the nationality and twelve digits with the birth date
- passport (护照): of China E, G, D, S, P or K and eight characters; another country's only where the type says so

The types are those of the publication standard of 2019 (双公示, 自然人 table) and their codes in GA/T 517.

>>> read_document("h12345678 (01)")
Document(kind='hk_macau_permit', number='H12345678')
>>> read_document("０1234567（B）", "台胞证")
Document(kind='taiwan_permit', number='01234567')
>>> read_document("33010619920307031Z") is None
True
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chalicelib.values import personal_identifiers

RESIDENT_ID: Final = "resident_id"
HK_MACAU_PERMIT: Final = "hk_macau_permit"
TAIWAN_PERMIT: Final = "taiwan_permit"
FOREIGN_PERMIT: Final = "foreign_permanent_residence"
PASSPORT: Final = "passport"
# A document of a person whose numbers cannot be told from others: 军官证, 户口簿, 驾驶证.
OTHER_DOCUMENT: Final = "other_document"
# The type says that the number is one of an organisation.
ORGANISATION: Final = "organisation"
_PERMITS: Final = (HK_MACAU_PERMIT, TAIWAN_PERMIT, FOREIGN_PERMIT)
# Each kind that identifies a person, in zh and en.
DOCUMENT_KINDS: Final = {
    RESIDENT_ID: ("居民身份证、港澳台居民居住证、新版外国人永久居留身份证", "resident ID or 18-digit residence card"),
    HK_MACAU_PERMIT: ("港澳居民来往内地通行证", "Mainland travel permit of Hong Kong and Macau residents"),
    TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "Mainland travel permit of Taiwan residents"),
    FOREIGN_PERMIT: ("外国人永久居留身份证（2023 年以前）", "foreign permanent resident card issued before 2023"),
    PASSPORT: ("护照", "passport"),
}

# The first that fits the type decides: 港澳台居民居住证 holds a number of the form of a resident ID.
_TYPES: Final = (
    (RESIDENT_ID, re.compile(r"居住证|^(?:111|112|8[123]0000|residence.?permit)$")),
    (FOREIGN_PERMIT, re.compile(r"外国人|永久居留|绿卡|foreign|permanent.?resid|^55[34]$")),
    (HK_MACAU_PERMIT, re.compile(r"港澳|回乡证|香港|澳门|hong.?kong|maca[uo]|^hk|home.?return|^516$")),
    (TAIWAN_PERMIT, re.compile(r"台湾|台胞|台湾居民|taiwan|^511$")),
    (PASSPORT, re.compile(r"护照|passport|^414$")),
    (
        ORGANISATION,
        re.compile(
            r"信用代码|营业执照|组织机构|注册号|登记|税务|法人证书|事业单位|uscc|credit.?code|business.?licen[cs]e"
        ),
    ),
    (RESIDENT_ID, re.compile(r"身份证|身份号码|resident|id.?card|identity|^id$")),
    (OTHER_DOCUMENT, re.compile(r"证|户口|护|document|certificate|licen[cs]e|^\d{3}$|其他|other")),
)
_HANZI = re.compile("[\u3400-\u9fff]+")
_NOISE = re.compile(r"[^0-9A-Z*()]+")
# An identity card of Hong Kong or Macau ends with its check character in brackets; no other number here does.
_ISLAND_CARD = re.compile(r"(?:[A-Z]{1,2}\d{6}|\d{7})\([0-9A]\)")
_HK_MACAU = re.compile(r"([HM]\d{8})(?:\d{2})?")
_TAIWAN = re.compile(r"T?(\d{8})(?:\d{2})?(?:[A-Z]\d?)?")
_FOREIGN = re.compile(r"[A-Z]{3}\d{4}(\d{6})\d{2}")
_CHINESE_PASSPORT = re.compile(r"[EGSPDK]\d{8}|[EDSPK][A-Z]\d{7}|MA\d{7}")
_ANY_PASSPORT = re.compile(r"(?=(?:.*\d){4})[A-Z0-9]{6,12}")


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a person: one of `DOCUMENT_KINDS`, and its number in the one way in which it is digested."""

    kind: str
    number: str


@lru_cache(maxsize=1024)
def document_type(text: str) -> str:
    """What a column of types (证件类型) says: a kind of document, `OTHER_DOCUMENT`, `ORGANISATION`; '' if it says
    nothing."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in DOCUMENT_KINDS:
        return plain
    return next((kind for kind, words in _TYPES if plain and words.search(plain)), "")


def read_document(text: str, type_text: str = "") -> Document | None:
    """The document whose number the text holds; None for what cannot be keyed: masked, mistyped, of another kind.

    A number whose form is sure decides against the type that stands beside it, for that is often left at 身份证.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    code = personal_identifiers.compact(text)
    wanted = document_type(type_text) or document_type("".join(_HANZI.findall(plain)))
    if wanted == ORGANISATION:
        return None
    if personal_identifiers.is_valid_resident_id(code):
        return Document(RESIDENT_ID, code)
    if wanted in ("", RESIDENT_ID) and personal_identifiers.is_old_resident_id(code):
        return Document(RESIDENT_ID, code)
    bracketed = _NOISE.sub("", plain)
    if "*" in bracketed or _ISLAND_CARD.fullmatch(bracketed):
        return None
    number = bracketed.replace("(", "").replace(")", "")
    if wanted in ("", RESIDENT_ID):
        return _by_form(number, "(" in bracketed)
    return _of_kind(wanted, number) or (_permit_by_form(number) if wanted in _PERMITS else None)


def resembles_resident_id(code: str) -> bool:
    """A compacted code is a resident ID or one that was mistyped: its place and birth date can be, its check may fail.

    Seventeen digits and any character at the end, of which the digits 7 to 14 are a day since 1880.
    """
    if len(code) != 18 or not code.isascii() or not code[:17].isdigit() or not code[17].isalnum():
        return False
    return (
        code[:2] in personal_identifiers.FIRST_DIGITS
        and code[6:10] >= "1880"
        and personal_identifiers.is_day(code[6:14])
    )


def masked_number(text: str) -> str:
    """The number of a document as its sender is shown it again: the first two characters."""
    plain = text.strip()
    return plain[:2] + "*" * max(len(plain[:20]) - 2, 0)


def _by_form(number: str, has_brackets: bool) -> Document | None:
    """The document of a number without a type, or beside 身份证: only where its form leaves no doubt."""
    if permit := _permit_by_form(number):
        return permit
    if _CHINESE_PASSPORT.fullmatch(number):
        return Document(PASSPORT, number)
    # Ten digits alone may be the beginning of any number, and eight may be a birth date.
    bare = (
        len(number) == 8
        and number.isdigit()
        and not (number[:2] in ("19", "20") and personal_identifiers.is_day(number))
    )
    lettered = not number.isdigit() and _TAIWAN.fullmatch(number) is not None
    if bare or lettered or (has_brackets and len(number) == 10):
        return _of_kind(TAIWAN_PERMIT, number)
    return None


def _permit_by_form(number: str) -> Document | None:
    """The permit of a number whose form no other document has."""
    return _of_kind(HK_MACAU_PERMIT, number) or _of_kind(FOREIGN_PERMIT, number)


def _of_kind(kind: str, number: str) -> Document | None:
    if kind == HK_MACAU_PERMIT and (match := _HK_MACAU.fullmatch(number)):
        return Document(kind, match[1])
    if kind == TAIWAN_PERMIT and (match := _TAIWAN.fullmatch(number)):
        return Document(kind, match[1])
    if kind == FOREIGN_PERMIT and (match := _FOREIGN.fullmatch(number)):
        return (
            Document(kind, number)
            if personal_identifiers.is_day("19" + match[1]) or personal_identifiers.is_day("20" + match[1])
            else None
        )
    if kind == PASSPORT and _ANY_PASSPORT.fullmatch(number) and len(set(number)) > 2:
        return Document(kind, number)
    return None
