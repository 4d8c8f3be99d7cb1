"""A report's file before it counts: what is in it, then the report, received as the API receives it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from chalicelib import errors, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.files import draft_desk
from chalicelib.handlers.console.screens.reports import history
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import received_files
from chalicelib.handlers.replies import Reply
from chalicelib.reports.receive_report import open_upload
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.reports.rules.report import RECEIVED
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.table_files.drafts.preview_file import Check, RowFault
from chalicelib.table_files.rules.table_row import TableRow
from chalicelib.values.timestamps import china_date

# No organisation has such an id.
ENFORCEMENT: Final = "@enforcement"


def take(visit: Visit) -> Reply:
    """Keep a file to look at; where it cannot be read, the page again with what is wrong."""
    choices = choices_of(visit)
    try:
        check_choices(visit, choices)
        draft_id = draft_desk.take_file(visit, draft_desk.REPORT, choices, check_of())
    except (errors.FileRefused, errors.BadRequest, errors.TooLarge) as error:
        return history.draw(visit, error.status, refusal=draft_desk.refusal(visit, error), **choices)
    return console_frame.go_to(visit, f"reports/drafts/{draft_id}")


def preview(visit: Visit, draft_id: str) -> Reply:
    """What a file holds: recognised columns, the first five rows masked, how many of the first 1,000 would be rejected.

    Reads the draft alone.
    """
    draft = draft_desk.read(visit, draft_id, draft_desk.REPORT)
    return console_frame.page(
        visit,
        "files/preview.html",
        ("核对文件", "Check the file"),
        preview=draft_desk.shown(visit, draft, check_of()),
        draft=f"reports/drafts/{draft_id}",
        into="report",
        filing=_filing_text(visit, draft.choices),
        effect=visit.t(
            "确认后计入报送：可收的行写入名单，命中的平台会收到任务；拒收的行不计入，可在结果页修改后单独再报。",
            "Once confirmed it counts: accepted rows become listings, and platforms that host these merchants get "
            "tasks; rejected rows do not count, and can be mended and sent again by themselves.",
        ),
        button=visit.t("确认报送", "Send the report"),
    )


def discard(visit: Visit, draft_id: str) -> Reply:
    """Give a file up."""
    draft_desk.forget(visit, draft_id)
    return console_frame.go_to(visit, "reports")


def send(visit: Visit, draft_id: str) -> Reply:
    """Send the file as a report."""
    draft = draft_desk.read(visit, draft_id, draft_desk.REPORT)
    check_choices(visit, draft.choices)
    visit.request.allowance.take(draft_desk.ONE_FILE)
    on_behalf_of, enforcement = _filing(draft.choices)
    submission = received_files.submission_of(
        visit.caller, draft.file_name, draft_id, on_behalf_of, enforcement=enforcement
    )
    received = received_files.receive_report(visit.caller, submission, draft.content)
    report_id = str(received["report_id"])
    visit.request.noted.object_name = f"report:{report_id}"
    # Kept for its day under the report's id where rows of it may be rejected: from it they are mended.
    if draft_desk.may_have_faults(draft, check_of()):
        draft_desk.keep_as(visit, report_id, draft)
    draft_desk.forget(visit, draft_id)
    again = "" if received["status"] == RECEIVED else "?again=yes"
    return console_frame.go_to(visit, f"reports/{report_id}{again}")


def post_large(visit: Visit) -> Reply:
    """A report whose file is posted straight to the bucket, up to 200 MB; there is no look at it before it counts."""
    choices = choices_of(visit)
    on_behalf_of, enforcement = _filing(choices)
    try:
        submission = received_files.submission_of(
            visit.caller, draft_desk.name_of_large(visit), "", on_behalf_of, enforcement=enforcement
        )
    except errors.BadRequest as error:
        return history.draw(visit, error.status, refusal=draft_desk.refusal(visit, error), **choices)
    visit.request.allowance.take(draft_desk.ONE_FILE)
    back_to = f"{base_url(visit.request)}/console/reports/"
    opened = open_upload(wiring.exchange(), wiring.bucket(), submission, wiring.now(), back_to)
    visit.request.noted.object_name = f"report:{opened['report_id']}"
    return draft_desk.post_page(visit, "reports", opened)


def check_of(received_at: str = "") -> Check:
    """What would become of a row of a report received now, or at that moment."""
    at = datetime.fromisoformat(received_at) if received_at else wiring.now()
    today, digest = date.fromisoformat(china_date(at)), wiring.digest()

    def check(row: TableRow) -> RowFault | None:
        valid = validate_row(row.number, row.cells, today=today, digest=digest, headers=row.headers)
        return RowFault(valid.code, valid.column) if isinstance(valid, Rejection) else None

    return check


def choices_of(visit: Visit) -> dict[str, str]:
    """For whom a regulator files, as it chose."""
    filed_for = visit.field("filed_for", 100) if visit.caller.role == Role.REGULATOR else ""
    return {"filed_for": filed_for} if filed_for else {}


def check_choices(visit: Visit, choices: Mapping[str, str]) -> None:
    """`BadRequest` or `Forbidden` for whom the caller may not file."""
    on_behalf_of, enforcement = _filing(choices)
    received_files.submission_of(visit.caller, "", "", on_behalf_of, enforcement=enforcement)


def _filing(choices: Mapping[str, str]) -> tuple[str, bool]:
    filed_for = choices.get("filed_for", "")
    return ("", True) if filed_for == ENFORCEMENT else (filed_for, False)


def _filing_text(visit: Visit, choices: Mapping[str, str]) -> str:
    on_behalf_of, enforcement = _filing(choices)
    if enforcement:
        return visit.t("本机关执法结果", "our own enforcement")
    if not on_behalf_of:
        return ""
    platform = organisations.name_of(on_behalf_of)
    return visit.t(f"代{platform}报送", f"filed for {platform}")
