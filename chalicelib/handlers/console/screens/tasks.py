"""The work queue: open tasks by their clock, one task with its file, and the answers of a platform's people."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.screens.files import days
from chalicelib.handlers.console.screens.oversight.provinces import NAMES as PROVINCES
from chalicelib.handlers.console.texts.listing_texts import source_name
from chalicelib.handlers.console.texts.task_texts import KINDS, OUTCOMES, STATES, task_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.closure_tasks.rules.open_task import TaskFilter
    from chalicelib.closure_tasks.work_queue.list_open_tasks import TaskCounts

TITLE: Final = ("待办", "Tasks")
PAGE: Final = 50
MOST_IN_A_FILE: Final = 1_000
FILTERS: Final = ("state", "kind", "reason", "region", "source", "assignee")
LONGEST_REASON: Final = 4_000
# No task has such a number.
AFTER_ALL: Final = 10**15


def work_queue(visit: Visit) -> Reply:
    """Open tasks by the day due. Reads the index of due days, 400 blocks at most, for the counts and the page, and the
    tasks that are shown."""
    from chalicelib.closure_tasks.work_queue.list_open_tasks import list_and_count_open_tasks

    page, counted = list_and_count_open_tasks(
        dependencies.closure_tasks(), visit.caller, visit.query("platform"), _wanted(visit), _cursor(visit), PAGE
    )
    people = people_of(visit.caller.platform_id)
    return console_frame.page(
        visit,
        "tasks.html",
        TITLE,
        rows=[task_row(visit, each.view(), people) for each in page.tasks],
        pages=_pages(visit, page.next, len(page.tasks)),
        filters=_filters(visit, counted, people),
        platforms=days.platforms_of(visit),
        changed=since.shown(visit, "tasks", _kept(visit)),
        asked={name: visit.query(name) for name in ("platform", *FILTERS)},
        people=list(people.items()),
        outcomes=[(value, visit.t(*text)) for value, text in OUTCOMES.items()],
        may_answer=may_answer(visit),
        is_regulator=visit.caller.role == Role.REGULATOR,
        notice=_notice(visit),
    )


def export(visit: Visit) -> Reply:
    """The first thousand tasks that fit the filters, as CSV."""
    from chalicelib.closure_tasks.work_queue.list_open_tasks import list_open_tasks

    context, after, rows = dependencies.closure_tasks(), "", list[Json]()
    while len(rows) < MOST_IN_A_FILE:
        page = list_open_tasks(context, visit.caller, visit.query("platform"), _wanted(visit), after, 100)
        rows += [task_row(visit, each.view(), {}) for each in page.tasks]
        after = page.next
        if not after:
            break
    heads = ["platform", "task_id", "name", "uscc", "kind", "state", "reasons", "source", "due_at", "assignee"]
    lines = [
        [row["raw"]["platform_id"], row["raw"]["task_id"], row["name"], row["subject"]["uscc"], row["kind"],
         row["state"].text, row["listing"]["reasons"] if row["listing"] else "",
         row["listing"]["source"] if row["listing"] else "", row["raw"]["due_at"], row["raw"]["assignee"]]
        for row in rows
    ]  # fmt: skip
    return console_frame.csv_table([heads, *lines], "tasks.csv")


def answer(visit: Visit) -> Reply:
    """Answer the tasks that are marked; what was refused is shown, everything else is done."""
    from chalicelib.closure_tasks import task_outcomes
    from chalicelib.closure_tasks.task_outcomes import Row

    outcome, reason = visit.field("outcome"), visit.field("reason", LONGEST_REASON)
    ids = _marked(visit)
    if outcome not in OUTCOMES or (outcome == "kept" and not reason):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="reason" if outcome in OUTCOMES else "outcome")
    rows = [Row(place, task_id, outcome, reason) for place, task_id in enumerate(ids, 1)]
    taken = task_outcomes.answer_tasks(dependencies.closure_tasks(), visit.caller, rows, wiring.now())
    refused = [(ids[error["row"] - 1], error["message"][visit.language]) for error in taken["errors"]]
    if refused:
        return console_frame.page(visit, "tasks_refused.html", TITLE, taken=taken["taken"], refused=refused)
    back = f"tasks/{ids[0]}?" if visit.field("from") == "task" else "tasks?"
    return console_frame.go_to(visit, f"{back}answered={taken['taken']}")


def assign(visit: Visit) -> Reply:
    """Give the tasks that are marked to a person of the platform, or to nobody."""
    from chalicelib.closure_tasks.work_queue import task_desk

    assignee = visit.field("assignee")
    if assignee and assignee not in people_of(visit.caller.platform_id):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="assignee")
    ids = _marked(visit)
    given = task_desk.assign_tasks(dependencies.closure_tasks(), visit.caller, ids, assignee, wiring.now())
    back = f"tasks/{ids[0]}?" if visit.field("from") == "task" else "tasks?"
    return console_frame.go_to(visit, f"{back}assigned={len(given.tasks)}")


def task(visit: Visit, task_id: str) -> Reply:
    """One task: what is asked and why, its listing with its evidence, our merchants, its steps and notes. Two reads."""
    from chalicelib.closure_tasks.rules.task import OPEN, possible_outcomes
    from chalicelib.closure_tasks.work_queue import task_desk

    file = task_desk.read_task(dependencies.closure_tasks(), visit.caller, task_id, visit.query("platform"))
    people = people_of(file.platform_id)
    view = file.view()
    return console_frame.page(
        visit,
        "task.html",
        (file.task.subject.get("name", "") or "任务", file.task.subject.get("name", "") or "Task"),
        task=task_row(visit, view, people),
        history=[_step(visit, step, people) for step in view["history"]],
        notes=[{**note, "by": actor_name(note["by"], people)} for note in view["notes"]],
        people=list(people.items()),
        outcomes=[(value, visit.t(*OUTCOMES[value])) for value in possible_outcomes(file.task.kind)],
        may_answer=may_answer(visit),
        is_open=file.task.state in OPEN,
        notice=_notice(visit),
    )


def note(visit: Visit, task_id: str) -> Reply:
    """Note something on a task."""
    from chalicelib.closure_tasks.work_queue import task_desk

    text = visit.field("text", 2_000)
    if not text:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="text")
    task_desk.add_note(dependencies.closure_tasks(), visit.caller, task_id, text, wiring.now())
    return console_frame.go_to(visit, f"tasks/{task_id}")


def people_of(organisation: str) -> Mapping[str, str]:
    """The names of an organisation's people who may answer, by their ids."""
    from chalicelib.people import people

    listed = people.list_people(wiring.exchange(), organisation)
    return {person.person_id: person.name for person in listed if person.is_active}


