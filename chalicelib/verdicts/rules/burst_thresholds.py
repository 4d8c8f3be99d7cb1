"""The guard against poisoning: what nobody else bears out and looks like an attack on a merchant goes to review.

One table, read from the top. It is computed whenever a listing is read, from the subject, the bursts that stand, and
how far reporters are trusted; so deliveries that come twice, late or out of order leave the same guards, and a second
reporter or the government takes a guard off by agreeing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.matching import trade_words
from chalicelib.matching.parse_name import parse
from chalicelib.registry.rules.listing import ACTIVE, Listing, is_shared
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.records import Json, Record, stored

# A burst: so many in one day on one trade or region, so many times its busiest day of those before, and such a share
# of all that the platform filed that day.
BURST_LEAST: Final = 100
BURST_TIMES: Final = 3
BURST_SHARE: Final = 2  # one half
BURST_DAYS: Final = 28
# In a large file only what makes up a twentieth is counted; no half of a day hides below that.
COUNTED_SHARE: Final = 20
COUNTED: Final = ("region:", "trade:")
LOW_EVIDENCE: Final = ("E1", "E2")
LONG_STANDING_YEARS: Final = 10
# What the register calls companies that do not vanish overnight; capital is not among what registers publish to us.
LARGE: Final = ("股份有限公司", "上市", "国有", "全民所有制", "国有独资", "集团")
STANDING: Final = ("", "operating")


@dataclass(frozen=True, slots=True)
class Alarms:
    """What stands beyond the subject itself: bursts as `<platform>:<day>:<key>`, and platforms of low trust."""

    bursts: frozenset[str] = frozenset()
    low: frozenset[str] = frozenset()


CALM: Final = Alarms()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A platform's own listing that nobody else bears out, the subject, and what is alarming."""

    listing: Listing
    subject: Subject
    alarms: Alarms

    @property
    def platform_id(self) -> str:
        """Who reported it."""
        return self.listing.source.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Guard:
    """One row: when it holds, and why; each turns a block into review."""

    name: str
    holds: Callable[[Suspect], bool]
    when: str
    zh: str
    en: str


def _in_burst(one: Suspect) -> bool:
    who = f"{one.platform_id}:{one.listing.filed_on}:"
    # Names are taken apart only where there was a burst at all.
    if not any(burst.startswith(who) for burst in one.alarms.bursts):
        return False
    return any(who + key in one.alarms.bursts for key in keys(one.subject))


def _against_large(one: Suspect) -> bool:
    registration = one.subject.registration
    since, kind = registration.established_on, registration.entity_type
    if one.listing.evidence_level not in LOW_EVIDENCE or not since:
        return False
    old = date.fromisoformat(since).year + LONG_STANDING_YEARS <= date.fromisoformat(one.listing.listed_on).year
    large = any(word in kind or word in registration.name for word in LARGE)
    return old and large and registration.status in STANDING


GUARDS: Final = (
    Guard(
        "burst", _in_burst,
        f"one platform, one day, one trade or region (first four digits of the division): {BURST_LEAST} or more, "
        f"{BURST_TIMES} times its busiest of {BURST_DAYS} days, half of what it filed",
        "同一平台对同一行业或地区的集中报送，须核实",
        "one of a burst of reports from one platform on one trade or region",
    ),
    Guard(
        "low_trust", lambda one: one.platform_id in one.alarms.low,
        "the reporter's trust is low",
        "报送方多次被撤销，其单独报送须核实", "its reporter was often voided, and nobody else says so",
    ),
    Guard(
        "large_company", _against_large,
        f"evidence {' or '.join(LOW_EVIDENCE)}; registered and operating for {LONG_STANDING_YEARS} years; "
        + ", ".join(LARGE),
        "证据等级较低且仅一家报送，对象为长期经营的大型企业，须核实",
        "a lone report with little evidence against a large company of long standing",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst(Record):
    """A burst in force: `filed` of the `in_all` listings that a platform filed on a day are about one trade or region
    (`key`), where its busiest day before had `busiest_before`."""

    guard_id: str = stored()
    platform_id: str = stored()
    day: str = stored()
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
    """How much a platform filed on a day, in all and by trade and region; the keys of bursts in force, and lifted."""

    in_all: int
    counts: Mapping[str, int]
    standing: frozenset[str]
    lifted: frozenset[str]

    @classmethod
    def from_item(cls, item: Json) -> "Filings":
        """The filings that an item stands for."""
        counts = {field: count for field, count in item.items() if field.startswith(COUNTED)}
        standing, lifted = frozenset(item.get("standing", ())), frozenset(item.get("lifted", ()))
        return cls(item.get("in_all", 0), counts, standing, lifted)


def guard_of(listing: Listing, subject: Subject, alarms: Alarms, today: str) -> Guard | None:
    """The first row that holds for the listing, None for most. Only what a platform itself filed is guarded, as long as
    nobody else bears it out and no regulator has lifted the guard."""
    if not listing.source.startswith("platform:") or listing.filed_by or listing.guard_lifted:
        return None
    suspect = Suspect(listing, subject, alarms)
    found = next((one for one in GUARDS if one.holds(suspect)), None)
    return None if found is None or _is_borne_out(listing, subject, today) else found


def keys(subject: Mapping[str, Any]) -> set[str]:
    """The trades and the region of a subject, or of what a report tells of one: `region:3301`, `trade:酒业`."""
    code = subject.get("uscc", "")[2:6] or subject.get("registration_no", "")[:4]
    found = {f"region:{code}"} if code else set()
    names = subject.get("names") or [subject.get("name", "")]
    for name in filter(None, names):
        found |= {f"trade:{word}" for word in trade_words.meanings(parse(name).trade) if word in trade_words.WORDS}
    return found


def counted(identities: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How often each trade and region stands in what was filed together, as far as that is a twentieth of it."""
    found = Counter(key for one in identities for key in keys(one))
    return {key: count for key, count in found.items() if count * COUNTED_SHARE >= len(identities)}


def may_be_burst(filed: int, in_all: int) -> bool:
    """Whether the history is worth reading."""
    return filed >= BURST_LEAST and filed * BURST_SHARE >= in_all


def is_burst(filed: int, in_all: int, days_before: Collection[int]) -> bool:
    """Whether what a platform filed on one trade or region in a day is a burst, against its own days before."""
    return may_be_burst(filed, in_all) and filed >= BURST_TIMES * max(days_before, default=0)


def _is_borne_out(listing: Listing, subject: Subject, today: str) -> bool:
    return any(_bears_out(one, listing, today) for one in _shared(subject.listings.values()))


def _shared(found: Iterable[Listing]) -> Iterable[Listing]:
    return (one for one in found if is_shared(one) and one.severity >= 2)


def _bears_out(other: Listing, listing: Listing, today: str) -> bool:
    """Another source that still says something grave. Whoever is disputed bears nothing out."""
    over = other.expires_on and other.expires_on <= today
    return other.source != listing.source and other.state == ACTIVE and not over and not other.disputed
