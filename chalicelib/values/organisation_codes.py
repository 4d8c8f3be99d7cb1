"""Numbers by which Chinese registers know an organisation.

USCC, 统一社会信用代码 (GB 32100-2015, amendment 1): 18 characters of a 31-letter alphabet without I O S V Z.
[1] registration authority, [2] category, [3-8] division (GB/T 2260), [9-17] organisation code (GB 11714),
[18] check (ISO 7064 MOD 31-3). Organisation code: 8 characters and a check, written 12345678-9. Registration
number (GS 15-2006): 15 digits, the last an ISO 7064 MOD 11,10 check; the 13-digit ones before have none.

>>> compact("'９１１１０１０５ ma9xm3j1 01")
'91110105MA9XM3J101'
>>> is_valid_uscc("91110105MA9XM3J101"), is_valid_uscc("91110105MA9XM3J102")
(True, False)
>>> repair_uscc("9111O1O5MA9XM3JI01")
'91110105MA9XM3J101'
"""

import re
import unicodedata
from itertools import product
from operator import getitem

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

CATEGORIES: dict[str, str] = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直接管理机构编制的群众团体",
    "19": "机构编制其他",
    "21": "外国常驻新闻机构",
    "29": "外交其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "司法行政其他",
    "41": "外国在华文化中心",
    "49": "文化其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "民政其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地代表机构",
    "69": "旅游其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "宗教其他",
    "81": "基层工会",
    "89": "工会其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "99": "工商其他",
    "A1": "军队事业单位",
    "A9": "军队其他",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
    "N9": "农业其他",
    "Y1": "其他",
}

# Categories of those who trade: 企业, 个体工商户, 农民专业合作社.
BUSINESSES = frozenset({"91", "92", "93"})

# First two digits of GB/T 2260; 10 stands for the national registers (100000).
PROVINCES = frozenset(
    {"10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
     "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "66", "71", "81", "82"}
)  # fmt: skip

_LETTER = "[0-9A-HJ-NPQRTUWXY]"
_USCC_SHAPE = re.compile(f"[1-9ANY]{_LETTER}[0-9]{{6}}{_LETTER}{{10}}")
_BIRTH_DATE = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_ORG_SHAPE = re.compile("[0-9A-Z]{8}[0-9X]")
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Value times weight for each place, so that a check is eighteen look-ups and one sum.
_USCC_TERMS = tuple({c: v * w for v, c in enumerate(ALPHABET)} for w in _USCC_WEIGHTS)
_ORG_TERMS = (
    *({c: v * w for v, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} for w in _ORG_WEIGHTS),
    {c: v for v, c in enumerate("0123456789X")},
)

# 9.13302E+17, 9.13302e17, 9.1330200000012E+17; a comma is the decimal point of some locales.
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]*)?E\+?[0-9]{1,2}", re.IGNORECASE)
_DROPPED = re.compile("[\\s'\"`´‘’“”=*\\-‐-―−_.·\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0000-\u001f]+")
_LABEL = re.compile("^[^:：]{1,20}[:：]")
_OPENS_NOTE = re.compile(r"[(\[【]")

# What a reader of a scanned licence mistakes; none of the left-hand letters exists in a USCC.
_MISREAD = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "UY"}
_HOMOGLYPHS = str.maketrans("АВСЕНКМРТХУΑΒΕΗΚΜΡΤΥΧΝ〇○", "ABCEHKMPTXYABEHKMPTYXN00")
# A V may be either of two letters, so that each doubles what there is to try.
_MOST_TWO_WAY = 6


