"""The days of an entry of a government list: when it was listed, and until when it is published."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from chalicelib.government_lists.rules.entry_terms import months_later
from chalicelib.messages import FindingCode
from chalicelib.table_files.rules.row_identifiers import Fault
from chalicelib.values.dates import OPEN_END, read_day

# A length of publication instead of its last day (公示期限: 一年, 36个月, 3).
_PERIOD: Final = re.compile("(?:公示)?(?:期限)?([0-9]{1,2}|[一二两三四五六七八九十]{1,2})(年|个?月|)")
_HANZI: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
                 "十二": 12}  # fmt: skip
_LONGEST_YEARS: Final = 10


def listed_on(cells: Mapping[str, str], list_type: str, today: str, *, may_be_missing: bool) -> str | Fault:
    """The day on which an entry was listed or decided, or what is wrong with it.

    设立日期 is that day on a list of 列异 or 列严 without a column of its own for it. Without a day only the
    register's own id distinguishes two entries of one subject (`may_be_missing`).
    """
    text = cells.get("listed_on", "") or cells.get("decided_on", "")
    if not text and list_type != "penalties":
        text = cells.get("listed_or_established_on", "")
    try:
        day = read_day(text)
    except ValueError:
        return Fault("listed_on", FindingCode.INVALID_DATE, text)
    if not day:
        return "" if may_be_missing else Fault("listed_on", FindingCode.MISSING_DATE, "")
    return Fault("listed_on", FindingCode.FUTURE_DATE, text) if day > today else day


def other_day(cells: Mapping[str, str], field: str, warnings: list[str]) -> str:
    """A day beside that of the listing; '' for none, and with a warning for what is no day."""
    try:
        day = read_day(cells.get(field, ""))
    except ValueError:
        warnings.append(f"{field}_ignored")
        return ""
    return "" if day == OPEN_END else day


def publish_until(cells: Mapping[str, str], start: str, warnings: list[str]) -> str:
    """The last day of publication, which may be given as its length from the day of the decision."""
    text = cells.get("publish_until")
    if not text:
        return ""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    match = _PERIOD.fullmatch(plain)
    if not match or not start:
        return other_day(cells, "publish_until", warnings)
    count = int(match[1]) if match[1].isdigit() else _HANZI.get(match[1], 0)
    months = count * (1 if "月" in match[2] else 12)
    return months_later(start, months) if 0 < months <= _LONGEST_YEARS * 12 else ""
