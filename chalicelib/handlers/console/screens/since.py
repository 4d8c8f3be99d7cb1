"""Lists of what changed since a moment: the moment of an address, and what a list says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.timestamps import CHINA, china_date, iso

# Changes are looked for so far back at most.
FARTHEST: Final = timedelta(days=14)


def since_of(visit: Visit) -> str:
    """The moment (ISO, UTC) from which on a list shows changes alone; '' where the address has none.

    One of more than 14 days ago is that of 14 days ago, one to come is now.
    """
    try:
        moment = datetime.fromisoformat(visit.query("since"))
    except ValueError:
        return ""
    return bounded(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def bounded(moment: datetime) -> str:
    """The moment as it is written, not earlier than changes are looked for and not later than now."""
    return iso(min(max(moment, wiring.now() - FARTHEST), wiring.now()))


def yesterday() -> str:
    """The beginning of yesterday in China."""
    today = wiring.now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return iso(today - timedelta(days=1))


def day_before(moment: str) -> str:
    """The day in China before that of a moment: what ended since then may have begun on it."""
    return china_date(datetime.fromisoformat(moment) - timedelta(days=1))


def shown(visit: Visit, path: str, kept: Mapping[str, str]) -> Mapping[str, str] | None:
    """What the list says above its rows: since when, and the address without that; None where all is shown.

    `path` is that of the list from /console/ on, `kept` its other filters.
    """
    since = since_of(visit)
    if not since:
        return None
    query = urlencode(kept)
    return {"since": since, "all": visit.root + path + (f"?{query}" if query else "")}
