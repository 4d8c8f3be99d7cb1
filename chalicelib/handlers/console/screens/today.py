"""Today: what waits, by clock, and the way into every other screen; and the switch of the language."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.screens.accounts.decisions import count_waiting
from chalicelib.handlers.console.screens.changes_since import changes_since
from chalicelib.handlers.console.screens.operation.state import waiting_figures as operation_figures
from chalicelib.handlers.console.screens.oversight.findings import waiting_figures as oversight_figures
from chalicelib.handlers.console.screens.since import bounded, yesterday
from chalicelib.handlers.console.screens.tasks import people_of
from chalicelib.handlers.console.texts.task_texts import task_row
from chalicelib.handlers.console.texts.value_texts import percent
from chalicelib.handlers.console.visit import CHINESE, ENGLISH, LANGUAGE_COOKIE, Visit
from chalicelib.handlers.pages.sign_in_redirect import next_page
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.people.visits import note_visit
from chalicelib.values.records import Json
from chalicelib.values.timestamps import CHINA

if TYPE_CHECKING:
    from chalicelib.closure_tasks.work_queue.list_open_tasks import TaskCounts

YESTERDAY: Final = "yesterday"
A_YEAR: Final = 31_536_000
NEXT_TASKS: Final = 8
RATED_DAYS: Final = 30
DAYS_TO_ANSWER: Final = "days_to_answer"
# The figures of a platform that are shown beside the median of the others, with their names in zh and en.
RATES: Final = (
    ("answered_in_time", "按时处理任务", "Tasks answered in time"),
    (DAYS_TO_ANSWER, "任务平均处理天数", "Days to answer a task"),
    ("reported_in_time", "按时报送", "Reported in time"),
    ("void_rate", "报送被撤销", "Reports voided"),
)


def start(visit: Visit) -> Reply:
    """On to the first screen."""
    return console_frame.go_to(visit, "today")


def today(visit: Visit) -> Reply:
    """What waits for the person's organisation, tasks by their clock, and what changed since the person was here.

    Reads the index of open tasks, the figures of 30 days, the organisation's people, and what `changes_since` names.
    """
    person = visit.session.person
    sees_tasks = person.role != Role.OPERATOR and Duty.READ in person.duties
    figures, rows, numbers = _tasks(visit) if sees_tasks else ([], [], [])
    since, is_visit, has_visit = _since(visit)
    return console_frame.page(
        visit,
        "today.html",
        ("今日", "Today"),
        figures=figures,
        changes=changes_since(visit, since, numbers),
        since=since,
        since_visit=is_visit,
        has_visit=has_visit,
        rows=rows,
        findings=_findings(visit),
        rates=_rates(visit) if sees_tasks and person.role == Role.PLATFORM else [],
        sees_tasks=sees_tasks,
        is_regulator=person.role == Role.REGULATOR,
        waiting=count_waiting(visit) if person.duties & {Duty.DECIDE, Duty.ADMINISTER} else 0,
    )


def _findings(visit: Visit) -> list[Figure]:
    """What waits for a regulator or an operator beside tasks; nothing for those who may not read."""
    person = visit.session.person
    if Duty.READ not in person.duties or person.role == Role.PLATFORM:
        return []
    return oversight_figures(visit) if person.role == Role.REGULATOR else operation_figures(visit)


def language(visit: Visit) -> Reply:
    """Keep the language in the browser and go back to the page; to no place but one of the console."""
    to = visit.query("to", (CHINESE, ENGLISH)) or CHINESE
    cookie = f"{LANGUAGE_COOKIE}={to}; Path=/; Max-Age={A_YEAR}; SameSite=Lax"
    return console_frame.go_to(visit, "../" + next_page(visit.query("back")), cookie)


def _since(visit: Visit) -> tuple[str, bool, bool]:
    """Since when changes are shown: the person's visit before, or yesterday where it asks for that or has none; whether
    it is the visit, and whether there is one."""
    before = note_visit(wiring.exchange(), visit.session.person, wiring.now())
    is_visit = bool(before) and visit.query("since", (YESTERDAY,)) != YESTERDAY
    since = bounded(datetime.fromisoformat(before)) if is_visit else yesterday()
    return since, is_visit, bool(before)


def _tasks(visit: Visit) -> tuple[list[Figure], list[Json], Sequence[int]]:
    """The figures of the open tasks, those that are due next, and the numbers of all of them."""
    from chalicelib.closure_tasks.rules.open_task import TaskFilter
    from chalicelib.closure_tasks.work_queue.list_open_tasks import list_and_count_open_tasks

    page, counted = list_and_count_open_tasks(
        dependencies.closure_tasks(), visit.caller, "", TaskFilter(), "", NEXT_TASKS
    )
    people = people_of(visit.caller.platform_id)
    rows = [task_row(visit, each.view(), people) for each in page.tasks]
    return _task_figures(visit, counted), rows, counted.numbers


def _task_figures(visit: Visit, counted: "TaskCounts") -> list[Figure]:
    """How many open tasks are late, due today, due within seven days, and with nobody."""
    from chalicelib.closure_tasks.rules.open_task import NO_DAY

    days = {day: count for day, count in counted.by["day"].items() if day != NO_DAY}
    now = wiring.now()
    late = counted.by["state"].get("overdue", 0)
    due_today, due_in_a_week = _due_by(days, now, 0), _due_by(days, now, 7)
    t = visit.t
    return [
        Figure(t("已逾期", "Overdue"), late, "tasks?state=overdue", is_late=late > 0),
        Figure(t("今日到期", "Due today"), max(due_today - late, 0), "tasks"),
        Figure(t("七日内到期", "Due within 7 days"), max(due_in_a_week - late, 0), "tasks"),
        Figure(t("未分派", "With nobody"), counted.by["assignee"].get("none", 0), "tasks?assignee=none"),
        Figure(t("全部未完成", "All open"), counted.open, "tasks"),
    ]


def _rates(visit: Visit) -> list[Figure]:
    """How the platform does over thirty days, beside the median of the others where there are enough of them."""
    from chalicelib.closure_tasks.statistics import statistics

    until = wiring.now().astimezone(CHINA).date()
    since = until - timedelta(days=RATED_DAYS - 1)
    counted = statistics(wiring.exchange(), visit.caller, since.isoformat(), until.isoformat())
    figures = []
    for name, zh, en in RATES:
        own, median = counted["own"][name], counted["median"][name]
        beside = visit.t("其他平台不足，无中位数", "too few others for a median")
        if median is not None:
            beside = visit.t(f"其他平台中位数 {_shown(name, median)}", f"median of others {_shown(name, median)}")
        figures.append(Figure(visit.t(zh, en), "—" if own is None else _shown(name, own), beside=beside))
    return figures


def _shown(name: str, value: float) -> str:
    """A figure of a platform: days to one place, a share as per cent."""
    return f"{value:.1f}" if name == DAYS_TO_ANSWER else percent(value)


def _due_by(days: Mapping[str, int], now: datetime, ahead: int) -> int:
    """How many are due until the end of the day in China so many days ahead.

    Deadlines are counted by the day in UTC, and 24:00 in China is 16:00 of the same date there.
    """
    last = (now.astimezone(CHINA) + timedelta(days=ahead)).date().isoformat()
    return sum(count for day, count in days.items() if day <= last)
