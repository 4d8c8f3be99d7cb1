"""How far a reporter is trusted, by what became of the disputes over its listings: one table, read from the top.

A void says that a listing should never have been. A reporter of much is not judged by its few mistakes, so the share of
what it reported counts beside the share of what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Conceded: the reporter took the listing back while it was disputed.
OUTCOMES: Final = ("upheld", "amended", "voided", "conceded")


@dataclass(frozen=True, slots=True)
class Level:
    """One row: at least so many voids, so many in 100 of what was decided, in 1,000 of what was reported."""

    name: str
    voided: int
    per_hundred_decided: int
    per_thousand_reported: int
    zh: str
    en: str


LEVELS: Final = (
    Level("low", 3, 50, 1, "多次被撤销，单独报送须人工核对", "often voided: what it alone reports goes to review"),
    Level("watched", 3, 20, 0, "有一定比例被撤销，予以关注", "voided more than now and then: to be watched"),
    Level("fair", 0, 0, 0, "正常", "as everyone"),
)


def level(counters: Mapping[str, int]) -> Level:
    """The first row that fits the counters: disputes by how they ended (`OUTCOMES`), `reported` listings."""
    voided = counters.get("voided", 0)
    decided = sum(counters.get(outcome, 0) for outcome in OUTCOMES)
    # Nothing can be voided that was not reported: a count that lags behind must not divide by zero.
    reported = max(counters.get("reported", 0), voided)
    return next(
        one
        for one in LEVELS
        if voided >= one.voided
        and voided * 100 >= one.per_hundred_decided * decided
        and voided * 1_000 >= one.per_thousand_reported * reported
    )
