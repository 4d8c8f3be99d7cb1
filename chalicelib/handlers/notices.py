"""What was told to a platform alone: /v1/notices; and the clock that pushes what was not pushed."""

from collections.abc import Mapping
from typing import Any

from chalicelib import errors, logs, wiring
from chalicelib.handlers import desks
from chalicelib.handlers.api import PLATFORM, REGULATOR, Ask, Doors
from chalicelib.services import acknowledging, delivering

doors = Doors(__name__)
# What the function keeps back of its time, to end in order.
RESERVED_MS = 20_000


@doors.door("/v1/notices", "GET", roles=(PLATFORM, REGULATOR))
def notices(ask: Ask) -> dict[str, Any]:
    """The caller's own notices after a cursor, in order, up to 100; `next` is the cursor to come back with."""
    state = ask.query("state")
    if state and state not in acknowledging.STATES:
        raise errors.BadRequest("invalid_request", field="state", expected=list(acknowledging.STATES))
    who = ask.caller.platform_id
    limit = ask.number("limit", 100, 100)
    return acknowledging.page(wiring.exchange(), wiring.notices_of(who), who, ask.cursor(), limit, state, wiring.now())


@doors.door("/v1/notices/acknowledgements", "POST", roles=(PLATFORM, REGULATOR))
def acknowledge(ask: Ask) -> dict[str, Any]:
    """Say which notices were dealt with: all through a number, single ones by id, or both."""
    from chalicelib.handlers.notices_models import Acknowledgement

    wanted = ask.read(Acknowledgement)
    who = ask.caller.platform_id
    done = acknowledging.acknowledge(
        wiring.exchange(), wiring.notices_of(who), who, wanted.through or 0, wanted.notice_ids, wiring.now()
    )
    logs.note("notices_acknowledged", platform=who, through=done["acknowledged_through"])
    return done


def notices_due(event: Mapping[str, Any], context: Any) -> None:
    """Push every notice that nobody has pushed; what fails again waits for the next stroke, and is measured.

    `{"feeds": []}` pushes none.
    """
    if event.get("feeds") == []:
        return

    def time_is_left() -> bool:
        return context is None or bool(context.get_remaining_time_in_millis() > RESERVED_MS)

    counts = delivering.push_unpushed(desks.post(), wiring.changes(), wiring.now(), time_is_left)
    say = logs.warn if counts["unpushed_feeds"] else logs.note
    say("notices_pushed", **counts)
    logs.measure({"UnpushedFeeds": counts["unpushed_feeds"], "OldestUnpushedSeconds": counts["oldest_seconds"]})
