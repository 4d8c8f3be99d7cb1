"""Masks the names of natural persons in what older versions have written into logs: changes, corroborations, tasks,
notices.

Whoever reads an entry sees it masked already; the rebuild masks it where it is stored.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import platforms
from chalicelib.registry.rules.mask_person import masked_entry, names_in_entry, subjects_in_entry
from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.set_aside import SetAside, setting_aside
from chalicelib.stream.projections import Context
from chalicelib.values.masking import shown_name
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog

PAGE: Final = 100
JOB: Final = "rebuild"
# How a position in the logs begins; no subject's id begins so.
LOGS: Final = "log#"


def mask_logs(context: Context, start: str, now: datetime, time_is_left: Callable[[], bool]) -> str:
    """Mask every log from a position on (`log#<name>#<number>`, or `log#`) until the time is nearly up.

    The position to go on from, '' when all is done. Safe beside live traffic and safe to repeat.
    """
    name, _, number = start.removeprefix(LOGS).rpartition("#")
    after, is_before = int(number or 0), bool(name)
    for log_name, log in _logs(context):
        is_before = is_before and log_name != name
        if is_before:
            continue
        while entries := log.read(after, PAGE):
            _mask_page(context, log, entries, now)
            after = int(entries[-1]["number"])
            if not time_is_left():
                return f"{LOGS}{log_name}#{after}"
        after = 0
    return ""


def _logs(context: Context) -> "Iterator[tuple[str, NumberedLog]]":
    """Every log that holds views of subjects, with its name, in an order that stays."""
    tasks = context.closure_tasks
    yield numbered_log_keys.CHANGES, tasks.changes.entries
    yield numbered_log_keys.CORROBORATIONS, context.corroboration.entries
    for platform in platforms.find_all(tasks.exchange):
        yield numbered_log_keys.task_log_name(platform.platform_id), tasks.task_logs(platform.platform_id)
        yield numbered_log_keys.notice_log_name(platform.platform_id), tasks.sender.notices(platform.platform_id)


def _mask_page(context: Context, log: "NumberedLog", entries: Iterable[Json], now: datetime) -> None:
    """Write those entries again that hold the full name of a person, unless somebody else writes them meanwhile."""
    about = [(entry, subject_ids) for entry in entries if (subject_ids := subjects_in_entry(entry))]
    subjects = context.registry.subjects(subject_id for _, subject_ids in about for subject_id in subject_ids)
    for entry, subject_ids in about:
        with setting_aside(context.closure_tasks.exchange, SetAside(at=iso(now), job=JOB, record_id=str(entry["id"]))):
            held = (names_in_entry(entry, subjects[key]) for key in sorted(subject_ids) if key in subjects)
            _mask(log, entry, set().union(*held))


def _mask(log: "NumberedLog", entry: Json, names: set[str]) -> None:
    shown = {name: shown_name(name) for name in sorted(names, key=len, reverse=True)}
    if not shown:
        return
    changes = {field: masked for field, held in entry.items() if (masked := masked_entry(held, shown)) != held}
    if changes:
        log.set_fields(int(entry["number"]), changes, only_if={field: entry[field] for field in changes})
