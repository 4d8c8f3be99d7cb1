"""Reports of evictions: /v1/reports."""

import csv
import io
from typing import Any, Final
from urllib.parse import unquote

from chalicelib import errors, logs, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.reports import read_report, receive_report, regulator_filing
from chalicelib.reports.rules import report as report_rules
from chalicelib.reports.rules.report import Report, Submission

doors = Doors(__name__)

MOST_FILE_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 10_000
# One route may not mix binary and text bodies on API Gateway, so files have a door of their own.
FILE_TYPES: Final = [
    "application/octet-stream",
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/x-ndjson",
    "application/x-www-form-urlencoded",  # what curl says of --data-binary unless told otherwise
]
# Not text/csv: the gateway takes that for binary because files come in by it, and would answer base64 to whoever does
# not ask for exactly that type.
CSV: Final = "text/comma-separated-values; charset=utf-8"


@doors.door("/v1/reports", "POST", roles=(PLATFORM, REGULATOR))
def report(ask: Ask) -> Reply:
    """Report up to 1,000 evictions as JSON."""
    from chalicelib.handlers.requests.reports import Report

    wanted = ask.read(Report)
    lines = [one.model_dump_json(exclude_none=True) for one in wanted.evictions]
    submission = _submission(ask, "report.jsonl", wanted.on_behalf_of, wanted.enforcement)
    return _received(ask, submission, "\n".join(lines).encode())


@doors.door("/v1/reports/files", "POST", roles=(PLATFORM, REGULATOR), content_types=FILE_TYPES)
def report_file(ask: Ask) -> Reply:
    """Report the bytes of one file of up to 5 MB."""
    name = unquote(ask.header("x-file-name")).strip()
    if not name:
        raise errors.BadRequest("missing_file_name")
    body = ask.request.raw_body
    if isinstance(body, str):
        body = body.encode()
    if len(body) > MOST_FILE_BYTES:
        raise errors.TooLarge("too_large", bytes=len(body), most=MOST_FILE_BYTES, instead="/v1/reports/uploads")
    on_behalf_of, enforcement = ask.header("x-on-behalf-of"), ask.header("x-enforcement") == "yes"
    return _received(ask, _submission(ask, name, on_behalf_of, enforcement), body)


@doors.door("/v1/reports/uploads", "POST", roles=(PLATFORM, REGULATOR))
def report_upload(ask: Ask) -> Reply:
    """Ask for a form with which a file of up to 200 MB may be posted to the bucket."""
    from chalicelib.handlers.requests.reports import Upload

    wanted = ask.read(Upload)
    submission = _submission(ask, wanted.file_name, wanted.on_behalf_of, wanted.enforcement)
    return Reply(receive_report.open_upload(wiring.exchange(), wiring.bucket(), submission, wiring.now()), 202)


@doors.door("/v1/reports/{report_id}", "GET", roles=(PLATFORM, REGULATOR))
def report_status(ask: Ask, report_id: str) -> dict[str, Any]:
    """How far a report has come, and how its rows ended."""
    return report_rules.view(_find(ask, report_id))


@doors.door("/v1/reports/{report_id}/rejections", "GET", roles=(PLATFORM, REGULATOR))
def rejections(ask: Ask, report_id: str) -> Reply:
    """The rows that were rejected, each with its reason; as JSON, or as CSV that Chinese Excel opens."""
    return rejections_of(ask, _rows_key(_find(ask, report_id), "rejected"), report_id)


def rejections_of(ask: Ask, key: str, name: str) -> Reply:
    """The rejected rows of a report or a roster, from a file in the bucket; none for no key."""
    rows, more = _rows(ask, key)
    shown = [{**row, "message": errors.message(row["code"])} for row in rows]
    following = {"next": rows[-1]["row"]} if more else {}
    if ask.query("format") == "csv" or "text/csv" in ask.header("accept"):
        headers = {"Content-Disposition": f'attachment; filename="rejections-{name}.csv"'}
        if more:
            headers["X-Next"] = str(rows[-1]["row"])
        return Reply(_as_csv(shown), content_type=CSV, headers=headers)
    return Reply({"rejections": shown, **following})


@doors.door("/v1/reports/{report_id}/warnings", "GET", roles=(PLATFORM, REGULATOR))
def warnings(ask: Ask, report_id: str) -> dict[str, Any]:
    """The rows that were accepted with a remark, such as a credit code that was repaired."""
    return warnings_of(ask, _rows_key(_find(ask, report_id), "warnings"))


def warnings_of(ask: Ask, key: str) -> dict[str, Any]:
    """The rows of a report or a roster that were accepted with a remark; none for no key."""
    rows, more = _rows(ask, key)
    shown = [
        {
            "row": row["row"],
            "warnings": [{"code": code, "message": errors.message(code)} for code in row["codes"]],
            **({"nearest": row["nearest"]} if "nearest" in row else {}),
        }
        for row in rows
    ]
    return {"warnings": shown, **({"next": rows[-1]["row"]} if more else {})}


def _submission(ask: Ask, file_name: str, on_behalf_of: str, enforcement: bool) -> Submission:
    return Submission(
        platform_id=ask.caller.platform_id,
        file_name=file_name,
        idempotency_key=ask.header("idempotency-key"),
        filing=regulator_filing.filing_of(wiring.exchange(), ask.caller, on_behalf_of, enforcement),
    )


def _received(ask: Ask, submission: Submission, body: bytes) -> Reply:
    received = receive_report.receive_report(wiring.exchange(), wiring.bucket(), submission, body, wiring.now())
    logs.note("report_received", report=received["report_id"], platform=ask.caller.platform_id, bytes=len(body))
    return Reply(received, 202)


def _rows(ask: Ask, key: str) -> tuple[list[dict[str, Any]], bool]:
    limit = ask.number("limit", 1_000, MOST_ROWS)
    return read_report.read_rows(wiring.bucket(), key, ask.number("after", 0, 10**9), limit)


def _rows_key(report: Report, kind: str) -> str:
    return report_rules.rows_key(report, kind) if getattr(report, kind) else ""


def _find(ask: Ask, report_id: str) -> Report:
    return read_report.find_report(wiring.exchange(), report_id, limited_to(ask.caller))


def _as_csv(rows: list[dict[str, Any]]) -> str:
    """UTF-8 with a byte order mark, without which Chinese Excel reads GBK, and no cell that Excel would run."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["行号 row", "列 column", "代码 code", "说明", "message", "值 value"])
    for row in rows:
        sentence = row["message"]
        cells = [row.get("column", ""), row["code"], sentence["zh"], sentence["en"], row.get("value", "")]
        writer.writerow([row["row"], *("'" + cell if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells)])
    return "\ufeff" + out.getvalue()
