"""Rejected rows mended in place and sent again by themselves, as a new report.

Of the personal cells of a row only that which was at fault is shown in clear, to the person who sent it and within the
day for which the file is kept; the others are masked, and stay as they are where nothing is typed over them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from chalicelib import wiring
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.files import draft_desk
from chalicelib.handlers.console.screens.files.field_names import field_name, in_order
from chalicelib.handlers.console.screens.files.row_texts import sentence
from chalicelib.handlers.console.screens.reports import drafts
from chalicelib.handlers.console.screens.reports.report import find, may_mend
from chalicelib.handlers.console.visit import LONGEST_VALUE, Visit
from chalicelib.handlers.desk import received_files
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.reports import read_report
from chalicelib.reports.list_reports import MENDED
from chalicelib.reports.rules.report import Report, rows_key
from chalicelib.table_files.drafts.keep_draft import Draft
from chalicelib.table_files.drafts.preview_file import Check, RowFault, rows_of
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.table_files.row_cells import UNMAPPED
from chalicelib.table_files.rules.match_headers import field_of
from chalicelib.table_files.rules.shown_cells import is_of_person, is_personal, shown_cell
from chalicelib.table_files.rules.table_row import EXTRA_CELLS, TableRow
from chalicelib.values.cell_text import printable
from chalicelib.values.records import Json

PAGE: Final = 20
MOST_COLUMNS: Final = 9
# Of a longer one the column is wider.
LONG_CELL: Final = 10
NOT_SENT: Final = frozenset({EXTRA_CELLS, UNMAPPED})


@dataclass(frozen=True, slots=True)
class Mended:
    """A rejected row with what was typed over its cells, and what is still wrong with it."""

    row: TableRow
    typed: Mapping[str, str]
    fault: RowFault | None

    @property
    def cells(self) -> dict[str, str]:
        """The cells as they would be sent."""
        return {**(self.row.cells or {}), **self.typed}


def page(visit: Visit, report_id: str) -> Reply:
    """Rejected rows as a form, 20 at a time, read from the file that the visitor sent; or that it is kept no more."""
    report = find(visit, report_id)
    draft = draft_desk.find(visit, report_id, draft_desk.REPORT) if may_mend(visit, report) else None
    if draft is None:
        return console_frame.page(visit, "reports/mend_gone.html", _title(report), report=report)
    check = drafts.check_of(report.received_at)
    rows = [Mended(row, {}, check(row)) for row in _rejected(report, draft, visit.cursor())]
    return _draw(visit, report, rows, 200)


def send(visit: Visit, report_id: str) -> Reply:
    """Send the rows in which something was changed, once none of them is at fault; else the form as it was typed."""
    report = find(visit, report_id)
    draft = draft_desk.find(visit, report_id, draft_desk.REPORT) if may_mend(visit, report) else None
    if draft is None:
        return console_frame.page(visit, "reports/mend_gone.html", _title(report), 404, report=report)
    after = visit.field("after", 15)
    check = drafts.check_of(report.received_at)
    rows = [_mended(visit, row, check) for row in _rejected(report, draft, int(after) if after.isdigit() else 0)]
    changed = [row for row in rows if row.typed]
    if not changed or any(row.fault for row in changed):
        wrong = visit.t(
            "仍有问题的行已标出，修改后再发送；没有发送任何行。",
            "Rows that still have a fault are marked; nothing was sent.",
        )
        return _draw(visit, report, rows, 400, wrong if changed else visit.says(ErrorCode.NOTHING_MARKED))
    sent_id = _sent(visit, report, draft, changed)
    return console_frame.go_to(visit, f"reports/{sent_id}?mended={len(changed)}")


def body_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows of cells as the lines of JSON that a report is read from, under the names of their fields."""
    lines = [json.dumps({field: text for field, text in row.items() if text and field not in NOT_SENT}) for row in rows]
    return "\n".join(lines).encode()


def _sent(visit: Visit, report: Report, draft: Draft, rows: Sequence[Mended]) -> str:
    """The id of the report that the mended rows became."""
    visit.request.allowance.take(draft_desk.ONE_FILE)
    body, name = body_of(row.cells for row in rows), f"{draft.file_name}{MENDED}"
    submission = received_files.submission_of(
        visit.caller, name, "", report.on_behalf_of, enforcement=report.enforcement
    )
    report_id = str(received_files.receive_report(visit.caller, submission, body)["report_id"])
    visit.request.noted.object_name = f"report:{report_id}"
    sent_again = (*draft.sent_again, *(row.row.number for row in rows))
    draft_desk.keep_as(visit, report.report_id, draft.but_sent(sent_again))
    return report_id


