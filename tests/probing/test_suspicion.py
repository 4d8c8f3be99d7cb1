"""Honest habits are not taken for probing, and probing is recognised: on invented platforms, drawn by a seed.

`python -m tests.probing.rates` counts the same over many of them.
"""

import pytest

from tests.probing.habits import HABITS, Platforms
from tests.probing.rates import KINDS


@pytest.fixture(scope="module")
def platforms() -> Platforms:
    return Platforms(seed=7)


@pytest.mark.parametrize("place", range(len(HABITS)))
def test_honest_habits_are_not_accused(platforms: Platforms, place: int) -> None:
    assert platforms.signals(place) == [], "ordinary weeks"
    assert platforms.signals(place, platforms.season(place)) == [], "an open season"
    assert platforms.signals(place, platforms.persons(place)) == [], "a campaign for sellers who are persons"
    assert platforms.signals(place, platforms.market_joins(place)) == [], "a market moves online"
    assert platforms.signals(place, platforms.recheck(place)) == [], "a recheck of its own merchants"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "random codes"])
def test_probing_on_one_day_beside_honest_lookups_is_recognised(platforms: Platforms, kind: str) -> None:
    named = {signal.name for signal in platforms.signals(2, platforms.at_once(2, kind))}
    expected = {
        "in sequence": "in_sequence", "codes without checks": "odd_codes", "resident IDs": "personal",
        "phones": "personal", "names from a list": "many_hits",
    }  # fmt: skip
    assert expected[kind] in named


@pytest.mark.parametrize("kind", KINDS)
def test_probing_a_little_each_day_is_recognised_of_a_small_platform(platforms: Platforms, kind: str) -> None:
    assert platforms.signals(5, platforms.slowly(5, kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "random codes"])
def test_a_new_platform_that_does_nothing_else_is_recognised(platforms: Platforms, kind: str) -> None:
    assert platforms.signals(0, platforms.newcomer(kind), new=True)
