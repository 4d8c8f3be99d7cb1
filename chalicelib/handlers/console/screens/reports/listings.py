"""The listings that a report made, and taking one of them back once it is plain what that does."""

from typing import Final

from chalicelib import wiring
from chalicelib.errors import NotFound
from chalicelib.handlers.console import console_frame, performing
from chalicelib.handlers.console.screens.reports.report import find
from chalicelib.handlers.console.texts.listing_texts import Fields, listing_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk.listing_reach import reach_of
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing import ACTIVE, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject import view as subject_view
from chalicelib.reports.regulator_filing import may_withdraw
from chalicelib.reports.rules.report import rows_key
from chalicelib.values.records import Json

PAGE: Final = 50
LONGEST_REASON: Final = 2_000


def page(visit: Visit, report_id: str) -> Reply:
    """The listings of a report, 50 at a time: one file of ids, and their subjects in one read. Of a report of more than
    10,000 rows no ids are kept."""
    report = find(visit, report_id)
    ids = (wiring.bucket().get(rows_key(report, "listings")) or b"").decode().split()
    start = visit.cursor()
    some = ids[start : start + PAGE]
    subjects = wiring.registry().subjects(listings.subject_of(each) for each in some)
    following = start + PAGE if start + PAGE < len(ids) else ""
    return console_frame.page(
        visit,
        "reports/listings.html",
        (report.file_name, report.file_name),
        report=report,
        rows=[row for each in some if (row := _row(visit, each, subjects.get(listings.subject_of(each))))],
        is_kept=bool(ids),
        pages=console_frame.pages_of(
            visit, f"reports/{report_id}/listings", (f"共 {len(ids):,} 条", f"{len(ids):,} in all"), following, {}
        ),
    )


def listing(visit: Visit, listing_id: str) -> Reply:
    """One listing of ours, and what it would do to take it back: four reads, and one for each task on it."""
    return _draw(visit, listing_id, 200)


def withdraw(visit: Visit, listing_id: str) -> Reply:
    """Take a listing back, with the reason why; where a second person is needed, ask for it."""
    reason = visit.field("reason", LONGEST_REASON)
    if not reason:
        return _draw(visit, listing_id, 400, visit.says(ErrorCode.INVALID_REQUEST))
    result = performing.do(visit, "withdrawListing", {"reason": reason}, {"listing_id": listing_id})
    if isinstance(result, Reply):
        return result
    return console_frame.go_to(visit, f"reports/listings/{listing_id}?done=yes")


def _draw(visit: Visit, listing_id: str, status: int, wrong: str = "") -> Reply:
    subject, own = _own(visit, listing_id)
    is_active = own.state == ACTIVE
    decides = Duty.DECIDE in visit.session.person.duties
    since = own.history[0].at if own.history else own.reported_at
    return console_frame.page(
        visit,
        "reports/listing.html",
        ("撤回记录", "Withdraw a listing"),
        status,
        row=_row(visit, listing_id, subject),
        reach=reach_of(subject, own, since) if is_active and decides else None,
        lacks_duty=is_active and not decides,
        is_enforcement=own.source.is_enforcement,
        wrong=wrong,
        notice=_notice(visit),
    )


def _own(visit: Visit, listing_id: str) -> tuple[Subject, Listing]:
    """The subject and its listing; `NotFound` for one that is not the caller's to take back."""
    subject_id = listings.subject_of(listing_id)
    subject = wiring.registry().subject(subject_id) if subject_id else None
    own = subject.listings.get(listing_id) if subject else None
    if subject is None or own is None or not may_withdraw(visit.caller, own):
        raise NotFound(ErrorCode.NOT_FOUND, listing_id=listing_id[:100])
    return subject, own


def _row(visit: Visit, listing_id: str, subject: Subject | None) -> Json | None:
    """A listing with whom it is about; None where it does not stand any more or yet."""
    own = subject.listings.get(listing_id) if subject else None
    if subject is None or own is None:
        return None
    shown = Fields(subject_view(subject))
    return {
        "listing_id": listing_id,
        "subject": shown,
        "name": shown["name"] or shown["uscc"] or visit.t("（无名称）", "(no name)"),
        "listing": listing_row(visit, listings.view(own, visit.caller.role, visit.caller.platform_id)),
        "is_active": own.state == ACTIVE,
        "may_withdraw": may_withdraw(visit.caller, own),
    }


def _notice(visit: Visit) -> Json | None:
    if visit.query("done") != "yes":
        return None
    text = visit.t("已撤回，查询不再命中该记录。", "Withdrawn: no search matches it any more.")
    return {"tone": "good", "text": text, "more": ""}
