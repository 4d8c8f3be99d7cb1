"""The work queue: open tasks by the day due, /v1/tasks/open; one task read, assigned and noted on."""

from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.parameters import OF_PLATFORM, DayCursor, Parameter, limit
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.closure_tasks.rules.open_task import TaskFilter
    from chalicelib.handlers.requests.closure_tasks import NewTaskNote, TaskAssignment, TaskAssignments

routes = Routes(__name__, "tasks")
OPEN_STATES: Final = ("told", "seen", "checked", "overdue")
KINDS: Final = ("check", "undo", "licence_missing", "licence_outdated", "licence_revoked")
FILTER: Final = (
    OF_PLATFORM,
    Parameter("state", "只列出该状态", "only tasks in that state", choices=OPEN_STATES),
    Parameter("kind", "只列出该类任务", "only tasks of that kind", choices=KINDS),
    Parameter("reason", "只列出该原因代码", "only for that reason code", pattern="[A-Z]{2}[0-9]{2}"),
    Parameter("region", "行政区划代码开头二至六位", "the first digits of the division", pattern="[0-9]{2,6}"),
    Parameter(
        "source", "只列出该来源", "only of that source: platform:<id> or government:<list>",
        pattern="(platform|government):[a-z0-9_-]{1,60}",
    ),
    Parameter(
        "assignee", "只列出该经办人，none 为未分派", "only that person's; none: nobody's",
        pattern="[A-Za-z0-9_.:-]{1,64}",
    ),
)  # fmt: skip
AFTER_DAY: Final = DayCursor(
    "after", "上一页的 `next`，从其后读取", "the `next` of the page before, to read on after it",
    pattern=r"[a-z0-9-]{1,40}~[0-9]{1,15}",
)  # fmt: skip


@routes.route(
    "/v1/tasks/open",
    "GET",
    "listOpenTasks",
    roles=(PLATFORM, REGULATOR),
    query=(*FILTER, AFTER_DAY, limit(50, 100)),
    returns="lists.tasks:TaskQueue",
)
def open_tasks(request: Request) -> Json:
    """The open tasks by the day due, filtered: a platform's own; for regulators one platform's or all."""
    from chalicelib.closure_tasks.work_queue.list_open_tasks import list_open_tasks

    page = list_open_tasks(
        dependencies.closure_tasks(),
        request.caller,
        request.text("platform"),
        _filter(request),
        request.text("after"),
        request.number("limit"),
    )
    return {"tasks": [each.view() for each in page.tasks], "next": page.next}


@routes.route(
    "/v1/tasks/counts",
    "GET",
    "countOpenTasks",
    roles=(PLATFORM, REGULATOR),
    query=FILTER,
    returns="lists.tasks:TaskCountsAnswer",
)
def counts(request: Request) -> Json:
    """How many open tasks fit the filter, by state, kind, reason, region, source, assignee and day."""
    from chalicelib.closure_tasks.work_queue.list_open_tasks import count_open_tasks

    counted = count_open_tasks(dependencies.closure_tasks(), request.caller, request.text("platform"), _filter(request))
    return {"open": counted.open, "by": counted.by, "complete": counted.is_complete}


@routes.route(
    "/v1/tasks/{task_id}",
    "GET",
    "getTask",
    roles=(PLATFORM, REGULATOR),
    query=(OF_PLATFORM,),
    returns="lists.tasks:TaskFileAnswer",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.PLATFORM_NEEDED),
)
def task(request: Request, task_id: str) -> Json:
    """One task with its steps and notes; a regulator names the platform."""
    from chalicelib.closure_tasks.work_queue import task_desk

    context = dependencies.closure_tasks()
    return task_desk.read_task(context, request.caller, task_id, request.text("platform")).view()


@routes.route(
    "/v1/tasks/{task_id}/assignment",
    "POST",
    "assignTask",
    roles=(PLATFORM,),
    body="closure_tasks:TaskAssignment",
    returns="ledger:ClosureTask",
    errors=(ErrorCode.NOT_FOUND,),
)
def assignment(request: Request, body: "TaskAssignment", task_id: str) -> Json:
    """Give a task to a person of this platform, or take it back."""
    from chalicelib.closure_tasks.rules.task import view
    from chalicelib.closure_tasks.work_queue import task_desk

    context = dependencies.closure_tasks()
    given = task_desk.assign_task(context, request.caller, task_id, body.assignee, wiring.now())
    logs.note("task_assigned", platform=request.caller.platform_id, task=task_id, assignee=body.assignee)
    return view(given)


@routes.route(
    "/v1/tasks/assignments",
    "POST",
    "assignTasks",
    roles=(PLATFORM,),
    body="closure_tasks:TaskAssignments",
    returns="lists.tasks:TasksAssigned",
)
def assignments(request: Request, body: "TaskAssignments") -> Json:
    """Give up to 100 tasks to one person of this platform."""
    from chalicelib.closure_tasks.work_queue import task_desk

    context = dependencies.closure_tasks()
    given = task_desk.assign_tasks(context, request.caller, body.task_ids, body.assignee, wiring.now())
    logs.note("tasks_assigned", platform=request.caller.platform_id, tasks=len(given.tasks), assignee=body.assignee)
    return {"assigned": len(given.tasks), "missing": list(given.missing)}


@routes.route(
    "/v1/tasks/{task_id}/notes",
    "POST",
    "addTaskNote",
    roles=(PLATFORM,),
    body="closure_tasks:NewTaskNote",
    returns="lists.tasks:TaskFileAnswer",
    status=201,
    errors=(ErrorCode.NOT_FOUND, ErrorCode.TOO_MANY_NOTES),
)
def note(request: Request, body: "NewTaskNote", task_id: str) -> Json:
    """Note something on a task, for the people of this platform and for regulators."""
    from chalicelib.closure_tasks.work_queue import task_desk

    context = dependencies.closure_tasks()
    noted = task_desk.add_note(context, request.caller, task_id, body.text, wiring.now())
    logs.note("task_noted", platform=request.caller.platform_id, task=task_id)
    return noted.view()


def _filter(request: Request) -> "TaskFilter":
    from chalicelib.closure_tasks.rules.open_task import TaskFilter

    names = ("state", "kind", "reason", "region", "source", "assignee")
    return TaskFilter(**{name: request.text(name) for name in names}, from_number=0)
