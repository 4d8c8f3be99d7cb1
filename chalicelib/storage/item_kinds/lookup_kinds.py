"""Kinds of items of lookups, of what people decided on their matches, and of which platforms a merchant concerns."""

from typing import Final

from chalicelib.storage.item_keys import lookup_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, chained, names

_LOOKUP: Final = names("platform_id purpose at asked_id verdict relations by given verdicts stale policy")

_MATCHES: Final = "bounded: `relations` has the matches, 20 by name and some 48 for each exact identifier"
_RELATIONS: Final = Growth("matches", 20 + 7 * 48, 270)
_FULL_AT: Final = "bounded: 64 KB; what does not fit is written into a further item"
# Besides what counts as full, what people decide at the same moment.
_DECISIONS: Final = (Growth("bytes", 64 * 1_024, 1), Growth("decisions at once", 100, 300))

KINDS: Final = (
    ItemKind(
        name="lookups",
        key=lookup_keys.lookup_block,
        fields=names("0 1 2 3 4 5 platform_id"),
        holds="six lookups of a caller that follow one another in a day, each deflated "
        "(`chalicelib/lookups/rules/stored_lookup.py`): when, for which purpose, for whom, the other fields that were "
        "given, masked, which person or key asked, and what was answered (subject → relation, verdict)",
        writer="lookups",
        limit="bounded: six of 128 bytes at most",
        growth=(Growth("lookups", lookup_keys.LOOKUPS_IN_A_BLOCK, 128 + 8),),
        ttl=Ttl(lookup_keys.LOOKUP_KEPT, "the last of them"),
        forms={"first_id": "k_[0-9a-f]{24}"},
    ),
    ItemKind(
        name="lookup",
        key=lookup_keys.lookup,
        fields=names(
            "body platform_id asked relations by given verdicts stale policy lookup_id purpose at asked_id verdict"
        ),
        holds="a lookup that is too long for a block, as `body`. Those of earlier versions, which had no blocks, say "
        "the same in fields: `asked` has platform, purpose, applicant and verdict, the expiry says when; before that "
        "there was a field for each, and ids that no number leads to",
        writer="lookups",
        limit=_MATCHES,
        growth=(_RELATIONS,),
        ttl=Ttl(lookup_keys.LOOKUP_KEPT, "at"),
        forms={"lookup_id": "(?!o_)[^#]+"},
    ),
    ItemKind(
        name="onboarding receipt",
        key=lookup_keys.onboarding_receipt,
        fields=_LOOKUP + names("said"),
        holds=(
            "a lookup that is the receipt of an onboarding check: `said` is the answer, packed with zlib; written once"
        ),
        writer="onboarding",
        limit=_MATCHES,
        growth=(_RELATIONS, Growth("answer, packed", 1, 200_000)),
        ttl=Ttl(lookup_keys.ONBOARDING_RECEIPT_KEPT, "at"),
        forms={"receipt": "o_[^#]+"},
    ),
    ItemKind(
        name="count of recent lookups",
        key=lookup_keys.recent_lookup_count,
        fields=names("number"),
        holds="how many of a platform's lookups found something",
        writer="verdicts",
    ),
    ItemKind(
        name="recent lookup",
        key=lookup_keys.recent_lookup,
        fields=names("lookup_id number at asked_id relations"),
        holds="one of a platform's latest 200 lookups that found something, for dry runs of policies; of a day with "
        "more than 400 such, a sample",
        writer="verdicts",
        limit=_MATCHES,
        growth=(_RELATIONS,),
        ttl=Ttl(lookup_keys.RECENT_LOOKUP_KEPT, "the lookup"),
        forms={"place": r"\d+"},
    ),
    *chained(
        ItemKind(
            name="match decisions",
            key=lookup_keys.match_decisions,
            fields=names("not:<subject_id> more"),
            holds="the subjects that a platform told apart from an applicant, and when; '' when taken back",
            writer="lookups",
            limit=_FULL_AT,
            growth=_DECISIONS,
        ),
        lookup_keys.more_match_decisions,
        "further subjects that a platform told apart from an applicant, once those before fill an item",
    ),
    *chained(
        ItemKind(
            name="match decisions on a subject",
            key=lookup_keys.match_decisions_on,
            fields=names("<platform_id>|<asked_id> more"),
            holds="the applicants that were told apart from a subject, and when; '' when taken back",
            writer="lookups",
            limit=_FULL_AT,
            growth=_DECISIONS,
        ),
        lookup_keys.more_match_decisions_on,
        "further applicants that were told apart from a subject, once those before fill an item",
    ),
    ItemKind(
        name="inquiry index",
        key=lookup_keys.inquiry_index,
        fields=names("asked_by:<platform_id> received_by:<platform_id> checked_by:<platform_id>"),
        holds="which platforms asked for a subject, checked it to onboard it, were given its listings, each when last",
        writer="monitoring",
        limit="bounded: three fields for each of 1,000 participants",
        growth=(Growth("platforms that asked, checked or received", 3_000, 85),),
        ttl=Ttl(lookup_keys.INQUIRY_KEPT, "the last lookup, answer or task"),
    ),
    ItemKind(
        name="roster index",
        key=lookup_keys.roster_index,
        fields=names("on:<platform_id> coded:<platform_id> more:on:<platform_id> more:coded:<platform_id> n"),
        holds=(
            "under one identifier or name: each platform's own ids of its merchants (`coded`: those with a credit code)"
        ),
        writer="monitoring",
        limit="bounded: 20 merchants for each platform, 1,500 in all (`n`); past that only that there are more",
        growth=(Growth("merchants", 1_500, 150), Growth("platforms with more", 2_000, 60)),
    ),
    ItemKind(
        name="batches of a person",
        key=lookup_keys.batches,
        fields=names("batches"),
        holds="the batches of applicants that a person looked up: the id of the verdicts, when, and how many have each",
        writer="lookups",
        limit="bounded: 10 batches",
        growth=(Growth("batches", 10, 300),),
        ttl=Ttl(lookup_keys.BATCHES_KEPT, "the last batch"),
    ),
)
