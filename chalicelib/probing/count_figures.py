"""Count what a platform's lookups of a day look like, from what was counted with them and from the sample of them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.monitoring import lookup_index, roster_index
from chalicelib.probing.rules import asked as lookups
from chalicelib.probing.rules import code_sequences
from chalicelib.probing.rules.asked import Asked
from chalicelib.probing.rules.lookup_figures import LookupFigures
from chalicelib.probing.sample_lookups import PLACES
from chalicelib.registry.rules.subject_id import ids_of
from chalicelib.storage.item_keys import closure_task_keys, lookup_keys, probing_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable, Item

# Over so many days codes are neighbours.
WEEK: Final = 7
# So many lookups of a day are held against the platform's roster and onboarding checks.
MOST_JUDGED: Final = 200


@dataclass(frozen=True, slots=True)
class Sampled:
    """The lookups of a request that was drawn, the day of it, and the key that sent it."""

    day: str
    key_id: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Of the lookups that were judged, which are of no merchant of the platform; the same of the personal ones."""

    judged: tuple[Asked, ...]
    absent: frozenset[Asked]

    def counts(self) -> dict[str, int]:
        """The counts, by the names of the figures."""
        groups = {
            "": self.judged,
            "_personal": [each for each in self.judged if each.personal],
            "_odd": [each for each in self.judged if each.odd_code],
        }
        judged = {f"judged{name}": len(group) for name, group in groups.items()}
        absent = {f"absent{name}": sum(each in self.absent for each in group) for name, group in groups.items()}
        return {**judged, **absent}


def read_usage(exchange: "ExchangeTable", day: str, platform_ids: Iterable[str]) -> "dict[str, Item]":
    """What was counted of each platform's lookups of a day, by platform; those without any are left out."""
    items = exchange.get_many(closure_task_keys.usage(day, platform_id) for platform_id in platform_ids)
    return {item_id.rpartition("#")[2]: item for item_id, item in items.items()}


def count_day(exchange: "ExchangeTable", platform_id: str, day: str, usage: "Item", now: datetime) -> LookupFigures:
    """The figures of a platform's day as far as it has come."""
    of_week = read_sample(exchange, platform_id, days_until(day, WEEK))
    sampled = [request for request in of_week if request.day == day]
    absent = find_absent(exchange, platform_id, sampled)
    return figures_of(usage, sampled, of_week, absent).replace(checked_at=iso(now))


def figures_of(
    usage: Mapping[str, int], sampled: Sequence[Sampled], of_week: Sequence[Sampled], absent: Absent
) -> LookupFigures:
    """The figures of a day: from what was counted, its sample, that of the week, and who is no merchant."""
    codes = {each.asked_id for each in _all(sampled) if code_sequences.place_of(each.asked_id)}
    requests = int(usage.get("requests", 0))
    share_seen = min(1.0, PLACES / requests) if requests else 1.0
    return LookupFigures(
        requests=requests,
        lookups=lookups_of(usage),
        hits=int(usage.get("hits", 0)),
        personal=int(usage.get("personal", 0)),
        odd_codes=int(usage.get("odd_codes", 0)),
        codes=len(codes),
        in_sequence=len(codes & code_sequences.in_sequence((each.asked_id for each in _all(of_week)), share_seen)),
    ).replace(**absent.counts())


def settle(exchange: "ExchangeTable", platform_id: str, day: str, figures: LookupFigures) -> LookupFigures:
    """The figures of a day with what became of its lookups since."""
    absent = find_absent(exchange, platform_id, read_sample(exchange, platform_id, [day]))
    return figures.with_settled(LookupFigures().replace(**absent.counts()))


def read_sample(exchange: "ExchangeTable", platform_id: str, days: Iterable[str]) -> list[Sampled]:
    """The requests of these days that were drawn."""
    usage = exchange.get_many(closure_task_keys.usage(day, platform_id) for day in days)
    drawn = {item_id.split("#")[1]: min(int(item.get("requests", 0)), PLACES) for item_id, item in usage.items()}
    of_day = {
        probing_keys.sample(day, platform_id, place): day for day, count in drawn.items() for place in range(count)
    }
    items = sorted(exchange.get_many(of_day).items())
    return [
        Sampled(of_day[item_id], item["key_id"], tuple(map(lookups.from_entry, item["entries"])))
        for item_id, item in items
    ]


def find_absent(exchange: "ExchangeTable", platform_id: str, sampled: Iterable[Sampled]) -> Absent:
    """Of some of the sampled lookups, those of nobody on the platform's roster or among its onboarding checks.

    What was asked by a number that is no identifier, such as a phone alone, is of no merchant either.
    """
    judged = part_of(sampled)
    ids = {subject_id for each in judged for subject_id in ids_of(each.asked_id)}
    of_rosters = exchange.get_many(map(lookup_keys.roster_index, ids))
    of_checks = exchange.get_many(map(lookup_keys.inquiry_index, ids))

    def joined(asked: Asked) -> bool:
        own = ids_of(asked.asked_id)
        on_rosters = (of_rosters.get(lookup_keys.roster_index(subject_id)) for subject_id in own)
        if any(roster_index.has_merchant(on_roster, platform_id) for on_roster in on_rosters):
            return True
        # An onboarding check does not bear itself out.
        checks = (of_checks.get(lookup_keys.inquiry_index(subject_id)) for subject_id in own)
        return not asked.check and any(lookup_index.was_checked_by(check, platform_id) for check in checks)

    return Absent(tuple(judged), frozenset(each for each in judged if not joined(each)))


def days_until(day: str, count: int) -> list[str]:
    """So many days, the last of which is `day`."""
    last = date.fromisoformat(day)
    return [(last - timedelta(days=back)).isoformat() for back in range(count)]


def days_between(since: str, until: str) -> list[str]:
    """The days from `since` to `until`."""
    return days_until(until, (date.fromisoformat(until) - date.fromisoformat(since)).days + 1)


def part_of(sampled: Iterable[Sampled]) -> list[Asked]:
    """At most `MOST_JUDGED` of the lookups, evenly taken."""
    asked = list(_all(sampled))
    return asked[:: math.ceil(len(asked) / MOST_JUDGED)] if asked else []


def _all(sampled: Iterable[Sampled]) -> Iterable[Asked]:
    return (asked for request in sampled for asked in request.asked)


def lookups_of(usage: Mapping[str, int]) -> int:
    """All lookups but those for a purpose that was granted: what is investigated is no applicant."""
    asked = sum(int(usage.get(kind, 0)) for kind in ("lookups", "by_code", "checks"))
    return asked - int(usage.get("granted", 0))