def actor_name(actor: str, people: Mapping[str, str]) -> str:
    """Who did something, as a history names the actor: the person's name, or the organisation's."""
    organisation, _, key = actor.partition(":")[2].partition("#")
    return people.get(key) or organisations.name_of(organisation or actor)


def may_answer(visit: Visit) -> bool:
    """Whether the person answers tasks: those of its own platform, with the duty to report or to decide."""
    person = visit.session.person
    return person.role == Role.PLATFORM and bool(person.duties & {Duty.REPORT, Duty.DECIDE})


def _marked(visit: Visit) -> Sequence[str]:
    ids = visit.fields("task_id")[:100]
    if not ids:
        raise errors.BadRequest(ErrorCode.NOTHING_MARKED)
    return ids


def _wanted(visit: Visit) -> "TaskFilter":
    from chalicelib.closure_tasks.rules.open_task import TaskFilter

    return TaskFilter(**{name: visit.query(name) for name in FILTERS}, from_number=_from_number(visit))


def _from_number(visit: Visit) -> int:
    """The number of a platform's first task since the moment of the address; 0 where the address has none."""
    from chalicelib.accounts.permissions import asked_platform
    from chalicelib.closure_tasks.work_queue.tasks_since import first_task_since

    moment, platform_id = since.since_of(visit), asked_platform(visit.caller, visit.query("platform"))
    if not moment or not platform_id:
        return 0
    return first_task_since(wiring.task_log(platform_id), moment) or AFTER_ALL


def _kept(visit: Visit) -> dict[str, str]:
    """The filters of the address but for the moment since which tasks are shown."""
    return {name: visit.query(name) for name in ("platform", *FILTERS) if visit.query(name)}


def _cursor(visit: Visit) -> str:
    from chalicelib.handlers.desk.work_queue import AFTER_DAY

    return str(AFTER_DAY.read(visit.query("after")))


def _pages(visit: Visit, following: str, count: int) -> Json:
    from urllib.parse import urlencode

    moment = since.since_of(visit)
    kept = _kept(visit) | ({"since": moment} if moment else {})
    says = (f"本页 {count} 项", f"{count} on this page")
    return {
        **console_frame.pages_of(visit, "tasks", says, following, kept),
        "csv": f"tasks.csv?{urlencode(kept)}",
    }


def _filters(visit: Visit, counted: "TaskCounts", people: Mapping[str, str]) -> Json:
    """The choices of each filter with how many tasks each has; only what there is."""
    t = visit.t

    def choices(part: str, name: Mapping[str, str]) -> list[Json]:
        some = sorted(counted.by[part].items(), key=lambda entry: -entry[1])
        return [{"value": value, "text": f"{name.get(value, value)} ({count})"} for value, count in some]

    return {
        "open": counted.open,
        "state": choices("state", {key: t(zh, en) for key, (zh, en, _tone) in STATES.items()}),
        "kind": choices("kind", {key: t(*text) for key, text in KINDS.items()}),
        "reason": choices("reason", {code: t(reason.zh, reason.en) for code, reason in REASONS.items()}),
        "region": choices("region", {code: t(*names) for code, names in PROVINCES.items()}),
        "source": choices("source", {source: source_name(visit, source) for source in counted.by["source"]}),
        "assignee": [
            {"value": value, "text": f"{name} ({counted.by['assignee'][value]})"}
            for value, name in {"none": t("未分派", "nobody's"), **people}.items()
            if value in counted.by["assignee"]
        ],
    }


def _step(visit: Visit, step: Json, people: Mapping[str, str]) -> Json:
    zh, en, _tone = STATES.get(step["after"], (step["after"], step["after"], ""))
    by = visit.t("系统", "the exchange") if step["by"] == "exchange" else actor_name(step["by"], people)
    return {"at": step["at"], "by": by, "text": visit.t(zh, en), "why": step.get("why", "")}


def _notice(visit: Visit) -> Json | None:
    answered, assigned = visit.query("answered"), visit.query("assigned")
    if answered.isdigit():
        return {"tone": "good", "text": visit.t(f"已处理 {answered} 项", f"{answered} answered"), "more": ""}
    if assigned.isdigit():
        return {"tone": "good", "text": visit.t(f"已分派 {assigned} 项", f"{assigned} assigned"), "more": ""}
    return None
