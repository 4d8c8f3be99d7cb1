"""Kinds of items of decisions that wait for a second person."""

from typing import Final

from chalicelib.storage.item_keys.people import decision_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="rule for second persons",
        key=decision_keys.SECOND_PERSON_RULE,
        fields=names("mode organisations set_at set_by"),
        holds="for which organisations acts wait for a second person; made when a regulator sets it",
        writer="second person",
        limit="bounded: 1,000 organisations",
        growth=(Growth("organisations", 1_000, 60),),
    ),
    ItemKind(
        name="pending decision",
        key=decision_keys.pending_decision,
        fields=names(
            "number organisation role person_id key_id operation duty path body asked_at ends_at state decided_by"
            " decided_at why error"
        ),
        holds="an act that waits, or waited, for a second person; numbers of persons in `body` are masked",
        writer="second person",
        limit="bounded: one body, of 10,000 characters at most",
        growth=(Growth("bytes of a body", 40_000, 1),),
        ttl=Ttl(decision_keys.DECISION_KEPT, "asked_at"),
    ),
)
