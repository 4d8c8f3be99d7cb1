"""The guards against poisoning: a report that looks like an attack on a merchant, with no other source, goes to review.

One table, read from the top. It is computed whenever a listing is read, from the subject, the bursts in force, and how
far reporters are trusted; so deliveries that come twice, late or out of order leave the same guards, and a second
reporter or the government removes a guard by agreeing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.registry.rules.listing import ACTIVE, Listing, is_disputed, is_shared
from chalicelib.registry.rules.subject import Subject
from chalicelib.verdicts.rules.burst_thresholds import ALL_KEYS, BURST_DAYS, BURST_LEAST, BURST_TIMES, burst_keys

LOW_EVIDENCE: Final = ("E1", "E2")
LONG_STANDING_YEARS: Final = 10
# What the register calls companies that do not vanish overnight; capital is not among what registers publish to us.
LARGE: Final = ("股份有限公司", "上市", "国有", "全民所有制", "国有独资", "集团")
OPERATING: Final = ("", "operating")


@dataclass(frozen=True, slots=True)
class Alarms:
    """What counts beside the subject itself: bursts as `<platform>:<day>:<key>`, or `<platform>:<first>..<last>:*` over
    several days, and platforms of low trust."""

    bursts: frozenset[str] = frozenset()
    low: frozenset[str] = frozenset()


NO_ALARMS: Final = Alarms()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A platform's own listing that no other source confirms, the subject, and the alarms."""

    listing: Listing
    subject: Subject
    alarms: Alarms

    @property
    def platform_id(self) -> str:
        """The platform that reported it."""
        return self.listing.source.platform_id


@dataclass(frozen=True, slots=True)
class Guard:
    """One row: when it holds, and why; each turns a block into review."""

    name: str
    holds: Callable[[Suspect], bool]
    when: str
    zh: str
    en: str


def _in_burst(suspect: Suspect) -> bool:
    if any(_covers(burst, suspect) for burst in suspect.alarms.bursts):
        return True
    day = f"{suspect.platform_id}:{suspect.listing.filed_on}:"
    # Names are parsed only where there was a burst at all.
    if not any(burst.startswith(day) for burst in suspect.alarms.bursts):
        return False
    keys = burst_keys(suspect.subject, suspect.subject.names)
    return any(day + key in suspect.alarms.bursts for key in keys)


def _covers(burst: str, suspect: Suspect) -> bool:
    """Whether the burst is one over several days, and the listing was filed on one of them."""
    if not burst.endswith(f":{ALL_KEYS}"):
        return False
    platform_id, days, _ = burst.split(":", 2)
    first, _, last = days.partition("..")
    return platform_id == suspect.platform_id and first <= suspect.listing.filed_on <= last


def _against_large(suspect: Suspect) -> bool:
    listing, registration = suspect.listing, suspect.subject.registration
    since, kind = registration.established_on, registration.entity_type
    if listing.evidence_level not in LOW_EVIDENCE or not since:
        return False
    old = date.fromisoformat(since).year + LONG_STANDING_YEARS <= date.fromisoformat(listing.listed_on).year
    large = any(word in kind or word in registration.name for word in LARGE)
    return old and large and registration.status in OPERATING


GUARDS: Final = (
    Guard(
        "burst", _in_burst,
        f"one platform, one day, one trade or region (first four digits of the division): {BURST_LEAST} or more, "
        f"{BURST_TIMES} times its busiest of {BURST_DAYS} days, half of what it filed",
        "同一平台对同一行业或地区的集中报送，须核实",
        "one of a burst of reports from one platform on one trade or region",
    ),
    Guard(
        "low_trust", lambda suspect: suspect.platform_id in suspect.alarms.low,
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


def guard_of(listing: Listing, subject: Subject, alarms: Alarms, today: str) -> Guard | None:
    """The first row that holds for the listing, None for most. Only what a platform itself filed is guarded, as long as
    no other source confirms it and no regulator has lifted the guard."""
    if not listing.source.is_platform or listing.filed_by or listing.guard_lifted:
        return None
    suspect = Suspect(listing, subject, alarms)
    guard = next((row for row in GUARDS if row.holds(suspect)), None)
    return None if guard is None or _is_confirmed(listing, subject, today) else guard


def _is_confirmed(listing: Listing, subject: Subject, today: str) -> bool:
    """Whether another source has an active, shared, grave listing. A disputed one confirms nothing."""
    return any(
        other.source != listing.source
        and other.state == ACTIVE
        and other.severity >= 2
        and is_shared(other)
        and not (other.expires_on and other.expires_on <= today)
        and not is_disputed(other)
        for other in subject.listings.values()
    )
