"""Read a report: how far it is, and its rows that were rejected or accepted with a remark."""

import json
from typing import TYPE_CHECKING

from chalicelib.errors import NotFound
from chalicelib.messages import ErrorCode
from chalicelib.reports.rules.report import Report
from chalicelib.storage.item_keys import report_keys
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket


def find_report(exchange: "ExchangeTable", report_id: str, platform_id: str = "") -> Report:
    """The report, or `NotFound`; where a platform is given, a report that it sent or that was filed for it."""
    report = get_report(exchange, report_id)
    if report is None or (platform_id and platform_id not in report.recipients):
        raise NotFound(ErrorCode.NOT_FOUND, report_id=report_id)
    first = get_report(exchange, report.same_as) if report.same_as else None
    return as_first(report, first)


def as_first(report: Report, first: Report | None) -> Report:
    """The report with the outcome of the one that had the same rows first, if there is one."""
    return first.replace(report_id=report.report_id, same_as=report.same_as) if first else report


def read_rows(bucket: "FileBucket", key: str, after: int, limit: int) -> tuple[list[Json], bool]:
    """The rows of a file of rows after row number `after`, `limit` at most; whether there are more. None for no key."""
    rows: list[Json] = []
    for line in bucket.lines(key) if key else ():
        row = json.loads(line)
        if row["row"] <= after:
            continue
        if len(rows) == limit:
            return rows, True
        rows.append(row)
    return rows, False


def get_report(exchange: "ExchangeTable", report_id: str) -> Report | None:
    """The report as it is stored; None when there is none."""
    item = exchange.get(report_keys.report(report_id))
    return Report.from_item(item) if item else None
