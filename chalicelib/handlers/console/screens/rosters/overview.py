"""The start of rosters: what the last screening found, a file to send, and what was sent before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.files import days
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.rosters.list_rosters import list_rosters
from chalicelib.rosters.receive_roster import find_roster
from chalicelib.rosters.rules.roster import FULL, PATCH, RESCREEN, Roster
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.day_log import DaySpan

TITLE: Final = ("名册", "Roster")
PAGE: Final = 50
MODES: Final = {
    FULL: ("整体替换", "replaces the roster"),
    PATCH: ("增量", "patches the roster"),
    RESCREEN: ("定期复核", "screened again"),
}


def page(visit: Visit) -> Reply:
    """The last screening, and the rosters of the platform, or of that which a regulator names, the newest first.

    One read unit for each day that is passed, two for each roster, at most 50 of them, and one for the last screening.
    """
    return draw(visit, 200)


def draw(visit: Visit, status: int, **shown: Any) -> Reply:
    """The page; `refusal` is what is said of a file that was refused, `mode` what was chosen with it."""
    owner, span = days.owner_of(visit), days.span_of(visit)
    is_regulator = visit.caller.role == Role.REGULATOR
    is_chosen = not is_regulator or bool(visit.query("platform"))
    listed = (
        list_rosters(wiring.exchange(), owner, visit.query("state", days.STATES), span, PAGE) if is_chosen else None
    )
    current = find_roster(wiring.exchange(), listed.current, owner) if listed and listed.current else None
    rosters = listed.rosters if listed else []
    return console_frame.page(
        visit,
        "rosters/overview.html",
        TITLE,
        status,
        rows=[roster_row(visit, roster) for roster in rosters],
        pages=days.pages_of(visit, "roster", len(rosters), listed.next if listed else ""),
        asked=days.asked_of(visit, span),
        states=days.state_choices(visit),
        platforms=days.platforms_of(visit),
        of=organisations.name_of(owner) if is_regulator and is_chosen else "",
        is_chosen=is_chosen,
        current=current,
        figures=figures(visit, current) if current and current.counts else [],
        screened_at=listed.screened_at if listed else "",
        may_send=may_send(visit),
        modes=[(mode, visit.t(*MODES[mode])) for mode in (FULL, PATCH)],
        mode=shown.get("mode", FULL),
        refusal=shown.get("refusal"),
        notice=None,
    )


def export(visit: Visit) -> Reply:
    """The first thousand rosters that fit the filters, as CSV."""
    owner, state = days.owner_of(visit), visit.query("state", days.STATES)

    def page_of(span: "DaySpan") -> tuple[Sequence[Roster], str]:
        some = list_rosters(wiring.exchange(), owner, state, span, 100)
        return some.rosters, some.next

    heads = ["roster_id", "mode", "file_name", "received_at", "status", "rows", "accepted", "rejected", "warnings"]
    lines = [
        [each.roster_id, each.mode, each.file_name, each.received_at, each.status, each.rows, each.accepted,
         each.rejected, each.warnings]
        for each in days.first_thousand(days.span_of(visit), page_of)
    ]  # fmt: skip
    return console_frame.csv_table([heads, *lines], "rosters.csv")


def figures(visit: Visit, roster: Roster) -> list[Json]:
    """What a screening counts, each figure with the results behind it."""
    t, counts, base = visit.t, roster.counts or {}, f"roster/{roster.roster_id}"
    shown = (
        (t("商户", "Merchants"), "merchants", ""),
        (t("不得入驻", "Block"), "block", f"{base}?verdict=block"),
        (t("需核对", "Review"), "review", f"{base}?verdict=review"),
        (t("仅知悉", "Inform"), "inform", f"{base}?verdict=inform"),
        (t("暂不能判断", "Not known"), "unknown", f"{base}?verdict=unknown"),
        (t("较上次有变化", "Changed since the last"), "outcomes_changed", f"{base}?show=changed"),
    )
    return [
        {
            "label": label,
            "value": counts.get(name, 0),
            "path": path if counts.get(name) else "",
            "is_late": name == "block" and bool(counts.get(name)),
            "beside": "",
            "spark": "",
        }
        for label, name, path in shown
    ]


def roster_row(visit: Visit, roster: Roster) -> Json:
    """A roster as a row of a list."""
    return {
        "roster_id": roster.roster_id,
        "file_name": roster.file_name or visit.t(*MODES[RESCREEN]),
        "mode": visit.t(*MODES[roster.mode]),
        "received_at": roster.received_at,
        "state": days.state_tag(visit, roster.status, roster.rejected, roster.waits_until),
        "counts": [roster.rows, roster.accepted, roster.rejected, roster.warnings],
    }


def may_send(visit: Visit) -> bool:
    """Whether the visitor sends rosters."""
    return visit.caller.role == Role.PLATFORM and Duty.REPORT in visit.session.person.duties
