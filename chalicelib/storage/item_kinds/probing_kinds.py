"""Kinds of items that watch for probing: samples of lookups, figures by platform and day, the rule, slowed keys."""

from typing import Final

from chalicelib.storage.item_keys import probing_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="sample of lookups",
        key=probing_keys.sample,
        fields=names("key_id entries"),
        holds="one of 200 requests drawn from a platform's day: by which id each applicant was asked for, and flags",
        writer="lookups",
        limit="bounded: 100 applicants of a request",
        growth=(Growth("applicants", 100, 80),),
        ttl=Ttl(probing_keys.SAMPLE_KEPT, "the request"),
        forms={"place": r"\d+"},
    ),
    ItemKind(
        name="figures of lookups",
        key=probing_keys.figures,
        fields=names(
            "requests lookups hits personal odd_codes codes in_sequence judged absent judged_personal absent_personal "
            "judged_odd absent_odd settled settled_absent settled_personal settled_absent_personal settled_odd "
            "settled_absent_odd checked_at finding"
        ),
        holds="what a platform's lookups of a day look like, and the finding where they look like probing",
        writer="probing",
        ttl=Ttl(probing_keys.FIGURES_KEPT, "the day"),
    ),
    ItemKind(
        name="rule for probing",
        key=probing_keys.RULE,
        fields=names("slows merchants_per_minute merchants_per_day days set_by set_at"),
        holds="whether a finding slows keys, to how much and for how long, as a regulator set it",
        writer="probing",
    ),
    ItemKind(
        name="slowed key",
        key=probing_keys.slowed,
        fields=names("merchants_per_minute merchants_per_day until"),
        holds="how much a key (`key:<id>`) may ask until a moment, because it probed",
        writer="probing",
    ),
    ItemKind(
        name="progress of the watch for probing",
        key=probing_keys.WATCHED_UNTIL,
        fields=names("hour day"),
        holds="the hour at which, and the day for which, figures were last made",
        writer="probing",
    ),
)
