"""The notice that the state of a verified licence changed."""

from collections.abc import Mapping
from typing import Any

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id


def licence_notice(licence: Mapping[str, Any], audience: str) -> tuple[Notice, Attributes]:
    """The notice that a licence which the platform has verified stands otherwise now, by the word of the register."""
    what = f"licence.{licence['uscc']}.{licence['state']}.{licence['status_at']}"
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(what, audience),
        "kind": "licence_changed",
        "at": licence["status_at"],
        "licence": {
            field: licence[field]
            for field in ("uscc", "name", "state", "status", "status_at", "verified_at", "receipt_id", "due_on")
        },
    }
    return notice, {"kind": "licence_changed", "state": licence["state"]}
