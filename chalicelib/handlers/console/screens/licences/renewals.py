"""Licences that are due to be verified again, and those that lapsed within a month, by day."""

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.screens.licences import checks, licence_texts
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.licences import licences_due
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

TITLE: Final = ("到期复核", "Renewals")
PAGE: Final = 50
MOST_IN_A_FILE: Final = 1_000
WITHIN: Final = ("7", "30", "90", "184")


def page(visit: Visit) -> Reply:
    """The licences due within so many days, those that lapsed first. Reads 16 parts of each day, and two items for each
    licence that is looked through. With `since` in the address those that lapsed since."""
    within, moment = visit.query("within", WITHIN) or "30", since.since_of(visit)
    due = _due(visit, within, _cursor(visit), PAGE)
    kept = {"within": within} | ({"since": moment} if moment else {})
    today = china_date(wiring.now())
    return console_frame.page(
        visit,
        "licences/renewals.html",
        TITLE,
        tabs=licence_texts.tabs(visit, "licences/renewals"),
        rows=[_row(visit, each, today) for each in due["licences"]],
        within=within,
        choices=[{"value": days, "text": visit.t(f"{days} 天内", f"within {days} days")} for days in WITHIN],
        may_start=visit.caller.role == "platform" and checks.may_act(visit),
        pages=checks.pages(visit, "licences/renewals", len(due["licences"]), due["next"], kept),
        csv=f"{visit.root}licences/renewals.csv?{urlencode(kept)}",
        changed=since.shown(visit, "licences/renewals", {"within": within}),
    )


def export(visit: Visit) -> Reply:
    """The first thousand licences that fit, as CSV."""
    due = _due(visit, visit.query("within", WITHIN) or "30", "", MOST_IN_A_FILE)
    names = ("due_on", "state", "uscc", "name", "verified_by", "verified_at", "receipt_id")
    lines = [[*(Fields(each)[name] for name in names), " ".join(each["displays"])] for each in due["licences"]]
    return console_frame.csv_table([[*names, "displays"], *lines], "renewals.csv")


def _due(visit: Visit, within: str, after: str, limit: int) -> Json:
    if moment := since.since_of(visit):
        day = china_date(datetime.fromisoformat(moment))
        return licences_due.lapsed_since(wiring.exchange(), visit.caller, day, after, limit, wiring.now())
    return licences_due.due_within(wiring.exchange(), visit.caller, int(within), after, limit, wiring.now())


def _cursor(visit: Visit) -> str:
    from chalicelib.handlers.platform.licence_renewals import DUE_PAGE

    after = next(parameter for parameter in DUE_PAGE if parameter.name == "after")
    return str(after.read(visit.query("after")))


def _row(visit: Visit, licence: Json, today: str) -> Json:
    return {
        "raw": Fields(licence),
        "state": licence_texts.tag(visit, licence_texts.LICENCE_STATES, licence["state"]),
        "is_late": licence["due_on"] <= today,
    }
