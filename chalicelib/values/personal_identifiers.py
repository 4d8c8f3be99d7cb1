"""Numbers that belong to a person: recognised anywhere, digested or masked, never kept.

Resident ID, 居民身份证号 (GB 11643-1999): six digits of division, eight of birth date, three of sequence, a
check (ISO 7064 MOD 11-2, X stands for ten); before 1999 fifteen digits with a two-digit year and no check.
Foreign permanent residents hold 18 digits that start with 9. Bank cards: 15 to 19 digits with a Luhn check
(ISO/IEC 7812).

>>> is_valid_resident_id("11010519491231002X")
True
>>> from chalicelib.values.masking import mask_personal
>>> mask_personal("店主 11010519491231002X，电话 139-0000-0000")
('店主 1101**************，电话 139****0000', ('resident_id', 'phone'))
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from chalicelib.values.cell_text import tidy
from chalicelib.values.organisation_codes import PROVINCES, is_valid_registration_no

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# The first two digits of a resident ID: a province, a residence permit of Taiwan (83), a foreign resident (9…).
FIRST_DIGITS = (PROVINCES - {"10"}) | {"83"} | {f"9{d}" for d in range(1, 10)}

# A cell of contacts holds a few numbers; what comes after so many characters is not looked at.
_LONGEST_CONTACT = 200
# A number is written in at most so many groups of digits: 0086 138 0000 1236, (0)571 8765 4321.
_MOST_GROUPS = 6
_MOST_PHONES = 3
_NOT_PHONE = re.compile(r"[^0-9+()\-‐‑–—.\s]+")
_DIGIT_GROUPS = re.compile("[0-9]+")
# Mobile; area code and subscriber (010 and 02x have three digits, the others four); 400 and 800.
_PHONE = re.compile("1[3-9][0-9]{9}|0(?:10|2[0-9])[0-9]{8}|0[3-9][0-9]{2}[0-9]{7,8}|[48]00[0-9]{7}")
# Digits that a form is filled with where nobody's number is known. Numbers such as 138 1234 5678 have subscribers.
_FILLED_IN = re.compile(r"([0-9])\1{7}$|^0[0-9]{2,3}12345678$|^[48]00([0-9])\2{6}$|^13800138000$")
# What stands in a column of representatives instead of a name: an office, or a surname with a form of address.
_NO_PERSON = re.compile(
    "(?:企业|公司|本店|店铺)?(?:法人|法人代表|法定代表人|代表人|负责人|经营者|经办人|联系人|店主|业主|老板|老板娘|掌柜|本人|客服|管理员|股东|"
    "董事长|执行董事|财务|会计)"
    "|(?:先生|女士|小姐|姓名|测试|匿名|用户|同上|保密)|.{0,3}某{1,2}"
    "|[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|老板|经理|总经理|老师|师傅|店长|主任)|[\u4e00-\u9fff]总|[小老][\u4e00-\u9fff]"
    "|(?:test|admin|user|name|unknown|x{2,4})",
    re.IGNORECASE,
)


def compact(text: str) -> str:
    """A resident ID without width, case, spaces and hyphens."""
    return re.sub(r"[\s\-'\"\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text)).upper()


def is_valid_resident_id(code: str) -> bool:
    """Eighteen compacted characters have a real birth date and pass the check of GB 11643."""
    if len(code) != 18 or not code[:17].isdigit() or not code.isascii() or code[:2] not in FIRST_DIGITS:
        return False
    if not is_day(code[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == code[17]


def is_old_resident_id(code: str) -> bool:
    """Fifteen digits read as a resident ID issued before 1999, and not as a registration number."""
    return (
        len(code) == 15
        and code.isascii()
        and code.isdigit()
        and code[:2] in FIRST_DIGITS
        and is_day("19" + code[6:12])
        and not is_valid_registration_no(code)
    )


def is_resident_id(code: str) -> bool:
    """A compacted code is a resident ID of either length."""
    return is_valid_resident_id(code) or is_old_resident_id(code)


def validate_resident_id(text: str) -> str:
    """The compacted resident ID; ValueError if it is not one. Never store what this returns: digest it."""
    code = compact(text)
    if not is_resident_id(code):
        raise ValueError("not a resident ID")
    return code


def compact_phone(text: str) -> str:
    """The digits of the first Chinese phone number in a text, without country code and extension, '' for none.

    `张经理13800001236`, `010-62345678转801` and `+86-571-87654321` hold one each (13800001236, 01062345678,
    057187654321).
    """
    return next(iter(_phones(text)), "")


def identifying_phones(text: str) -> tuple[str, ...]:
    """The digits of the phone numbers in a text by which a subscriber may be identified, the first three at most.

    13800000000, or 12345678 behind an area code, is what fills in a form, and nobody's number.
    """
    return tuple(dict.fromkeys(phone for phone in _phones(text) if not _FILLED_IN.search(phone)))[:_MOST_PHONES]


def _phones(text: str) -> Iterator[str]:
    """Every phone number in a text, in order; a number is the shortest run of groups of digits that is one."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST_CONTACT])
    any_phone = False
    for piece in _NOT_PHONE.split(plain):
        groups = _DIGIT_GROUPS.findall(piece)
        first = 0
        while first < len(groups):
            ends = range(first + 1, min(first + _MOST_GROUPS, len(groups)) + 1)
            numbers = ((end, _national_number("".join(groups[first:end]))) for end in ends)
            end, phone = next(((end, phone) for end, phone in numbers if phone), (first + 1, ""))
            if phone:
                any_phone = True
                yield phone
            first = end
    if not any_phone and (phone := _whole_phone(plain)):
        yield phone


