"""The watch over shown licences: what a look at a shop's page finds, and what a platform is told and asked.

A page shows a licence when it carries our display's address or a well-formed link of the national system for that
merchant (电子商务法 15: on the home page, conspicuously and continuously, or a link mark to it). Whether a mark is
conspicuous no machine can say; that it is there, it can.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.matching import parse_name
from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id

DISPLAYED, NATIONAL = "displayed", "national_link"
MISSING, OUTDATED, REVOKED = "missing", "outdated", "revoked"
UNREACHABLE, NOT_ALLOWED = "unreachable", "not_allowed"
# What is asked of a platform for each bad finding; a task of the ledger, in zh and en.
TASKS: Final = {
    MISSING: ("licence_missing", "店铺页面未见亮照链接", "the shop's page carries no link to its licence"),
    OUTDATED: ("licence_outdated", "执照信息须重新核验或更新", "the licence must be verified or shown anew"),
    REVOKED: ("licence_revoked", "执照已失效，请核处", "the licence is no longer valid; see to the merchant"),
}
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_DISPLAY: Final = re.compile(r"/licences/(d_[0-9a-f]{20})")
_LINK: Final = re.compile(r"https?:[^\s\"'<>]{10,2000}", re.IGNORECASE)


def is_renamed(known: Mapping[str, Any], registration: Mapping[str, Any]) -> bool:
    """Whether the register knows the merchant by another name than the licence that was verified."""
    name = str(registration.get("name", ""))
    return bool(name) and parse_name.comparison_key(name) != parse_name.comparison_key(str(known.get("name", "")))


def rechecked(
    known: Mapping[str, Any], registration: Mapping[str, Any], due_on: str, at: str, today: str
) -> dict[str, Any] | None:
    """The licence once the register has borne it out on its due day; None when the register does not.

    Article 24 of Order 37 wants the information verified again at least every six months. A register that is fresh and
    says the same name and that the merchant trades is such a verification; anything else needs the holder.
    """
    if registration.get("status") != "operating" or not registration.get("name") or is_renamed(known, registration):
        return None
    if known["state"] == REVOKED or today < known["due_on"]:
        return None
    changed = {"due_on": due_on, "state": "verified", "rechecked_at": at, "rechecked_by": "register"}
    return {**known, **changed, "version": known["version"] + 1}


def task(finding: str, platform_id: str, found: Mapping[str, Any], key: str, at: str) -> dict[str, Any]:
    """The task that a finding opens for one platform; `key` tells one occasion from another.

    `found`: uscc, name, state, due_on of the licence; display_id and url of the display, as far as there are.
    """
    asked, zh, en = TASKS[finding]
    uscc, name = str(found.get("uscc", "")), str(found.get("name", ""))
    return {
        "entry_id": hashlib.sha256(f"{asked}|{key}|{platform_id}".encode()).hexdigest()[:24],
        "task": asked,
        "state": "told",
        "changed_at": at,
        "opened_at": at,
        "subject": {"subject_id": f"uscc:{uscc}", "uscc": uscc, "name": name} if uscc else {"name": name},
        "listing": {},
        "licence": {field: value for field, value in found.items() if value},
        "says": {"zh": zh, "en": en},
        "steps": 1,
        "history": [{"at": at, "by": "exchange", "before": "", "after": "told"}],
    }


def task_notice(numbered: Mapping[str, Any], platform_id: str) -> tuple[Notice, Attributes]:
    """The private notice of such a task."""
    shown = ("task", "state", "opened_at", "subject", "licence", "says")
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(numbered["entry_id"], platform_id),
        "kind": "licence_task_opened",
        "at": numbered["opened_at"],
        "licence_task": {"task_id": str(numbered["number"]), **{field: numbered[field] for field in shown}},
    }
    return notice, {"kind": "licence_task_opened", "task": numbered["task"]}


def lapse_notice(found: Mapping[str, Any], audience: str, at: str) -> tuple[Notice, Attributes]:
    """The notice that a licence was not verified again in time."""
    fields = ("uscc", "name", "state", "status", "status_at", "verified_at", "receipt_id", "due_on")
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"licence.{found['uscc']}.lapsed.{found['due_on']}", audience),
        "kind": "licence_changed",
        "at": at,
        "licence": {field: found[field] for field in fields},
    }
    return notice, {"kind": "licence_changed", "state": found["state"]}
