"""Files of reports and rosters as the API's routes and the console's forms receive and show them."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, wiring
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import Caller
    from chalicelib.reports.rules.report import Submission
    from chalicelib.rosters.receive_roster import Sending

# A page of results is looked for in so many bytes; a single result is far smaller.
PAGE_BYTES: Final = 4 * 1024 * 1024
LONGEST_RECORD: Final = 1024 * 1024


def submission_of(
    caller: "Caller", file_name: str, idempotency_key: str, on_behalf_of: str, *, enforcement: bool
) -> "Submission":
    """A report that the caller submits, for itself or, as a regulator, for whom it says."""
    from chalicelib.reports import regulator_filing
    from chalicelib.reports.rules.report import Submission

    return Submission(
        platform_id=caller.platform_id,
        file_name=file_name,
        idempotency_key=idempotency_key,
        filing=regulator_filing.filing_of(wiring.exchange(), caller, on_behalf_of, enforcement),
        key_id=caller.key_id,
    )


def receive_report(caller: "Caller", submission: "Submission", body: bytes) -> Json:
    """Take the bytes of one report; the report as its sender sees it."""
    from chalicelib.reports import receive_report

    stores = receive_report.Stores(wiring.exchange(), wiring.bucket(), wiring.registry(), wiring.key_state)
    received = receive_report.receive_report(stores, submission, body, wiring.now())
    logs.note("report_received", report=received["report_id"], platform=caller.platform_id, bytes=len(body))
    return received


def receive_roster(caller: "Caller", sending: "Sending", body: bytes) -> Json:
    """Take the bytes of one roster; the roster as its platform sees it."""
    from chalicelib.rosters import receive_roster

    received = receive_roster.receive_roster(
        wiring.exchange(), wiring.bucket(), sending, body, wiring.now(), wiring.key_state
    )
    logs.note("roster_received", roster=received["roster_id"], platform=caller.platform_id, bytes=len(body))
    return received


def lines_from(key: str, after: int, limit: int) -> tuple[list[Json], int]:
    """The records of a file of JSON lines that begin at byte `after`, and the byte to read on from; that of the end
    stays. `BadRequest` for a byte that no page gave."""
    rows: list[Json] = []
    for line in _lines(key, after)[:limit]:
        rows.append(json.loads(line))
        after += len(line) + 1
    return rows, after


def lines_that(key: str, after: int, limit: int, fits: Callable[[Json], bool]) -> tuple[list[Json], int]:
    """The records that fit, of 4 MB from byte `after` on, `limit` at most; and the byte to read on from, 0 at the end.

    Where few fit a page is short although there are more. `BadRequest` for a byte that no page gave.
    """
    rows: list[Json] = []
    lines = _lines(key, after)
    start = after
    for line in lines:
        if len(rows) == limit:
            return rows, after
        after += len(line) + 1
        if fits(record := json.loads(line)):
            rows.append(record)
    # What is short of a whole piece was the last of the file.
    return rows, after if after - start > PAGE_BYTES - LONGEST_RECORD else 0


def _lines(key: str, after: int) -> list[bytes]:
    """The whole lines of 4 MB of a file from byte `after` on."""
    # Read from the byte before: a cursor that a page gave stands behind the end of a line.
    body = wiring.bucket().read_from(key, max(after - 1, 0), PAGE_BYTES)
    if after and not body.startswith(b"\n"):
        raise errors.BadRequest(ErrorCode.INVALID_CURSOR, after=str(after))
    return body.removeprefix(b"\n").split(b"\n")[:-1]


def rejections_csv(rows: Sequence[Json]) -> str:
    """Rejected rows, each with the `message` of its code, as CSV that Chinese Excel opens."""
    from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines

    header = ["行号 row", "列 column", "代码 code", "说明", "message", "值 value"]
    lines = [
        [row["row"], row.get("column", ""), row["code"], *row["message"].values(), row.get("value", "")] for row in rows
    ]
    return BYTE_ORDER_MARK + csv_lines([header, *lines])
