"""The figures of one day as they are stored: one attribute for each platform and kind of count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from chalicelib.closure_tasks.rules.daily_counts import ReportCounts, TaskCounts, UsageCounts
from chalicelib.closure_tasks.rules.listing_counts import ListingCounts

# Attributes are named by one of these and a platform's id, so that each log and each platform is written apart.
TASKS, REPORTS, USAGE, LISTINGS = "tasks:", "reports:", "taken:", "made:"
TIMES_TO_CLOSE: Final = "circle"
# The reason under which the times to close of all reasons are counted.
ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What was counted of a day, or a part of it: `tasks` by platform and kind of task, `reports` and `usage` by
    platform, `times_to_close` by reason and class of time, `listings` by source."""

    tasks: Mapping[str, Mapping[str, TaskCounts]] = field(default_factory=dict)
    reports: Mapping[str, ReportCounts] = field(default_factory=dict)
    usage: Mapping[str, UsageCounts] = field(default_factory=dict)
    times_to_close: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    listings: Mapping[str, ListingCounts] = field(default_factory=dict)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """The figures that a stored item stands for."""
        return cls(
            tasks={
                platform_id: {kind: TaskCounts.from_item(counts) for kind, counts in by_kind.items()}
                for platform_id, by_kind in _by_platform(item, TASKS)
            },
            reports={name: ReportCounts.from_item(counts) for name, counts in _by_platform(item, REPORTS)},
            usage={name: UsageCounts.from_item(counts) for name, counts in _by_platform(item, USAGE)},
            times_to_close=item.get(TIMES_TO_CLOSE, {}),
            listings={source: ListingCounts.from_item(counts) for source, counts in _by_platform(item, LISTINGS)},
        )

    def to_item(self) -> dict[str, Any]:
        """The attributes that stand for what was counted; each is written whole."""
        return {
            **{
                TASKS + platform_id: {kind: counts.to_item() for kind, counts in by_kind.items()}
                for platform_id, by_kind in self.tasks.items()
            },
            **{REPORTS + platform_id: counts.to_item() for platform_id, counts in self.reports.items()},
            **{USAGE + platform_id: counts.to_item() for platform_id, counts in self.usage.items()},
            **{LISTINGS + source: counts.to_item() for source, counts in self.listings.items()},
            **({TIMES_TO_CLOSE: self.times_to_close} if self.times_to_close else {}),
        }


def _by_platform(item: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, counts in item.items():
        if name.startswith(prefix):
            yield name.removeprefix(prefix), counts
