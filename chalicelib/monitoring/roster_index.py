"""The index of rosters: which platforms have a merchant, kept under each of its identifiers and its registered name.

Each identifier or name has one small item with a set of merchants for each platform, so that the platforms that have a
merchant are found without a scan.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import Conflict, NotSaved
from chalicelib.messages import ErrorCode
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.monitoring.rules.monitored_merchant import SLOTS, Enrolment, Merchant, hash_of
from chalicelib.registry.rules.subject_id import name_id
from chalicelib.storage.item_keys import lookup_keys, roster_keys
from chalicelib.values.record_layout import stored_bytes
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# Under a name, merchants with a credit code are kept apart: such a code contradicts a subject that has another one.
ON, CODED, MORE = "on:", "coded:", "more:"
# So many of its own ids are kept for each platform under one key; past that only that there are more.
MOST_MERCHANTS: Final = 20
# So many of all platforms together.
MOST_OF_ALL: Final = 1_500
# What one item of enrolments holds until a run takes them in; taking a merchant off may fill it further.
MOST_ENROLLED_BYTES: Final = 250 * 1_024
MOST_BYTES_WITH_REMOVALS: Final = 350 * 1_024
WRITERS: Final = 16
# One write to the store, ready to be made.
Write = Callable[[], Any]
# Where the index holds a merchant: the item, and how its field for a platform begins.
Entry = tuple[str, str]


def index_merchants(
    exchange: "ExchangeTable", platform_id: str, before: Mapping[str, Merchant], after: Mapping[str, Merchant]
) -> list[str]:
    """Change the items from a platform's merchants `before` to those `after`; the merchants that the store refuses.

    Only what changed costs writes. Doing it again changes nothing.
    """
    changed = [key for key in {*before, *after} if before.get(key) != after.get(key)]

    def reindex(key: str) -> str:
        try:
            _reindex(exchange, platform_id, key, before.get(key), after.get(key))
        except NotSaved:
            return key
        return ""

    with ThreadPoolExecutor(WRITERS) as pool:
        # list() so that the first failure is raised here.
        return [key for key in list(pool.map(reindex, changed)) if key]


def add_to_roster(exchange: "ExchangeTable", platform_id: str, merchant: Merchant, now: datetime) -> None:
    """Add one merchant to the platform's roster at once; the next run over the roster takes it in.

    Personal values are digests. A full roster that does not name the merchant keeps it for 30 days
    (`merge_roster.merge`).
    """
    slot = exchange.get(enrolments_id(platform_id, merchant.id))
    for write in writes_to_add(exchange, platform_id, merchant, slot, now):
        write()


def writes_to_add(
    exchange: "ExchangeTable", platform_id: str, merchant: Merchant, slot: Mapping[str, Any] | None, now: datetime
) -> list[Write]:
    """The writes that add a merchant, none of which waits for another; `slot` is its item `enrolments_id`.

    Some of them made, all may be made again: what the slot says may be all that an earlier call has written, so every
    entry of the index is written, whatever was enrolled before. Raises `Conflict` where the slot has no room.
    """
    slot_id = enrolments_id(platform_id, merchant.id)
    enrolled = {monitored_merchant.SLOT + merchant.id: Enrolment(at=iso(now), merchant=merchant).to_item()}
    _refuse_too_many(slot or {}, enrolled, MOST_ENROLLED_BYTES)
    before = dict(_index_entries(merchant.id, _enrolled(slot, merchant.id)))
    after = dict(_index_entries(merchant.id, merchant))

    def enrol() -> None:
        # Outdated entries go before the slot forgets them.
        for write in _removals(exchange, platform_id, before, after):
            write()
        exchange.upsert(slot_id, enrolled)

    return [
        enrol,
        lambda: exchange.upsert(roster_keys.roster_news(platform_id), {"enrolled_at": iso(now)}),
        *(partial(_add_member, exchange, platform_id, *entry, member) for entry, member in after.items()),
    ]


def remove_from_roster(
    exchange: "ExchangeTable", platform_id: str, merchant_id: str, now: datetime, merchant: Merchant | None = None
) -> None:
    """Remove one merchant from the platform's roster; one that an earlier roster named is removed at the next run, too.

    With its values (`merchant`) it stops being monitored at once, without them at the next run unless it was enrolled
    by a call.
    """
    slot_id = enrolments_id(platform_id, merchant_id)
    slot = exchange.get(slot_id) or {}
    gone = {monitored_merchant.SLOT + merchant_id: Enrolment(at=iso(now), gone=True).to_item()}
    _refuse_too_many(slot, gone, MOST_BYTES_WITH_REMOVALS)
    enrolled = _enrolled(slot, merchant_id)
    # The slot last: it says what an earlier call has enrolled, to a call that was interrupted and is made again.
    for values in (enrolled, merchant):
        _reindex(exchange, platform_id, merchant_id, values, None)
    exchange.upsert(slot_id, gone)
    exchange.upsert(roster_keys.roster_news(platform_id), {"enrolled_at": iso(now)})


def _refuse_too_many(slot: Mapping[str, object], enrolled: Mapping[str, object], most_bytes: int) -> None:
    """Refuse an enrolment for which its item has no room; one that needs no more room than before always has it."""
    before = dict(slot)
    size = stored_bytes({**before, **enrolled})
    if size > max(most_bytes, stored_bytes(before)):
        raise Conflict(ErrorCode.TOO_MANY_ENROLLED, most_bytes=most_bytes)


def _enrolled(slot: Mapping[str, Any] | None, merchant_id: str) -> Merchant | None:
    """The merchant as a call enrolled it since the last run."""
    item = (slot or {}).get(monitored_merchant.SLOT + merchant_id)
    return Enrolment.from_item(item).merchant if item else None


def _reindex(
    exchange: "ExchangeTable", platform_id: str, merchant_id: str, old: Merchant | None, new: Merchant | None
) -> None:
    before, after = dict(_index_entries(merchant_id, old)), dict(_index_entries(merchant_id, new))
    for entry, member in after.items():
        if before.get(entry) != member:
            _add_member(exchange, platform_id, *entry, member)
    for write in _removals(exchange, platform_id, before, after):
        write()


def _removals(
    exchange: "ExchangeTable", platform_id: str, before: Mapping[Entry, str], after: Mapping[Entry, str]
) -> Iterator[Write]:
    """The writes that take out what the index holds of a merchant and shall hold no more."""
    for (item_id, kind), member in before.items():
        if after.get((item_id, kind)) != member:
            yield partial(exchange.take_counted, item_id, kind + platform_id, member)


def _add_member(exchange: "ExchangeTable", platform_id: str, item_id: str, kind: str, member: str) -> None:
    if not exchange.add_counted(item_id, kind + platform_id, member, MOST_MERCHANTS, MOST_OF_ALL):
        exchange.upsert(item_id, {MORE + kind + platform_id: True})


def _index_entries(merchant_id: str, merchant: Merchant | None) -> Iterator[tuple[Entry, str]]:
    """The entries of a merchant in the index: the item, the kind of field, and the member of its set."""
    if not merchant:
        return
    for _, subject_id in monitored_merchant.exact_ids_of(merchant):
        yield (lookup_keys.roster_index(subject_id), ON), merchant_id
    for by_name in dict.fromkeys(name_id(name) for name in (merchant.name, merchant.former_name) if name):
        # Under which id the platform's decisions about this merchant are kept, where that is not the name itself.
        known_as = monitored_merchant.known_as(merchant)
        member = merchant_id if known_as == by_name else f"{merchant_id}\t{known_as}"
        yield (lookup_keys.roster_index(by_name), CODED if merchant.uscc else ON), member


def has_merchant(item: Json | None, platform_id: str) -> bool:
    """Whether the platform has a merchant under an identifier or a name, from its item in the index."""
    fields = (before + kind + platform_id for before in ("", MORE) for kind in (ON, CODED))
    return item is not None and any(item.get(field) for field in fields)


def enrolments_id(platform_id: str, merchant_id: str) -> str:
    """The id of the item in which a merchant that was added by a call waits for the next run over the roster."""
    return roster_keys.enrolments(platform_id, hash_of(merchant_id) % SLOTS)
