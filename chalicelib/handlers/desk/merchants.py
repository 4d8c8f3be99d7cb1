"""Merchants by name, and accounts with the last use of their keys, for regulators and operators."""

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.parameters import Parameter
from chalicelib.handlers.routing import OPERATOR, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "lookups")


@routes.route(
    "/v1/merchants",
    "GET",
    "findMerchants",
    roles=(REGULATOR,),
    query=(Parameter("name", "名称", "the name", most=400),),
    returns="lists.merchants:MerchantsByName",
    merchants=lambda: 1,
    errors=(ErrorCode.NOTHING_TO_LOOK_UP, ErrorCode.DAMAGED_TEXT),
)
def merchants(request: Request) -> Json:
    """The listed merchants that a name may mean."""
    from chalicelib.lookups import show_answer
    from chalicelib.lookups.find_by_name import find_by_name

    matches = find_by_name(dependencies.lookups(), request.caller, request.text("name"), wiring.digest(), wiring.now())
    logs.note("merchants_found", by=request.caller.platform_id, matches=len(matches))
    return {"merchants": [show_answer.match_view(match, request.caller) for match in matches]}


@routes.route(
    "/v1/platforms/{platform_id}",
    "GET",
    "getParticipant",
    roles=(OPERATOR, REGULATOR),
    returns="accounts:AccountWithUse",
    errors=(ErrorCode.NOT_FOUND,),
    tags=("accounts",),
)
def participant(_request: Request, platform_id: str) -> Json:
    """A participant with its keys and when each was used last."""
    from chalicelib.accounts.last_use import describe_with_use

    return describe_with_use(wiring.exchange(), platform_id)
