"""A task of the closure ledger (接续清退): a platform is told of a merchant that it knows, and answers what it did."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain import listing as listings
from chalicelib.domain.notice import SCHEMA, Attributes, Notice, as_it_was, notice_id

OPENING: Final = ("opened", "amended", "reopened")
TOLD: Final = "told"
GRAVE: Final = 3


def concerns(entry: Mapping[str, Any]) -> bool:
    """Whether a change asks something of a platform that knows the merchant: a listing that is grave or was until
    now, or the end of one. That a dispute is open or over asks nothing; it pauses what was asked."""
    if entry["kind"] not in (*OPENING, *listings.ENDS):
        return False
    grave = max(entry["listing"]["severity"], as_it_was(entry)["severity"])
    return bool(grave == GRAVE and (listings.is_shared(entry["listing"]) or listings.is_shared(as_it_was(entry))))


def task(entry: Mapping[str, Any], platform_id: str) -> dict[str, Any]:
    """The task that one numbered change opens for one platform: `check` the merchant, or `undo` what was done."""
    stands = entry["kind"] in OPENING and entry["listing"]["severity"] == GRAVE
    return {
        "entry_id": task_id(entry["entry_id"], platform_id),
        "task": "check" if stands else "undo",
        "state": TOLD,
        "change": entry["number"],
        "opened_at": entry["at"],
        "subject": entry["subject"],
        "listing": listings.view(entry["listing"], "platform", platform_id),
        # No clock runs while a dispute is open.
        **({"paused_at": entry["at"]} if stands and listings.is_disputed(entry["listing"]) else {}),
    }


def task_id(change_id: str, platform_id: str) -> str:
    """The one id of the task that a change opens for a platform."""
    return hashlib.sha256(f"{change_id}|{platform_id}".encode()).hexdigest()[:24]


def view(numbered: Mapping[str, Any]) -> dict[str, Any]:
    """A task as its platform sees it."""
    fields = (
        "task",
        "state",
        "change",
        "opened_at",
        "subject",
        "listing",
        "paused_at",
        "outcome",
        "reason",
        "answered_at",
    )
    return {
        "task_id": str(numbered["number"]),
        **{field: numbered[field] for field in fields if numbered.get(field) not in (None, "")},
    }


def task_notice(numbered: Mapping[str, Any], platform_id: str) -> tuple[Notice, Attributes]:
    """The private notice of a task, and what subscriptions can filter on."""
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(numbered["entry_id"], platform_id),
        "kind": "task_opened",
        "at": numbered["opened_at"],
        "task": view(numbered),
    }
    return notice, {"kind": "task_opened", "severity": str(numbered["listing"]["severity"])}
