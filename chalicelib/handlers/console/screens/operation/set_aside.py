"""Records that a loop could not save, read or send and went on without."""

from typing import Final

from chalicelib import wiring
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.screens.operation.state import tabs_of
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.storage.set_aside import list_set_aside, set_aside_since
from chalicelib.values.records import Json

TITLE: Final = ("搁置记录", "Records set aside")
PAGE: Final = 50
MOST_IN_A_FILE: Final = 1_000
COLUMNS: Final = ("number", "at", "job", "origin", "record_id", "change", "listing_id", "finding")


def page(visit: Visit) -> Reply:
    """50 records in the order in which they were set aside; a read unit for each at most. With `since` in the address
    those of the newest 50 that were set aside since, the newest first."""
    after, moment = visit.cursor(), since.since_of(visit)
    if moment:
        read: Json = {"set_aside": set_aside_since(wiring.exchange(), moment, PAGE), "next": ""}
    else:
        read = list_set_aside(wiring.exchange(), after, PAGE)
    rows = [Fields(row) | {"text": row["says"][visit.language]} for row in _filled(read["set_aside"])]
    is_last = bool(moment) or len(rows) < PAGE
    order = ("后搁置的在前", "the latest first") if moment else ("先搁置的在前", "the earliest first")
    says = (f"本页 {len(rows)} 条，{order[0]}", f"{len(rows)} on this page, {order[1]}")
    return console_frame.page(
        visit,
        "operation/set_aside.html",
        TITLE,
        rows=rows,
        changed=since.shown(visit, "operation/set-aside", {}),
        pages=console_frame.pages_of(visit, "operation/set-aside", says, "" if is_last else read["next"], {}),
        csv=f"{visit.root}operation/set-aside.csv?after={after}",
        **tabs_of(visit, "set_aside"),
    )


def export(visit: Visit) -> Reply:
    """The next thousand records as CSV."""

    read = list_set_aside(wiring.exchange(), visit.cursor(), MOST_IN_A_FILE)
    lines = [[row[column] for column in COLUMNS] for row in _filled(read["set_aside"])]
    return console_frame.csv_table([COLUMNS, *lines], "set-aside.csv")


def _filled(rows: list[Json]) -> list[Json]:
    return [dict.fromkeys(COLUMNS, "") | row for row in rows]
