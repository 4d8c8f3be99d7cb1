"""The notice to regulators that a platform reports in a burst."""

from collections.abc import Mapping
from typing import Any

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id


def burst_notice(burst: Mapping[str, Any]) -> tuple[Notice, Attributes]:
    """The notice to regulators that one platform reports in a burst against one trade or region."""
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(burst["guard_id"], "regulators"),
        "kind": "reports_burst",
        "at": burst["at"],
        "burst": dict(burst),
    }
    return notice, {"kind": "reports_burst"}
