"""Which platforms know a merchant, found without scanning: who has it on its roster, and who once looked it up.

Each merchant on a roster stands under its exact identifiers and its registered name, in one small item each with a set
for each platform. Whoever asks for a subject reads these items by its own identifiers and names, in one call.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from chalicelib.lookups import not_same_decisions
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.monitoring.rules.monitored_merchant import Enrolment, Merchant
from chalicelib.registry.rules.subject_id import name_id
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

REMEMBERED: Final = timedelta(days=360)
# A platform's id as the name of a field, kept apart from all other fields.
ASKED_BY: Final = "asked_by:"
# Under a name, merchants with a credit code stand apart: such a code contradicts a subject that has another one.
ON, CODED, MORE = "on:", "coded:", "more:"
# So many of its own ids are kept for each platform under one key; past that only that there are more.
MOST_MERCHANTS: Final = 20
WRITERS: Final = 16
# From weak to strong.
RELATIONS: Final = ("same_name", "same_resident_id", "same_org_code", "same_registration_no", "same_uscc")

# One write to the store, ready to be made.
Write = Callable[[], Any]
RECEIVED_BY: Final = "received_by:"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A platform that knows a merchant: `by` is roster or lookup, `merchants` its own ids of it (`more`: there are more
    than are named), `relation` how they are the same: same_uscc, same_registration_no, same_org_code, same_resident_id
    or, of names alone, same_name."""

    platform_id: str
    by: str
    merchants: tuple[str, ...] = ()
    relation: str = "same_uscc"
    more: bool = False


def remember_asking(exchange: "ExchangeTable", subject_id: str, platform_id: str, now: datetime) -> None:
    """Keep that a platform asked for this subject, listed or not, so that it can be told later."""
    expires_at = int((now + REMEMBERED).timestamp())
    exchange.upsert(_asked_id(subject_id), {ASKED_BY + platform_id: iso(now), "expires_at": expires_at})


def recipients(exchange: "ExchangeTable", subject: Mapping[str, Any], now: datetime) -> dict[str, Recipient]:
    """The platforms that know the subject, by id: by its strongest relation, a roster before a lookup.

    One BatchGetItem. Whom a platform has told apart from the subject it does not know; an exact identifier cannot be
    told apart.
    """
    names = dict(_names_of(subject))
    items = exchange.get_many(
        [item for pair in names for item in pair] + [not_same_decisions.apart_id(subject["subject_id"])]
    )
    apart = items.get(not_same_decisions.apart_id(subject["subject_id"]), {})
    found: dict[str, Recipient] = {}
    for (asked, known), relation in names.items():
        coded = relation == "same_name" and not subject.get("uscc")
        for one in (
            *_on_rosters(items.get(known, {}), relation, known.partition("#")[2], apart, coded),
            *_askers(items.get(asked, {}), relation, asked.partition("#")[2], apart, now),
        ):
            best = found.get(one.platform_id)
            found[one.platform_id] = one if best is None else _stronger(best, one)
    return dict(sorted(found.items()))


def index_merchants(
    exchange: "ExchangeTable", platform_id: str, before: Mapping[str, Merchant], after: Mapping[str, Merchant]
) -> int:
    """Change the items from a platform's merchants `before` to those `after`; how many merchants changed.

    Only what changed costs writes. Doing it again changes nothing.
    """
    changed = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    with ThreadPoolExecutor(WRITERS) as pool:
        # list() so that the first failure is raised here.
        list(pool.map(lambda key: _reindex(exchange, platform_id, key, before.get(key), after.get(key)), changed))
    return len(changed)


def enrol(exchange: "ExchangeTable", platform_id: str, merchant: Merchant, now: datetime) -> None:
    """Put one merchant on the platform's roster at once; the next run over the roster takes it in.

    Personal values are digests. A full roster that does not name the merchant keeps it for 30 days
    (`merge_roster.merge`).
    """
    slot = exchange.get(monitored_merchant.slot_id(platform_id, merchant.id))
    for write in enrolment(exchange, platform_id, merchant, slot, now):
        write()


def enrolment(
    exchange: "ExchangeTable", platform_id: str, merchant: Merchant, slot: Mapping[str, Any] | None, now: datetime
) -> list[Write]:
    """The writes that enrol a merchant, none of which waits for another; `slot` is its item `slot_id`.

    Some of them made, all may be made again.
    """
    enrolled = {monitored_merchant.SLOT + merchant.id: Enrolment(at=iso(now), merchant=merchant).to_item()}
    return [
        lambda: exchange.upsert(monitored_merchant.slot_id(platform_id, merchant.id), enrolled),
        lambda: exchange.upsert(monitored_merchant.news_id(platform_id), {"enrolled_at": iso(now)}),
        *_index_writes(exchange, platform_id, merchant.id, _enrolled(slot, merchant.id), merchant),
    ]


def leave(
    exchange: "ExchangeTable", platform_id: str, merchant_id: str, now: datetime, merchant: Merchant | None = None
) -> None:
    """Take one merchant off the platform's roster; a merchant that an earlier roster named leaves at the next run, too.

    With its values (`merchant`) it stops being monitored at once, without them at the next run unless it was enrolled
    by a call.
    """
    slot_id = monitored_merchant.slot_id(platform_id, merchant_id)
    enrolled = _enrolled(exchange.get(slot_id), merchant_id)
    exchange.upsert(slot_id, {monitored_merchant.SLOT + merchant_id: Enrolment(at=iso(now), gone=True).to_item()})
    exchange.upsert(monitored_merchant.news_id(platform_id), {"enrolled_at": iso(now)})
    for values in (enrolled, merchant):
        _reindex(exchange, platform_id, merchant_id, values, None)


