"""The notice to operators and regulators that a delta of a government list is held for a person to decide."""

from chalicelib.government_lists.rules.held_delta import HeldDelta
from chalicelib.government_lists.rules.hold_thresholds import HOLD_REASONS
from chalicelib.government_lists.rules.pull_findings import findings_view
from chalicelib.notices.rules.notice import Notice, notice_id


def hold_notice(hold: HeldDelta) -> Notice:
    """The notice to regulators that a government list arrived in a state that a person must look at."""
    zh, en = HOLD_REASONS[hold.reason]
    return Notice(
        notice_id=notice_id(f"{hold.feed}.{hold.hold_id}", "regulators"),
        kind="feed_held",
        at=hold.held_at,
        content={
            "feed": hold.feed,
            "hold_id": hold.hold_id,
            "reason": hold.reason,
            "says": {"zh": zh, "en": en},
            "counts": dict(hold.counts),
            **findings_view(hold.findings),
        },
    )
