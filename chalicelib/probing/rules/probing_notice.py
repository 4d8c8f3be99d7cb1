"""The notice to regulators that a platform's lookups look like probing."""

from typing import Final

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.values.records import Json

KIND: Final = "probing_suspected"


def probing_notice(platform_id: str, day: str, at: str, content: Json) -> Notice:
    """The notice to regulators about a platform's day, with its signals and figures; other signals are another one."""
    names = ",".join(sorted({signal["signal"] for signal in content["signals"]}))
    return Notice(
        notice_id=notice_id(f"probing|{platform_id}|{day}|{names}", "regulators"),
        kind=KIND,
        at=at,
        content={"probing": {"platform_id": platform_id, "day": day, **content}},
    )
