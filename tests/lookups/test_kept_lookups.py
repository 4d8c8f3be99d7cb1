"""Lookups are kept six in an item, each found by its id; one that is long, or of an earlier version, by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.priced_store import PricedStore
from chalicelib import wiring
from chalicelib.lookups import kept_lookups
from chalicelib.lookups.kept_lookups import MOST_BYTES_IN_A_BLOCK
from chalicelib.lookups.rules.stored_lookup import StoredLookup, packed
from chalicelib.storage.item_keys import lookup_keys
from chalicelib.storage.item_keys.lookup_keys import lookup_id_of
from chalicelib.values.timestamps import iso
from local.aws.item_size import item_bytes
from tests.world import World

DAY = "2026-11-27"
AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
LONG = {"name": "".join(chr(0x4E00 + 7 * place) for place in range(80))}


def made(number: int, **beside: Any) -> StoredLookup:
    return StoredLookup(
        lookup_id=lookup_id_of("beta", DAY, number),
        platform_id="beta",
        purpose="onboarding",
        at=iso(AT),
        asked_id=f"name:{number:024x}",
        verdict="clear",
        relations={},
        expires_at=int((AT + lookup_keys.LOOKUP_KEPT).timestamp()),
        **beside,
    )


def keep(*lookups: StoredLookup) -> int:
    writes = list(kept_lookups.writes(wiring.exchange(), lookups))
    for write in writes:
        write()
    return len(writes)


def test_six_that_follow_one_another_are_one_item() -> None:
    places = [lookup_keys.place_of_lookup(lookup_id_of("beta", DAY, number)) for number in range(1, 14)]
    assert [place for _, place in places] == [*"012345", *"012345", "0"]
    assert [block for block, _ in places] == [
        lookup_keys.lookup_block(lookup_id_of("beta", DAY, first)) for first in (*[1] * 6, *[7] * 6, 13)
    ]
    others = (lookup_id_of("gamma", DAY, 1), lookup_id_of("beta", "2026-11-28", 1))
    assert len({places[0][0], *(lookup_keys.place_of_lookup(each)[0] for each in others)}) == 3


def test_each_is_read_by_its_id_whatever_else_its_block_holds(world: World) -> None:
    lookups = [made(number) for number in (1, 2, 6, 7)] + [made(3, given=LONG)]
    for lookup in lookups:
        assert keep(lookup) == 1
    for lookup in lookups:
        assert kept_lookups.read(wiring.exchange(), lookup.lookup_id) == lookup
    for absent in (4, 5, 8, 13):
        assert kept_lookups.read(wiring.exchange(), lookup_id_of("beta", DAY, absent)) is None
    items = kept_lookups.read_numbers(wiring.exchange(), "beta", DAY, range(1, 9))
    assert sorted(items) == [1, 2, 3, 6, 7]
    read = [kept_lookups.stored_lookup(items[number], items[number]["lookup_id"]) for number in (1, 2, 6, 7, 3)]
    assert read == lookups


def test_a_block_is_written_once_for_all_lookups_of_a_request(world: World) -> None:
    lookups = [made(number) for number in range(4, 15)] + [made(15, given=LONG)]
    assert keep(*lookups) == 4
    # What a writer repeats changes nothing.
    assert keep(*lookups[2:4]) == 2
    assert [kept_lookups.read(wiring.exchange(), each.lookup_id) for each in lookups] == lookups


def test_a_lookup_of_the_version_before_is_read_beside_those_of_this(world: World) -> None:
    before = {"asked": "beta|onboarding|uscc:1|block", "relations": {"uscc:1": "same_uscc"}}
    expires_at = int((AT + lookup_keys.LOOKUP_KEPT).timestamp())
    wiring.exchange().put({"id": f"lookup#{lookup_id_of('beta', DAY, 1)}", **before, "expires_at": expires_at})
    keep(made(2))
    items = kept_lookups.read_numbers(wiring.exchange(), "beta", DAY, (1, 2, 3))
    read = {number: kept_lookups.stored_lookup(item, item["lookup_id"]) for number, item in items.items()}
    assert {number: (each.verdict, each.at) for number, each in read.items()} == {
        1: ("block", iso(AT)), 2: ("clear", iso(AT))
    }  # fmt: skip
    assert kept_lookups.read(wiring.exchange(), lookup_id_of("beta", DAY, 1)) == read[1]


@pytest.mark.parametrize("platform_id", ["beta", "p" * 40])
def test_a_block_that_is_full_of_the_longest_is_one_write_unit(platform_id: str) -> None:
    body = b"x" * MOST_BYTES_IN_A_BLOCK
    item = {"id": {"S": lookup_keys.lookup_block(lookup_id_of(platform_id, DAY, 1))}}
    item |= {str(place): {"B": body} for place in range(lookup_keys.LOOKUPS_IN_A_BLOCK)}
    item |= {"platform_id": {"S": platform_id}, "expires_at": {"N": "1826892842"}}
    store = PricedStore({"exchange": "id"})
    store.put_item("exchange", item)
    assert (store.writes, item_bytes(item) <= 1_024) == (1, True)


def test_the_longest_lookup_of_a_block_is_told_by_its_bytes() -> None:
    assert len(packed(made(1, by="090e4849cffa"))) <= MOST_BYTES_IN_A_BLOCK < len(packed(made(1, given=LONG)))
