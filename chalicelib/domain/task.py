"""A task of the closure ledger (接续清退): a platform is told of a merchant that it knows, and answers what it did."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain import listing as listings
from chalicelib.domain.notice import MARKS, SCHEMA, Attributes, Notice, notice_id

OPENING: Final = ("opened", "amended", "reopened", "guard_lifted")
TOLD: Final = "told"


def concerns(entry: Mapping[str, Any]) -> bool:
    """Whether a change asks something of a platform that knows the merchant: a grave listing, or the end of one."""
    return bool(entry["listing"]["severity"] == 3 and listings.is_shared(entry["listing"]))


def task(entry: Mapping[str, Any], platform_id: str) -> dict[str, Any]:
    """The task that one numbered change opens for one platform: `check` the merchant, or `undo` what was done."""
    asked = "check" if entry["kind"] in OPENING else "undo"
    return {
        "entry_id": hashlib.sha256(f"{entry['entry_id']}|{platform_id}".encode()).hexdigest()[:24],
        "task": asked,
        "state": TOLD,
        "change": entry["number"],
        "opened_at": entry["at"],
        "subject": entry["subject"],
        "listing": listings.view(entry["listing"], "platform", platform_id),
        **{field: entry[field] for field in MARKS if field in entry},
    }


def view(numbered: Mapping[str, Any]) -> dict[str, Any]:
    """A task as its platform sees it."""
    fields = ("task", "state", "change", "opened_at", "subject", "listing", "outcome", "reason", "answered_at", *MARKS)
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
