"""The watch over licences: what is due (/v1/licences), the half-yearly report, and the stroke of the clock for both."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers import desks
from chalicelib.handlers.api import PLATFORM, REGULATOR, Ask, Doors, Reply

doors = Doors(__name__)
MOST_DAYS: Final = 184
RESERVED_MS: Final = 60_000
# What a request may take of its own for a report before the clock goes on with it.
AT_ONCE: Final = timedelta(seconds=5)


@doors.door("/v1/licences", "GET", roles=(PLATFORM, REGULATOR))
def due(ask: Ask) -> dict[str, Any]:
    """The licences due within `due_within` days (30d) and those that lapsed within a month, by day."""
    from chalicelib.services import watching

    within, after = ask.query("due_within", "30d"), ask.query("after")
    if not re.fullmatch(r"[1-9]\d{0,2}d", within) or int(within[:-1]) > MOST_DAYS:
        raise errors.BadRequest("invalid_request", field="due_within", expected=f"1d..{MOST_DAYS}d")
    if after and not re.fullmatch(r"\d{4}-[01]\d-[0-3]\d\.[0-9A-Z]{18}", after):
        raise errors.BadRequest("invalid_cursor", after=after[:40])
    limit = max(ask.number("limit", 100, 100), 1)
    return watching.due(desks.watching(), ask.caller, int(within[:-1]), after, limit, wiring.now())


@doors.door("/v1/identity-reports", "POST", roles=(PLATFORM,))
def report(ask: Ask) -> Reply:
    """Make this half-year's report of identity data; a large one is finished after the answer."""
    from chalicelib.domain import identity_report
    from chalicelib.handlers.displays_models import IdentityReport
    from chalicelib.services import identity_reporting

    wanted, now = ask.read(IdentityReport), wiring.now()
    desk = desks.identity_reports()
    item = identity_reporting.ask(desk, ask.caller.platform_id, identity_report.period(now), wanted.again, now)
    item = identity_reporting.build(desk, item, now, lambda: wiring.now() - now < AT_ONCE)
    logs.note("identity_report_asked", platform=ask.caller.platform_id, state=item["state"], rows=item["rows"])
    return Reply(identity_reporting.view(desk, item), 202)


@doors.door("/v1/identity-reports/{period}", "GET", roles=(PLATFORM,))
def one_report(ask: Ask, period: str) -> dict[str, Any]:
    """How a report stands, with a link to its file once it is done."""
    from chalicelib.services import identity_reporting

    if not re.fullmatch(r"20\d\d-0[17]", period):
        raise errors.NotFound("not_found", period=period[:40])
    return identity_reporting.find(desks.identity_reports(), ask.caller.platform_id, period)


def licences_due(event: Mapping[str, Any], context: Any) -> None:
    """Verify what is due, look at shop pages, make reports; one that fails does not stop the others.

    `{"work": []}` does nothing, `{"work": ["review"]}` that alone.
    """
    failures: list[Exception] = []
    for name, work in (("review", _review), ("shops", _look), ("reports", _report)):
        if name not in event.get("work", (name,)):
            continue
        try:
            logs.note(f"licences_{name}", **work(_time_left(context)))
        except Exception as error:
            logs.failed(f"licences_{name}_failed")
            failures.append(error)
    if failures:
        raise ExceptionGroup("the watch over licences failed", failures)


def _review(time_is_left: Callable[[], bool]) -> dict[str, Any]:
    from chalicelib.services import watching

    return watching.review(desks.watching(), wiring.now(), time_is_left)


def _look(time_is_left: Callable[[], bool]) -> dict[str, Any]:
    from chalicelib.adapters.shop_pages import ShopPages
    from chalicelib.services import looking

    # Made for each run, so that no robots.txt is remembered for long.
    pages = ShopPages(let_loopback=wiring.settings().feeds_from_loopback == "yes")
    return looking.look_at_shops(desks.watching(), pages, wiring.now(), time_is_left)


def _report(time_is_left: Callable[[], bool]) -> dict[str, Any]:
    from chalicelib.services import identity_reporting

    return identity_reporting.go_on(desks.identity_reports(tell=True), wiring.now(), time_is_left)


def _time_left(context: Any) -> Callable[[], bool]:
    if context is None:
        return lambda: True
    return lambda: context.get_remaining_time_in_millis() > RESERVED_MS