def is_valid_phone(text: str) -> bool:
    """A text is one Chinese phone number."""
    return _whole_phone(unicodedata.normalize("NFKC", text)) != ""


def _national_number(digits: str) -> str:
    """The number without the country code 86, '' if the digits are no whole number of China."""
    if _PHONE.fullmatch(digits):
        return digits
    national = digits.removeprefix("00")
    if not national.startswith("86"):
        return ""
    national = national[2:]
    if _PHONE.fullmatch(national):
        return national
    # Behind a country code the area code has lost its 0.
    return f"0{national}" if national[:1] != "0" and _PHONE.fullmatch(f"0{national}") else ""


def _whole_phone(plain: str) -> str:
    digits = re.sub(r"[\s\-—()+.]", "", plain.strip(" '\t"))
    digits = re.sub("^(?:00)?86(?=1[3-9]|0)", "", digits)
    return digits if re.fullmatch(r"1[3-9][0-9]{9}|0[0-9]{9,11}|[48]00[0-9]{7}", digits) else ""


def compact_account(text: str) -> str:
    """The digits of a bank account, '' for what is none: masked, too short or long, or one digit over and over."""
    plain = unicodedata.normalize("NFKC", text) if text else ""
    number = re.sub(r"\D", "", plain)
    whole = 8 <= len(number) <= 30 and len(set(number)) > 1
    return number if whole and re.search(r"[*×✕]|[xX#]{2,}", plain) is None else ""


def compact_personal_account(text: str) -> str:
    """The digits of the bank account of a person, by which that person may be identified; '' for what is too short.

    Cards have 15 to 19 digits; an account of fewer than 12 may be a phone number, or be given out by several banks.
    """
    number = compact_account(text)
    return number if len(number) >= 12 else ""


def compact_person(text: str) -> str:
    """The name of a person as it is digested: without spaces and with one kind of dot.

    '' for one that is masked, and for what names nobody: 法人, 负责人, 王先生.
    """
    if "*" in text or "＊" in text or _NO_PERSON.fullmatch(text.strip()):
        return ""
    return re.sub(r"[\s\u3000]+", "", re.sub("[•・．‧●.]", "·", tidy(text))).upper() if text else ""


def is_day(digits: str) -> bool:
    """Eight digits are a day that there was or will be: YYYYMMDD."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