def _enrolled(slot: Mapping[str, Any] | None, merchant_id: str) -> Merchant | None:
    """The merchant as a call enrolled it since the last run."""
    item = (slot or {}).get(monitored_merchant.SLOT + merchant_id)
    return Enrolment.from_item(item).merchant if item else None


def _reindex(
    exchange: "ExchangeTable", platform_id: str, merchant_id: str, old: Merchant | None, new: Merchant | None
) -> None:
    for write in _index_writes(exchange, platform_id, merchant_id, old, new):
        write()


def _index_writes(
    exchange: "ExchangeTable", platform_id: str, merchant_id: str, old: Merchant | None, new: Merchant | None
) -> Iterator[Write]:
    before, after = dict(_places(merchant_id, old)), dict(_places(merchant_id, new))
    for place, member in after.items():
        if before.get(place) != member:
            yield partial(_stand, exchange, platform_id, *place, member)
    for (item_id, kind), member in before.items():
        if after.get((item_id, kind)) != member:
            yield partial(exchange.take_from_set, item_id, kind + platform_id, {member})


def _stand(exchange: "ExchangeTable", platform_id: str, item_id: str, kind: str, member: str) -> None:
    if not exchange.add_capped(item_id, kind + platform_id, member, MOST_MERCHANTS):
        exchange.upsert(item_id, {MORE + kind + platform_id: True})


def _places(merchant_id: str, merchant: Merchant | None) -> Iterator[tuple[tuple[str, str], str]]:
    """Where a merchant stands: the item and the kind of field, and as what."""
    if not merchant:
        return
    for _, subject_id in monitored_merchant.exact_ids_of(merchant):
        yield (f"known#{subject_id}", ON), merchant_id
    if merchant.name:
        by_name = name_id(merchant.name)
        # Under which id the platform's decisions about this merchant are kept, where that is not the name itself.
        known_as = monitored_merchant.known_as(merchant)
        member = merchant_id if known_as == by_name else f"{merchant_id}\t{known_as}"
        yield (f"known#{by_name}", CODED if merchant.uscc else ON), member


def _names_of(subject: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """The items that speak of a subject (who asked, who has it), with the relation that each means."""
    for relation, one in monitored_merchant.exact_ids(subject):
        yield (_asked_id(one), f"known#{one}"), relation
    for one in dict.fromkeys(name_id(name) for name in subject.get("names", ())):
        yield (_asked_id(one), f"known#{one}"), "same_name"
    if subject["subject_id"].startswith("name:"):
        yield (_asked_id(subject["subject_id"]), f"known#{subject['subject_id']}"), "same_name"


def _on_rosters(
    item: Mapping[str, Any], relation: str, known_as: str, apart: Mapping[str, Any], coded: bool
) -> Iterator[Recipient]:
    for kind in (ON, CODED) if coded else (ON,):
        for field in sorted(item):
            if not field.startswith((kind, MORE + kind)):
                continue
            platform_id = field.rpartition(":")[2]
            members = [one.partition("\t")[::2] for one in item.get(kind + platform_id, ())]
            if relation == "same_name":
                members = [one for one in members if not apart.get(f"{platform_id}|{one[1] or known_as}")]
            more = MORE + kind + platform_id in item
            if members or more:
                yield Recipient(platform_id, "roster", tuple(one for one, _ in members), relation, more)


def _askers(
    item: Mapping[str, Any], relation: str, asked_id: str, apart: Mapping[str, Any], now: datetime
) -> Iterator[Recipient]:
    since = iso(now - REMEMBERED)
    for field, at in sorted(item.items()):
        platform_id = field.removeprefix(ASKED_BY)
        if not field.startswith(ASKED_BY) or at <= since:
            continue
        if relation != "same_name" or not apart.get(f"{platform_id}|{asked_id}"):
            yield Recipient(platform_id, "lookup", (), relation)


def _stronger(one: Recipient, other: Recipient) -> Recipient:
    """Both as one: the stronger relation, a roster before a lookup, the merchants of both."""
    best = max((one, other), key=lambda each: (RELATIONS.index(each.relation), each.by == "roster"))
    merchants = tuple(dict.fromkeys((*one.merchants, *other.merchants)))[:MOST_MERCHANTS]
    by = "roster" if "roster" in (one.by, other.by) else "lookup"
    return Recipient(best.platform_id, by, merchants, best.relation, one.more or other.more)


def remember_receiving(exchange: "ExchangeTable", subject_id: str, platform_id: str, now: datetime) -> None:
    """Keep that a platform was given what stands against this subject, in an answer, a task or a list."""
    expires_at = int((now + REMEMBERED).timestamp())
    exchange.upsert(_asked_id(subject_id), {RECEIVED_BY + platform_id: iso(now), "expires_at": expires_at})


def receivers(exchange: "ExchangeTable", subject: Mapping[str, Any], since: str, now: datetime) -> list[str]:
    """The platforms that were given what stands against the subject at or after a moment, or know the merchant."""
    return sorted(given(exchange, subject, since, now) | set(recipients(exchange, subject, now)))


def given(exchange: "ExchangeTable", subject: Mapping[str, Any], since: str, now: datetime) -> set[str]:
    """The platforms that were given what stands against the subject at or after a moment."""
    item = exchange.get(_asked_id(subject["subject_id"])) or {}
    since = max(since, iso(now - REMEMBERED))
    return {
        field.removeprefix(RECEIVED_BY) for field, at in item.items() if field.startswith(RECEIVED_BY) and at >= since
    }


def _asked_id(subject_id: str) -> str:
    return f"asked#{subject_id}"
