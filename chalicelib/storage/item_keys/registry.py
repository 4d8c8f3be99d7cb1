"""Keys of the tables `subjects` and `keys`, and of the index of ends by day."""

from typing import Final

from chalicelib.storage.item_kind import KEYS, SUBJECTS, UNBOUNDED, ItemKind, names


def subject(scheme: str, value: str) -> str:
    """The id of a subject: how it is identified (uscc, reg, org, person, name) and by which value."""
    return f"{scheme}:{value}"


def subject_with_uscc(uscc: str) -> str:
    """The id of the subject with that unified social credit code."""
    return subject("uscc", uscc)


def posting(kind: str, value: str) -> str:
    """The key of one posting list of the `keys` table."""
    return f"{kind}#{value}"


def expiring(day: str, shard: int) -> str:
    """The listings that end by their own date on that day, one of 16 parts."""
    return f"expiring#{day}#{shard:x}"


_POSTED: Final = names("n common <subject_id>")
_CAPPED: Final = "bounded: 48 subjects with up to 24 names each; past that the item holds `common` alone"

KINDS: Final = (
    ItemKind(
        "subject",
        subject,
        names("version updated_at uscc registration_no org_code person address phone legal_representative bank_account")
        + names("legal_representative_shown shop_url names shop_names listings registration successors"),
        "a merchant's subject with every listing, its history and its disputes; the truth",
        "registry",
        UNBOUNDED
        + "some 200 listings with long texts and full histories fill it; then every save of the subject fails",
        table=SUBJECTS,
        forms={"scheme": "uscc|reg|org|person|name"},
    ),
    ItemKind(
        "posting list of an identifier",
        posting,
        _POSTED,
        "the subjects that carry an identifier other than their id, or carry on as another (successor)",
        "registry",
        _CAPPED,
        table=KEYS,
        forms={"kind": "reg|org|person|successor"},
    ),
    ItemKind(
        "posting list of a signal",
        posting,
        _POSTED,
        "the subjects that share a digest of a phone, an address and so on",
        "registry",
        _CAPPED,
        table=KEYS,
        forms={"kind": "phone|address|legal_representative|bank_account|domain|shop_url"},
    ),
    ItemKind(
        "posting list of a name",
        posting,
        _POSTED,
        "the subjects with names of one blocking key, with those names (`n` registered, `s` of shops)",
        "registry",
        _CAPPED,
        table=KEYS,
        forms={"kind": "[nkmbpqeht]"},
    ),
    ItemKind(
        "listings that end on a day",
        expiring,
        names("listings"),
        "the ids of listings whose own date was, at some time, that day",
        "registry",
        UNBOUNDED + "some 8,000 listings fill one part, 128,000 a day; each write rewrites the item",
    ),
)
