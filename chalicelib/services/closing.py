"""The closure ledger (接续清退): whoever knows a merchant is told when it is listed, and says what it did."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import task as tasks
from chalicelib.domain.moment import iso
from chalicelib.domain.resident import mask_personal
from chalicelib.errors import NotFound
from chalicelib.services import campaigning, monitoring
from chalicelib.services.delivering import Post, tell

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.numbered_feed import NumberedFeed

# The numbered tasks of a platform.
Ledger = Callable[[str], "NumberedFeed"]


def open_tasks(
    exchange: "ExchangeTable",
    ledger: Ledger,
    post: Post,
    subject: Mapping[str, Any],
    change: Mapping[str, Any],
    now: datetime,
    feeds: campaigning.Feeds,
) -> int:
    """One task for each platform that knows the subject of a numbered change; how many were told now.

    Run again after a kill, a task keeps its number and its notice its id.
    """
    if not tasks.concerns(change):
        return 0
    told = 0
    for platform_id in monitoring.knowers(exchange, subject, now):
        if change["listing"]["source"] == f"platform:{platform_id}":
            continue
        numbered = ledger(platform_id).append(tasks.task(change, platform_id))
        if "told_at" not in numbered:
            campaigning.tally(feeds, campaigning.TASKS, numbered.get("campaigns", ()), numbered["entry_id"])
            tell(post, platform_id, *tasks.task_notice(numbered, platform_id), now)
            ledger(platform_id).set_fields(numbered["number"], {"told_at": iso(now)})
            told += 1
    return told


def read(ledger: "NumberedFeed", after: int, limit: int) -> dict[str, Any]:
    """A platform's tasks after a number, in order, and the cursor to read on from."""
    entries = ledger.read(after, max(limit, 1))
    return {
        "tasks": [tasks.view(entry) for entry in entries],
        "next": str(entries[-1]["number"] if entries else after),
    }


def answer(
    ledger: "NumberedFeed", number: int, outcome: str, reason: str, now: datetime, feeds: campaigning.Feeds
) -> dict[str, Any]:
    """Record what the platform did; a later answer replaces an earlier one. `NotFound` for a task it has not."""
    fields = {"state": outcome, "outcome": outcome, "reason": mask_personal(reason)[0], "answered_at": iso(now)}
    if not ledger.set_fields(number, fields):
        raise NotFound("not_found", task_id=str(number))
    task = ledger.read(number - 1, 1)[0]
    in_time = iso(now) <= task.get("due_at", "")
    campaigning.tally_answer(feeds, task.get("campaigns", ()), task["entry_id"], outcome, in_time)
    return tasks.view(task)
