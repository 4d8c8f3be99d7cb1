"""Kinds of items of the tables `subjects` and `keys`, and of the index of ends by day."""

from typing import Final

from chalicelib.storage.item_keys import registry_keys
from chalicelib.storage.item_kind import KEYS, PAST, SUBJECTS, Growth, ItemKind, names

_POSTED: Final = names("n common <subject_id>")

_CAPPED: Final = "bounded: 48 subjects with 7,000 bytes of names each; past that the item holds `common` alone"
_SUBJECTS: Final = (Growth("subjects", 48, 7_500),)

KINDS: Final = (
    ItemKind(
        name="subject",
        key=registry_keys.subject,
        fields=names(
            "version updated_at uscc registration_no org_code person permit personal_account unverified_uscc address "
            "phone legal_representative bank_account legal_representative_shown shop_url names shop_names "
            "names_said_former listings registration successors"
        ),
        holds="a merchant's subject with every listing, its history and its disputes; the truth",
        writer="registry",
        limit=(
            "bounded: reports and lists fill 336 KB at most, with 800 bytes for the end of each listing; what ends or "
            "disputes a listing leaves out old events and long texts where room is short"
        ),
        growth=(Growth("bytes of listings", 352 * 1_024, 1),),
        table=SUBJECTS,
        forms={"scheme": "uscc|reg|org|person|permit|account|unverified|name"},
    ),
    ItemKind(
        name="posting list of an identifier",
        key=registry_keys.posting,
        fields=_POSTED,
        holds="the subjects that carry an identifier other than their id, or carry on as another (successor)",
        writer="registry",
        limit=_CAPPED,
        growth=_SUBJECTS,
        table=KEYS,
        forms={"kind": "reg|org|person|permit|account|unverified|successor"},
    ),
    ItemKind(
        name="posting list of a signal",
        key=registry_keys.posting,
        fields=_POSTED,
        holds="the subjects that share a digest of a phone, an address and so on",
        writer="registry",
        limit=_CAPPED,
        growth=_SUBJECTS,
        table=KEYS,
        forms={"kind": "phone|address|legal_representative|bank_account|domain|shop_url"},
    ),
    ItemKind(
        name="posting list of a name",
        key=registry_keys.posting,
        fields=_POSTED,
        holds="the subjects with names of one blocking key, with those names (`n` registered, `s` of shops)",
        writer="registry",
        limit=_CAPPED,
        growth=_SUBJECTS,
        table=KEYS,
        forms={"kind": "[nkmbpqciehtj]"},
    ),
    ItemKind(
        name="lasting name",
        key=registry_keys.lasting_name,
        fields=names("named"),
        holds="the id of the subject, or of the display, that is meant by this one, which is by another key of the "
        "digests; written once",
        writer="registry",
    ),
    ItemKind(
        name="listings that end on a day",
        key=registry_keys.expiring,
        fields=names("listings"),
        holds="the ids of listings whose own date was, at some time, that day",
        writer="registry",
        limit=PAST,
    ),
    ItemKind(
        name="part of the listings that end on a day",
        key=registry_keys.expiring_part,
        fields=names("listings"),
        holds="the ids of listings whose own date was, at some time, that day; 64 parts, and further ones once full",
        writer="registry",
        limit="bounded: 2,000 listings",
        growth=(Growth("listings", 2_000, 100),),
    ),
)
