"""The parameters of lists by day: from when to when, where to read on, and the verdicts that some are filtered by."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.handlers.parameters import DayCursor, Parameter, is_day
from chalicelib.handlers.routing import Request
from chalicelib.messages import ErrorCode
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.day_log import DaySpan

MOST_DAYS: Final = 366
VERDICTS: Final = ("clear", "inform", "unknown", "review", "block")
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
FROM: Final = Parameter("from", "自该日起（含）", "from that day on, included", pattern=_DAY)
TO: Final = Parameter("to", "至该日止（含）", "until that day, included", pattern=_DAY)
AFTER_ENTRY: Final = DayCursor(
    "after", "上一页的 `next`，从其后读取", "the `next` of the page before, to read on after it", pattern="[0-9]{1,12}"
)
BY_DAY: Final = (FROM, TO, AFTER_ENTRY)


def days_of(request: Request, default: int) -> tuple[str, str]:
    """The first and the last day that are asked for: `default` days until today unless said.

    `BadRequest` for what is no day, and for more than a year.
    """
    until = day_of(request, "to") or china_date(wiring.now())
    earliest = date.fromisoformat(until) - timedelta(days=default - 1)
    since = day_of(request, "from") or earliest.isoformat()
    if (date.fromisoformat(until) - date.fromisoformat(since)).days >= MOST_DAYS:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="from", expected=f"at most {MOST_DAYS} days")
    return since, until


def span_of(request: Request, default: int) -> "DaySpan":
    """The days and the cursor of a list."""
    from chalicelib.storage.day_log import DaySpan

    return DaySpan(*days_of(request, default), request.text("after"))


def day_of(request: Request, name: str) -> str:
    """The day of a parameter, '' where it was not sent; `BadRequest` for what is no day of the calendar."""
    text = request.text(name)
    if text and not is_day(text):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=name, expected="YYYY-MM-DD")
    return text
