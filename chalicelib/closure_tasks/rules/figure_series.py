"""How the figures of days become a series: one point for each day, week or month, in all or by one part."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.closure_tasks.rules.daily_counts import (
    CLASSES_PER_OCTAVE,
    ReportCounts,
    TaskCounts,
    UsageCounts,
    total,
)
from chalicelib.closure_tasks.rules.day_figures import ALL, DayFigures
from chalicelib.closure_tasks.rules.listing_counts import ListingCounts
from chalicelib.closure_tasks.rules.rates_and_medians import time_to_close
from chalicelib.closure_tasks.rules.task import CHECK, UNDO
from chalicelib.values.records import Json

DAY, WEEK, MONTH = "day", "week", "month"
PLATFORM, REASON, REGION, SEVERITY = "platform", "reason", "region", "severity"
OF_PLATFORM: Final = "platform:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRequest:
    """What a series is made of: the first and last day, the step, whose figures ('' for all), and by which part
    ('' for none); of regions the first `digits` digits."""

    since: str
    until: str
    step: str = DAY
    platform_id: str = ""
    by: str = ""
    digits: int = 2


def points(days: Mapping[str, DayFigures], wanted: SeriesRequest) -> list[Json]:
    """One point for each step from the first day to the last, also where there is nothing."""
    return [
        {"from": first, "to": last, **_point([days[day] for day in _days(first, last) if day in days], wanted)}
        for first, last in steps(wanted.since, wanted.until, wanted.step)
    ]


def steps(since: str, until: str, step: str) -> list[tuple[str, str]]:
    """The first and the last day of each step; weeks begin on Mondays, and the ends are cut off."""
    result = []
    day, last = date.fromisoformat(since), date.fromisoformat(until)
    while day <= last:
        following = min(_next(day, step), last + timedelta(days=1))
        result.append((day.isoformat(), (following - timedelta(days=1)).isoformat()))
        day = following
    return result


def histogram(classes: Mapping[str, int]) -> list[Json]:
    """How many listings were closed everywhere within which time: the classes of time by octaves from a minute on."""
    octaves: Counter[int] = Counter()
    for time_class, count in classes.items():
        octaves[(int(time_class) + CLASSES_PER_OCTAVE - 1) // CLASSES_PER_OCTAVE] += count
    return [{"up_to_seconds": 60 * 2**octave, "closed": octaves[octave]} for octave in sorted(octaves)]


def _point(days: Sequence[DayFigures], wanted: SeriesRequest) -> Json:
    classes = _classes(days)
    point: Json = {
        **_figures(days, wanted.platform_id),
        "time_to_close": {**time_to_close(classes), "histogram": histogram(classes)},
    }
    return {**point, "parts": _parts(days, wanted)} if wanted.by else point


def _figures(days: Sequence[DayFigures], platform_id: str) -> Json:
    tasks = [by_kind for day in days for owner, by_kind in day.tasks.items() if platform_id in ("", owner)]
    reports = [counts for day in days for owner, counts in day.reports.items() if platform_id in ("", owner)]
    usage = [counts for day in days for owner, counts in day.usage.items() if platform_id in ("", owner)]
    used, reported = total(UsageCounts, usage), total(ReportCounts, reports)
    listed = total(ListingCounts, _listings(days, platform_id))
    return {
        "reported": reported.reported,
        "reported_in_time": reported.reported_in_time,
        "listings": {name: getattr(listed, name) for name in ("opened", "withdrawn", "removed", "expired", "voided")},
        "check": total(TaskCounts, (each[CHECK] for each in tasks if CHECK in each)).to_item(),
        "undo": total(TaskCounts, (each[UNDO] for each in tasks if UNDO in each)).to_item(),
        "lookups": used.lookups,
        "matches": used.matches,
        "verdicts": {
            "clear": used.clear, "inform": used.inform, "unknown": used.unsure, "review": used.review,
            "block": used.block,
        },
    }  # fmt: skip


def _parts(days: Sequence[DayFigures], wanted: SeriesRequest) -> Json:
    """The figures by platform; by reason, region or severity how many listings were opened."""
    if wanted.by == PLATFORM:
        parts = (part for day in days for part in (day.tasks, day.reports, day.usage))
        names = sorted({name for part in parts for name in part if wanted.platform_id in ("", name)})
        return {name: _figures(days, name) for name in names}
    listed = total(ListingCounts, _listings(days, wanted.platform_id))
    counts: Counter[str] = Counter()
    for value, count in getattr(listed, wanted.by).items():
        known = wanted.by == REGION and value.isdigit()
        counts[value[: wanted.digits] if known else value] += count
    return {value: {"opened": count} for value, count in sorted(counts.items())}


def _listings(days: Iterable[DayFigures], platform_id: str) -> Iterable[ListingCounts]:
    for day in days:
        for source, counts in day.listings.items():
            if platform_id in ("", source.removeprefix(OF_PLATFORM)) and source.startswith(OF_PLATFORM):
                yield counts


def _classes(days: Iterable[DayFigures]) -> dict[str, int]:
    classes: Counter[str] = Counter()
    for day in days:
        classes.update(day.times_to_close.get(ALL, {}))
    return dict(classes)


def _days(first: str, last: str) -> Iterable[str]:
    span = (date.fromisoformat(last) - date.fromisoformat(first)).days
    return [(date.fromisoformat(first) + timedelta(days=each)).isoformat() for each in range(span + 1)]


def _next(day: date, step: str) -> date:
    """The first day of the next step."""
    if step == WEEK:
        return day + timedelta(days=7 - day.weekday())
    if step == MONTH:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=1)
