"""The notice to a platform that its roster was dealt with, or that its merchants were screened again."""

from collections.abc import Mapping
from typing import Any

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id


def roster_notice(shown: Mapping[str, Any]) -> tuple[Notice, Attributes]:
    """The notice of a roster that is done or refused; of a re-screening, that results have changed."""
    kind = "roster_rescreened" if shown["mode"] == "rescreen" else f"roster_{shown['status']}"
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{shown['roster_id']}.{kind}", "platform"),
        "kind": kind,
        "at": shown["done_at"],
        "roster": dict(shown),
    }
    return notice, {"kind": kind}
