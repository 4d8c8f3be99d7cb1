"""The bucket: objects of any size written from pieces, read from anywhere, linked to, thrown away."""

import os
from collections.abc import Iterator

from chalicelib import wiring
from tests.world import World


def pieces(count: int, size: int) -> Iterator[bytes]:
    for number in range(count):
        yield bytes([number % 251]) * size


def test_an_object_is_written_from_pieces_whatever_their_size(world: World) -> None:
    bucket = wiring.bucket()
    for name, count, size in (("none", 0, 0), ("one", 1, 5), ("many", 900, 13_337), ("large", 5, 4 * 1024 * 1024 + 1)):
        bucket.put_stream(name, pieces(count, size))
        assert bucket.get(name) == b"".join(pieces(count, size)), name
    assert world


def test_pieces_of_nothing_do_not_end_it(world: World) -> None:
    wiring.bucket().put_stream("gaps", iter([b"", b"a", b"", b"b", b""]))
    assert wiring.bucket().get("gaps") == b"ab"
    assert world


def test_a_part_is_read_from_any_byte_and_past_the_end_there_is_nothing(world: World) -> None:
    bucket = wiring.bucket()
    bucket.put("a", b"0123456789")
    assert [bucket.read_from("a", start, 4) for start in (0, 8, 10, 99)] == [b"0123", b"89", b"", b""]
    assert bucket.read_from("missing", 0, 4) == b""
    bucket.put("empty", b"")
    assert bucket.read_from("empty", 0, 4) == b""
    assert world


def test_more_than_a_thousand_objects_are_discarded_and_those_that_are_gone_do_no_harm(world: World) -> None:
    bucket = wiring.bucket()
    kept = [f"d/{number}" for number in range(3)]
    for key in kept:
        bucket.put(key, os.urandom(3))
    assert bucket.has("d/1")
    bucket.discard([*kept, *(f"d/missing-{number}" for number in range(1_100))])
    assert not any(bucket.has(key) for key in kept)
    bucket.discard([])
    assert world


def test_a_link_leads_to_one_object_for_a_while(world: World) -> None:
    link = wiring.bucket().link("results/beta/o_1/results.csv", 60)
    assert "results/beta/o_1/results.csv" in link
    assert "X-Amz-Expires=60" in link
    assert world
