"""Subjects that an older version filled to the limit of the store, and ones that nothing can read."""

import dataclasses
from datetime import date, timedelta
from typing import Any

from chalicelib.registry.rules.listing import Listing, listing_id
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.item_kind import MOST_ITEM_BYTES
from chalicelib.values.record_layout import stored_bytes
from tests.conftest import ENVIRONMENT
from tests.support.builders import listed, uscc
from tests.world import World

REPORT = "r_0123456789abcdef01234567"
LONG = "销售假冒注册商标商品，附件说明" * 33


def filing(number: int, place: int, text: str = LONG, platform: str = "alpha", **more: Any) -> Listed:
    """One more eviction of the merchant: another day, another text of 500 characters."""
    day = (date(2026, 11, 20) - timedelta(days=place)).isoformat()
    identity = {"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"}
    change = listed(platform, identity=identity, listed_on=day, reason_text=(text + str(place))[-500:], **more)
    ident = listing_id(change.listing.source, change.subject_id, day, change.listing.reasons)
    return dataclasses.replace(change, listing=change.listing.replace(listing_id=ident, row=place, report_id=REPORT))


def filled(number: int, text: str = LONG, most: int = MOST_ITEM_BYTES, **more: Any) -> Subject:
    """A subject with as many listings as the store takes, as no rule bounded them; its address fills the rest."""
    change = filing(number, 0, text, **more)
    subject = Listed(change.identity, Listing(), change.at).apply(None)
    assert subject is not None
    listings: dict[str, Listing] = {}
    size = stored_bytes(subject.to_item())
    for place in range(2_000):
        one = filing(number, place, text, **more)
        opened = Listed(one.identity, one.listing, one.at).apply(None)
        assert opened is not None
        listing = opened.listings[one.listing.listing_id]
        size += stored_bytes(listing.to_item()) + stored_bytes(listing.listing_id) + 1
        if size > most - 200:
            break
        listings[listing.listing_id] = listing
    full = subject.replace(listings=listings, version=7)
    return full.replace(address="x" * (most - stored_bytes(full.to_item()) - 20))


def store(world: World, subject: Subject) -> None:
    """Write a subject as it is, past every rule."""
    world.dynamodb.put_item(TableName=ENVIRONMENT["SUBJECTS_TABLE"], Item=to_item(subject.to_item()))


def spoil(world: World, number: int) -> None:
    """Make a stored subject one that no version of the exchange has written."""
    world.dynamodb.update_item(
        TableName=ENVIRONMENT["SUBJECTS_TABLE"],
        Key={"subject_id": {"S": f"uscc:{uscc(number)}"}},
        UpdateExpression="SET listings = :broken",
        ExpressionAttributeValues={":broken": {"S": "broken"}},
    )
