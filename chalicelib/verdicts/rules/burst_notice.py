"""The notice to regulators that a platform reports in a burst."""

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.verdicts.rules.burst_thresholds import Burst


def burst_notice(burst: Burst) -> Notice:
    """The notice to regulators that one platform reports in a burst against one trade or region."""
    return Notice(
        notice_id=notice_id(burst.guard_id, "regulators"),
        kind="reports_burst",
        at=burst.at,
        content={"burst": burst.to_item()},
    )
