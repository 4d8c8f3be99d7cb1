"""The closure ledger: /v1/tasks for platforms, /v1/ledger for platforms and regulators that may see a listing."""

import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from chalicelib import errors, logs, wiring
from chalicelib.closure_tasks import read_tasks, task_outcomes
from chalicelib.closure_tasks.task_outcomes import Row
from chalicelib.handlers import dependencies
from chalicelib.handlers.platform import reports
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors

doors = Doors(__name__)
MOST_ROWS: Final = 5_000
LONGEST_REASON: Final = 4_000


@doors.door("/v1/tasks", "GET", roles=(PLATFORM,))
def tasks(ask: Ask) -> dict[str, Any]:
    """What the exchange asks this platform to check or to undo, after a cursor, in order; reading marks nothing.

    `kind=informational` reads what asks for nothing, by a cursor of its own: the number of the change.
    """
    from chalicelib.closure_tasks.rules.task import STATES

    state, kind = ask.query("state"), ask.query("kind", "action")
    if kind not in ("action", "informational"):
        raise errors.BadRequest("invalid_request", field="kind", expected=["action", "informational"])
    if state and state not in STATES:
        raise errors.BadRequest("invalid_request", field="state", expected=list(STATES))
    after, limit = ask.cursor(), ask.number("limit", 100, 100)
    if kind == "informational":
        return read_tasks.list_informational(
            dependencies.closure_tasks(), ask.caller.platform_id, after, limit, wiring.now()
        )
    return read_tasks.list_tasks(dependencies.closure_tasks(), ask.caller.platform_id, state, after, limit)


@doors.door("/v1/tasks/{task_id}/outcome", "POST", roles=(PLATFORM,))
def outcome(ask: Ask, task_id: str) -> dict[str, Any]:
    """Say how far a task is (seen, checked), or what was done: closed, reopened, not_present, kept with a reason."""
    from chalicelib.handlers.requests.closure_tasks import Outcome

    wanted = ask.read(Outcome)
    row = Row(1, task_id, wanted.outcome, wanted.reason)
    answered = task_outcomes.answer_task(dependencies.closure_tasks(), ask.caller, row, wiring.now())
    logs.note("task_answered", platform=ask.caller.platform_id, task=task_id, outcome=wanted.outcome)
    return answered


@doors.door("/v1/tasks/outcomes", "POST", roles=(PLATFORM,))
def outcomes(ask: Ask) -> dict[str, Any]:
    """Answer up to 1,000 tasks, each by itself."""
    from chalicelib.handlers.requests.closure_tasks import Outcomes

    wanted = ask.read(Outcomes).outcomes
    rows = [Row(place, sent.task_id, sent.outcome, sent.reason) for place, sent in enumerate(wanted, 1)]
    return _answered(ask, rows)


@doors.door("/v1/tasks/outcomes/files", "POST", roles=(PLATFORM,), content_types=reports.FILE_TYPES)
def outcomes_file(ask: Ask) -> dict[str, Any]:
    """Answer up to 5,000 tasks by a file: any table that reports may be, with task_id, outcome, reason."""
    name = unquote(ask.header("x-file-name")).strip()
    if not name:
        raise errors.BadRequest("missing_file_name")
    body = ask.request.raw_body
    if len(body) > reports.MOST_FILE_BYTES:
        raise errors.TooLarge("too_large", bytes=len(body), most=reports.MOST_FILE_BYTES)
    return _answered(ask, _rows_of(body if isinstance(body, bytes) else body.encode(), name))


@doors.door("/v1/ledger/{listing_id}", "GET", roles=(PLATFORM, REGULATOR))
def ledger(ask: Ask, listing_id: str) -> dict[str, Any]:
    """Which platform was told of a listing when, and answered what when; a platform sees its own part."""
    return read_tasks.ledger_of_listing(wiring.registry(), dependencies.closure_tasks(), ask.caller, listing_id)


def _answered(ask: Ask, rows: list[Row]) -> dict[str, Any]:
    answered = task_outcomes.answer_tasks(dependencies.closure_tasks(), ask.caller, rows, wiring.now())
    logs.note("tasks_answered", platform=ask.caller.platform_id, rows=answered["rows"], taken=answered["taken"])
    return answered


def _rows_of(body: bytes, name: str) -> list[Row]:
    """The answers of a file; refused whole, before any is taken, when it is no table or has too many rows."""
    from chalicelib.closure_tasks.rules.answer_columns import COLUMNS, OUTCOME, REASON, TASK_ID, outcome_of
    from chalicelib.table_files.read_table_file import read_table_file

    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(body)
        for record in read_table_file(path, name, COLUMNS):
            cells = record.cells or {}
            outcome, reason = outcome_of(cells.get(OUTCOME, "")), cells.get(REASON, "")[:LONGEST_REASON]
            rows.append(Row(record.number, cells.get(TASK_ID, ""), outcome, reason))
            if len(rows) > MOST_ROWS:
                raise errors.TooLarge("too_large", rows=len(rows), most=MOST_ROWS)
    return rows
