"""The watch over licences: what is due (/v1/licences), the half-yearly report, and the stroke of the clock for both."""

import re
from datetime import timedelta
from typing import Any, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply

doors = Doors(__name__)
MOST_DAYS: Final = 184
# What a request may take of its own for a report before the clock goes on with it.
AT_ONCE: Final = timedelta(seconds=5)


@doors.door("/v1/licences", "GET", roles=(PLATFORM, REGULATOR))
def due(ask: Ask) -> dict[str, Any]:
    """The licences due within `due_within` days (30d) and those that lapsed within a month, by day."""
    from chalicelib.licences import licences_due

    within, after = ask.query("due_within", "30d"), ask.query("after")
    if not re.fullmatch(r"[1-9]\d{0,2}d", within) or int(within[:-1]) > MOST_DAYS:
        raise errors.BadRequest("invalid_request", field="due_within", expected=f"1d..{MOST_DAYS}d")
    if after and not re.fullmatch(r"\d{4}-[01]\d-[0-3]\d\.[0-9A-Z]{18}", after):
        raise errors.BadRequest("invalid_cursor", after=after[:40])
    limit = max(ask.number("limit", 100, 100), 1)
    return licences_due.due_within(wiring.exchange(), ask.caller, int(within[:-1]), after, limit, wiring.now())


@doors.door("/v1/identity-reports", "POST", roles=(PLATFORM,))
def report(ask: Ask) -> Reply:
    """Make this half-year's report of identity data; a large one is finished after the answer."""
    from chalicelib.displays import half_yearly_identity_report
    from chalicelib.displays.rules import identity_report_rows
    from chalicelib.handlers.requests.displays import IdentityReport

    wanted, now = ask.read(IdentityReport), wiring.now()
    context = dependencies.identity_reports()
    made = half_yearly_identity_report.request_report(
        context, ask.caller.platform_id, identity_report_rows.period(now), wanted.again, now
    )
    made = half_yearly_identity_report.build(context, made, now, lambda: wiring.now() - now < AT_ONCE)
    logs.note("identity_report_asked", platform=ask.caller.platform_id, state=made.state, rows=made.rows)
    return Reply(half_yearly_identity_report.view(context, made), 202)


@doors.door("/v1/identity-reports/{period}", "GET", roles=(PLATFORM,))
def one_report(ask: Ask, period: str) -> dict[str, Any]:
    """How a report stands, with a link to its file once it is done."""
    from chalicelib.displays import half_yearly_identity_report

    if not re.fullmatch(r"20\d\d-0[17]", period):
        raise errors.NotFound("not_found", period=period[:40])
    return half_yearly_identity_report.find(dependencies.identity_reports(), ask.caller.platform_id, period)
