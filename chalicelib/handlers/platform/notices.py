"""What was told to a platform alone: /v1/notices; and the clock that pushes what was not pushed."""

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
    who = ask.caller.platform_id
    limit = ask.number("limit", 100, 100)
    return notice_inbox.page(wiring.exchange(), wiring.notice_log(who), who, ask.cursor(), limit, state, wiring.now())


@doors.door("/v1/notices/acknowledgements", "POST", roles=(PLATFORM, REGULATOR))
def acknowledge(ask: Ask) -> dict[str, Any]:
    """Say which notices were dealt with: all through a number, single ones by id, or both."""
    from chalicelib.handlers.requests.notices import Acknowledgement

    wanted = ask.read(Acknowledgement)
    who = ask.caller.platform_id
    done = notice_inbox.acknowledge(
        wiring.exchange(), wiring.notice_log(who), who, wanted.through or 0, wanted.notice_ids, wiring.now()
    )
    logs.note("notices_acknowledged", platform=who, through=done["acknowledged_through"])
    return done
