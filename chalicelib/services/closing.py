"""The closure ledger (接续清退): whoever knows a merchant is told when it is listed, and says what it did."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import listing as listings
from chalicelib.domain import task as tasks
from chalicelib.domain.moment import iso
from chalicelib.domain.resident import mask_personal
from chalicelib.errors import NotFound
from chalicelib.services import monitoring
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
) -> int:
    """One task for each platform that knows the subject of a numbered change; how many were told now.

    Run again after a kill, a task keeps its number and its notice its id.
    """
    if not tasks.concerns(change):
        return 0
    told = 0
    listing = subject["listings"][change["listing"]["listing_id"]]
    for platform_id in _concerned(exchange, subject, listing, change["kind"], now):
        numbered = ledger(platform_id).append(tasks.task(change, platform_id))
        if "told_at" not in numbered:
            monitoring.remember_receiving(exchange, subject["subject_id"], platform_id, now)
            tell(post, platform_id, *tasks.task_notice(numbered, platform_id), now)
            ledger(platform_id).set_fields(numbered["number"], {"told_at": iso(now)})
            told += 1
    return told


def pause(
    exchange: "ExchangeTable",
    ledger: Ledger,
    subject: Mapping[str, Any],
    listing: Mapping[str, Any],
    paused_at: str,
    now: datetime,
) -> None:
    """Let every task that the listing has opened stand still since a moment; '' lets them go on."""
    opened = [one for one in listing["history"] if one["kind"] in tasks.OPENING]
    for platform_id in _concerned(exchange, subject, listing, "disputed", now):
        for event in opened:
            known = ledger(platform_id).find(tasks.task_id(listings.change_id(listing, event), platform_id))
            if known and known["task"] == "check":
                ledger(platform_id).set_fields(known["number"], {"paused_at": paused_at})


def _concerned(
    exchange: "ExchangeTable", subject: Mapping[str, Any], listing: Mapping[str, Any], kind: str, now: datetime
) -> list[str]:
    """The platforms to which a change of the listing matters: who knows the merchant, and unless the listing opens
    just now, who received it; never its reporter."""
    if kind in ("opened", "reopened"):
        found = list(monitoring.knowers(exchange, subject, now))
    else:
        found = monitoring.receivers(exchange, subject, listing["history"][0]["at"], now)
    return [one for one in found if listing["source"] != f"platform:{one}"]


def read(ledger: "NumberedFeed", after: int, limit: int) -> dict[str, Any]:
    """A platform's tasks after a number, in order, and the cursor to read on from."""
    entries = ledger.read(after, max(limit, 1))
    return {
        "tasks": [tasks.view(entry) for entry in entries],
        "next": str(entries[-1]["number"] if entries else after),
    }


def answer(ledger: "NumberedFeed", number: int, outcome: str, reason: str, now: datetime) -> dict[str, Any]:
    """Record what the platform did; a later answer replaces an earlier one. `NotFound` for a task it has not."""
    fields = {"state": outcome, "outcome": outcome, "reason": mask_personal(reason)[0], "answered_at": iso(now)}
    if not ledger.set_fields(number, fields):
        raise NotFound("not_found", task_id=str(number))
    return tasks.view(ledger.read(number - 1, 1)[0])
