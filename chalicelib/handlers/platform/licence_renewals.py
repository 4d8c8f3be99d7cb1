"""Licences that are due to be verified again (/v1/licences), and the half-yearly report of identity data."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.parameters import DayCursor, Days, limit
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.displays import IdentityReport

routes = Routes(__name__, "licences")
DUE_PAGE: Final = (
    Days("due_within", "多少天内到期", "within how many days they are due", 30, most=184),
    DayCursor(
        "after",
        "上一页的 `next`，从其后读取",
        "the `next` of the page before, to read on after it",
        pattern=r"[0-9A-Z]{18}",
    ),
    limit(100, 100),
)
# What a request may take of its own for a report before the clock goes on with it.
AT_ONCE: Final = timedelta(seconds=5)


@routes.route(
    "/v1/licences",
    "GET",
    "listDueLicences",
    roles=(PLATFORM, REGULATOR),
    query=DUE_PAGE,
    returns="licences:DueLicences",
)
def due(request: Request) -> Json:
    """The licences due within `due_within` days (30d) and those that lapsed within a month, by day."""
    from chalicelib.licences import licences_due

    days, after = request.number("due_within"), request.text("after")
    limit = request.number("limit")
    return licences_due.due_within(wiring.exchange(), request.caller, days, after, limit, wiring.now())


@routes.route(
    "/v1/identity-reports",
    "POST",
    "createIdentityReport",
    roles=(PLATFORM,),
    body="displays:IdentityReport",
    returns="licences:IdentityReportStatus",
    status=202,
)
def report(request: Request, body: "IdentityReport") -> Json:
    """Make this half-year's report of identity data; a large one is finished after the answer."""
    from chalicelib.displays import half_yearly_identity_report
    from chalicelib.displays.rules import identity_report_rows

    wanted, now = body, wiring.now()
    context = dependencies.identity_reports()
    made = half_yearly_identity_report.request_report(
        context, request.caller.platform_id, identity_report_rows.period(now), wanted.again, now
    )
    made = half_yearly_identity_report.build(context, made, now, lambda: wiring.now() - now < AT_ONCE)
    logs.note("identity_report_asked", platform=request.caller.platform_id, state=made.state, rows=made.rows)
    return half_yearly_identity_report.view(context, made)


@routes.route(
    "/v1/identity-reports/{period}",
    "GET",
    "getIdentityReport",
    roles=(PLATFORM,),
    returns="licences:IdentityReportStatus",
    errors=(ErrorCode.NOT_FOUND,),
)
def one_report(request: Request, period: str) -> Json:
    """How a report stands, with a link to its file once it is done."""
    from chalicelib.displays import half_yearly_identity_report

    if not re.fullmatch(r"20\d\d-0[17]", period):
        raise errors.NotFound(ErrorCode.NOT_FOUND, period=period[:40])
    return half_yearly_identity_report.find(dependencies.identity_reports(), request.caller.platform_id, period)
