"""Kinds of items of the audit log."""

from typing import Final

from chalicelib.storage.item_keys.people import audit_keys
from chalicelib.storage.item_kind import ItemKind, Ttl, names

MONTH: Final = {"month": r"\d{4}-\d{2}"}
KINDS: Final = (
    ItemKind(
        name="entry of the audit log",
        key=audit_keys.audit_entry,
        fields=names(
            "number at organisation role person_id key_id action object outcome error before after source request_id"
        ),
        holds="who did what, when, for which request and with which outcome; `before` and `after` are masked, `source` "
        "is a keyed digest of the network address",
        writer="audit",
        ttl=Ttl(audit_keys.AUDIT_KEPT, "at"),
        forms=MONTH,
    ),
    ItemKind(
        name="place of an entry of the audit log",
        key=audit_keys.audit_place,
        fields=names("number entry at"),
        holds="the key of an entry, in the order of all organisations'",
        writer="audit",
        ttl=Ttl(audit_keys.AUDIT_KEPT, "at"),
        forms=MONTH,
    ),
    ItemKind(
        name="place of an entry about an object",
        key=audit_keys.audit_place_of_object,
        fields=names("number entry at"),
        holds="the key of an entry, in the order of those about the object",
        writer="audit",
        ttl=Ttl(audit_keys.AUDIT_KEPT, "at"),
    ),
)