def compact(text: str) -> str:
    """The identifier without width, case, spaces, quotes, hyphens and invisible characters."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).upper()


def compact_loosely(text: str) -> str:
    """The identifier also without a label before it and a bracket after it: 代码：91…01（1-1）."""
    folded = unicodedata.normalize("NFKC", text).upper().strip()
    return _DROPPED.sub("", _without_label_and_note(_without_label_and_note(folded)))


def _without_label_and_note(text: str) -> str:
    text = _LABEL.sub("", text)
    note = _OPENS_NOTE.search(text) if text.endswith((")", "]", "】")) else None
    return text[: note.start()] if note else text


def is_valid_uscc(code: str) -> bool:
    """A compacted code has the shape of GB 32100 and its check character holds."""
    if _USCC_SHAPE.fullmatch(code) is None:
        return False
    return sum(map(getitem, _USCC_TERMS, code)) % 31 == 0


def uscc_check_character(first17: str) -> str:
    """The check character that belongs to seventeen characters (KeyError outside the alphabet)."""
    return ALPHABET[-sum(terms[c] for terms, c in zip(_USCC_TERMS, first17, strict=False)) % 31]


def validate_uscc(text: str) -> str:
    """The compacted USCC; ValueError if it is not one."""
    code = compact(text)
    if not is_valid_uscc(code):
        raise ValueError("not a unified social credit code")
    return code


def is_plausible_uscc(code: str) -> bool:
    """Both checks hold, the category is in the standard and the division starts with a province."""
    return is_valid_uscc(code) and code[:2] in CATEGORIES and code[2:4] in PROVINCES and is_valid_org_code(code[8:17])


def is_unverified_uscc(code: str) -> bool:
    """A compacted code has the shape of GB 32100, and only its check character fails.

    Registers gave such codes to real merchants before the check was enforced in 2016, so it is kept as an identifier of
    a lower class. A category of the standard and a province are demanded; a code of digits alone must be of a business
    (91, 92, 93) and hold no birth date where a resident ID has it, for a mistyped resident ID is none.
    """
    if _USCC_SHAPE.fullmatch(code) is None or is_valid_uscc(code) or is_damaged(code):
        return False
    if code[:2] not in CATEGORIES or code[2:4] not in PROVINCES:
        return False
    return not code[:17].isdigit() or (code[:2] in BUSINESSES and _BIRTH_DATE.fullmatch(code[6:14]) is None)


def has_uscc_shape(code: str) -> bool:
    """A compacted code may be a USCC: its check character holds, or that alone is wrong with it."""
    return is_valid_uscc(code) or is_unverified_uscc(code)


def is_damaged(text: str) -> bool:
    """A spreadsheet made a number of the code and lost its last digits: 9.13302E+17, or …000."""
    code = unicodedata.normalize("NFKC", text).strip(" \t'\"=\u200b\ufeff")
    if _SCIENTIFIC.fullmatch(code):
        return True
    code = compact(code)
    if len(code) != 18 or not code.isdigit() or not code.endswith("000") or code.startswith("0"):
        return False
    return not (is_valid_uscc(code) and is_valid_org_code(code[8:17]))


def repair_uscc(code: str) -> str:
    """The one USCC that a misread code can have been, or '' if none or several pass both checks.

    Only characters that no USCC contains are read anew (I O Z S V, Cyrillic and Greek look-alikes): a code of
    legal characters whose check fails may be wrong anywhere, so it is never guessed.
    """
    code = code.translate(_HOMOGLYPHS)
    if len(code) != 18 or code.count("V") > _MOST_TWO_WAY:
        return ""
    readings = product(*(_MISREAD.get(c, c) for c in code))
    passing = {r for r in map("".join, readings) if is_valid_uscc(r) and is_valid_org_code(r[8:17])}
    return passing.pop() if len(passing) == 1 else ""


def category(uscc: str) -> str:
    """What kind of organisation a USCC belongs to, '' if the standard does not name it: 92 is 个体工商户."""
    return CATEGORIES.get(uscc[:2], "")


def division(uscc: str) -> str:
    """The six-digit division (GB/T 2260) of the authority that registered it first; it never moves."""
    return uscc[2:8]


def org_code_of(uscc: str) -> str:
    """The organisation code inside a USCC: the bridge to tables that know only the older code."""
    return uscc[8:17]


def is_valid_org_code(code: str) -> bool:
    """A compacted nine-character code passes the GB 11714 check."""
    if _ORG_SHAPE.fullmatch(code) is None:
        return False
    return sum(map(getitem, _ORG_TERMS, code)) % 11 == 0


def validate_org_code(text: str) -> str:
    """The compacted organisation code without its hyphen; ValueError if it is not one."""
    code = compact(text)
    if not is_valid_org_code(code):
        raise ValueError("not an organisation code")
    return code


def is_valid_registration_no(code: str) -> bool:
    """Fifteen digits pass the GS 15-2006 check (ISO 7064 MOD 11,10)."""
    if len(code) != 15 or not (code.isascii() and code.isdigit()) or code[:2] not in PROVINCES:
        return False
    carry = 10
    for digit in code[:14]:
        carry = ((carry + int(digit)) % 10 or 10) * 2 % 11
    return (carry + int(code[14])) % 10 == 1


def validate_registration_no(text: str) -> str:
    """The compacted fifteen-digit registration number; ValueError if it is not one."""
    code = compact(text)
    if not is_valid_registration_no(code):
        raise ValueError("not a registration number")
    return code
