"""What a platform's own people decided: this applicant is not that subject. It counts for that platform alone.

Kept by the applicant's strongest identifier and by subject ids, so that it outlives a new name on either side.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.errors import Conflict, NotFound
from chalicelib.lookups import kept_lookups
from chalicelib.lookups.rules.stored_lookup import StoredLookup
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.subject_id import ids_of
from chalicelib.storage.field_chain import keys_of, put_fields, read_on
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.field_chain import Keys

# A subject's id as the name of a field, kept apart from all other fields.
NOT: Final = "not:"
# What one item of decisions holds: a lookup pays for every 4 KB of the first.
MOST_DECISION_BYTES: Final = 64 * 1_024
DECIDABLE: Final = ("name", "signals", "weak")


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """What a person decided of a match: `not_same`, or `undecided` again."""

    lookup_id: str
    subject_id: str
    decision: str
    decided_at: str

    def view(self) -> Json:
        """The decision as the platform sees it."""
        return {
            "lookup_id": self.lookup_id,
            "subject_id": self.subject_id,
            "decision": self.decision,
            "decided_at": self.decided_at,
        }


def decisions_of(platform_id: str, asked_id: str) -> "Keys":
    """The keys of a platform's decisions on one applicant: the first item, and further ones once it is full."""
    return keys_of(lookup_keys.match_decisions, lookup_keys.more_match_decisions, platform_id, asked_id)


def decisions_on(subject_id: str) -> "Keys":
    """The keys of all platforms' decisions on one subject: the first item, and further ones once it is full."""
    return keys_of(lookup_keys.match_decisions_on, lookup_keys.more_match_decisions_on, subject_id)


def not_same_subjects(item: Json | None) -> set[str]:
    """The subjects that a platform distinguished from an applicant, by the fields of its decisions."""
    return {field.removeprefix(NOT) for field, at in (item or {}).items() if field.startswith(NOT) and at}


def decide_match(
    exchange: "ExchangeTable", platform_id: str, lookup_id: str, subject_id: str, decision: str, now: datetime
) -> MatchDecision:
    """Remember `not_same`, or take it back (`undecided`), for the applicant of one of the platform's own lookups.

    `NotFound` for a lookup or a match that is not there; `Conflict` for a match by an exact identifier.
    """
    lookup = _own_lookup(exchange, platform_id, lookup_id)
    relation = lookup.relations.get(subject_id)
    if relation is None and subject_id not in not_same_subjects(_decided(exchange, platform_id, lookup.asked_id)):
        raise NotFound(ErrorCode.NOT_FOUND, subject_id=subject_id)
    if relation and RELATION_CLASS[relation] not in DECIDABLE:
        raise Conflict(ErrorCode.NOT_DECIDABLE, subject_id=subject_id, relation=relation)
    at = iso(now) if decision == "not_same" else ""
    own = ids_of(lookup.asked_id)
    for asked_id in own:
        put_fields(exchange, decisions_of(platform_id, asked_id), {NOT + subject_id: at}, MOST_DECISION_BYTES)
    # The same from the subject's side, to find which platforms a subject concerns.
    fields = {f"{platform_id}|{asked_id}": at for asked_id in own}
    put_fields(exchange, decisions_on(subject_id), fields, MOST_DECISION_BYTES)
    return MatchDecision(lookup_id, subject_id, decision, iso(now))


def move_decisions(exchange: "ExchangeTable", platform_id: str, asked_id: str) -> None:
    """Keep what a platform decided of a natural person under an earlier key of the digests under the current one too.

    Nothing is read while one key is in use; safe to repeat, and to be killed after any write.
    """
    current, *earlier = ids_of(asked_id) or ("",)
    if not earlier:
        return
    moved, *chains = (_chain(exchange, platform_id, each) for each in (current, *earlier))
    before = {field: at for chain in reversed(chains) for field, at in chain.items() if field.startswith(NOT)}
    missing = {field: at for field, at in before.items() if field not in moved}
    for field, at in missing.items():
        keys = decisions_on(field.removeprefix(NOT))
        put_fields(exchange, keys, {f"{platform_id}|{current}": at}, MOST_DECISION_BYTES)
    # Last, for it is what says that all were moved.
    if missing:
        put_fields(exchange, decisions_of(platform_id, current), missing, MOST_DECISION_BYTES)


def _decided(exchange: "ExchangeTable", platform_id: str, asked_id: str) -> Json:
    """All fields of a platform's decisions on an applicant, under whichever key; the current one's count."""
    chains = [_chain(exchange, platform_id, each) for each in ids_of(asked_id)]
    return {field: at for chain in reversed(chains) for field, at in chain.items()}


def _chain(exchange: "ExchangeTable", platform_id: str, asked_id: str) -> Json:
    keys = decisions_of(platform_id, asked_id)
    return read_on(exchange.get, keys, exchange.get(keys(0)))


def _own_lookup(exchange: "ExchangeTable", platform_id: str, lookup_id: str) -> StoredLookup:
    """A lookup of the platform whose applicant can be named again."""
    lookup = kept_lookups.read(exchange, lookup_id)
    if lookup is None or lookup.platform_id != platform_id or not lookup.asked_id:
        raise NotFound(ErrorCode.NOT_FOUND, lookup_id=lookup_id)
    return lookup
