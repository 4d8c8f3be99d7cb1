"""The start of reports: a file to send, and what was sent before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.screens.files import days
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.reports.list_reports import ReportFilter, list_reports
from chalicelib.reports.rules.report import Report
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.day_log import DaySpan

TITLE: Final = ("报送", "Reports")
PAGE: Final = 50
# Not a state of a report: those of which rows, or the whole file, were rejected.
REJECTED: Final = "rejected"


def page(visit: Visit) -> Reply:
    """The reports of the organisation, or of a platform that a regulator names, by day, the newest first.

    One read unit for each day that is passed, two for each report, at most 50 of them.
    """
    return draw(visit, 200)


def draw(visit: Visit, status: int, **shown: Any) -> Reply:
    """The page; `refusal` is what is said of a file that was refused, `filed_for` for whom it was to be."""
    owner, span = days.owner_of(visit), _span(visit)
    listed = list_reports(wiring.exchange(), owner, _asked(visit), span, PAGE)
    return console_frame.page(
        visit,
        "reports/history.html",
        TITLE,
        status,
        rows=[report_row(visit, report) for report in listed.reports],
        pages=days.pages_of(visit, "reports", len(listed.reports), listed.next),
        asked=days.asked_of(visit, span),
        states=[*days.state_choices(visit), (REJECTED, visit.t("有拒收", "some or all rejected"))],
        changed=since.shown(visit, "reports", _kept(visit)),
        platforms=days.platforms_of(visit),
        of="" if owner == visit.caller.platform_id else organisations.name_of(owner),
        may_send=may_send(visit),
        is_regulator=visit.caller.role == Role.REGULATOR,
        refusal=shown.get("refusal"),
        filed_for=shown.get("filed_for", ""),
        notice=shown.get("notice"),
    )


def export(visit: Visit) -> Reply:
    """The first thousand reports that fit the filters, as CSV."""
    owner, asked = days.owner_of(visit), _asked(visit)

    def page_of(span: "DaySpan") -> tuple[Sequence[Report], str]:
        some = list_reports(wiring.exchange(), owner, asked, span, 100)
        return some.reports, some.next

    heads = ["report_id", "file_name", "received_at", "status", "rows", "accepted", "rejected", "warnings", "by", "for"]
    lines = [
        [each.report_id, each.file_name, each.received_at, each.status, each.rows, each.accepted, each.rejected,
         each.warnings, each.platform_id, "enforcement" if each.enforcement else each.on_behalf_of]
        for each in days.first_thousand(_span(visit), page_of)
    ]  # fmt: skip
    return console_frame.csv_table([heads, *lines], "reports.csv")


def _asked(visit: Visit) -> ReportFilter:
    state = visit.query("state", (*days.STATES, REJECTED))
    is_rejected = state == REJECTED
    return ReportFilter("" if is_rejected else state, is_rejected, since.since_of(visit))


def _span(visit: Visit) -> "DaySpan":
    """The days of the address; with `since` and no first day those on which what ended since then was received."""
    span, moment = days.span_of(visit), since.since_of(visit)
    return replace(span, since=since.day_before(moment)) if moment and not visit.query("from") else span


def _kept(visit: Visit) -> dict[str, str]:
    return {name: visit.query(name) for name in ("platform", "state") if visit.query(name)}


def report_row(visit: Visit, report: Report) -> Json:
    """A report as a row of a list."""
    return {
        "report_id": report.report_id,
        "file_name": report.file_name,
        "received_at": report.received_at,
        "state": days.state_tag(visit, report.status, report.rejected, report.waits_until),
        "counts": [report.rows, report.accepted, report.rejected, report.warnings],
        "filing": filing_text(visit, report),
    }


def filing_text(visit: Visit, report: Report) -> str:
    """For whom a report was filed; '' for a platform's own."""
    by = organisations.name_of(report.platform_id)
    if report.enforcement:
        return visit.t(f"{by}执法", f"enforcement by {by}")
    if report.on_behalf_of:
        platform = organisations.name_of(report.on_behalf_of)
        return visit.t(f"{by}代{platform}报送", f"filed by {by} for {platform}")
    return ""


def may_send(visit: Visit) -> bool:
    """Whether the visitor sends reports."""
    return Duty.REPORT in visit.session.person.duties
