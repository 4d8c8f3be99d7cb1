"""The second readers' queue: uploaded licences that wait for a reading, and one with its picture beside the form."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.licences import checks, licence_texts
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.licences import licence_checks, list_licence_checks, manual_review
from chalicelib.licences.rules.licence_check import ROLES
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.requests.licence_checks import Review

TITLE: Final = ("待核对执照", "Licences to be read")
HEADING: Final = ("核对执照", "Read a licence")
PAGE: Final = 50
LONGEST: Final = 2_000
FIELDS: Final = (
    "uscc", "name", "entity_type", "legal_representative", "address", "registered_capital", "established_on",
    "authority", "scope", "status", "holder_role",
)  # fmt: skip
SHORT: Final = tuple(name for name in FIELDS if name not in ("scope", "holder_role"))


def queue(visit: Visit) -> Reply:
    """The uploaded licences that wait for a reading of this organisation, the newest first.

    One read unit for each of eight days, two for each check that is looked through.
    """
    now = wiring.now()
    listed = list_licence_checks.list_licence_checks(
        wiring.exchange(),
        list_licence_checks.owner_of(visit.caller, ""),
        list_licence_checks.waits_for(visit.caller, now),
        checks.span(8, checks.after_of(visit)),
        PAGE,
    )
    rows = [licence_texts.check_row(visit, list_licence_checks.summary(check, now)) for check in listed.checks]
    done = visit.query("read")
    notice = visit.t("已提交核对结果。", "Your reading is in.") if done else ""
    return console_frame.page(
        visit,
        "licences/reviews.html",
        TITLE,
        tabs=licence_texts.tabs(visit, "licences/reviews"),
        rows=rows,
        is_platform=visit.caller.role == Role.PLATFORM,
        may_read=checks.may_act(visit),
        pages=checks.pages(visit, "licences/reviews", len(rows), listed.next, {}),
        notice={"tone": "good", "text": notice, "more": ""} if notice else None,
    )


def reading(visit: Visit, check_id: str) -> Reply:
    """The picture of a licence beside the form in which it is typed off; its link lasts five minutes. Two reads."""
    return _page(visit, check_id, {"status": "在营"}, {})


def read(visit: Visit, check_id: str) -> Reply:
    """Hand in what was read off a licence; the second reading, of another organisation, decides the check."""
    from chalicelib.handlers import body

    typed = {name: visit.field(name, LONGEST) for name in FIELDS}
    decision = visit.field("decision")
    try:
        fields = json.dumps({**typed, "decision": decision})
        review = cast("Review", body.read("licence_checks:Review", fields)).model_dump()
    except errors.BadRequest as error:
        problems = error.details.get("problems", ())
        wrong = {str(each["field"]): each["message"][visit.language] for each in problems}
        return _page(visit, check_id, {**typed, "decision": decision}, wrong or {"": visit.says(error.code)}, 400)
    manual_review.review(dependencies.licence_checks(), wiring.bucket(), visit.caller, check_id, review, wiring.now())
    logs.note("licence_reviewed", check=check_id, by=visit.caller.platform_id, key_id=visit.caller.key_id)
    return console_frame.go_to(visit, "licences/reviews?read=1")


def _page(visit: Visit, check_id: str, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Reply:
    try:
        document = manual_review.document(wiring.exchange(), wiring.bucket(), visit.caller, check_id, wiring.now())
    except errors.Conflict as error:
        if error.code != ErrorCode.NOTHING_UPLOADED:
            raise
        tabs = licence_texts.tabs(visit, "licences/reviews")
        return console_frame.page(visit, "licences/reading.html", HEADING, tabs=tabs, document=None)
    check = licence_checks.find(wiring.exchange(), check_id)
    logs.note("licence_read", check=check_id, by=visit.caller.platform_id, key_id=visit.caller.key_id)
    reply = console_frame.page(
        visit,
        "licences/reading.html",
        HEADING,
        status,
        tabs=licence_texts.tabs(visit, "licences/reviews"),
        row=licence_texts.check_row(visit, list_licence_checks.summary(check, wiring.now())),
        asked_name=check.name,
        document=document,
        fields=[(name, visit.t(*licence_texts.LICENCE_FIELDS[name])) for name in SHORT],
        roles=[{"value": "", "text": visit.t("请选择", "choose")}, *({"value": each, "text": each} for each in ROLES)],
        typed=Fields(typed),
        wrong=Fields(wrong),
    )
    return console_frame.showing(reply, wiring.bucket().origin())
