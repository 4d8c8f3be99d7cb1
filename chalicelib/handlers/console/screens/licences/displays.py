"""Display pages (亮照): their state on PC and mobile at the last look, suspending, resuming and deleting them."""

from typing import Final

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.displays import half_yearly_identity_report, manage_displays
from chalicelib.displays.rules import identity_report_rows
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.licences import checks, licence_texts
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.platform.licence_renewals import AT_ONCE
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

TITLE: Final = ("亮照页", "Display pages")
PAGE: Final = 50
MOST_IN_A_FILE: Final = 1_000
DONE: Final = {
    "made": (
        "亮照页已建好。把嵌入代码放到店铺首页，明天起每周检查。",
        "Made. Put the line of HTML on the shop's pages.",
    ),
    "changed": ("已更改。", "Changed."),
    "suspended": ("已暂停展示。", "Suspended."),
    "resumed": ("已恢复展示。", "Shown again."),
    "deleted": ("已删除。", "Deleted."),
}
LONGEST_WHY: Final = 400


def page(visit: Visit) -> Reply:
    """The platform's displays in the order of their making, and the half-yearly report. Two items for each display."""
    listed = manage_displays.list_displays(dependencies.displays(), visit.caller, visit.cursor(), PAGE)
    rows = [licence_texts.display_row(visit, each) for each in listed["displays"]]
    following = listed["next"] if len(rows) == PAGE else ""
    return console_frame.page(
        visit,
        "licences/displays.html",
        TITLE,
        tabs=licence_texts.tabs(visit, "licences/displays"),
        rows=rows,
        pages=checks.pages(visit, "licences/displays", len(rows), following, {}),
        csv=f"{visit.root}licences/displays.csv",
        report=_report(visit),
        period=identity_report_rows.period(wiring.now()),
        may_act=checks.may_act(visit),
    )


def export(visit: Visit) -> Reply:
    """The first thousand displays, as CSV."""
    rows: list[Json] = []
    after = 0
    while len(rows) < MOST_IN_A_FILE:
        listed = manage_displays.list_displays(dependencies.displays(), visit.caller, after, 100)
        rows += [licence_texts.display_row(visit, each) for each in listed["displays"]]
        after = int(listed["next"])
        if len(listed["displays"]) < 100:
            break
    heads = ["display_id", "shop_name", "uscc", "state", "pc", "mobile", "looked_at", "since", "url"]
    lines = [
        [row["raw"]["display_id"], row["raw"]["shop_name"], row["raw"]["uscc"], row["raw"]["state"],
         row["pc"].text if row["pc"] else "", row["mobile"].text if row["mobile"] else "",
         row["looked_at"], row["since"], row["raw"]["url"]]
        for row in rows
    ]  # fmt: skip
    return console_frame.csv_table([heads, *lines], "displays.csv")


def display(visit: Visit, display_id: str) -> Reply:
    """One display: what the public sees, each page at the last look, and what can be done with it. Three reads."""
    return _page(visit, display_id)


def suspend(visit: Visit, display_id: str) -> Reply:
    """Show nothing of the licence for the time being."""
    why = visit.field("why", LONGEST_WHY)
    if not why:
        return _page(visit, display_id, "why")
    manage_displays.suspend(dependencies.displays(), visit.caller, display_id, why, wiring.now())
    return _done(visit, display_id, "suspended")


def resume(visit: Visit, display_id: str) -> Reply:
    """Show the licence again."""
    manage_displays.resume(dependencies.displays(), visit.caller, display_id, wiring.now())
    return _done(visit, display_id, "resumed")


def delete(visit: Visit, display_id: str) -> Reply:
    """End a display for good."""
    why = visit.field("why_deleted", LONGEST_WHY)
    if not why:
        return _page(visit, display_id, "why_deleted")
    manage_displays.delete(dependencies.displays(), visit.caller, display_id, why, wiring.now())
    return _done(visit, display_id, "deleted")


def report(visit: Visit) -> Reply:
    """Make this half-year's report of identity data; a large one is finished by the clock."""
    now, context = wiring.now(), dependencies.identity_reports()
    period, again = identity_report_rows.period(now), visit.field("again") == "yes"
    made = half_yearly_identity_report.request_report(context, visit.caller.platform_id, period, again, now)
    made = half_yearly_identity_report.build(context, made, now, lambda: wiring.now() - now < AT_ONCE)
    logs.note("identity_report_asked", platform=visit.caller.platform_id, state=made.state, rows=made.rows)
    return console_frame.go_to(visit, "licences/displays")


def _page(visit: Visit, display_id: str, missing: str = "") -> Reply:
    view = manage_displays.find(dependencies.displays(), visit.caller, display_id, wiring.now())
    done = DONE.get(visit.query("done"))
    row = licence_texts.display_row(visit, view)
    return console_frame.page(
        visit,
        "licences/display.html",
        (row["name"], row["name"]),
        400 if missing else 200,
        row=row,
        may_act=visit.caller.role == Role.PLATFORM and checks.may_act(visit),
        missing=missing,
        needed=visit.t("请填写原因", "Say why"),
        notice={"tone": "good", "text": visit.t(*done), "more": ""} if done else None,
    )


def _done(visit: Visit, display_id: str, done: str) -> Reply:
    logs.note(f"display_{done}", display=display_id, platform=visit.caller.platform_id)
    return console_frame.go_to(visit, f"licences/displays/{display_id}?done={done}")


def _report(visit: Visit) -> Json | None:
    """This half-year's report, None as long as nobody asked for it."""
    context, period = dependencies.identity_reports(), identity_report_rows.period(wiring.now())
    try:
        return half_yearly_identity_report.find(context, visit.caller.platform_id, period)
    except errors.NotFound as error:
        if error.code != ErrorCode.NOT_FOUND:
            raise
        return None
