"""When lookups look like probing: a table of shares, each against those of the other platforms and the own past.

A share counts as unlike only where chance does not explain it (the bound of its Wilson interval), so that a platform
with five lookups a day is not accused by a single one. Codes in sequence are enough by themselves. All else needs two
shares of different kinds, of which one says that those asked about are no applicants: an open season, a campaign or a
recheck changes one of them, and its merchants still join or are there already.
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.probing.rules.lookup_figures import LookupFigures
from chalicelib.values.records import Json

IN_SEQUENCE, ODD_CODES, PERSONAL, FEW_HITS, MANY_HITS, ABSENT = (
    "in_sequence", "odd_codes", "personal", "few_hits", "many_hits", "absent"
)  # fmt: skip
Z: Final = 3.1
Z_OF_FEW: Final = 2.58
# The past of a platform counts for it from so many lookups on.
LEAST_PAST: Final = 100
# A share of fewer counts for nothing in comparisons; where there are fewer others, what is usual stands for them.
LEAST_OF_OTHERS: Final = 20
LEAST_OTHERS: Final = 3


@dataclass(frozen=True, slots=True)
class Share:
    """A share that is watched: `counted` of `out_of` (names of figures), what is `usual` where there are no others.

    It is unlike where at least `least` were counted and it is surely more than `floor`, than `times` what others and
    the own past have, and than `beyond` more than that.
    """

    name: str
    counted: str
    out_of: str
    usual: float
    floor: float
    least: int = 20
    times: float = 1.0
    beyond: float = 0.0


SHARES: Final = (
    Share(IN_SEQUENCE, "in_sequence", "codes", usual=0.02, floor=0.2, times=3),
    Share(ODD_CODES, "odd_codes", "lookups", usual=0.01, floor=0.05, times=3),
    Share(PERSONAL, "personal", "lookups", usual=0.1, floor=0.2, times=1.5),
    Share(MANY_HITS, "hits", "lookups", usual=0.02, floor=0.05, times=3),
    Share(ABSENT, "absent", "judged", usual=0.6, floor=0.6, beyond=0.1),
)
# Of those asked about by a number, or by a code that was made up: no applicants, though others are.
ABSENT_OF: Final = {
    PERSONAL: Share(ABSENT, "absent_personal", "judged_personal", usual=0.6, floor=0.7, beyond=0.1),
    ODD_CODES: Share(ABSENT, "absent_odd", "judged_odd", usual=0.6, floor=0.7, beyond=0.1),
}
# A platform whose applicants used to join, and surely join so much less often now, needs no second share.
JOINED_BEFORE: Final = Share(ABSENT, "absent", "judged", usual=0.6, floor=0.7, beyond=0.25)
HITS: Final = Share(FEW_HITS, "hits", "lookups", usual=0.02, floor=0.0)
LEAST_FOR_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class Signal:
    """A share that is unlike the others': its value, the median of the others, and of the own past (None: too short).

    `window` is over which days: `day`, `week`, or `settled_day` and `settled_week`, a week earlier, as those lookups
    turned out.
    """

    name: str
    window: str
    share: float
    others: float
    past: float | None

    def to_json(self) -> Json:
        """The signal as it is stored and shown."""
        values: Json = {"signal": self.name, "window": self.window}
        values |= {"share_percent": percent(self.share), "others_percent": percent(self.others)}
        return values if self.past is None else {**values, "past_percent": percent(self.past)}


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of a window, with those of the other platforms in the same window and of the own past."""

    window: str
    own: LookupFigures
    others: Sequence[LookupFigures]
    past: LookupFigures


def signals(compared: Compared) -> list[Signal]:
    """The signals of a window where they add up to a suspicion; none where they do not."""
    raised = list(_unlike(compared))
    names = {signal.name for signal in raised}
    suspicious = (
        IN_SEQUENCE in names
        or (ABSENT in names and names & {ODD_CODES, PERSONAL, FEW_HITS, MANY_HITS})
        or names >= {ODD_CODES, FEW_HITS}
        or _joined_before(compared)
    )
    return raised if suspicious else []


def percent(share: float) -> int:
    """A share in whole per cent."""
    return round(100 * share)


def _unlike(compared: Compared) -> Iterator[Signal]:
    raised = [signal for share in SHARES if (signal := _more_than_usual(share, compared))]
    if fewer := _few_hits(compared):
        raised.append(fewer)
    names = {signal.name for signal in raised}
    yield from raised
    groups = [share for name, share in ABSENT_OF.items() if name in names and ABSENT not in names]
    yield from (signal for share in groups if (signal := _more_than_usual(share, compared)))


def _joined_before(compared: Compared) -> bool:
    signal = _more_than_usual(JOINED_BEFORE, compared)
    return signal is not None and signal.past is not None


def _more_than_usual(share: Share, compared: Compared) -> Signal | None:
    counted, out_of = getattr(compared.own, share.counted), getattr(compared.own, share.out_of)
    if counted < share.least or not out_of:
        return None
    others, past = _of_others(share, compared.others), _of_past(share, compared.past)
    usual = max(others, past or 0.0)
    surely = _bounds(counted, out_of, Z)[0]
    if surely <= max(share.floor, share.times * usual, usual + share.beyond):
        return None
    return Signal(share.name, compared.window, counted / out_of, others, past)


def _few_hits(compared: Compared) -> Signal | None:
    """Less than half the hits of others and of the own past, surely: what was made up finds nobody."""
    hits, lookups = compared.own.hits, compared.own.lookups
    if lookups < LEAST_FOR_FEW:
        return None
    others, past = _of_others(HITS, compared.others), _of_past(HITS, compared.past)
    usual = others if past is None else min(others, past)
    if _bounds(hits, lookups, Z_OF_FEW)[1] >= usual / 2:
        return None
    return Signal(FEW_HITS, compared.window, hits / lookups, others, past)


def _of_others(share: Share, others: Sequence[LookupFigures]) -> float:
    """The median of the other platforms, so that no single one of them, probing too, hides this one."""
    shares: list[float] = [
        getattr(each, share.counted) / getattr(each, share.out_of)
        for each in others
        if getattr(each, share.out_of) >= LEAST_OF_OTHERS
    ]
    shares += [share.usual] * (LEAST_OTHERS - len(shares))
    return statistics.median(shares)


def _of_past(share: Share, past: LookupFigures) -> float | None:
    """The share of the own past; None where that is too short to say."""
    if past.lookups < LEAST_PAST or getattr(past, share.out_of) < LEAST_OF_OTHERS:
        return None
    return int(getattr(past, share.counted)) / int(getattr(past, share.out_of))


def _bounds(counted: int, out_of: int, z: float) -> tuple[float, float]:
    """The interval in which a share surely lies (Wilson, 1927)."""
    share, factor = counted / out_of, z * z / out_of
    middle = share + factor / 2
    half = z * math.sqrt(share * (1 - share) / out_of + factor / (4 * out_of))
    return (middle - half) / (1 + factor), (middle + half) / (1 + factor)
