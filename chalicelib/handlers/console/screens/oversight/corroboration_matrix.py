"""The corroboration matrix: how many merchants stand in each state, by platform or by province."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.oversight.provinces import province_name
from chalicelib.handlers.console.texts.match_texts import CORROBORATION
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json
from chalicelib.verdicts.corroboration_counts.count_changes import read_counts
from chalicelib.verdicts.corroboration_counts.counts import ALL, PLATFORM, PROVINCE, STATES, CorroborationCounts

# The two views: the rows that they show, their names in zh and en, and the filter that a count sets.
VIEWS: Final = {
    "platform": (PLATFORM, "按平台", "By platform"),
    "province": (PROVINCE, "按省份", "By province"),
}
# What the government alone has is of no platform.
OF_PLATFORMS: Final = tuple(state for state in STATES if state != "government_only")
MOST_ROWS: Final = 200


def matrix(visit: Visit, length: int) -> Json:
    """The matrix as the page draws it; `length` is how many changes there are by now. One item.

    `csv` is the address of all rows; the page shows 200, those with the most merchants first.
    """
    counts = read_counts(wiring.exchange())
    view = visit.query("by", tuple(VIEWS)) or "platform"
    states = _states(view)
    rows = [_row(visit, view, name, row) for name, row in _ordered(counts, view)]
    return {
        "by": view,
        "views": [(name, visit.t(zh, en)) for name, (_kind, zh, en) in VIEWS.items()],
        "states": [visit.t(*CORROBORATION[state][:2]) for state in states],
        "rows": rows[:MOST_ROWS],
        "more": max(len(rows) - MOST_ROWS, 0),
        "at": counts.at,
        "behind": max(length - _place(counts.number), 0),
        "csv": f"{visit.root}corroboration/matrix.csv?by={view}",
    }


def totals() -> Mapping[str, int] | None:
    """How many merchants stand in each state in all; None before they were counted."""
    counts = read_counts(wiring.exchange())
    return counts.rows.get(ALL, {}) if counts.number else None


def counted(state: str, platform: str, province: str) -> int | None:
    """How many merchants the counts have in a state, of a platform or a province ('' for any); None where they have no
    such number: none by state alone before anything was counted, nor by platform and province at once."""
    counts = read_counts(wiring.exchange())
    if not state or not counts.number or (platform and province):
        return None
    rows = counts.of(PLATFORM) if platform else counts.of(PROVINCE)
    row = rows.get(platform or province, {}) if platform or province else counts.rows.get(ALL, {})
    return row.get(state, 0)


def export(visit: Visit) -> Reply:
    """The matrix as CSV, a row for each platform or province."""
    view = visit.query("by", tuple(VIEWS)) or "platform"
    states = _states(view)
    ordered = _ordered(read_counts(wiring.exchange()), view)
    rows = [[name, _name(visit, view, name), *(row.get(state, 0) for state in states)] for name, row in ordered]
    return console_frame.csv_table([[view, "name", *states], *rows], f"corroboration-by-{view}.csv")


def _states(view: str) -> tuple[str, ...]:
    return OF_PLATFORMS if view == "platform" else STATES


def _ordered(counts: CorroborationCounts, view: str) -> list[tuple[str, Mapping[str, int]]]:
    """The rows of a view: those with the most conflicts first, for these wait for somebody; then the largest."""
    rows = counts.of(VIEWS[view][0])
    return sorted(rows.items(), key=lambda row: (-row[1].get("conflict", 0), -sum(row[1].values()), row[0]))


def _row(visit: Visit, view: str, name: str, row: Mapping[str, int]) -> Json:
    cells = []
    for state in _states(view):
        query = urlencode({"state": state, view: name, "by": view})
        cells.append(
            {
                "count": row.get(state, 0),
                "path": f"corroboration?{query}#cases",
                "label": visit.t(*CORROBORATION[state][:2]),
                "late": state == "conflict" and row.get(state, 0) > 0,
            }
        )
    return {"name": _name(visit, view, name), "cells": cells, "sum": sum(row.get(state, 0) for state in _states(view))}


def _name(visit: Visit, view: str, name: str) -> str:
    return province_name(visit, name) if view == "province" else organisations.name_of(name)


def _place(number: int) -> int:
    from chalicelib.storage.item_keys.numbered_log_keys import place

    return place(number)
