"""The notices to one platform alone, and what it acknowledges of them: /v1/notices."""

from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.handlers.parameters import PAGE_OF_100, Parameter
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.notices import Acknowledgement
    from chalicelib.notices.notice_inbox import Inbox

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
def notices(request: Request) -> Json:
    """The caller's own notices after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    from chalicelib.notices import notice_inbox

    return notice_inbox.page(
        _inbox(request), request.number("after"), request.number("limit"), request.text("state"), wiring.now()
    )


@routes.route(
    "/v1/notices/acknowledgements",
    "POST",
    "acknowledgeNotices",
    roles=(PLATFORM, REGULATOR),
    body="notices:Acknowledgement",
    returns="notice_inbox:Acknowledged",
    errors=(ErrorCode.INVALID_CURSOR, ErrorCode.RESTORED, ErrorCode.NOT_FOUND, ErrorCode.TOO_MANY_GAPS),
    audited=False,
)
def acknowledge(request: Request, body: "Acknowledgement") -> Json:
    """Acknowledge notices: all through a number, single ones by id, or both."""
    from chalicelib.notices import notice_inbox

    done = notice_inbox.acknowledge(_inbox(request), body.through or 0, body.notice_ids, wiring.now())
    logs.note("notices_acknowledged", platform=request.caller.platform_id, through=done["acknowledged_through"])
    return done


def _inbox(request: Request) -> "Inbox":
    from chalicelib.notices.notice_inbox import Inbox

    platform_id = request.caller.platform_id
    return Inbox(wiring.exchange(), wiring.notice_log(platform_id), platform_id)