def _rejected(report: Report, draft: Draft, after: int) -> list[TableRow]:
    """The rows of the file that were rejected after a row, without those that were sent again."""
    numbers: list[int] = []
    more = True
    while more and len(numbers) < PAGE:
        rows, more = read_report.read_rows(wiring.bucket(), rows_key(report, "rejected"), after, PAGE)
        numbers += [row["row"] for row in rows if row["row"] not in draft.sent_again]
        after = rows[-1]["row"] if rows else after
    wanted = set(numbers[:PAGE])
    rejected: list[TableRow] = []
    with closing(rows_of(draft.content, draft.file_name, read_table_file)) as rows_read:
        for row in rows_read:
            if row.number in wanted:
                rejected.append(row)
            if len(rejected) == len(wanted):
                break
    return rejected


def _mended(visit: Visit, row: TableRow, check: Check) -> Mended:
    """A row with what was typed: what is empty in a masked field changes nothing."""
    cells, fault = row.cells or {}, check(row)
    prefix, typed = f"c-{row.number}-", dict[str, str]()
    for name in visit.form:
        field = name.removeprefix(prefix)
        if field == name or field_of(field) != field:
            continue
        text = visit.field(name)
        if text != cells.get(field, "").strip() and (text or not _stays_when_empty(row, field, fault)):
            typed[field] = text
    after = TableRow(row.number, {**cells, **typed}, row.sheet, row.headers, row.unread)
    return Mended(row, typed, check(_without_extra(after)) if typed else fault)


def _without_extra(row: TableRow) -> TableRow:
    """A row that was mended has its cells in their places."""
    cells = {field: text for field, text in (row.cells or {}).items() if field not in NOT_SENT}
    return TableRow(row.number, cells, row.sheet, row.headers, row.unread)


def _fault_field(row: TableRow, fault: RowFault | None) -> str:
    """The field that is at fault; '' where it is the whole row."""
    if fault is None:
        return ""
    return next((field for field, header in row.headers.items() if printable(header) == fault.column), fault.column)


def _stays_when_empty(row: TableRow, field: str, fault: RowFault | None) -> bool:
    """Whether the form shows no value of a cell, so that nothing typed leaves it as it is."""
    return _is_masked(row, field, fault) or not _is_plain((row.cells or {}).get(field, ""))


def _is_plain(text: str) -> bool:
    """Whether a field of a form holds the text as it is: short, without line ends and bytes that are no text."""
    return len(text) <= LONGEST_VALUE and text.isprintable()


def _is_masked(row: TableRow, field: str, fault: RowFault | None) -> bool:
    return field != _fault_field(row, fault) and is_personal(field, of_person=is_of_person(row.cells or {}))


def _draw(visit: Visit, report: Report, rows: Sequence[Mended], status: int, wrong: str = "") -> Reply:
    columns = _columns(rows)
    last = rows[-1].row.number if rows else 0
    return console_frame.page(
        visit,
        "reports/mend.html",
        _title(report),
        status,
        report=report,
        columns=[field_name(visit, field) for field in columns],
        rows=[_row(visit, mended, columns) for mended in rows],
        after=visit.field("after", 15) or visit.cursor() or "",
        following=f"reports/{report.report_id}/mend?after={last}" if len(rows) == PAGE else "",
        wrong=wrong,
    )


def _columns(rows: Sequence[Mended]) -> list[str]:
    """The columns to mend: those at fault, then as many of the others as a row of a page holds."""
    fields = {field: "" for mended in rows for field in (mended.row.cells or {}) if field not in NOT_SENT}
    at_fault = {_fault_field(mended.row, mended.fault) for mended in rows}
    # A column that the file lacks is added where a row needs it.
    at_fault = {field for field in at_fault if field and field_of(field) == field}
    ordered = in_order(fields | dict.fromkeys(at_fault, ""))
    first = [field for field in ordered if field in at_fault]
    others = [field for field in ordered if field not in at_fault]
    return [*first, *others[: max(MOST_COLUMNS - len(first), 0)]]


def _row(visit: Visit, mended: Mended, columns: Sequence[str]) -> Json:
    row, fault = mended.row, mended.fault
    at_fault = _fault_field(row, fault)
    return {
        "number": row.number,
        "says": sentence(visit, fault.code) if fault else "",
        "column": fault.column if fault else "",
        "is_record": row.cells is not None,
        "cells": [_cell(visit, mended, field, at_fault) for field in columns],
    }


def _cell(visit: Visit, mended: Mended, field: str, at_fault: str) -> Json:
    """A field of the form: what is typed, else the cell, or in its place the masked value as a hint."""
    row = mended.row
    cells = row.cells or {}
    text = cells.get(field, "")
    masked = shown_cell(field, text, of_person=is_of_person(cells))
    is_hidden = _stays_when_empty(row, field, mended.fault)
    return {
        "name": f"c-{row.number}-{field}",
        "label": field_name(visit, field),
        "value": mended.typed.get(field, "" if is_hidden else text),
        "hint": masked if is_hidden else "",
        "is_long": len(text) > LONG_CELL,
        "wrong": field == at_fault,
        "fixed": "" if _is_plain(text) or field == at_fault else masked or "—",
    }


def _title(report: Report) -> tuple[str, str]:
    return "修改拒收行", f"Mend rejected rows of {report.file_name}"
