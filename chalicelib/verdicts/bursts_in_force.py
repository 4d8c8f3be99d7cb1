"""The bursts in force, small, because every lookup reads them: a field of the rules for all names each.

Where a platform has many bursts that nobody decided, or all platforms together have, those of one platform become one
over all their days: what it filed on those days stays held back for review until a regulator decides.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts.load_rules import BURST
from chalicelib.verdicts.rules.burst_thresholds import ALL_KEYS, Burst

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# So many of one platform stand beside each other; past so many in all, one of each platform.
MOST_OF_PLATFORM: Final = 8
MOST_IN_ALL: Final = 60
# What of a merged burst is remembered: the days and keys that it was made of, the newest.
MOST_MEMBERS: Final = 3_000


@dataclass(frozen=True, slots=True)
class StandingBurst:
    """A burst in force, the field of the rules that names it, and of one over several days what it was made of."""

    field: str
    burst: Burst
    members: tuple[str, ...]


def field_of(burst: Burst) -> str:
    """The field of the rules in force that names the burst."""
    days = f"{burst.day}..{burst.until}" if burst.until else burst.day
    return f"{BURST}{burst.platform_id}:{days}:{burst.key}"


def standing_bursts(exchange: "ExchangeTable") -> list[StandingBurst]:
    """The bursts in force, by platform and day."""
    ruling = exchange.get(verdict_keys.RULING) or {}
    named = {field: value for field, value in sorted(ruling.items()) if field.startswith(BURST)}
    ids = [verdict_keys.burst(value) for value in named.values() if isinstance(value, str)]
    items = exchange.get_many(ids) if ids else {}
    return [_standing(field, value, items) for field, value in named.items()]


def members_of(exchange: "ExchangeTable", burst: Burst) -> tuple[str, ...]:
    """The days and keys, as `<day>|<key>`, that a burst is about."""
    item = exchange.get(verdict_keys.burst(burst.guard_id)) or {}
    return tuple(item.get("members") or (f"{burst.day}|{burst.key}",))


def put_in_force(exchange: "ExchangeTable", burst: Burst, now: datetime) -> None:
    """Let a burst hold back what it is about; safe to repeat."""
    _make_room(exchange, burst.platform_id, now)
    _store(exchange, burst, (f"{burst.day}|{burst.key}",), ())


def _make_room(exchange: "ExchangeTable", platform_id: str, now: datetime) -> None:
    """Before a platform's next burst: where there are too many, those of the platform become one."""
    standing = standing_bursts(exchange)
    own = [each for each in standing if each.burst.platform_id == platform_id]
    if len(own) < MOST_OF_PLATFORM and (len(standing) < MOST_IN_ALL or len(own) < 2):
        return
    first = min(each.burst.day for each in own)
    last = max(each.burst.until or each.burst.day for each in own)
    merged = Burst(
        guard_id="g_" + hashlib.sha256(f"{platform_id}|{first}..{last}".encode()).hexdigest()[:16],
        platform_id=platform_id,
        day=first,
        until=last,
        key=ALL_KEYS,
        filed=sum(each.burst.filed for each in own),
        in_all=sum(each.burst.in_all for each in own),
        busiest_before=max(each.burst.busiest_before for each in own),
        at=max(each.burst.at for each in own),
    )
    # Days that no report is counted on any more need no mark that a burst of theirs was lifted.
    since = china_date(now - verdict_keys.FILINGS_KEPT + timedelta(days=1))
    members = sorted({member for each in own for member in each.members if member >= since})[-MOST_MEMBERS:]
    _store(exchange, merged, tuple(members), tuple(each.field for each in own if each.field != field_of(merged)))


def _store(exchange: "ExchangeTable", burst: Burst, members: tuple[str, ...], instead_of: tuple[str, ...]) -> None:
    """Store what the burst is, then name it among the rules, in one write in place of those that it replaces."""
    item: Json = {"id": verdict_keys.burst(burst.guard_id), **burst.to_item()}
    exchange.put({**item, "members": list(members)})
    exchange.upsert(verdict_keys.RULING, {field_of(burst): burst.guard_id}, instead_of)


def _standing(field: str, value: Any, items: Mapping[str, Json]) -> StandingBurst:
    """The burst that a field names; earlier versions stored it in the field itself."""
    item = dict(value) if isinstance(value, dict) else dict(items.get(verdict_keys.burst(value), {}))
    item.pop("id", None)
    members = tuple(item.pop("members", ()))
    burst = Burst.from_item(item) if item else _named(field, str(value))
    return StandingBurst(field, burst, members or (f"{burst.day}|{burst.key}",))


def _named(field: str, guard_id: str) -> Burst:
    """What a field alone says of its burst."""
    platform_id, days, key = field.removeprefix(BURST).split(":", 2)
    first, _, last = days.partition("..")
    date.fromisoformat(first)
    return Burst(
        guard_id=guard_id, platform_id=platform_id, day=first, until=last, key=key, filed=0, in_all=0,
        busiest_before=0, at="",
    )  # fmt: skip
