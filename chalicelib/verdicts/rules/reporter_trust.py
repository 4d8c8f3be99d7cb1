"""How far a reporter is trusted, by how the disputes over its listings ended: one table, read from the top.

A voided listing is one that should never have been reported. A platform that reports much is not judged by its few
mistakes, so the share of what it reported counts beside the share of what was decided.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.values.records import Json, Record, stored

# Conceded: the reporter took the listing back while it was disputed.
OUTCOMES: Final = ("upheld", "amended", "voided", "conceded")


@dataclass(frozen=True, slots=True)
class Level:
    """One row: its least number of voids, in all, in 100 decided disputes, and in 1,000 reported listings."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustCounters(Record):
    """How many listings a platform reported, and how the disputes over them ended."""

    reported: int = stored(0)
    upheld: int = stored(0)
    amended: int = stored(0)
    voided: int = stored(0)
    conceded: int = stored(0)

    @property
    def decided(self) -> int:
        """How many disputes ended."""
        return self.upheld + self.amended + self.voided + self.conceded


def level(counters: TrustCounters) -> Level:
    """The first row that fits the counters."""
    voided = counters.voided
    # Nothing can be voided that was not reported: a count that lags behind must not divide by zero.
    reported = max(counters.reported, voided)
    return next(
        row
        for row in LEVELS
        if voided >= row.voided
        and voided * 100 >= row.per_hundred_decided * counters.decided
        and voided * 1_000 >= row.per_thousand_reported * reported
    )


def view(platform_id: str, counters: TrustCounters) -> Json:
    """A platform's counters with the level that follows from them, in words."""
    row = level(counters)
    counts = {name: getattr(counters, name) for name in ("reported", *OUTCOMES)}
    return {"platform_id": platform_id, **counts, "level": row.name, "says": {"zh": row.zh, "en": row.en}}
