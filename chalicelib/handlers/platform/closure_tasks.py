"""The closure ledger: /v1/tasks for platforms, /v1/ledger for platforms and regulators that may see a listing."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib import errors, logs, wiring
from chalicelib.accounts.permissions import one_platform
from chalicelib.accounts.quotas import ROWS
from chalicelib.handlers import dependencies
from chalicelib.handlers.parameters import FILE_NAME, OF_PLATFORM, PAGE_OF_100, Parameter
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.handlers.uploaded_file import FILE_TYPES, sent_file
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.closure_tasks.task_outcomes import Row
    from chalicelib.handlers.requests.closure_tasks import TaskOutcome, TaskOutcomes

routes = Routes(__name__, "tasks")
TASK_STATES: Final = (
    "told", "seen", "checked", "closed", "reopened", "not_present", "kept", "overdue", "lifted"
)  # fmt: skip
TASKS_PAGE: Final = (
    Parameter(
        "kind", "须处理的任务，或仅供知悉的变动", "tasks to act on, or changes to know of", "action",
        choices=("action", "informational"),
    ),
    Parameter("state", "只列出该状态", "only tasks in that state", choices=TASK_STATES),
    OF_PLATFORM,
    *PAGE_OF_100,
)  # fmt: skip
MOST_ROWS: Final = 5_000
LONGEST_REASON: Final = 4_000


@routes.route(
    "/v1/tasks",
    "GET",
    "listTasks",
    roles=(PLATFORM, REGULATOR),
    query=TASKS_PAGE,
    returns="ledger:TaskPage",
    errors=(ErrorCode.PLATFORM_NEEDED,),
)
def tasks(request: Request) -> Json:
    """What the exchange asks this platform to check or to undo, after a cursor, in order; reading marks nothing.

    `kind=informational` reads what asks for nothing, by a cursor of its own: the number of the change. A regulator
    names the platform.
    """
    from chalicelib.closure_tasks import read_tasks

    platform_id = one_platform(request.caller, request.text("platform"))

    state, kind = request.text("state"), request.text("kind")
    after, limit = request.number("after"), request.number("limit")
    if kind == "informational":
        return read_tasks.list_informational(dependencies.closure_tasks(), platform_id, after, limit, wiring.now())
    return read_tasks.list_tasks(dependencies.closure_tasks(), platform_id, state, after, limit)


@routes.route(
    "/v1/tasks/{task_id}/outcome",
    "POST",
    "answerTask",
    roles=(PLATFORM,),
    body="closure_tasks:TaskOutcome",
    returns="ledger:ClosureTask",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_OUTCOME),
)
def outcome(request: Request, body: "TaskOutcome", task_id: str) -> Json:
    """Say how far a task is (seen, checked), or what was done: closed, reopened, not_present, kept with a reason."""
    from chalicelib.closure_tasks import task_outcomes
    from chalicelib.closure_tasks.task_outcomes import Row

    row = Row(1, task_id, body.outcome, body.reason)
    answered = task_outcomes.answer_task(dependencies.closure_tasks(), request.caller, row, wiring.now())
    logs.note("task_answered", platform=request.caller.platform_id, task=task_id, outcome=body.outcome)
    return answered


@routes.route(
    "/v1/tasks/outcomes",
    "POST",
    "answerTasks",
    roles=(PLATFORM,),
    body="closure_tasks:TaskOutcomes",
    returns="ledger:OutcomesTaken",
)
def outcomes(request: Request, body: "TaskOutcomes") -> Json:
    """Answer up to 1,000 tasks, each by itself."""
    from chalicelib.closure_tasks.task_outcomes import Row

    wanted = body.outcomes
    rows = [Row(place, sent.task_id, sent.outcome, sent.reason) for place, sent in enumerate(wanted, 1)]
    return _answered(request, rows)


@routes.route(
    "/v1/tasks/outcomes/files",
    "POST",
    "answerTasksFromFile",
    is_file=True,
    roles=(PLATFORM,),
    content_types=FILE_TYPES,
    headers=(FILE_NAME,),
    returns="ledger:OutcomesTaken",
    errors=(
        ErrorCode.MISSING_FILE_NAME,
        ErrorCode.TOO_LARGE,
        ErrorCode.UNREADABLE_FILE,
        ErrorCode.UNKNOWN_COLUMNS,
        ErrorCode.EMPTY_FILE,
    ),
)
def outcomes_file(request: Request) -> Json:
    """Answer up to 5,000 tasks by a file: any table that reports may be, with task_id, outcome, reason."""
    name, body = sent_file(request)
    rows = _rows_of(body, name)
    request.allowance.take({ROWS: len(rows)})
    return _answered(request, rows)


@routes.route(
    "/v1/ledger/{listing_id}",
    "GET",
    "getLedger",
    roles=(PLATFORM, REGULATOR),
    returns="ledger:Ledger",
    errors=(ErrorCode.NOT_FOUND,),
)
def ledger(request: Request, listing_id: str) -> Json:
    """Which platforms were notified of a listing, when, and what they answered when; a platform sees its own part."""
    from chalicelib.closure_tasks import read_tasks

    return read_tasks.ledger_of_listing(wiring.registry(), dependencies.closure_tasks(), request.caller, listing_id)


def _answered(request: Request, rows: "list[Row]") -> Json:
    from chalicelib.closure_tasks import task_outcomes

    answered = task_outcomes.answer_tasks(dependencies.closure_tasks(), request.caller, rows, wiring.now())
    logs.note("tasks_answered", platform=request.caller.platform_id, rows=answered["rows"], taken=answered["taken"])
    return answered


def _rows_of(body: bytes, name: str) -> "list[Row]":
    """The answers of a file; refused whole, before any is taken, when it is no table or has too many rows."""
    import tempfile

    from chalicelib.closure_tasks.rules.answer_columns import COLUMNS, OUTCOME, REASON, TASK_ID, outcome_of
    from chalicelib.closure_tasks.task_outcomes import Row
    from chalicelib.table_files.read_table_file import read_table_file
    from chalicelib.values.cell_text import printable
    from chalicelib.values.text_damage import has_lost_characters

    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(body)
        for record in read_table_file(path, name, COLUMNS):
            cells = record.cells or {}
            outcome, reason = outcome_of(cells.get(OUTCOME, "")), cells.get(REASON, "")[:LONGEST_REASON]
            # Characters that were lost say nothing, and cannot be stored.
            reason = "" if has_lost_characters(reason) else reason
            rows.append(Row(record.number, printable(cells.get(TASK_ID, "")), outcome, reason))
            if len(rows) > MOST_ROWS:
                raise errors.TooLarge(ErrorCode.TOO_LARGE, rows=len(rows), most=MOST_ROWS)
    return rows
