"""Tasks follow the rules: where a guard, trust in a platform or a campaign has changed, listings are checked again.

What blocks by the rules in force now opens the tasks of all who know the merchant; what does not has them undone. A
scheduled job walks through the list of all that may ever have blocked, step by step: killed or out of time, it resumes
where it was.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.closure_tasks import open_tasks
from chalicelib.closure_tasks.dependencies import Context
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules import subject as subjects
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_RECHECK
from chalicelib.storage.lease import lease
from chalicelib.storage.set_aside import SetAside, setting_aside
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts import manage_campaigns
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.request_recheck import concerns

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable, Item

JOB: Final = "task_recheck"
PAGE: Final = 100


def recheck_tasks(context: Context, registry: "RegistryTable", now: datetime, time_is_left: Callable[[], bool]) -> Json:
    """Check the tasks on what changed rules concern, as far as the time reaches; how many platforms were asked."""
    exchange, asked = context.exchange, 0
    with lease(exchange, JOB, now) as ours:
        if not ours:
            return {"asked": 0, "left": True}
        _request_days(exchange, now)
        while (state := _begun(exchange)) is not None:
            entries = context.restricted.read(state["cursor"], PAGE)
            if not entries:
                exchange.set_fields(TASK_RECHECK, {"walking": []})
                continue
            step, cursor = _check_page(context, registry, state["walking"], entries, (now, time_is_left))
            asked += step
            exchange.set_fields(TASK_RECHECK, {"cursor": cursor})
            if not time_is_left():
                return {"asked": asked, "left": True}
    return {"asked": asked, "left": False}


def check_subjects(context: Context, found: Iterable[Subject], now: datetime) -> int:
    """Open or undo the tasks on every active listing of the subjects by the rules in force; how many were asked."""
    rules = rules_for(context.exchange, "")
    return sum(
        open_tasks.follow_rules(context, subject, listing, rules, now)
        for subject in found
        for listing in subjects.active_listings(subject)
    )


def _begun(exchange: "ExchangeTable") -> "Item | None":
    """The walk that is under way, or a new one for the causes that wait; None when nothing is to be checked."""
    state = exchange.get(TASK_RECHECK) or {}
    if state.get("walking"):
        return state
    causes = state.get("causes", [])
    if not causes:
        return None
    # First the walk, then off the list: what is requested in between is seen by the walk, which begins after it.
    exchange.upsert(TASK_RECHECK, {"walking": causes, "cursor": 0})
    exchange.take_from_set(TASK_RECHECK, "causes", set(causes))
    return {"walking": causes, "cursor": 0}


def _check_page(
    context: Context,
    registry: "RegistryTable",
    causes: Sequence[str],
    entries: "Sequence[Item]",
    clock: tuple[datetime, Callable[[], bool]],
) -> tuple[int, int]:
    """Check the listings of some entries that the causes concern; how many were asked, and the last entry checked."""
    now, time_is_left = clock
    rules, asked = rules_for(context.exchange, ""), 0
    found = registry.subjects(listings.subject_of(entry["entry_id"]) for entry in entries)
    for entry in entries:
        listing_id = entry["entry_id"]
        subject = found.get(listings.subject_of(listing_id))
        listing = subject.listings.get(listing_id) if subject else None
        if subject and listing and listing.state == listings.ACTIVE and concerns(causes, listing):
            wrong = SetAside(at=iso(now), job=JOB, record_id=subject.subject_id, listing_id=listing_id)
            with setting_aside(context.exchange, wrong):
                asked += open_tasks.follow_rules(context, subject, listing, rules, now)
        if not time_is_left():
            return asked, int(entry["number"])
    return asked, int(entries[-1]["number"])


def _request_days(exchange: "ExchangeTable", now: datetime) -> None:
    """Once a day: campaigns begin and end by their own days."""
    today = china_date(now)
    since = (exchange.get(TASK_RECHECK) or {}).get("day") or china_date(now - timedelta(days=1))
    if since < today:
        manage_campaigns.request_days(exchange, since, today)
        exchange.upsert(TASK_RECHECK, {"day": today})
