"""The notices to one platform alone, and what it acknowledges of them: /v1/notices."""

from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.notices import notice_inbox

doors = Doors(__name__)


@doors.door("/v1/notices", "GET", roles=(PLATFORM, REGULATOR))
def notices(ask: Ask) -> dict[str, Any]:
    """The caller's own notices after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    state = ask.query("state")
    if state and state not in notice_inbox.STATES:
        raise errors.BadRequest("invalid_request", field="state", expected=list(notice_inbox.STATES))
    return notice_inbox.page(_inbox(ask), ask.cursor(), ask.number("limit", 100, 100), state, wiring.now())


@doors.door("/v1/notices/acknowledgements", "POST", roles=(PLATFORM, REGULATOR))
def acknowledge(ask: Ask) -> dict[str, Any]:
    """Acknowledge notices: all through a number, single ones by id, or both."""
    from chalicelib.handlers.requests.notices import Acknowledgement

    wanted = ask.read(Acknowledgement)
    done = notice_inbox.acknowledge(_inbox(ask), wanted.through or 0, wanted.notice_ids, wiring.now())
    logs.note("notices_acknowledged", platform=ask.caller.platform_id, through=done["acknowledged_through"])
    return done


def _inbox(ask: Ask) -> notice_inbox.Inbox:
    platform_id = ask.caller.platform_id
    return notice_inbox.Inbox(wiring.exchange(), wiring.notice_log(platform_id), platform_id)
