"""The notice to regulators that a platform reports in a burst."""

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id
from chalicelib.verdicts.rules.burst_thresholds import Burst


def burst_notice(burst: Burst) -> tuple[Notice, Attributes]:
    """The notice to regulators that one platform reports in a burst against one trade or region."""
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(burst.guard_id, "regulators"),
        "kind": "reports_burst",
        "at": burst.at,
        "burst": burst.to_item(),
    }
    return notice, {"kind": "reports_burst"}
