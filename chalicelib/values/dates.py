"""Dates as Chinese tables write them, read as days in Asia/Shanghai.

>>> read_day("二〇二一年三月一日"), read_day("44256"), read_day("2021-03-01 11:34:43.0"), read_day("长期")
('2021-03-01', '2021-03-01', '2021-03-01', '9999-12-31')
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from chalicelib.values.timestamps import CHINA

OPEN_END = "9999-12-31"


NULLS = frozenset(
    {"", "n/a", "#n/a", "na", "null", "none", "nil", "nan", "nat", "undefined", "-", "--", "---", "—", "——", "/",
     "//", "\\", "\\n", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "无", "暂无", "无。", "没有",
     "未知", "未公示", "未填写", "未提供", "不详", "空", "待补充", "(空)", "(空白)", "(null)"}
)  # fmt: skip
_NULL_DAYS = frozenset(("0000-00-00", "1900-01-01", "1899-12-30", "1899-12-31", "1900-01-00", "0001-01-01", "0"))
_OPEN_WORDS = ("长期", "永久", "无限期", "无固定期限", "无期限")

_YEAR_FIRST = re.compile(
    r"(\d{3,4})\s*[-/.年\\‐-―−,、]\s*(\d{1,2})\s*[-/.月\\‐-―−,、]\s*(\d{1,2})(?:\s*[日号])?(?P<rest>.*)"
)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:份)?|(\d{4})(0[1-9]|1[0-2])")
# January, or October written as a number.
_MONTH_OR_TENTH = re.compile(r"\d{4}\s*\.\s*1")
_DAY_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?P<rest>.*)")
_NAMED_MONTH = re.compile(
    r"(?:[a-z]{3,9},?\s+)?"
    r"(?:(\d{1,2})[-/ ]([a-z]{3})[a-z]*\.?[-/, ]+(\d{4}|\d{2}(?!\d))|([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4}))"
    r"(?P<rest>.*)"
)
_DIGITS = re.compile(r"(\d{8})(\d{4}(?:\d\d)?)?")
_ROC = re.compile(
    r"(?:中华民国|中華民國|民国|民國)\s*(\d{1,3}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?P<rest>.*)"
)
# What may follow a day: a time, a weekday, a zone; anything else (a second date) is not a day.
_REST = re.compile(
    r"[\s,T]*+(?:\((?:[^()]*)\)|(?:星期|周|礼拜)[一二三四五六日天])?\s*+"
    r"(?P<half>上午|下午|中午|凌晨|早上|晚上|am|pm)?\s*+"
    r"(?:(?P<h>\d{1,2})[:时点](?:(?P<m>\d{1,2})分?)?(?::?(?P<s>\d{1,2})秒?)?(?:[.,]\d+)?)?\s*+(?:am|pm)?"
    r"\s*+(?P<zone>z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d\d)?|utc|gmt|cst|hkt)?"
    # The name of the zone once more: Go (+0800 CST), Java ([Asia/Shanghai]), JavaScript ((中国标准时间)).
    r"\s*+(?:cst|hkt|utc|gmt|[+-]\d\d)?\s*+(?:\[[a-z_/+\-0-9]+\]|\([^()]*\))?(?:\s*+m=[+-][\d.]+)?",
    re.IGNORECASE,
)
# java.util.Date and asctime of C: Tue Nov 24 00:00:00 CST 2026.
_YEAR_LAST = re.compile(
    r"(?:[a-z]{3,9},?\s)?\s*([a-z]{3})[a-z]*\.?\s+(\d{1,2})(\s+\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?"
    r"(?:\s*+(?:(?:utc|gmt|cst|hkt)(?:[+-]\d\d:?\d\d)?|[+-]\d\d:?\d\d))?)\s+(\d{4})"
)
# What Oracle prints where its language is Chinese: 24-11月-26.
_ORACLE = re.compile(r"(\d{1,2})-(\d{1,2})月\s*-(\d{4}|\d{2})(?!\d)(?P<rest>.*)")
# What .NET prints in JSON.
_DOT_NET = re.compile(r"\\?/date\((\d{10,13})(?:[+-]\d{4})?\)\\?/")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_HANZI = str.maketrans("〇○零Ｏ一二三四五六七八九元正", "000012345678911")
_FIRST_YEAR = 1949
# Longer than any day with its time and zone; so no pattern here is tried on a long text.
_LONGEST = 64


def read_day(text: str) -> str:
    """The day as YYYY-MM-DD, '' for a null, OPEN_END for no end; ValueError if it is no day that exists."""
    return _read(text)[0]


def read_day_and_precision(text: str) -> tuple[str, bool]:
    """The day, and whether the text named one: 2021年03月 is 2021-03-01 and False."""
    return _read(text)


def is_null(text: str) -> bool:
    """A stripped text stands for nothing: N/A, NULL, --, 无, 未公示 …"""
    return len(text) <= 8 and unicodedata.normalize("NFKC", text).strip().lower() in NULLS


def from_serial(serial: int) -> str:
    """The day of an Excel serial number of the 1900 system."""
    return (date(1899, 12, 30) + timedelta(days=serial)).isoformat()


@lru_cache(maxsize=65536)
def _read(text: str) -> tuple[str, bool]:
    plain = unicodedata.normalize("NFKC", text[: 8 * _LONGEST]).strip(" \t\r\n'\"=\u200b\ufeff").lower()
    if len(plain) > _LONGEST:
        raise ValueError("too long for a day")
    plain = plain.rstrip(".。,，;； ") or plain
    if is_null(plain) or plain[:10] in _NULL_DAYS:
        return "", True
    if any(word in plain for word in _OPEN_WORDS):
        return OPEN_END, True
    day, precise = _parse(plain)
    if day in _NULL_DAYS:
        return "", True
    if day >= "2999":
        return OPEN_END, True
    if int(day[:4]) < _FIRST_YEAR:
        raise ValueError("a day before the People's Republic")
    return day, precise


def _parse(plain: str) -> tuple[str, bool]:
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        number = _number(plain)
        if number:
            return number
    match = _YEAR_FIRST.fullmatch(plain)
    if match is None and not plain.isascii():
        plain = _from_hanzi(plain)
        match = _ROC.fullmatch(plain)
        if match:
            year = 1911 + int(match[1])
            return _with_time(year, int(match[2]), int(match[3]), match["rest"]), True
        match = _YEAR_FIRST.fullmatch(plain)
    if match:
        return _with_time(_full_year(match[1]), int(match[2]), int(match[3]), match["rest"]), True
    if _MONTH_OR_TENTH.fullmatch(plain):
        raise ValueError("the number 2026.10 is stored as 2026.1")
    match = _MONTH.fullmatch(plain)
    if match:
        return _iso(int(match[1] or match[3]), int(match[2] or match[4]), 1), False
    return _western(plain), True


def _number(plain: str) -> tuple[str, bool] | None:
    """A day written as one number: 20210301, a month, a serial, an epoch in seconds or ms, a ROC day."""
    whole = plain.partition(".")[0]
    if len(whole) == 5 and "20000" <= whole <= "80000":
        return from_serial(int(whole)), True
    if "." in plain:
        return None
    if len(whole) in {10, 13}:
        return _of_epoch(whole), True
    match = _DIGITS.fullmatch(whole)
    if match:
        return _iso(int(whole[:4]), int(whole[4:6]), int(whole[6:8])), True
    if len(whole) == 7:
        return _iso(1911 + int(whole[:3]), int(whole[3:5]), int(whole[5:])), True
    return None


def _from_hanzi(plain: str) -> str:
    """二〇二一年十二月二十五日 as 2021年12月25日: digits one by one for the year, 十 as ten elsewhere."""
    year, mark, rest = plain.partition("年")
    if not mark:
        return plain
    if re.search("[一二三四五六七八九零〇○]", year):
        year = year.replace("o", "0").translate(_HANZI)
    rest = rest.replace("廿", "二十").replace("卄", "二十").replace("卅", "三十")
    rest = re.sub(
        "([一二三四五六七八九]?)十([一二三四五六七八九]?)",
        lambda m: (
            str((int(m[1].translate(_HANZI)) if m[1] else 1) * 10 + int(m[2].translate(_HANZI) or 0))
            if m[2]
            else str((int(m[1].translate(_HANZI)) if m[1] else 1) * 10)
        ),
        rest,
    )
    head, last, tail = rest.rpartition("日")
    if last:
        return f"{year}年{head.translate(_HANZI)}日{tail}"
    return f"{year}年{rest.translate(_HANZI)}"


def _western(plain: str) -> str:
    match = _NAMED_MONTH.fullmatch(plain)
    if match:
        month = _MONTHS.get(match[2] or match[4], 0)
        return _with_time(_western_year(match[3] or match[6]), month, int(match[1] or match[5]), match["rest"])
    match = _YEAR_LAST.fullmatch(plain)
    if match:
        return _with_time(int(match[4]), _MONTHS.get(match[1], 0), int(match[2]), match[3])
    match = _ORACLE.fullmatch(plain)
    if match:
        return _with_time(_western_year(match[3]), int(match[2]), int(match[1]), match["rest"])
    match = _DOT_NET.fullmatch(plain)
    if match:
        return _of_epoch(match[1])
    match = _DAY_LAST.fullmatch(plain)
    if match:
        first, second = int(match[1]), int(match[2])
        # 3/4/2021 is March or April depending on who wrote it: only what one order alone allows is taken.
        if first > 12 or first == second:
            return _with_time(int(match[3]), second, first, match["rest"])
        if second > 12:
            return _with_time(int(match[3]), first, second, match["rest"])
    raise ValueError("not a date")


def _western_year(digits: str) -> int:
    """The year of a text that names its month by a word; one of two digits is of this century."""
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _of_epoch(digits: str) -> str:
    """The day of a moment in seconds (10 digits) or milliseconds (13) since 1970."""
    seconds = int(digits) // (1000 if len(digits) == 13 else 1)
    return datetime.fromtimestamp(seconds, CHINA).date().isoformat()


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 1911 + int(digits)


def _with_time(year: int, month: int, day: int, rest: str) -> str:
    iso = _iso(year, month, day)
    if not rest:
        return iso
    match = _REST.fullmatch(rest)
    if match is None or int(match["h"] or 0) > 24 or int(match["m"] or 0) > 59:
        raise ValueError("not one date")
    zone = match["zone"]
    if not zone or zone in {"cst", "hkt"} or match["h"] is None:
        return iso
    offset = UTC if zone.isalpha() else timezone(_offset(zone))
    hour, minute = int(match["h"]), int(match["m"] or 0)
    moment = datetime(year, month, day, hour, minute, tzinfo=offset)
    return moment.astimezone(CHINA).date().isoformat()


def _offset(zone: str) -> timedelta:
    digits = zone.lstrip("utcgm").replace(":", "")
    hours, minutes = (int(digits[1:-2]), int(digits[-2:])) if len(digits) > 3 else (int(digits[1:]), 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if digits[0] == "-" else offset


def _iso(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()
