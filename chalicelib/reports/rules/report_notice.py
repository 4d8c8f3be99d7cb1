"""The notice to a reporter that its report was processed."""

from collections.abc import Mapping
from typing import Any

from chalicelib.notices.rules.notice import Notice, notice_id


def report_notice(report: Mapping[str, Any], audience: str = "reporter") -> Notice:
    """The notice to a reporter, or to whom a regulator reported for, that the report is done or refused."""
    kind = f"report_{report['status']}"
    return Notice(
        notice_id=notice_id(f"{report['report_id']}.{kind}", audience),
        kind=kind,
        at=report["done_at"],
        content={"report": dict(report)},
    )
