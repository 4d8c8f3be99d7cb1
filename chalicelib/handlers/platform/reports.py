"""Reports of evictions: /v1/reports."""

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from chalicelib import errors, logs, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply
from chalicelib.reports import receive_report, regulator_filing

if TYPE_CHECKING:
    pass

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
    relay = regulator_filing.relay(wiring.exchange(), ask.caller, wanted.on_behalf_of, wanted.enforcement)
    return _received(ask, "report.jsonl", "\n".join(lines).encode(), relay)


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
    return _received(ask, name, body, regulator_filing.relay(wiring.exchange(), ask.caller, on_behalf_of, enforcement))


@doors.door("/v1/reports/uploads", "POST", roles=(PLATFORM, REGULATOR))
def report_upload(ask: Ask) -> Reply:
    """Ask for a form with which a file of up to 200 MB may be posted to the bucket."""
    from chalicelib.handlers.requests.reports import Upload

    wanted = ask.read(Upload)
    opened = receive_report.open_upload(
        wiring.exchange(),
        wiring.bucket(),
        ask.caller.platform_id,
        wanted.file_name,
        ask.header("idempotency-key"),
        wiring.now(),
        regulator_filing.relay(wiring.exchange(), ask.caller, wanted.on_behalf_of, wanted.enforcement),
    )
    return Reply(opened, 202)


@doors.door("/v1/reports/{report_id}", "GET", roles=(PLATFORM, REGULATOR))
def report_status(ask: Ask, report_id: str) -> dict[str, Any]:
    """How far a report has come, and how its rows ended."""
    return receive_report.view(_find(ask, report_id))


@doors.door("/v1/reports/{report_id}/rejections", "GET", roles=(PLATFORM, REGULATOR))
def rejections(ask: Ask, report_id: str) -> Reply:
    """The rows that were rejected, each with its reason; as JSON, or as CSV that Chinese Excel opens."""
    return rejections_of(ask, _find(ask, report_id), report_id)


def rejections_of(ask: Ask, found: Mapping[str, Any], ident: str) -> Reply:
    """The rejected rows of a report or a roster."""
    rows, more = _rows(ask, found, "rejected")
    shown = [{**row, "message": errors.message(row["code"])} for row in rows]
    following = {"next": rows[-1]["row"]} if more else {}
    if ask.query("format") == "csv" or "text/csv" in ask.header("accept"):
        headers = {"Content-Disposition": f'attachment; filename="rejections-{ident}.csv"'}
        if more:
            headers["X-Next"] = str(rows[-1]["row"])
        return Reply(_as_csv(shown), content_type=CSV, headers=headers)
    return Reply({"rejections": shown, **following})


@doors.door("/v1/reports/{report_id}/warnings", "GET", roles=(PLATFORM, REGULATOR))
def warnings(ask: Ask, report_id: str) -> dict[str, Any]:
    """The rows that were accepted with a remark, such as a credit code that was repaired."""
    return warnings_of(ask, _find(ask, report_id))


def warnings_of(ask: Ask, found: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a report or a roster that were accepted with a remark."""
    rows, more = _rows(ask, found, "warnings")
    shown = [
        {
            "row": row["row"],
            "warnings": [{"code": code, "message": errors.message(code)} for code in row["codes"]],
            **({"nearest": row["nearest"]} if "nearest" in row else {}),
        }
        for row in rows
    ]
    return {"warnings": shown, **({"next": rows[-1]["row"]} if more else {})}


def _received(ask: Ask, file_name: str, body: bytes, relay: Mapping[str, Any]) -> Reply:
    received = receive_report.receive(
        wiring.exchange(),
        wiring.bucket(),
        ask.caller.platform_id,
        file_name,
        body,
        ask.header("idempotency-key"),
        wiring.now(),
        relay,
    )
    logs.note("report_received", report=received["report_id"], platform=ask.caller.platform_id, bytes=len(body))
    return Reply(received, 202)


def _rows(ask: Ask, report: Mapping[str, Any], kind: str) -> tuple[list[dict[str, Any]], bool]:
    limit = ask.number("limit", 1_000, MOST_ROWS)
    return receive_report.read_rows(wiring.bucket(), report, kind, ask.number("after", 0, 10**9), limit)


def _find(ask: Ask, report_id: str) -> Mapping[str, Any]:
    mine = limited_to(ask.caller)
    return receive_report.find(wiring.exchange(), report_id, mine)


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
