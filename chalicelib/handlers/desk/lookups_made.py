"""The history of lookups: /v1/lookups by day, and one as it was asked and answered."""

from typing import Final

from chalicelib import wiring
from chalicelib.accounts.permissions import asked_platform
from chalicelib.handlers.desk.days import BY_DAY, VERDICTS, span_of
from chalicelib.handlers.parameters import OF_PLATFORM, Parameter, limit
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "lookups")
PURPOSES: Final = ("onboarding", "recheck", "investigation")
PAGE: Final = (
    OF_PLATFORM,
    Parameter("purpose", "只列出该目的", "only those for that purpose", choices=PURPOSES),
    Parameter("verdict", "只列出该结论", "only those with that verdict", choices=VERDICTS),
    Parameter("by", "只列出该人员或密钥", "only those of that person or key", pattern="[A-Za-z0-9_.:-]{1,64}"),
    *BY_DAY,
    limit(20, 100),
)
DEFAULT_DAYS: Final = 7


@routes.route(
    "/v1/lookups", "GET", "listLookups", roles=(PLATFORM, REGULATOR), query=PAGE, returns="lists.lookups:LookupPage"
)
def lookups(request: Request) -> Json:
    """The lookups that the caller made, the newest first; for regulators those of a platform too."""
    from chalicelib.lookups import list_lookups

    owner = asked_platform(request.caller, request.text("platform")) or request.caller.platform_id
    wanted = list_lookups.LookupFilter(
        purpose=request.text("purpose"), verdict=request.text("verdict"), by=request.text("by")
    )
    span = span_of(request, DEFAULT_DAYS)
    page = list_lookups.list_lookups(wiring.exchange(), owner, wanted, span, request.number("limit"))
    return {"lookups": [list_lookups.summary(each) for each in page.lookups], "next": page.next}


@routes.route(
    "/v1/lookups/{lookup_id}",
    "GET",
    "getLookup",
    roles=(PLATFORM, REGULATOR),
    returns="lists.lookups:LookupMade",
    errors=(ErrorCode.NOT_FOUND,),
)
def lookup(request: Request, lookup_id: str) -> Json:
    """A lookup as it was asked, masked, and answered."""
    from chalicelib.lookups import list_lookups

    return list_lookups.whole(list_lookups.read_lookup(wiring.exchange(), request.caller, lookup_id, wiring.now()))
