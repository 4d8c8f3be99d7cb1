"""What a page says of tasks: what is asked, how far it is, how the platform knows the merchant, how long is left."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from chalicelib import wiring
from chalicelib.closure_tasks.rules.task import OPEN
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Fields, State, Text, listing_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json
from chalicelib.values.timestamps import CHINA
from chalicelib.values.working_days import is_working_day

KINDS: Final[Mapping[str, Text]] = {
    "check": ("核查并清退", "Check and close"),
    "undo": ("核查并恢复", "Check and reopen"),
    "licence_missing": ("补充亮照", "Show the licence"),
    "licence_outdated": ("更新亮照", "Update the display"),
    "licence_revoked": ("执照失效", "Licence is void"),
}
STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "told": ("待查看", "to be seen", "info"),
    "seen": ("已查看", "seen", "info"),
    "checked": ("已核查", "checked", "info"),
    "overdue": ("已逾期", "overdue", "bad"),
    "closed": ("已清退", "closed", "good"),
    "reopened": ("已恢复", "reopened", "good"),
    "not_present": ("未入驻", "not here", "good"),
    "kept": ("保留", "kept", "warn"),
    "lifted": ("已撤销", "lifted", ""),
}
KNOWN_BY: Final[Mapping[str, Text]] = {
    "roster": ("在本平台名册中", "on the roster"),
    "lookup": ("曾由本平台查询", "looked up here before"),
    "answer": ("曾由本平台处理", "answered here before"),
}
OUTCOMES: Final[Mapping[str, Text]] = {
    "closed": ("已清退", "Closed"),
    "reopened": ("已恢复", "Reopened"),
    "not_present": ("未入驻本平台", "Not on this platform"),
    "kept": ("保留（须说明理由）", "Kept, with a reason"),
}
# Working days are counted so far; what is longer ago or further away is more than a year.
MOST_DAYS_COUNTED: Final = 366


def task_row(visit: Visit, task: Json, people: Mapping[str, str]) -> Json:
    """A task with every field in words; `people` are the names of the platform's people by their ids."""
    zh, en, tone = STATES[task["state"]]
    subject = Fields(task.get("subject") or task.get("licence") or {})
    known_by = Fields(task.get("known_by", {}))
    return {
        "raw": Fields(task),
        "platform": organisations.name_of(task.get("platform_id", "")),
        "subject": subject,
        "name": subject["name"] or subject["uscc"] or visit.t("（无名称）", "(no name)"),
        "kind": visit.t(*KINDS.get(task["kind"], (task["kind"],) * 2)),
        "state": State(visit.t(zh, en), tone),
        "late": task["state"] == "overdue",
        "left": _time_of(visit, task),
        "known_by": visit.t(*KNOWN_BY[known_by["by"]]) if known_by["by"] in KNOWN_BY else "",
        "merchants": known_by["merchants"] or [],
        "assignee": people.get(task["assignee"], visit.t("已分派", "assigned")) if task.get("assignee") else "",
        "listing": listing_row(visit, task["listing"]) if task.get("listing") else None,
        "says": task["says"][visit.language] if task.get("says") else "",
    }


def _time_of(visit: Visit, task: Json) -> str:
    """How much time is left of a task that is open; of one that was answered, whether it was in time."""
    due_at, answered_at = task.get("due_at", ""), task.get("answered_at", "")
    if task["state"] in OPEN:
        return left_in_words(visit, due_at)
    if not due_at or not answered_at or task["state"] == "lifted":
        return ""
    return visit.t("按时处理", "answered in time") if answered_at <= due_at else visit.t("逾期处理", "answered late")


def left_in_words(visit: Visit, due_at: str) -> str:
    """How many working days are left until a deadline, or by how many it is past; '' without one."""
    if not due_at:
        return ""
    # A period in days ends at 24:00, which is the first moment of the day after.
    due = (datetime.fromisoformat(due_at).astimezone(CHINA) - timedelta(microseconds=1)).date()
    return days_in_words(visit, due, wiring.now().astimezone(CHINA).date())


def days_in_words(visit: Visit, due: date, today: date) -> str:
    """How many working days are left until the last day of a deadline, or have passed since it."""
    if due == today:
        return visit.t("今日到期", "due today")
    days = _working_days(min(due, today), max(due, today))
    if due < today:
        return visit.t(f"逾期{_count(visit, days)}", f"{_count(visit, days)} late")
    return visit.t(f"还剩{_count(visit, days)}", f"{_count(visit, days)} left")


def _count(visit: Visit, days: int | None) -> str:
    if days is None:
        return visit.t("一年以上", "more than a year")
    if not days:
        return visit.t("不足 1 个工作日", "less than a working day")
    return visit.t(f" {days} 个工作日", f"{days} working day{_s(days)}")


@lru_cache(maxsize=1_000)
def _working_days(after: date, until: date) -> int | None:
    """How many of the days after one, up to and with another, are working days; None over more than a year."""
    span = (until - after).days
    if span > MOST_DAYS_COUNTED:
        return None
    return sum(is_working_day(after + timedelta(days=step))[0] for step in range(1, span + 1))


def _s(count: int) -> str:
    return "" if count == 1 else "s"
