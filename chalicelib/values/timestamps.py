"""Moments as the exchange writes them: UTC, ISO 8601, milliseconds; texts that sort as time does."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

# All of China keeps one time, without summer time since 1991; a date in a report or list is a date there.
CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def iso(moment: datetime) -> str:
    """The moment as text, such as 2026-01-31T08:00:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def age_seconds(text: str, now: datetime) -> int:
    """How long ago a moment written by `iso` was, in whole seconds."""
    return max(0, int((now - datetime.fromisoformat(text)).total_seconds()))


def china_date(moment: datetime) -> str:
    """The date in China at that moment, YYYY-MM-DD."""
    return moment.astimezone(CHINA).date().isoformat()
