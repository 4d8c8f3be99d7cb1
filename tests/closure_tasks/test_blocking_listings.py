"""What blocks a merchant is judged as a lookup judges it, and each opening of a listing is one."""

from typing import Any

import pytest

from chalicelib.closure_tasks.rules.blocking_listings import blocks as is_blocking
from chalicelib.closure_tasks.rules.blocking_listings import opening_revision
from chalicelib.registry.rules.listing import Event, Listing
from chalicelib.registry.rules.listing_changes import end, merge
from tests.support.builders import AT, listed, subject


@pytest.mark.parametrize(
    ("fields", "blocks"),
    [
        ({}, True),
        ({"evidence_level": "E1"}, False),
        ({"severity": 2}, False),
        ({"expires_on": "2026-03-01"}, False),
        ({"expires_on": "2026-03-02"}, True),
    ],
)
def test_what_blocks_is_what_a_lookup_would_block_for(fields: dict[str, Any], blocks: bool) -> None:
    evicted = subject(listed("alpha", **fields))
    (listing,) = evicted.listings.values()
    assert is_blocking(evicted, listing, "2026-03-01") is blocks
    assert not is_blocking(evicted, listing.replace(state="withdrawn"), "2026-03-01")


def test_each_opening_of_a_listing_has_its_revision() -> None:
    listing = merge(None, listed("alpha").listing, AT) or Listing()
    proven = listing.replace(evidence_level="E3", reported_at="2026-01-06T00:00:00.000Z")
    listing = merge(listing, proven, AT) or Listing()
    withdrawn = Event(kind="withdrawn", at="2026-01-07T00:00:00.000Z", by="platform:alpha")
    listing = end(listing, "withdrawn", withdrawn) or Listing()
    listing = merge(listing, listed("alpha").listing.replace(reported_at="2026-01-08T00:00:00.000Z"), AT) or Listing()
    assert [event.kind for event in listing.history] == ["opened", "amended", "withdrawn", "reopened"]
    assert [opening_revision(listing, revision) for revision in (1, 2, 3, 4)] == [1, 1, 1, 4]
