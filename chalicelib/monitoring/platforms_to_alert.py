"""Which platforms a merchant concerns: those that have it on their roster, and those that once looked it up.

Both are found without a scan, by the identifiers and names of the subject, in one call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.lookups import not_same_decisions
from chalicelib.monitoring.lookup_index import inquirers, platforms_informed_since
from chalicelib.monitoring.roster_index import CODED, MORE, MOST_MERCHANTS, ON
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_id import ids_of, name_id
from chalicelib.storage.field_chain import read_on
from chalicelib.storage.item_keys import lookup_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# From weak to strong.
RELATIONS: Final = (
    *("same_name", "unverified_uscc", "same_bank_account", "same_permit", "same_resident_id"),
    *("same_org_code", "same_registration_no", "same_uscc"),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A platform that a merchant concerns: `by` is roster or lookup, `merchants` its own ids of the merchant (`more`:
    there are more than are named), `relation` how they are the same: one of `RELATIONS`."""

    platform_id: str
    by: str
    merchants: tuple[str, ...] = ()
    relation: str = "same_uscc"
    more: bool = False


def recipients(exchange: "ExchangeTable", subject: Subject, now: datetime) -> dict[str, Recipient]:
    """The platforms that the subject concerns, by id: by its strongest relation, a roster before a lookup.

    One BatchGetItem, as long as the decisions on the subject fit one item. A platform that decided that its merchant is
    not this subject is left out; an exact identifier cannot be decided on.
    """
    relations = dict(_index_ids(subject))
    decided = not_same_decisions.decisions_on(subject.subject_id)
    item_ids = [item_id for index_id in relations for item_id in _items_under(index_id)]
    items = exchange.get_many([*item_ids, decided(0)])
    decisions = read_on(exchange.get, decided, items.get(decided(0)))
    strongest: dict[str, Recipient] = {}
    for index_id, relation in relations.items():
        inquiries, rosters = (items.get(item_id, {}) for item_id in _items_under(index_id))
        coded = relation == "same_name" and not subject.uscc
        for recipient in (
            *_on_rosters(rosters, relation, index_id, decisions, coded),
            *_by_lookup(inquiries, relation, index_id, decisions, now),
        ):
            other = strongest.get(recipient.platform_id)
            strongest[recipient.platform_id] = _combined(other, recipient) if other else recipient
    return dict(sorted(strongest.items()))


def platforms_concerned_since(exchange: "ExchangeTable", subject: Subject, since: str, now: datetime) -> list[str]:
    """The platforms that were given the subject's listings at or after a moment, and those that it concerns now."""
    informed = platforms_informed_since(exchange, subject.subject_id, since, now)
    return sorted(informed | set(recipients(exchange, subject, now)))


def _index_ids(subject: Subject) -> Iterator[tuple[str, str]]:
    """The ids under which the indexes keep a subject, with the relation that each means."""
    for relation, index_id in monitored_merchant.exact_ids(subject):
        yield index_id, relation
    for index_id in dict.fromkeys(name_id(name) for name in subject.names):
        yield index_id, "same_name"
    if subject.subject_id.startswith("name:"):
        yield subject.subject_id, "same_name"


def _items_under(index_id: str) -> tuple[str, str]:
    return lookup_keys.inquiry_index(index_id), lookup_keys.roster_index(index_id)


def _on_rosters(
    item: Mapping[str, Any], relation: str, known_as: str, decisions: Mapping[str, Any], coded: bool
) -> Iterator[Recipient]:
    for kind in (ON, CODED) if coded else (ON,):
        for field in sorted(item):
            if not field.startswith((kind, MORE + kind)):
                continue
            platform_id = field.rpartition(":")[2]
            members = [member.partition("\t")[::2] for member in item.get(kind + platform_id, ())]
            if relation == "same_name":
                members = [
                    (merchant_id, asked_id)
                    for merchant_id, asked_id in members
                    if not any(decisions.get(f"{platform_id}|{each}") for each in ids_of(asked_id or known_as))
                ]
            more = MORE + kind + platform_id in item
            if members or more:
                yield Recipient(platform_id, "roster", tuple(merchant_id for merchant_id, _ in members), relation, more)


def _by_lookup(
    item: Mapping[str, Any], relation: str, asked_id: str, decisions: Mapping[str, Any], now: datetime
) -> Iterator[Recipient]:
    for platform_id in inquirers(item, now):
        if relation != "same_name" or not decisions.get(f"{platform_id}|{asked_id}"):
            yield Recipient(platform_id, "lookup", (), relation)


def _combined(first: Recipient, second: Recipient) -> Recipient:
    """Both in one: the stronger relation, a roster before a lookup, the merchants of both."""
    best = max((first, second), key=lambda each: (RELATIONS.index(each.relation), each.by == "roster"))
    merchants = tuple(dict.fromkeys((*first.merchants, *second.merchants)))[:MOST_MERCHANTS]
    by = "roster" if "roster" in (first.by, second.by) else "lookup"
    return Recipient(best.platform_id, by, merchants, best.relation, first.more or second.more)
