"""What a platform has acknowledged of its own notices: up to a number all of them, and beyond it single ones.

One small mapping says it all, however many notices there are: `through`, `beyond` (number → when), and `marks`, which
tell when each stretch was acknowledged.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

Acknowledged = Mapping[str, Any]
NOTHING: Final[Acknowledged] = {"through": 0, "beyond": {}, "marks": [], "revision": 0}
# Older stretches become one, and then say "by then".
MOST_MARKS: Final = 200
MOST_BEYOND: Final = 5_000


def take(known: Acknowledged, through: int, single: Iterable[int], at: str) -> dict[str, Any]:
    """What is acknowledged after a further acknowledgement; `known` itself when that tells nothing new."""
    reached = max(int(known["through"]), through)
    beyond = {int(number): when for number, when in known["beyond"].items() if int(number) > reached}
    beyond |= {number: at for number in single if number > reached and number not in beyond}
    marks = [list(mark) for mark in known["marks"]]
    if reached > known["through"]:
        # What had been acknowledged by itself keeps its own moment.
        marks += _stretches(known, reached, at)
    while reached + 1 in beyond:
        reached += 1
        marks.append([reached, beyond.pop(reached)])
    after = {"through": reached, "beyond": {str(n): beyond[n] for n in sorted(beyond)}, "marks": _fewer(marks)}
    return dict(known) if all(known[part] == after[part] for part in after) else {**known, **after}


def when(known: Acknowledged, number: int) -> str:
    """When a notice was acknowledged ('' when it was not); of long ago the moment by which it had been."""
    if number > known["through"]:
        return str(known["beyond"].get(str(number), ""))
    return next(str(at) for last, at in known["marks"] if number <= last)


def unacknowledged(known: Acknowledged, end: int) -> int:
    """How many of the notices 1 to `end` are not acknowledged; the oldest of them is `through` + 1."""
    return max(0, end - int(known["through"]) - len(known["beyond"]))


def _stretches(known: Acknowledged, reached: int, at: str) -> list[list[Any]]:
    marks: list[list[Any]] = []
    for number, moment in sorted((int(one), moment) for one, moment in known["beyond"].items()):
        if number <= reached:
            marks += [[number - 1, at], [number, moment]]
    return [*marks, [reached, at]]


def _fewer(marks: list[list[Any]]) -> list[list[Any]]:
    """Neighbours of one moment as one stretch; beyond 200 stretches the oldest are one."""
    fewer: list[list[Any]] = []
    for last, at in marks:
        if fewer and last <= fewer[-1][0]:
            continue
        if fewer and fewer[-1][1] == at:
            fewer[-1][0] = last
        else:
            fewer.append([last, at])
    if len(fewer) <= MOST_MARKS:
        return fewer
    merged, rest = fewer[:-MOST_MARKS], fewer[-MOST_MARKS:]
    rest[0] = [rest[0][0], max(str(at) for _, at in (*merged, rest[0]))]
    return rest
