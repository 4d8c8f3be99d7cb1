"""A platform's own rules (按各自的平台规则): its table from what was found to a verdict and a clock, inside bounds.

The bounds are the regulator's.

A row speaks of the relation class, the severity, the least evidence, who says it, and how platforms and government
stand to each other. The first row that fits decides; where none does, the exchange's own table stands. Only an exact
identifier, grave and proven, can block, whatever a policy or the bounds say.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.verdicts.rules.corroboration import STATES
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

CLASSES: Final = ("exact", "repaired", "name", "signals", "weak")
SEVERITIES: Final = (3, 2, 1)
LEVELS: Final = ("E1", "E2", "E3", "E4", "E5")
SOURCES: Final = ("platform", "government")
ANY: Final = "any"
# What a row may say: `clear` and `unknown` are about sources, not about listings.
CHOICES: Final = ("inform", "review", "block")
MOST_ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class Case:
    """One listing as far as a policy may ask: severity and evidence are those that count, a campaign and a
    confirmation included."""

    relation: str
    severity: int
    evidence: str
    source: str
    corroboration: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a platform's table; `working_days` to answer a task, None for the exchange's own clock."""

    relation: str
    severity: int
    verdict: str
    evidence: str = "E1"
    source: str = ANY
    corroboration: str = ANY
    working_days: int | None = None

    def fits(self, case: Case) -> bool:
        """Whether the row speaks of that case."""
        return (
            self.relation == case.relation
            and self.severity == case.severity
            and case.evidence >= self.evidence
            and self.source in (ANY, case.source)
            and self.corroboration in (ANY, case.corroboration)
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a platform's table."""

    version: int
    rows: tuple[Row, ...]

    def decides(self, case: Case) -> tuple[int, Row] | None:
        """The first row that fits, with its number from 1; None where the exchange's own table stands."""
        return next(((number, row) for number, row in enumerate(self.rows, 1) if row.fits(case)), None)


@dataclass(frozen=True, slots=True)
class Bound:
    """One row of the bounds: the mildest and the gravest verdict and the longest clock that a platform may set."""

    relation: str
    severity: int
    evidence: str
    mildest: str
    gravest: str
    most_days: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot stand: its number from 1, a code of `sentences.py`, and what would be allowed."""

    row: int
    code: str
    allowed: str


# The clocks are those of the exchange itself: a policy shortens them and never makes them longer.
MOST_DAYS: Final = {3: 1, 2: 3, 1: 5}
BOUNDS: Final = (
    Bound("exact", 3, "E2", "review", "block", 1),
    Bound("exact", 3, "E1", "inform", "review", 1),
    Bound("exact", 2, "E1", "inform", "review", 3),
    Bound("exact", 1, "E1", "inform", "review", 5),
    Bound("repaired", 3, "E1", "review", "review", 1),
    Bound("repaired", 2, "E1", "inform", "review", 3),
    Bound("repaired", 1, "E1", "inform", "review", 5),
    Bound("name", 3, "E1", "inform", "review", 1),
    Bound("name", 2, "E1", "inform", "review", 3),
    Bound("name", 1, "E1", "inform", "review", 5),
    Bound("signals", 3, "E1", "inform", "review", 1),
    Bound("signals", 2, "E1", "inform", "review", 3),
    Bound("signals", 1, "E1", "inform", "review", 5),
    Bound("weak", 3, "E1", "inform", "review", 1),
    Bound("weak", 2, "E1", "inform", "review", 3),
    Bound("weak", 1, "E1", "inform", "review", 5),
)


def may_block(case: Case) -> bool:
    """The one kind of case that can block at all; no policy and no bounds widen it."""
    return case.relation == "exact" and case.severity == 3 and case.evidence >= "E2"


def bound_for(bounds: Iterable[Bound], case: Case) -> Bound:
    """The first of the bounds that speaks of the case."""
    return next(
        one
        for one in bounds
        if one.relation == case.relation and one.severity == case.severity and case.evidence >= one.evidence
    )


def within(bound: Bound, wanted: str, most: str) -> str:
    """The verdict that is wanted, or the nearest that the bound lets, and never graver than `most`."""
    place = max(VERDICTS.index(wanted), VERDICTS.index(bound.mildest))
    return VERDICTS[min(place, VERDICTS.index(bound.gravest), VERDICTS.index(most))]


def cases() -> Iterator[Case]:
    """Every case that there is."""
    return itertools.starmap(Case, itertools.product(CLASSES, SEVERITIES, LEVELS, SOURCES, STATES))


def problems(rows: Sequence[Row], bounds: Sequence[Bound]) -> list[Problem]:
    """What is wrong with a table, row by row, found by walking every case; [] when it may stand."""
    table = Policy(0, tuple(rows))
    found: dict[tuple[int, str], Problem] = {}
    reached: set[int] = set()
    for case in cases():
        decided = table.decides(case)
        if decided is None:
            continue
        number, row = decided
        reached.add(number)
        for problem in _problems_of(number, row, case, bound_for(bounds, case)):
            found.setdefault((number, problem.code), problem)
    hidden = (Problem(number, "policy_row_unreachable", "") for number in range(1, len(rows) + 1))
    return sorted([*found.values(), *(one for one in hidden if one.row not in reached)], key=lambda one: one.row)


def bound_problems(bounds: Sequence[Bound]) -> list[Problem]:
    """What is wrong with proposed bounds: a case without a row, or a row that would let something else block."""
    found: dict[tuple[int, str], Problem] = {}
    for case in cases():
        one = next((bound for bound in bounds if Policy(0, (_as_row(bound),)).decides(case)), None)
        if one is None:
            case_named = f"{case.relation} {case.severity} {case.evidence}"
            found.setdefault((0, "bounds_incomplete"), Problem(0, "bounds_incomplete", case_named))
            continue
        number = bounds.index(one) + 1
        if one.gravest == "block" and not may_block(case):
            found[number, "policy_never_blocks"] = Problem(number, "policy_never_blocks", "inform..review")
        if VERDICTS.index(one.mildest) > VERDICTS.index(one.gravest) or one.most_days > MOST_DAYS[one.severity]:
            allowed = f"mildest..gravest, 0..{MOST_DAYS[one.severity]}"
            found[number, "policy_out_of_bounds"] = Problem(number, "policy_out_of_bounds", allowed)
    return sorted(found.values(), key=lambda one: one.row)


def read_rows(plain: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """The rows that `as_plain` wrote."""
    return tuple(Row(**one) for one in plain)


def read_bounds(plain: Iterable[Mapping[str, Any]]) -> tuple[Bound, ...]:
    """The bounds that `as_plain` wrote."""
    return tuple(Bound(**one) for one in plain)


def as_plain(rows: Iterable[Row] | Iterable[Bound]) -> list[dict[str, Any]]:
    """Rows of a policy or of bounds as plain data; what a row leaves to the exchange is left out."""
    return [{key: value for key, value in asdict(one).items() if value is not None} for one in rows]


def _as_row(bound: Bound) -> Row:
    return Row(bound.relation, bound.severity, bound.gravest, bound.evidence)


def _problems_of(number: int, row: Row, case: Case, bound: Bound) -> Iterator[Problem]:
    if row.verdict == "block" and not may_block(case):
        yield Problem(number, "policy_never_blocks", f"{bound.mildest}..{bound.gravest}")
    elif within(bound, row.verdict, "block") != row.verdict:
        yield Problem(number, "policy_out_of_bounds", f"{bound.mildest}..{bound.gravest}")
    if row.working_days is not None and row.working_days > bound.most_days:
        yield Problem(number, "policy_clock_too_long", f"0..{bound.most_days}")
