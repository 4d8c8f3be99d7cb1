"""How the counts of days become figures: rates, percentiles, and medians of the other platforms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from chalicelib.closure_tasks.rules.daily_counts import (
    CLASSES_PER_OCTAVE,
    ReportCounts,
    TaskCounts,
    UsageCounts,
    total,
)
from chalicelib.closure_tasks.rules.day_figures import DayFigures
from chalicelib.closure_tasks.rules.task import CHECK, UNDO
from chalicelib.values.records import Json

# Fewer others than this, and the median could reveal the figure of one.
LEAST_GROUP: Final = 5
RATES: Final = ("reported_in_time", "answered_in_time", "undone_in_time", "kept_rate", "disputed_rate", "void_rate",
                "give_to_take", "days_to_answer")  # fmt: skip
HOURS_OF_A_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformCounts:
    """One platform's counts over a period: its tasks to check and to undo, its reports, its use of the exchange."""

    check: TaskCounts = field(default_factory=TaskCounts)
    undo: TaskCounts = field(default_factory=TaskCounts)
    reports: ReportCounts = field(default_factory=ReportCounts)
    usage: UsageCounts = field(default_factory=UsageCounts)


def counts_by_platform(days: Sequence[DayFigures]) -> dict[str, PlatformCounts]:
    """Everything that was counted of each platform on the days, added up."""
    platform_ids = sorted({name for day in days for part in (day.tasks, day.reports, day.usage) for name in part})
    return {platform_id: _counts_of(platform_id, days) for platform_id in platform_ids}


def times_to_close(days: Iterable[DayFigures]) -> dict[str, dict[str, int]]:
    """The times to close of all days: counts by class of time, by reason."""
    summed: dict[str, dict[str, int]] = {}
    for day in days:
        for reason, classes in day.times_to_close.items():
            counts = summed.setdefault(reason, {})
            for time_class, count in classes.items():
                counts[time_class] = counts.get(time_class, 0) + count
    return summed


def of_platform(counts: PlatformCounts) -> Json:
    """One platform's figures over a period: counts, and rates where there is anything to divide by."""
    check, undo, reports, usage = counts.check, counts.undo, counts.reports, counts.usage
    return {
        "reported": reports.reported,
        "reported_in_time": _rate(reports.reported_in_time, reports.reported),
        "lateness": {"p50_days": _rank(reports.lateness, 0.5), "p95_days": _rank(reports.lateness, 0.95)},
        "check": check.to_item(),
        "undo": undo.to_item(),
        "answered_in_time": _rate(check.in_time, check.judged),
        "undone_in_time": _rate(undo.in_time, undo.judged),
        "days_to_answer": _rate(check.hours, check.timed * HOURS_OF_A_DAY),
        "kept_rate": _rate(check.kept, check.answered),
        "disputed_rate": _rate(reports.disputed, reports.reported),
        "void_rate": _rate(reports.voided, reports.reported),
        "lookups": usage.lookups,
        "matches": usage.matches,
        "give_to_take": _rate(reports.reported, usage.lookups + usage.matches),
    }


def time_to_close(classes: Mapping[str, int]) -> Json:
    """How long closing took: how many listings were closed everywhere, the middle time, and the 95 % percentile."""
    return {
        "closed": sum(classes.values()),
        "p50_seconds": percentile(classes, 0.5),
        "p95_seconds": percentile(classes, 0.95),
    }


def medians(others: Sequence[Json]) -> dict[str, float | None]:
    """The median of each rate over other platforms; None where fewer than `LEAST_GROUP` of them have it."""
    figures: dict[str, float | None] = {}
    for rate in RATES:
        values = [other[rate] for other in others if other[rate] is not None]
        figures[rate] = round(median(values), 3) if len(values) >= LEAST_GROUP else None
    return figures


def percentile(classes: Mapping[str, int], share: float) -> int | None:
    """The time in seconds below which that share of all lies, from counts by `time_class`; None for none."""
    rank = _rank(classes, share)
    return round(60 * 2 ** ((rank - 0.5) / CLASSES_PER_OCTAVE)) if rank else rank


def _counts_of(platform_id: str, days: Sequence[DayFigures]) -> PlatformCounts:
    tasks = [day.tasks.get(platform_id, {}) for day in days]
    return PlatformCounts(
        check=total(TaskCounts, (by_kind[CHECK] for by_kind in tasks if CHECK in by_kind)),
        undo=total(TaskCounts, (by_kind[UNDO] for by_kind in tasks if UNDO in by_kind)),
        reports=total(ReportCounts, (day.reports[platform_id] for day in days if platform_id in day.reports)),
        usage=total(UsageCounts, (day.usage[platform_id] for day in days if platform_id in day.usage)),
    )


def _rank(counts: Mapping[str, int], share: float) -> int | None:
    """The smallest number that so large a share of all counted numbers does not exceed; None for none."""
    passed, whole = 0, sum(counts.values())
    for number in sorted(map(int, counts)):
        passed += counts[str(number)]
        if passed >= share * whole:
            return number
    return None


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
