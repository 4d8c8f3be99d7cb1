"""The notice that platforms and government came to agree or to disagree about a subject."""

from collections.abc import Mapping
from typing import Any

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id


def corroboration_notice(entry: Mapping[str, Any], audience: str) -> tuple[Notice, Attributes]:
    """The notice that platforms and government have come to stand differently to each other over one subject."""
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"corroboration.{entry['entry_id']}", audience),
        "kind": "corroboration_changed",
        "at": entry["at"],
        "subject": entry["subject"],
        "was": entry["was"],
        "corroboration": entry["corroboration"],
    }
    return notice, {"kind": "corroboration_changed", "state": entry["state"]}
