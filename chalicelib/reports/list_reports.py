"""The reports of a platform or regulator, the newest first: those that it sent, and those that were filed for it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.reports.read_report import as_first
from chalicelib.reports.rules.report import REFUSED, Report
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DaySpan, Entry
from chalicelib.storage.item_keys import numbered_log_keys, report_keys
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


# How the name of a report of mended rows ends, behind that of the file in which they were rejected.
MENDED: Final = ".mended.jsonl"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page of reports; `next` is the cursor to read on from, '' at the end."""

    reports: list[Report]
    next: str


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which reports are wanted: those in a state, those of which something or all was rejected, those done since a
    moment (ISO, UTC); '' for any."""

    state: str = ""
    with_rejected: bool = False
    done_since: str = ""

    def fits(self, report: Report) -> bool:
        """Whether the report is wanted."""
        return (
            self.state in ("", report.status)
            and (not self.with_rejected or is_rejected(report))
            and report.done_at >= self.done_since
        )


def is_rejected(report: Report) -> bool:
    """Whether some rows of a report were rejected, or its whole file."""
    return report.rejected > 0 or report.status == REFUSED


def not_sent_again(reports: Sequence[Report]) -> list[Report]:
    """Of reports, the newest first, those whose rejected rows nobody sent again, as far as names tell.

    A later report of a file of the same name stands in its place; one of rows that were mended at the console (named
    after it) for as many rows as it brought.
    """
    later: set[str] = set()
    mended: Counter[str] = Counter()
    waiting = []
    for report in reports:
        is_behind = mended[report.file_name] < max(report.rejected, 1)
        if is_rejected(report) and report.file_name not in later and is_behind:
            waiting.append(report)
        later.add(report.file_name)
        if report.file_name.endswith(MENDED):
            mended[report.file_name.removesuffix(MENDED)] += report.accepted
    return waiting


def list_reports(exchange: "ExchangeTable", owner: str, asked: ReportFilter, span: DaySpan, limit: int) -> ReportPage:
    """The reports in the list of a platform or regulator that fit a filter, received on the days of a span.

    One read unit for each day that is passed, two for each report; see `day_log.read_back`.
    """

    def wanted(entries: Sequence[Entry]) -> list[Report | None]:
        ids = [str(entry.item["entry_id"]) for entry in entries]
        reports = _read(exchange, ids)
        first = _read(exchange, {report.same_as for report in reports.values() if report.same_as})
        shown = [as_first(report, first.get(report.same_as)) if (report := reports.get(each)) else None for each in ids]
        return [report if report and asked.fits(report) else None for report in shown]

    return ReportPage(*day_log.read_back(exchange, _log(owner), span, wanted, limit))


def draw_places(exchange: "ExchangeTable", report: Report) -> Mapping[str, int]:
    """The next numbers in the lists of the report's day: of its sender, and of the platform that it is filed for."""
    return {owner: day_log.draw(exchange, _log(owner), _day(report)) for owner in report.recipients}


def enter_places(exchange: "ExchangeTable", report: Report) -> None:
    """Enter a report into the lists at its numbers. Safe to repeat."""
    for owner, place in report.places.items():
        day_log.enter(exchange, _log(owner), _day(report), int(place), report.report_id)


def _read(exchange: "ExchangeTable", report_ids: Iterable[str]) -> dict[str, Report]:
    items = exchange.get_many(report_keys.report(report_id) for report_id in report_ids)
    reports = map(Report.from_item, items.values())
    return {report.report_id: report for report in reports}


def _log(owner: str) -> day_log.DayLog:
    return day_log.log_of(numbered_log_keys.report_log_name(owner))


def _day(report: Report) -> str:
    return china_date(datetime.fromisoformat(report.received_at))
