"""What a page says of government lists: how old each is, and whether something of it waits for a person."""

from chalicelib import wiring
from chalicelib.handlers.console.texts.listing_texts import State, age_in_words
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

STATES = {
    "ok": ("正常", "fresh", "good"),
    "stale": ("过旧", "too old", "bad"),
    "missing": ("未接入", "not connected", ""),
}
HELD = ("待放行", "held for a person", "warn")


def feed_rows(visit: Visit) -> list[Json]:
    """Each list with its state, its age and how much of its limit that is, in per cent. One read for each list."""
    from chalicelib.government_lists import feed_status
    from chalicelib.government_lists.rules.list_types import LISTS

    rows = []
    for status in feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now()):
        kind = LISTS.get(status.feed.list_type)
        zh, en, tone = HELD if status.hold and not status.hold.decision else STATES[status.status]
        age, limit = status.age_seconds, status.feed.stale_after_seconds
        rows.append(
            {
                "name": status.feed.name,
                "title": visit.t(kind.zh, kind.en) if kind else status.feed.name,
                "state": State(visit.t(zh, en), tone),
                "age": age_in_words(visit, age) if age is not None else "—",
                "share": min(100, round(100 * age / limit)) if age is not None and limit else 0,
                "rows": status.state.rows,
                "enabled": status.feed.enabled,
                "held_at": status.hold.held_at if status.hold and not status.hold.decision else "",
            }
        )
    return rows
