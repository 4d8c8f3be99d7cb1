"""Reports of evictions: /v1/reports."""

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib import logs, messages, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.parameters import (
    AFTER,
    ENFORCEMENT,
    FILE_NAME,
    IDEMPOTENCY_KEY,
    ON_BEHALF_OF,
    Parameter,
    limit,
)
from chalicelib.handlers.replies import CSV, Reply
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.handlers.uploaded_file import FILE_TYPES, sent_file
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.requests.reports import Report, Upload

routes = Routes(__name__, "reports")

MOST_ROWS: Final = 10_000
ROWS: Final = (AFTER, limit(1_000, MOST_ROWS))
ROWS_OR_CSV: Final = (*ROWS, Parameter("format", "应答格式", "the form of the answer", "json", choices=("json", "csv")))


@routes.route(
    "/v1/reports",
    "POST",
    "createReport",
    roles=(PLATFORM, REGULATOR),
    body="reports:Report",
    headers=(IDEMPOTENCY_KEY,),
    returns="reports:ReportStatus",
    status=202,
    errors=(ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.NOT_A_RELAY, ErrorCode.RELAY_UNCLEAR, ErrorCode.UNKNOWN_PLATFORM),
)
def report(request: Request, body: "Report") -> dict[str, Any]:
    """Report up to 1,000 evictions as JSON."""
    from chalicelib.reports import regulator_filing

    lines = [one.model_dump_json(exclude_none=True) for one in body.evictions]
    relay = regulator_filing.relay(wiring.exchange(), request.caller, body.on_behalf_of, body.enforcement)
    return _received(request, "report.jsonl", "\n".join(lines).encode(), relay)


@routes.route(
    "/v1/reports/files",
    "POST",
    "createReportFromFile",
    roles=(PLATFORM, REGULATOR),
    content_types=FILE_TYPES,
    headers=(FILE_NAME, IDEMPOTENCY_KEY, ON_BEHALF_OF, ENFORCEMENT),
    returns="reports:ReportStatus",
    status=202,
    errors=(
        ErrorCode.MISSING_FILE_NAME,
        ErrorCode.TOO_LARGE,
        ErrorCode.IDEMPOTENCY_CONFLICT,
        ErrorCode.NOT_A_RELAY,
        ErrorCode.RELAY_UNCLEAR,
        ErrorCode.UNKNOWN_PLATFORM,
    ),
)
def report_file(request: Request) -> dict[str, Any]:
    """Report the bytes of one file of up to 5 MB."""
    from chalicelib.reports import regulator_filing

    name, body = sent_file(request, instead="/v1/reports/uploads")
    on_behalf_of, enforcement = request.header("x-on-behalf-of"), request.header("x-enforcement") == "yes"
    return _received(
        request, name, body, regulator_filing.relay(wiring.exchange(), request.caller, on_behalf_of, enforcement)
    )


@routes.route(
    "/v1/reports/uploads",
    "POST",
    "createReportUpload",
    roles=(PLATFORM, REGULATOR),
    body="reports:Upload",
    headers=(IDEMPOTENCY_KEY,),
    returns="reports:ReportUploadForm",
    status=202,
    errors=(ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.NOT_A_RELAY, ErrorCode.RELAY_UNCLEAR, ErrorCode.UNKNOWN_PLATFORM),
)
def report_upload(request: Request, body: "Upload") -> dict[str, Any]:
    """Ask for a form with which a file of up to 200 MB may be posted to the bucket."""
    from chalicelib.reports import receive_report, regulator_filing

    return receive_report.open_upload(
        wiring.exchange(),
        wiring.bucket(),
        request.caller.platform_id,
        body.file_name,
        request.header("idempotency-key"),
        wiring.now(),
        regulator_filing.relay(wiring.exchange(), request.caller, body.on_behalf_of, body.enforcement),
    )


@routes.route(
    "/v1/reports/{report_id}",
    "GET",
    "getReport",
    roles=(PLATFORM, REGULATOR),
    returns="reports:ReportStatus",
    errors=(ErrorCode.NOT_FOUND,),
)
def report_status(request: Request, report_id: str) -> dict[str, Any]:
    """How far a report has come, and how its rows ended."""
    from chalicelib.reports import receive_report

    return receive_report.view(_find(request, report_id))


@routes.route(
    "/v1/reports/{report_id}/rejections",
    "GET",
    "listReportRejections",
    roles=(PLATFORM, REGULATOR),
    query=ROWS_OR_CSV,
    returns="reports:RejectionPage",
    media=(CSV,),
    errors=(ErrorCode.NOT_FOUND,),
)
def rejections(request: Request, report_id: str) -> Reply:
    """The rows that were rejected, each with its reason; as JSON, or as CSV that Chinese Excel opens."""
    return rejections_of(request, _find(request, report_id), report_id)


def rejections_of(request: Request, found: Mapping[str, Any], ident: str) -> Reply:
    """The rejected rows of a report or a roster."""
    rows, more = _rows(request, found, "rejected")
    shown = [{**row, "message": messages.message(row["code"])} for row in rows]
    following = str(rows[-1]["row"]) if more else ""
    if request.text("format") == "csv" or "text/csv" in request.header("accept"):
        headers = {"Content-Disposition": f'attachment; filename="rejections-{ident}.csv"'}
        if more:
            headers["X-Next"] = following
        return Reply(_as_csv(shown), content_type=CSV, headers=headers)
    return Reply({"rejections": shown, "next": following})


@routes.route(
    "/v1/reports/{report_id}/warnings",
    "GET",
    "listReportWarnings",
    roles=(PLATFORM, REGULATOR),
    query=ROWS,
    returns="reports:WarningPage",
    errors=(ErrorCode.NOT_FOUND,),
)
def warnings(request: Request, report_id: str) -> dict[str, Any]:
    """The rows that were accepted with a remark, such as a credit code that was repaired."""
    return warnings_of(request, _find(request, report_id))


def warnings_of(request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a report or a roster that were accepted with a remark."""
    rows, more = _rows(request, found, "warnings")
    shown = [
        {
            "row": row["row"],
            "warnings": [{"code": code, "message": messages.message(code)} for code in row["codes"]],
            **({"nearest": row["nearest"]} if "nearest" in row else {}),
        }
        for row in rows
    ]
    return {"warnings": shown, "next": str(rows[-1]["row"]) if more else ""}


def _received(request: Request, file_name: str, body: bytes, relay: Mapping[str, Any]) -> dict[str, Any]:
    from chalicelib.reports import receive_report

    received = receive_report.receive(
        wiring.exchange(),
        wiring.bucket(),
        request.caller.platform_id,
        file_name,
        body,
        request.header("idempotency-key"),
        wiring.now(),
        relay,
    )
    logs.note("report_received", report=received["report_id"], platform=request.caller.platform_id, bytes=len(body))
    return received


def _rows(request: Request, report: Mapping[str, Any], kind: str) -> tuple[list[dict[str, Any]], bool]:
    from chalicelib.reports import receive_report

    limit = request.number("limit")
    return receive_report.read_rows(wiring.bucket(), report, kind, request.number("after"), limit)


def _find(request: Request, report_id: str) -> Mapping[str, Any]:
    from chalicelib.reports import receive_report

    mine = limited_to(request.caller)
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
