"""What a platform sent: the lists of its reports and of its rosters, the newest first."""

from typing import Final

from chalicelib import wiring
from chalicelib.accounts.permissions import asked_platform, one_platform
from chalicelib.handlers.desk.days import BY_DAY, span_of
from chalicelib.handlers.parameters import OF_PLATFORM, Parameter, limit
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "reports")
STATE: Final = Parameter(
    "state", "只列出该状态", "only those in that state", choices=("received", "processing", "done", "refused")
)
PAGE: Final = (OF_PLATFORM, STATE, *BY_DAY, limit(20, 100))
DEFAULT_DAYS: Final = 31


@routes.route(
    "/v1/reports",
    "GET",
    "listReports",
    roles=(PLATFORM, REGULATOR),
    query=PAGE,
    returns="lists.filings:ReportPage",
)
def reports(request: Request) -> Json:
    """The reports that the caller sent, or that were filed for it; for regulators those of a platform too."""
    from chalicelib.reports.list_reports import ReportFilter, list_reports
    from chalicelib.reports.rules.report import view

    owner = asked_platform(request.caller, request.text("platform")) or request.caller.platform_id
    span = span_of(request, DEFAULT_DAYS)
    page = list_reports(wiring.exchange(), owner, ReportFilter(request.text("state")), span, request.number("limit"))
    return {"reports": [{"platform_id": each.platform_id, **view(each)} for each in page.reports], "next": page.next}


@routes.route(
    "/v1/rosters",
    "GET",
    "listRosters",
    roles=(PLATFORM, REGULATOR),
    query=PAGE,
    returns="lists.filings:RosterPage",
    errors=(ErrorCode.PLATFORM_NEEDED,),
    tags=("rosters",),
)
def rosters(request: Request) -> Json:
    """The rosters that a platform sent, and which screening counts now."""
    from chalicelib.rosters.list_rosters import list_rosters
    from chalicelib.rosters.rules.roster import view

    owner, now = one_platform(request.caller, request.text("platform")), wiring.now()
    span = span_of(request, DEFAULT_DAYS)
    page = list_rosters(wiring.exchange(), owner, request.text("state"), span, request.number("limit"))
    return {
        "rosters": [view(roster, now) for roster in page.rosters],
        "next": page.next,
        "current": page.current,
        "screened_at": page.screened_at,
    }
