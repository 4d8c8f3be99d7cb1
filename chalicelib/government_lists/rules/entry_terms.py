"""How long an entry of a government list stands: terms by the day of listing, because the law changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """How many months an entry of a class stands; 0 is until it is removed. '' as class fits every entry."""

    category: str
    months: int
    basis: str
    valid_from: str = ""
    valid_to: str = ""


def is_in_force(valid_from: str, valid_to: str, day: str) -> bool:
    """Whether a rule holds on that day; '' is no bound. Days are YYYY-MM-DD."""
    return valid_from <= day and (not valid_to or day < valid_to)


def term_end(terms: Iterable[Term], listed_on: str, category: str = "") -> str:
    """The day from which an entry of that day and class no longer stands, by the rule of that day; '' for none."""
    for term in terms:
        if term.category in ("", category) and is_in_force(term.valid_from, term.valid_to, listed_on):
            return _months_later(listed_on, term.months) if term.months and listed_on else ""
    return ""


def _months_later(text: str, months: int) -> str:
    day = date.fromisoformat(text)
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last).isoformat()
        except ValueError:
            continue
    return date(year, month, min(day.day, 28)).isoformat()
