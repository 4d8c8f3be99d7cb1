"""What a platform has acknowledged of its own notices: up to a number all of them, and beyond it single ones.

One small record holds it all, however many notices there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from chalicelib.values.records import Record, stored

# Older stretches become one, and then say "by then".
MOST_MARKS: Final = 200
MOST_BEYOND: Final = 5_000


class Stretch(NamedTuple):
    """The notices up to number `last` that no earlier stretch holds, and when they were acknowledged."""

    last: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Record):
    """What is acknowledged: all notices up to `through`, and those of `beyond` (number as text → when).

    `marks` tell when each stretch up to `through` was acknowledged; `revision` counts the changes, 0 for none yet.
    """

    id: str = stored("")
    through: int = stored(0, always=True)
    beyond: Mapping[str, str] = stored(factory=dict, always=True)
    marks: tuple[Stretch, ...] = stored((), many="values", always=True)
    revision: int = stored(0, always=True)

    def __post_init__(self) -> None:
        """Turn stored lists into stretches."""
        object.__setattr__(self, "marks", tuple(Stretch(last, at) for last, at in self.marks))


def acknowledge(before: Acknowledged, through: int, single: Iterable[int], at: str) -> Acknowledged:
    """What is acknowledged after a further acknowledgement; equal to `before` when that adds nothing."""
    reached = max(before.through, through)
    beyond = {int(number): when for number, when in before.beyond.items() if int(number) > reached}
    beyond |= {number: at for number in single if number > reached and number not in beyond}
    marks = list(before.marks)
    if reached > before.through:
        # What had been acknowledged by itself keeps its own moment.
        marks += _stretches(before, reached, at)
    while reached + 1 in beyond:
        reached += 1
        marks.append(Stretch(reached, beyond.pop(reached)))
    return before.replace(
        through=reached,
        beyond={str(number): beyond[number] for number in sorted(beyond)},
        marks=tuple(_merged_stretches(marks)),
    )


def acknowledged_at(acknowledged: Acknowledged, number: int) -> str:
    """When a notice was acknowledged ('' when it was not); of long ago the moment by which it had been."""
    if number > acknowledged.through:
        return acknowledged.beyond.get(str(number), "")
    return next(stretch.at for stretch in acknowledged.marks if number <= stretch.last)


def count_unacknowledged(acknowledged: Acknowledged, end: int) -> int:
    """How many of the notices 1 to `end` are not acknowledged; the oldest of them is `through` + 1."""
    return max(0, end - acknowledged.through - len(acknowledged.beyond))


def _stretches(before: Acknowledged, reached: int, at: str) -> Iterator[Stretch]:
    for number, moment in sorted((int(number), moment) for number, moment in before.beyond.items()):
        if number <= reached:
            yield Stretch(number - 1, at)
            yield Stretch(number, moment)
    yield Stretch(reached, at)


def _merged_stretches(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one moment as one stretch; beyond 200 stretches the oldest are one."""
    merged: list[Stretch] = []
    for stretch in stretches:
        if merged and stretch.last <= merged[-1].last:
            continue
        if merged and merged[-1].at == stretch.at:
            merged[-1] = stretch
        else:
            merged.append(stretch)
    if len(merged) <= MOST_MARKS:
        return merged
    oldest, rest = merged[: -MOST_MARKS + 1], merged[-MOST_MARKS + 1 :]
    return [Stretch(oldest[-1].last, max(stretch.at for stretch in oldest)), *rest]
