"""Codes are neighbours by the number that their register counts up, whatever their checks are."""

import random

import pytest

from chalicelib.probing.rules.code_sequences import in_sequence, place_of
from tests.probing.habits import code
from tests.support.builders import registration_no, uscc

RANDOM = random.Random(3)


@pytest.mark.parametrize("kind", ["uscc", "reg", "org", "unverified"])
def test_codes_one_after_the_other_are_in_sequence_in_any_order(kind: str) -> None:
    numbers = RANDOM.sample(range(60), 60)
    made = {
        "uscc": uscc,
        "reg": registration_no,
        "org": lambda number: uscc(number)[8:17],
        "unverified": lambda number: uscc(number)[:17] + "0",
    }[kind]
    ids = [f"{kind}:{made(number)}" for number in numbers]
    assert in_sequence(ids, 1.0) == set(ids)


def test_codes_of_other_registers_and_other_ids_are_no_neighbours() -> None:
    ids = [f"uscc:{uscc(5, division)}" for division in ("330106", "110105", "440305")]
    assert in_sequence([*ids, "person:ab", "name:cd", "account:ef", ""], 1.0) == frozenset()
    assert [place_of(ident) for ident in ("person:ab", "name:cd", "")] == [None] * 3


def test_the_same_code_asked_for_again_is_no_sequence() -> None:
    assert in_sequence([f"uscc:{uscc(5)}"] * 9, 1.0) == frozenset()


def test_where_a_part_is_seen_neighbours_may_be_farther_apart() -> None:
    ids = [f"uscc:{code(RANDOM, number, '330106')}" for number in range(1_000_000, 1_000_300, 6)]
    assert in_sequence(ids, 1.0) == frozenset()
    assert in_sequence(ids, 0.5) == set(ids)


def test_shops_of_one_market_are_hardly_ever_neighbours() -> None:
    numbers = RANDOM.sample(range(55_000), 300)
    ids = [f"uscc:{code(RANDOM, number, '330782')}" for number in numbers]
    assert len(in_sequence(ids, 0.5)) < 0.1 * len(ids)
