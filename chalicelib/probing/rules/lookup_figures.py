"""What a platform's lookups look like, of one day or of several: figures that add up."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.values.records import Json, Record, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupFigures(Record):
    """The figures of a day.

    Counted of every lookup: `requests`, `lookups`, `hits` (something was found), `personal` (by a document, an account
    or a phone, with one name at most), `odd_codes` (codes that no register can have issued). Of a sample: `codes` and
    how many of them are `in_sequence`; `judged` lookups and how many of those are `absent`, that is neither on the
    platform's roster nor among its onboarding checks by the evening; the same of the personal ones and of odd codes;
    and all six again a week later (`settled…`). `finding` is what made them look like probing.
    """

    requests: int = stored(0, always=True)
    lookups: int = stored(0, always=True)
    hits: int = stored(0, always=True)
    personal: int = stored(0, always=True)
    odd_codes: int = stored(0, always=True)
    codes: int = stored(0, always=True)
    in_sequence: int = stored(0, always=True)
    judged: int = stored(0, always=True)
    absent: int = stored(0, always=True)
    judged_personal: int = stored(0, always=True)
    absent_personal: int = stored(0, always=True)
    judged_odd: int = stored(0, always=True)
    absent_odd: int = stored(0, always=True)
    settled: int = stored(0)
    settled_absent: int = stored(0)
    settled_personal: int = stored(0)
    settled_absent_personal: int = stored(0)
    settled_odd: int = stored(0)
    settled_absent_odd: int = stored(0)
    checked_at: str = stored("")
    finding: Json = stored(factory=dict)

    def settled_figures(self) -> "LookupFigures":
        """The same lookups as they looked a week later."""
        return self.replace(
            judged=self.settled,
            absent=self.settled_absent,
            judged_personal=self.settled_personal,
            absent_personal=self.settled_absent_personal,
            judged_odd=self.settled_odd,
            absent_odd=self.settled_absent_odd,
        )

    def with_settled(self, later: "LookupFigures") -> "LookupFigures":
        """The figures with those of a week later beside them."""
        return self.replace(
            settled=later.judged,
            settled_absent=later.absent,
            settled_personal=later.judged_personal,
            settled_absent_personal=later.absent_personal,
            settled_odd=later.judged_odd,
            settled_absent_odd=later.absent_odd,
        )

    def view(self) -> Json:
        """The figures as the regulator reads them."""
        return {name: getattr(self, name) for name in COUNTS}


COUNTS: tuple[str, ...] = tuple(
    field.name for field in dataclasses.fields(LookupFigures) if field.type == "int" or field.type is int
)


def total(figures: Iterable[LookupFigures]) -> LookupFigures:
    """The figures of several days together."""
    sums = dict.fromkeys(COUNTS, 0)
    for each in figures:
        for name in COUNTS:
            sums[name] += getattr(each, name)
    return LookupFigures().replace(**sums)
