"""How long an entry of a government list stands: terms by the day of listing, because the law changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """How many months an entry of a class stands; 0 is until it is removed. '' as class fits every entry."""

    category: str
    months: int
    basis: str
    valid_from: str = ""
    valid_to: str = ""


# How long an administrative penalty stays published, by its class (市场监督管理行政处罚信息公示规定). One of which no
# column says what was imposed (`unknown`) stands for the shortest term: nobody is listed longer because a column is
# missing.
_ORDER_45: Final = "市场监督管理行政处罚信息公示规定 (令45) 13"
_REPAIR: Final = "市场监督管理信用修复管理办法 (2025-12-25)"
_ORDER_36: Final = "信用修复管理办法 (国家发展改革委令36)"
# The first that fits the class and the day of the decision counts.
PENALTY_TERMS: Final = (
    Term("minor", 3, _ORDER_45, "", "2025-12-25"),
    Term("unknown", 3, _ORDER_45, "", "2025-12-25"),
    Term("", 36, _ORDER_45, "", "2025-12-25"),
    Term("minor", 3, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("unknown", 3, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("general", 12, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("", 36, _REPAIR, "2025-12-25", "2026-04-01"),
    Term("minor", 3, _ORDER_36, "2026-04-01"),
    Term("unknown", 3, _ORDER_36, "2026-04-01"),
    Term("general", 12, _ORDER_36, "2026-04-01"),
    Term("", 36, _ORDER_36, "2026-04-01"),
)


def is_in_force(valid_from: str, valid_to: str, day: str) -> bool:
    """Whether a rule holds on that day; '' is no bound. Days are YYYY-MM-DD."""
    return valid_from <= day and (not valid_to or day < valid_to)


def term_end(terms: Iterable[Term], listed_on: str, category: str = "") -> str:
    """The day from which an entry of that day and class no longer stands, by the rule of that day; '' for none."""
    for term in terms:
        if term.category in ("", category) and is_in_force(term.valid_from, term.valid_to, listed_on):
            return months_later(listed_on, term.months) if term.months and listed_on else ""
    return ""


def months_later(text: str, months: int) -> str:
    """The day so many months after a day, or the last day of that month where it has no such day."""
    day = date.fromisoformat(text)
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last).isoformat()
        except ValueError:
            continue
    return date(year, month, min(day.day, 28)).isoformat()
