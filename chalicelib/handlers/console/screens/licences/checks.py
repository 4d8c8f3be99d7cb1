"""Licence checks: the list by state, one with what came of it, and a new one with what to put before the holder."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.handlers.addresses import address
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.licences import licence_texts
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.licences import licence_checks, list_licence_checks, manual_review
from chalicelib.licences.rules import licence_check
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.storage.day_log import DaySpan
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.handlers.pages.multipart import SentFile
    from chalicelib.licences.rules.licence_check import LicenceCheck

TITLE: Final = ("亮照", "Licences")
PAGE: Final = 50
DAYS: Final = 31
OF_PLATFORMS: Final = ("onboarding", "recheck")
STATES: Final = tuple(licence_texts.CHECK_STATES)
FIELDS: Final = ("uscc", "name", "purpose", "method")


def page(visit: Visit) -> Reply:
    """The checks of the last 31 days by state, the newest first; for regulators those that people read.

    One read unit for each day that is passed, two for each check that is looked through.
    """
    state = visit.query("state", STATES)
    rows, following = _rows(visit, state, visit.query("after"), PAGE)
    kept = {"state": state} if state else {}
    return console_frame.page(
        visit,
        "licences/checks.html",
        TITLE,
        tabs=licence_texts.tabs(visit, "licences"),
        rows=rows,
        states=licence_texts.options(visit, licence_texts.CHECK_STATES),
        wanted=state,
        is_platform=visit.caller.role == Role.PLATFORM,
        may_open=visit.caller.role != Role.OPERATOR,
        may_start=may_act(visit) and visit.caller.role == Role.PLATFORM,
        pages=pages(visit, "licences", len(rows), following, kept),
        csv=f"{visit.root}licences.csv?{urlencode(kept)}",
    )


def export(visit: Visit) -> Reply:
    """The first 200 checks that fit the filter, as CSV."""
    rows, _following = _rows(visit, visit.query("state", STATES), "", 200)
    names = ("check_id", "platform_id", "uscc", "purpose", "method", "state", "created_at", "expires_at", "decided_at")
    lines = [[row["raw"][name] for name in names] for row in rows]
    return console_frame.csv_table([names, *lines], "licence-checks.csv")


def check(visit: Visit, check_id: str) -> Reply:
    """One check as it stands now; of a verified one the licence. Three items."""
    found, view = _status(visit, check_id)
    return console_frame.page(
        visit,
        "licences/check.html",
        ("执照核验", "Licence check"),
        tabs=licence_texts.tabs(visit, "licences"),
        row=licence_texts.check_row(visit, view),
        made=None,
        may_read=may_act(visit) and list_licence_checks.waits_for(visit.caller, wiring.now())(found),
    )


def new(visit: Visit) -> Reply:
    """The form of a new check."""
    return _form(visit, {"purpose": "onboarding", "uscc": visit.query("uscc")})


def start(visit: Visit) -> Reply:
    """Open a check, and show what its holder scans or opens; it is shown once, for it is a secret of this check.

    A licence that people read is sent with the form.
    """
    typed = {name: visit.field(name) for name in FIELDS}
    file, verifiers = visit.files.get("file"), dependencies.licence_checks()
    method = typed["method"] or next(iter(verifiers.verifiers), "")
    try:
        if method == list_licence_checks.MANUAL:
            _require_picture(file)
        asked = licence_checks.CheckRequest(typed["uscc"], _purpose(typed["purpose"]), typed["name"], method)
        made = licence_checks.start(verifiers, asked, visit.caller.platform_id, address(visit.request), wiring.now())
    except errors.LianfangError as error:
        if error.status >= 500 and error.status != 503:
            raise
        return _form(visit, typed, error)
    visit.request.noted.object_name = f"check:{made['check_id']}"
    logs.note("licence_check_opened", check=made["check_id"], method=method, platform=visit.caller.platform_id)
    if method == list_licence_checks.MANUAL and file:
        kept = licence_checks.find(wiring.exchange(), made["check_id"])
        wiring.bucket().put(licence_check.document_key(kept), file.content)
        return console_frame.go_to(visit, f"licences/checks/{made['check_id']}?sent=1")
    return console_frame.page(
        visit,
        "licences/check.html",
        ("请商户出示电子营业执照", "Let the merchant show its licence"),
        tabs=licence_texts.tabs(visit, "licences"),
        row=licence_texts.check_row(visit, made),
        may_read=False,
        made={"link": made["deep_link"], "qr": qr(made["qr_text"], visit.t("二维码", "QR code"))},
    )


def pages(visit: Visit, path: str, count: int, following: str, kept: dict[str, str]) -> Mapping[str, str]:
    """The foot of a list, which says how many are on the page."""
    return console_frame.pages_of(visit, path, (f"本页 {count} 项", f"{count} on this page"), following, kept)


def may_act(visit: Visit) -> bool:
    """Whether the person acts for its organisation."""
    return bool(visit.session.person.duties & {Duty.REPORT, Duty.DECIDE})


def span(days: int, after: str) -> DaySpan:
    """The last so many days, read on after a cursor."""
    today = china_date(wiring.now())
    return DaySpan((date.fromisoformat(today) - timedelta(days=days - 1)).isoformat(), today, after)


def after_of(visit: Visit) -> str:
    """The cursor of a list by day, '' where the address has none."""
    from chalicelib.handlers.desk.days import AFTER_ENTRY

    return str(AFTER_ENTRY.read(visit.query("after")))


def qr(text: str, title: str) -> str:
    """A text as a QR code (ISO/IEC 18004), an SVG element of that title; '' for none."""
    if not text:
        return ""
    import segno
    from markupsafe import Markup

    drawn = segno.make(text, error="m", micro=False).svg_inline(border=4, light="#fff", omitsize=True, title=title)
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 (made here)


def _rows(visit: Visit, state: str, after: str, limit: int) -> tuple[list[Json], str]:
    now = wiring.now()
    owner = list_licence_checks.owner_of(visit.caller, visit.query("platform"))
    fits = list_licence_checks.has_state(state, now)
    cursor = after_of(visit) if after else ""
    listed = list_licence_checks.list_licence_checks(wiring.exchange(), owner, fits, span(DAYS, cursor), limit)
    rows = [licence_texts.check_row(visit, list_licence_checks.summary(each, now)) for each in listed.checks]
    return rows, listed.next


def _status(visit: Visit, check_id: str) -> "tuple[LicenceCheck, Json]":
    """The check as it was stored, and as it is after a look at what decides it."""
    context, now = dependencies.licence_checks(), wiring.now()
    mine = visit.caller.platform_id if visit.caller.role == Role.PLATFORM else ""
    found = licence_checks.find(context.exchange, check_id, mine)
    if found.method == list_licence_checks.MANUAL:
        return found, manual_review.refresh(context, wiring.bucket(), check_id, now)
    return found, licence_checks.refresh(context, found, now)


def _purpose(text: str) -> str:
    if text not in OF_PLATFORMS:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="purpose")
    return text


def _require_picture(file: "SentFile | None") -> None:
    """`BadRequest` for no file, `Conflict` for one that is no picture and no PDF."""
    if file is None or not file.content:
        raise errors.BadRequest(ErrorCode.NOTHING_UPLOADED, field="file")
    if not any(file.content.startswith(start) for start, _kind in manual_review.KINDS):
        raise errors.BadRequest(ErrorCode.NO_PICTURE, field="file")


def _form(visit: Visit, typed: dict[str, str], error: errors.LianfangError | None = None) -> Reply:
    verifiers = dependencies.licence_checks().verifiers
    field = str(error.details.get("field", "")) if error else ""
    if error and "uscc" in error.details:
        field = "uscc"
    return console_frame.page(
        visit,
        "licences/new.html",
        ("发起执照核验", "Start a licence check"),
        error.status if error else 200,
        tabs=licence_texts.tabs(visit, "licences"),
        typed=Fields(typed),
        wrong=Fields({field: visit.says(error.code)} if error else {}),
        methods=[{"value": each, "text": visit.t(*licence_texts.METHODS[each])} for each in verifiers],
        purposes=licence_texts.options(
            visit, {each: licence_texts.PURPOSES[each] for each in ("onboarding", "recheck")}
        ),
    )
