"""What was told to a platform alone: /v1/notices; and the clock that pushes what was not pushed."""

from typing import TYPE_CHECKING, Any, Final

from chalicelib import logs, wiring
from chalicelib.handlers.parameters import PAGE_OF_100, Parameter
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.requests.notices import Acknowledgement

routes = Routes(__name__, "notices")
NOTICE_STATES: Final = ("unacknowledged", "acknowledged", "unpushed")
NOTICES_PAGE: Final = (
    *PAGE_OF_100,
    Parameter("state", "只列出该状态", "only notices in that state", choices=NOTICE_STATES),
)


@routes.route(
    "/v1/notices",
    "GET",
    "listNotices",
    roles=(PLATFORM, REGULATOR),
    query=NOTICES_PAGE,
    returns="notice_inbox:NoticePage",
)
def notices(request: Request) -> dict[str, Any]:
    """The caller's own notices after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    from chalicelib.notices import notice_inbox

    state = request.text("state")
    who = request.caller.platform_id
    limit = request.number("limit")
    return notice_inbox.page(
        wiring.exchange(), wiring.notices_of(who), who, request.number("after"), limit, state, wiring.now()
    )


@routes.route(
    "/v1/notices/acknowledgements",
    "POST",
    "acknowledgeNotices",
    roles=(PLATFORM, REGULATOR),
    body="notices:Acknowledgement",
    returns="notice_inbox:Acknowledged",
    errors=(ErrorCode.INVALID_CURSOR, ErrorCode.NOT_FOUND, ErrorCode.TOO_MANY_GAPS),
)
def acknowledge(request: Request, body: "Acknowledgement") -> dict[str, Any]:
    """Say which notices were dealt with: all through a number, single ones by id, or both."""
    from chalicelib.notices import notice_inbox

    who = request.caller.platform_id
    done = notice_inbox.acknowledge(
        wiring.exchange(), wiring.notices_of(who), who, body.through or 0, body.notice_ids, wiring.now()
    )
    logs.note("notices_acknowledged", platform=who, through=done["acknowledged_through"])
    return done
