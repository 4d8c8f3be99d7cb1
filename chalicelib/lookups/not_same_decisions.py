"""What a platform's own people decided: this applicant is not that subject. It counts for that platform alone.

Kept by the applicant's strongest identifier and by subject ids, so that it outlives a new name on either side.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

# A subject's id as the name of a field, kept apart from all other fields.
NOT: Final = "not:"
DECIDABLE: Final = ("name", "signals", "weak")


def memory_id(platform_id: str, asked_id: str) -> str:
    """The exchange item of everything that the platform decided about one applicant."""
    return f"decided#{platform_id}#{asked_id}"


def apart_id(subject_id: str) -> str:
    """The exchange item of everyone who was told apart from one subject: `<platform>|<asked id>` -> when."""
    return f"apart#{subject_id}"


def decided(items: Iterable[Mapping[str, Any]], item_id: str) -> set[str]:
    """The subjects that were told apart, from whichever of the items holds that."""
    return {
        field.removeprefix(NOT)
        for item in items
        if item["id"] == item_id
        for field, at in item.items()
        if field.startswith(NOT) and at
    }


def decide(
    exchange: "ExchangeTable", platform_id: str, lookup_id: str, subject_id: str, decision: str, now: datetime
) -> dict[str, Any]:
    """Remember `not_same`, or take it back (`undecided`), for the applicant of one of the platform's own lookups.

    `NotFound` for a lookup or a match that is not there; `Conflict` where an exact identifier has spoken.
    """
    lookup = exchange.get(f"lookup#{lookup_id}")
    if lookup is None or lookup["platform_id"] != platform_id or not lookup["asked_id"]:
        raise NotFound(ErrorCode.NOT_FOUND, lookup_id=lookup_id)
    memory = memory_id(platform_id, lookup["asked_id"])
    relation = lookup["relations"].get(subject_id)
    if relation is None and subject_id not in decided([exchange.get(memory) or {"id": ""}], memory):
        raise NotFound(ErrorCode.NOT_FOUND, subject_id=subject_id)
    if relation and RELATION_CLASS[relation] not in DECIDABLE:
        raise Conflict(ErrorCode.NOT_DECIDABLE, subject_id=subject_id, relation=relation)
    at = iso(now) if decision == "not_same" else ""
    exchange.upsert(memory, {NOT + subject_id: at})
    # The same from the subject's side, for whoever asks which platforms know it.
    exchange.upsert(apart_id(subject_id), {f"{platform_id}|{lookup['asked_id']}": at})
    return {"lookup_id": lookup_id, "subject_id": subject_id, "decision": decision, "decided_at": iso(now)}
