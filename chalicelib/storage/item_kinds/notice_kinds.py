"""Kinds of items of changes, notices and subscriptions."""

from typing import Final

from chalicelib.storage.item_keys import notice_keys
from chalicelib.storage.item_kind import Growth, ItemKind, Ttl, names

KINDS: Final = (
    ItemKind(
        name="change",
        key=notice_keys.change,
        fields=names("entry_id number kind at subject listing before outcome campaigns guard told_at pushed_at"),
        holds="a change of a listing, with the subject and the listing as they were then",
        writer="notices",
        limit="bounded: the public texts of one listing and up to 24 names of its subject",
        growth=(Growth("texts of the listing, before and after", 2, 130_000), Growth("names", 24, 700)),
    ),
    ItemKind(
        name="notice",
        key=notice_keys.notice,
        fields=names("entry_id number notice attributes at pushed_at withheld topic"),
        holds="a notice to one platform; once withheld, that there was one",
        writer="notices",
        limit="bounded: 256 KB, which is what SNS takes",
        growth=(Growth("bytes", 256 * 1_024, 1),),
    ),
    ItemKind(
        name="notices of a listing",
        key=notice_keys.notices_of_listing,
        fields=names("numbers"),
        holds="the numbers of a platform's notices of a government entry, which are withheld when the entry ends",
        writer="notices",
        limit="bounded: 5,000 notices since the entry last ended; past that the oldest are withheld",
        growth=(Growth("notices", 5_100, 14),),
    ),
    ItemKind(
        name="push cursor",
        key=notice_keys.push_cursor,
        fields=names("number"),
        holds="up to there all notices are pushed",
        writer="notices",
    ),
    ItemKind(
        name="acknowledgements",
        key=notice_keys.acknowledged,
        fields=names("through beyond marks revision"),
        holds="up to where a platform has acknowledged everything, what beyond that, and when",
        writer="notices",
        limit="bounded: 5,000 single notices beyond `through`, 200 stretches in `marks`",
        growth=(Growth("notices beyond", 5_000, 14), Growth("stretches", 200, 120)),
    ),
    ItemKind(
        name="subscription",
        key=notice_keys.subscription,
        fields=names("subscription_id topic protocol endpoint filter arn created_at ended_at tested addressed_at"),
        holds="an endpoint that gets notices, and which of them",
        writer="notices",
        limit="bounded: a filter has six lists of 40 words at most",
        growth=(Growth("words of the filter", 240, 200),),
        ttl=Ttl(notice_keys.SUBSCRIPTION_KEPT, "ended_at", at_once=False),
    ),
    ItemKind(
        name="subscriptions",
        key=notice_keys.subscriptions,
        fields=names("members"),
        holds="the ids of a platform's subscriptions, ended ones too",
        writer="notices",
        limit="bounded: 20 at a time; past 200 those that ended are taken out",
        growth=(Growth("subscriptions", 221, 30),),
    ),
)
