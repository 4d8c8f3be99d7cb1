"""From which share of removals or rejections on a delta is held for a person instead of being applied."""

from dataclasses import dataclass
from typing import Final, Protocol

# The thresholds of a list whose operator has set no others.
SHRINK_PERCENT: Final = 10
GROWTH_TIMES: Final = 3
UNREADABLE_PERCENT: Final = 5
# Why a delta may be held, in zh and en.
HOLD_REASONS: Final = {
    "empty": ("名单为空", "the list is empty"),
    "unreadable": ("文件无法识别", "the file cannot be read"),
    "checksum_mismatch": ("校验值不符", "the file is not the one that its manifest promised"),
    "unreadable_rows": ("无法识别的行过多", "too many rows cannot be read"),
    "future_dates": ("含有未来日期", "some dates lie in the future"),
    "shrunken": ("条数骤减", "too many records vanished at once"),
    "grown": ("条数骤增", "too many records came at once"),
}


class Thresholds(Protocol):
    """How a list is delivered, and the shares in per cent (or times) past which a person must look."""

    @property
    def delivers(self) -> str:
        """`all` or `changes`."""
        ...

    @property
    def shrink_percent(self) -> int:
        """So many per cent of the entries may vanish at once."""
        ...

    @property
    def growth_times(self) -> int:
        """So many times as many entries there may be at once."""
        ...

    @property
    def unreadable_percent(self) -> int:
        """So many per cent of the rows may be rejected."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """What was read: entries `before` and `after`, rows that could not be read, of these dates in the future.

    `persons_left_out` are the rows about natural persons, which are not read.
    """

    before: int
    after: int
    rejected: int = 0
    future_dates: int = 0
    persons_left_out: int = 0


def hold_reason(thresholds: Thresholds, counts: Counts) -> str:
    """Why what was read must wait for a person, a key of `HOLD_REASONS`; '' when it may be applied.

    An empty or shrunken list is far more often an accident at the source than a day of mass pardon.
    """
    if counts.after == 0 and (thresholds.delivers == "all" or counts.before):
        return "empty"
    if counts.rejected * 100 > thresholds.unreadable_percent * (counts.after + counts.rejected):
        return "unreadable_rows"
    if counts.future_dates:
        return "future_dates"
    if counts.before and counts.after * 100 < counts.before * (100 - thresholds.shrink_percent):
        return "shrunken"
    if counts.before and counts.after > counts.before * thresholds.growth_times:
        return "grown"
    return ""
