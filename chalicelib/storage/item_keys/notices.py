"""Keys of changes, notices and subscriptions."""

from datetime import timedelta
from typing import Final

from chalicelib.storage.item_keys.numbered_feeds import CHANGES, notice_feed, slot
from chalicelib.storage.item_kind import UNBOUNDED, ItemKind, Ttl, names


def change(number: int) -> str:
    """A change in the feed of all changes."""
    return slot(CHANGES, number)


def notice(platform_id: str, number: int) -> str:
    """A notice in the feed of one platform."""
    return slot(notice_feed(platform_id), number)


def notices_of_listing(platform_id: str, listing_id: str) -> str:
    """Which notices a platform had of one government entry."""
    return f"told#{platform_id}#{listing_id}"


def push_cursor(audience: str) -> str:
    """Up to which number all notices of a platform are pushed; of `*` all changes."""
    return f"pushed#{audience}"


def acknowledged(platform_id: str) -> str:
    """What a platform has acknowledged of its notices."""
    return f"acknowledged#{platform_id}"


def subscription(platform_id: str, subscription_id: str) -> str:
    """A subscription of a platform."""
    return f"subscription#{platform_id}#{subscription_id}"


def subscriptions(platform_id: str) -> str:
    """The ids of a platform's subscriptions."""
    return f"subscriptions#{platform_id}"


KINDS: Final = (
    ItemKind(
        "change",
        change,
        names("entry_id number kind at subject listing before outcome campaigns guard told_at pushed_at"),
        "a change of a listing, with the subject and the listing as they were then",
        "notices",
        "bounded: the public texts of one listing and up to 24 names of its subject",
    ),
    ItemKind(
        "notice",
        notice,
        names("entry_id number notice attributes at pushed_at withheld"),
        "a notice to one platform; once withheld, that there was one",
        "notices",
        "bounded: the public texts of one listing and up to 24 names of its subject",
    ),
    ItemKind(
        "notices of a listing",
        notices_of_listing,
        names("numbers"),
        "the numbers of a platform's notices of a government entry, which are withheld when the entry ends",
        "notices",
        UNBOUNDED + "one number for each notice of the entry; some 50,000 fill it",
    ),
    ItemKind("push cursor", push_cursor, names("number"), "up to there all notices are pushed", "notices"),
    ItemKind(
        "acknowledgements",
        acknowledged,
        names("through beyond marks revision"),
        "up to where a platform has acknowledged everything, what beyond that, and when",
        "notices",
        "bounded: 5,000 single notices beyond `through`, 200 stretches in `marks`",
    ),
    ItemKind(
        "subscription",
        subscription,
        names("subscription_id topic protocol endpoint filter arn created_at ended_at"),
        "an endpoint that gets notices, and which of them",
        "notices",
        "bounded: a filter has six lists of 40 words at most",
        ttl=Ttl(timedelta(days=30), "ended_at", at_once=False),
    ),
    ItemKind(
        "subscriptions",
        subscriptions,
        names("members"),
        "the ids of a platform's subscriptions, ended ones too",
        "notices",
        UNBOUNDED + "20 at a time, but one id for each endpoint that was ever subscribed; some 14,000 fill it",
    ),
)
