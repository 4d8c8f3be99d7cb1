"""A platform's own table of verdicts (按各自的平台规则), inside the bounds that the regulator sets.

A row names a relation class, a severity, the least evidence level, the kind of source, and the state of corroboration,
and what follows: a verdict, and a time to answer tasks. The first row that fits decides; where none fits, the
exchange's own table (`verdict_by_severity`) counts. Only an exact identifier, grave and proven, can block, whatever a
policy or the bounds say.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.values.records import Record, stored
from chalicelib.verdicts.rules.corroboration import STATES
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

CLASSES: Final = ("exact", "repaired", "name", "signals", "weak")
SEVERITIES: Final = (3, 2, 1)
LEVELS: Final = ("E1", "E2", "E3", "E4", "E5")
SOURCES: Final = ("platform", "government")
ANY: Final = "any"
# The verdicts of rows: `clear` and `unknown` are about sources, not about listings.
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
class PolicyRow(Record):
    """One row of a platform's table; `working_days` to answer a task, None for the exchange's own clock."""

    relation: str = stored()
    severity: int = stored()
    verdict: str = stored()
    evidence: str = stored("E1", always=True)
    source: str = stored(ANY, always=True)
    corroboration: str = stored(ANY, always=True)
    working_days: int | None = stored(None)

    def fits(self, case: Case) -> bool:
        """Whether the row is about that case."""
        return (
            self.relation == case.relation
            and self.severity == case.severity
            and case.evidence >= self.evidence
            and self.source in (ANY, case.source)
            and self.corroboration in (ANY, case.corroboration)
        )


@dataclass(frozen=True, slots=True)
class Bound(Record):
    """One row of the bounds: the mildest and the gravest verdict and the longest clock that a platform may set."""

    relation: str = stored()
    severity: int = stored()
    evidence: str = stored()
    mildest: str = stored()
    gravest: str = stored()
    most_days: int = stored()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: its number from 1, an error code of `messages.py`, and what would be allowed."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesVersion(Record):
    """One version of a table: its number (0: nobody set any), which caller set it with which key, when and why."""

    version: int = stored(0, always=True)
    set_by: str = stored("")
    key_id: str = stored("")
    set_at: str = stored("")
    why: str = stored("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(RulesVersion):
    """One version of a platform's table."""

    rows: tuple[PolicyRow, ...] = stored((), record=PolicyRow, many="list", always=True)

    def row_for(self, case: Case) -> tuple[int, PolicyRow] | None:
        """The first row that fits, with its number from 1; None where the exchange's own table counts."""
        return next(((number, row) for number, row in enumerate(self.rows, 1) if row.fits(case)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBounds(RulesVersion):
    """One version of the bounds of all platforms' tables."""

    rows: tuple[Bound, ...] = stored(BOUNDS, record=Bound, many="list", always=True)


def may_block(case: Case) -> bool:
    """Whether such a case can block at all; no policy and no bounds widen it."""
    return case.relation == "exact" and case.severity == 3 and case.evidence >= "E2"


def bound_for(bounds: Iterable[Bound], case: Case) -> Bound:
    """The first of the bounds that is about the case."""
    return next(
        bound
        for bound in bounds
        if bound.relation == case.relation and bound.severity == case.severity and case.evidence >= bound.evidence
    )


def within(bound: Bound, wanted: str, most: str) -> str:
    """The verdict that is wanted, or the nearest that the bound lets, and never graver than `most`."""
    place = max(VERDICTS.index(wanted), VERDICTS.index(bound.mildest))
    return VERDICTS[min(place, VERDICTS.index(bound.gravest), VERDICTS.index(most))]


def cases() -> Iterator[Case]:
    """Every case that there is."""
    return itertools.starmap(Case, itertools.product(CLASSES, SEVERITIES, LEVELS, SOURCES, STATES))


def problems(rows: Sequence[PolicyRow], bounds: Sequence[Bound]) -> list[Problem]:
    """What is wrong with a table, row by row, by trying every case; [] when it is valid."""
    policy = Policy(rows=tuple(rows))
    first: dict[tuple[int, str], Problem] = {}
    reached: set[int] = set()
    for case in cases():
        match = policy.row_for(case)
        if match is None:
            continue
        number, row = match
        reached.add(number)
        for problem in _problems_of(number, row, case, bound_for(bounds, case)):
            first.setdefault((number, problem.code), problem)
    hidden = [Problem(number, "policy_row_unreachable", "") for number in range(1, len(rows) + 1)]
    unreachable = [problem for problem in hidden if problem.row not in reached]
    return sorted([*first.values(), *unreachable], key=lambda problem: problem.row)


def bound_problems(bounds: Sequence[Bound]) -> list[Problem]:
    """What is wrong with proposed bounds: a case without a row, or a row that would let something else block."""
    first: dict[tuple[int, str], Problem] = {}
    for case in cases():
        bound = next((bound for bound in bounds if _as_row(bound).fits(case)), None)
        if bound is None:
            case_named = f"{case.relation} {case.severity} {case.evidence}"
            first.setdefault((0, "bounds_incomplete"), Problem(0, "bounds_incomplete", case_named))
            continue
        number = bounds.index(bound) + 1
        if bound.gravest == "block" and not may_block(case):
            first[number, "policy_never_blocks"] = Problem(number, "policy_never_blocks", "inform..review")
        if _is_wider_than_exchange(bound):
            allowed = f"mildest..gravest, 0..{MOST_DAYS[bound.severity]}"
            first[number, "policy_out_of_bounds"] = Problem(number, "policy_out_of_bounds", allowed)
    return sorted(first.values(), key=lambda problem: problem.row)


def _as_row(bound: Bound) -> PolicyRow:
    return PolicyRow(bound.relation, bound.severity, bound.gravest, bound.evidence)


def _is_wider_than_exchange(bound: Bound) -> bool:
    turned = VERDICTS.index(bound.mildest) > VERDICTS.index(bound.gravest)
    return turned or bound.most_days > MOST_DAYS[bound.severity]


def _problems_of(number: int, row: PolicyRow, case: Case, bound: Bound) -> Iterator[Problem]:
    if row.verdict == "block" and not may_block(case):
        yield Problem(number, "policy_never_blocks", f"{bound.mildest}..{bound.gravest}")
    elif within(bound, row.verdict, "block") != row.verdict:
        yield Problem(number, "policy_out_of_bounds", f"{bound.mildest}..{bound.gravest}")
    if row.working_days is not None and row.working_days > bound.most_days:
        yield Problem(number, "policy_clock_too_long", f"0..{bound.most_days}")
