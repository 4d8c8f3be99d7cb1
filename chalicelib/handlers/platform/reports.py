"""Reports of evictions: /v1/reports."""

from typing import TYPE_CHECKING, Final

from chalicelib import messages, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.desk import received_files
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
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.reports import Report, Upload
    from chalicelib.reports.rules.report import Report as StoredReport
    from chalicelib.reports.rules.report import Submission

routes = Routes(__name__, "reports")

MOST_ROWS: Final = 10_000
ROWS: Final = (AFTER, limit(1_000, MOST_ROWS))
ROWS_OR_CSV: Final = (*ROWS, Parameter("format", "应答格式", "the form of the answer", "json", choices=("json", "csv")))


@routes.route(
    "/v1/reports",
    "POST",
    "createReport",
    is_file=True,
    roles=(PLATFORM, REGULATOR),
    body="reports:Report",
    headers=(IDEMPOTENCY_KEY,),
    returns="reports:ReportStatus",
    status=202,
    errors=(ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.NOT_A_RELAY, ErrorCode.RELAY_UNCLEAR, ErrorCode.UNKNOWN_PLATFORM),
)
def report(request: Request, body: "Report") -> Json:
    """Report up to 1,000 evictions as JSON."""
    lines = [eviction.model_dump_json(exclude_none=True) for eviction in body.evictions]
    submission = _submission(request, "report.jsonl", body.on_behalf_of, body.enforcement)
    return received_files.receive_report(request.caller, submission, "\n".join(lines).encode())


@routes.route(
    "/v1/reports/files",
    "POST",
    "createReportFromFile",
    is_file=True,
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
def report_file(request: Request) -> Json:
    """Report the bytes of one file of up to 5 MB."""
    name, body = sent_file(request, instead="/v1/reports/uploads")
    on_behalf_of, enforcement = request.header("x-on-behalf-of"), request.header("x-enforcement") == "yes"
    submission = _submission(request, name, on_behalf_of, enforcement)
    return received_files.receive_report(request.caller, submission, body)


@routes.route(
    "/v1/reports/uploads",
    "POST",
    "createReportUpload",
    is_file=True,
    roles=(PLATFORM, REGULATOR),
    body="reports:Upload",
    headers=(IDEMPOTENCY_KEY,),
    returns="reports:ReportUploadForm",
    status=202,
    errors=(ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.NOT_A_RELAY, ErrorCode.RELAY_UNCLEAR, ErrorCode.UNKNOWN_PLATFORM),
)
def report_upload(request: Request, body: "Upload") -> Json:
    """Ask for a form with which a file of up to 200 MB may be posted to the bucket."""
    from chalicelib.reports import receive_report

    submission = _submission(request, body.file_name, body.on_behalf_of, body.enforcement)
    return receive_report.open_upload(wiring.exchange(), wiring.bucket(), submission, wiring.now())


@routes.route(
    "/v1/reports/{report_id}",
    "GET",
    "getReport",
    roles=(PLATFORM, REGULATOR),
    returns="reports:ReportStatus",
    errors=(ErrorCode.NOT_FOUND,),
)
def report_status(request: Request, report_id: str) -> Json:
    """How far a report has come, and how its rows ended."""
    from chalicelib.reports.rules.report import view

    return view(_find(request, report_id))


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
    return rejections_of(request, _rows_key(_find(request, report_id), "rejected"), report_id)


def rejections_of(request: Request, key: str, name: str) -> Reply:
    """The rejected rows of a report or a roster, from a file in the bucket; none for no key."""
    rows, more = _rows(request, key)
    lines = [{**row, "message": messages.message(row["code"])} for row in rows]
    following = str(rows[-1]["row"]) if more else ""
    if request.text("format") == "csv" or "text/csv" in request.header("accept"):
        headers = {"Content-Disposition": f'attachment; filename="rejections-{name}.csv"'}
        if more:
            headers["X-Next"] = following
        return Reply(received_files.rejections_csv(lines), content_type=CSV, headers=headers)
    return Reply({"rejections": lines, "next": following})


@routes.route(
    "/v1/reports/{report_id}/warnings",
    "GET",
    "listReportWarnings",
    roles=(PLATFORM, REGULATOR),
    query=ROWS,
    returns="reports:WarningPage",
    errors=(ErrorCode.NOT_FOUND,),
)
def warnings(request: Request, report_id: str) -> Json:
    """The rows that were accepted with a remark, such as a credit code that was repaired."""
    return warnings_of(request, _rows_key(_find(request, report_id), "warnings"))


def warnings_of(request: Request, key: str) -> Json:
    """The rows of a report or a roster that were accepted with a remark; none for no key."""
    rows, more = _rows(request, key)
    lines = [
        {
            "row": row["row"],
            "warnings": [{"code": code, "message": messages.message(code)} for code in row["codes"]],
            **({"nearest": row["nearest"]} if "nearest" in row else {}),
        }
        for row in rows
    ]
    return {"warnings": lines, "next": str(rows[-1]["row"]) if more else ""}


def _submission(request: Request, file_name: str, on_behalf_of: str, enforcement: bool) -> "Submission":
    return received_files.submission_of(
        request.caller, file_name, request.header("idempotency-key"), on_behalf_of, enforcement=enforcement
    )


def _rows(request: Request, key: str) -> tuple[list[Json], bool]:
    from chalicelib.reports import read_report

    return read_report.read_rows(wiring.bucket(), key, request.number("after"), request.number("limit"))


def _rows_key(report: "StoredReport", kind: str) -> str:
    from chalicelib.reports.rules.report import rows_key

    return rows_key(report, kind) if getattr(report, kind) else ""


def _find(request: Request, report_id: str) -> "StoredReport":
    from chalicelib.reports import read_report

    return read_report.find_report(wiring.exchange(), report_id, limited_to(request.caller))
