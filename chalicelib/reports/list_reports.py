"""The reports of a platform or regulator, the newest first: those that it sent, and those that were filed for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.reports.read_report import as_first
from chalicelib.reports.rules.report import Report
from chalicelib.storage import day_log
from chalicelib.storage.day_log import DaySpan, Entry
from chalicelib.storage.item_keys import numbered_log_keys, report_keys
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page of reports; `next` is the cursor to read on from, '' at the end."""

    reports: list[Report]
    next: str


def list_reports(exchange: "ExchangeTable", owner: str, state: str, span: DaySpan, limit: int) -> ReportPage:
    """The reports in the list of a platform or regulator, received on the days of a span; `state` is '' for any.

    One read unit for each day that is passed, two for each report; see `day_log.read_back`.
    """

    def wanted(entries: Sequence[Entry]) -> list[Report | None]:
        ids = [str(entry.item["entry_id"]) for entry in entries]
        reports = _read(exchange, ids)
        first = _read(exchange, {report.same_as for report in reports.values() if report.same_as})
        shown = [as_first(report, first.get(report.same_as)) if (report := reports.get(each)) else None for each in ids]
        return [report if report and state in ("", report.status) else None for report in shown]

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
