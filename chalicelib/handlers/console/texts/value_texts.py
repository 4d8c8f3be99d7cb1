"""How values look on a page: days and moments of China time, grouped codes, numbers."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.values.timestamps import CHINA

WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SHORT_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
USCC_LENGTH, REGISTRAR_LENGTH = 18, 8


def day(moment: str, language: str = "zh") -> str:
    """A day in China, such as 11月24日 周二; with its year where that is not this year."""
    at = _day_of(moment)
    year = "" if at.year == datetime.now(CHINA).year else (f"{at.year}年" if language == "zh" else f" {at.year}")
    if language == "zh":
        return f"{year}{at.month}月{at.day}日 {WEEKDAYS[at.weekday()]}"
    return f"{SHORT_DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}{year}"


def moment(text: str, language: str = "zh") -> str:
    """A moment in China, such as 11月24日 周二 09:30."""
    return f"{day(text, language)} {datetime.fromisoformat(text).astimezone(CHINA):%H:%M}"


def due(text: str, language: str = "zh") -> str:
    """A deadline: a period in days ends at 24:00 of its last day (民法典 203), the first moment of the next."""
    last = datetime.fromisoformat(text).astimezone(CHINA) - timedelta(minutes=1)
    if f"{last:%H:%M}" != "23:59":
        return moment(text, language)
    return f"{day(last.isoformat(), language)} 24:00"


def exact(text: str) -> str:
    """A moment to the second in China time, a day as it is."""
    if len(text) == len("2026-01-31"):
        return text
    return f"{datetime.fromisoformat(text).astimezone(CHINA):%Y-%m-%d %H:%M:%S} UTC+8"


def grouped(code: str) -> str:
    """A unified social credit code in the groups of GB 32100: registrar, then organisation, as 91330106 MA2GT00116."""
    return f"{code[:REGISTRAR_LENGTH]} {code[REGISTRAR_LENGTH:]}" if len(code) == USCC_LENGTH else code


def number(value: float) -> str:
    """A number with separators between thousands."""
    return f"{value:,}"


def percent(part: float) -> str:
    """A share as per cent."""
    return f"{part:.0%}" if part in (0, 1) or part >= 0.1 else f"{part:.1%}"


def _day_of(text: str) -> date:
    if len(text) == len("2026-01-31"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(CHINA).date()


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "day": day,
    "moment": moment,
    "due": due,
    "exact": exact,
    "grouped": grouped,
    "number": number,
    "percent": percent,
}
