"""When a platform's reports are a burst: many on one trade or region in one day, and more than on any day before."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.matching import trade_words
from chalicelib.matching.parse_name import parse
from chalicelib.registry.rules.subject_id import Identifiers, Identity
from chalicelib.values.records import Json, Record, stored

# A burst: so many in one day on one trade or region, so many times its busiest day of those before, and such a share
# of all that the platform filed that day.
BURST_LEAST: Final = 100
BURST_TIMES: Final = 3
BURST_SHARE: Final = 2  # one half
BURST_DAYS: Final = 28
# In a large file only what makes up a twentieth is counted; no half of a day hides below that.
COUNTED_SHARE: Final = 20
REGION, TRADE = "region:", "trade:"
# Before the hour in China, of two digits, under which everything that was filed in it is counted.
HOUR: Final = "hour:"
# The key of a burst over several days, which is about everything that its platform filed on them.
ALL_KEYS: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst(Record):
    """A burst in force: `filed` of the `in_all` listings that a platform filed on a day are about one trade or region
    (`key`), where its busiest day before had `busiest_before`; of several that were put together, `until` is the last
    day."""

    guard_id: str = stored()
    platform_id: str = stored()
    day: str = stored()
    until: str = stored("")
    key: str = stored()
    filed: int = stored()
    in_all: int = stored()
    busiest_before: int = stored()
    at: str = stored()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedBurst(Burst):
    """A burst that a regulator decided to be harmless."""

    lifted_by: str = stored()
    lifted_at: str = stored()
    why: str = stored()


@dataclass(frozen=True, slots=True)
class Filings:
    """How much a platform filed on a day, in all and by trade and region; the keys of bursts in force, and lifted.

    `hours`: how much it filed in each hour in China, empty for days that earlier versions counted.
    """

    in_all: int
    counts: Mapping[str, int]
    standing: frozenset[str]
    lifted: frozenset[str]
    hours: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def from_item(cls, item: Json) -> "Filings":
        """The filings as an item stores them."""
        counts = {name: count for name, count in item.items() if name.startswith((REGION, TRADE))}
        standing, lifted = frozenset(item.get("standing", ())), frozenset(item.get("lifted", ()))
        hours = {int(name.removeprefix(HOUR)): count for name, count in item.items() if name.startswith(HOUR)}
        return cls(item.get("in_all", 0), counts, standing, lifted, hours)


def burst_keys(identifiers: Identifiers, names: Iterable[str]) -> set[str]:
    """The trades and the region of a subject, or of the identity in a report: `region:3301`, `trade:酒业`."""
    division = identifiers.uscc[2:6] or identifiers.registration_no[:4]
    keys = {REGION + division} if division else set()
    for name in filter(None, names):
        keys |= {TRADE + word for word in trade_words.meanings(parse(name).trade) if word in trade_words.WORDS}
    return keys


def count_keys(identities: Sequence[Identity]) -> dict[str, int]:
    """How often each trade and region is in a chunk of a report, as far as that is a twentieth of it."""
    counts = Counter(key for identity in identities for key in burst_keys(identity, [identity.name]))
    return {key: count for key, count in counts.items() if count * COUNTED_SHARE >= len(identities)}


def may_be_burst(filed: int, in_all: int) -> bool:
    """Whether the history is worth reading."""
    return filed >= BURST_LEAST and filed * BURST_SHARE >= in_all


def is_burst(filed: int, in_all: int, days_before: Collection[int]) -> bool:
    """Whether what a platform filed on one trade or region in a day is a burst, against its own days before."""
    return may_be_burst(filed, in_all) and filed >= BURST_TIMES * max(days_before, default=0)
