"""A change of how both sides stand is numbered, told to those whom it concerns, and paged through."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.registry.rules.subject_changes import Ended
from tests.recorded import state
from tests.support.builders import AT, listed, uscc
from tests.world import World

LATER = "2026-01-20T02:00:00.000Z"
OFFICIAL = {"source": "government:serious_violations", "evidence_level": "E4", "reasons": ["GX11"]}


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    roles = {"alpha": "platform", "beta": "platform", "office": "regulator"}
    return {name: world.admit(name, role) for name, role in roles.items()}


def save(world: World, *changes: Any) -> None:
    for change in changes:
        assert wiring.registry().save(change) is not None
    world.deliver_stream()


def page(world: World, key: str, query: str = "") -> list[tuple[str, str]]:
    status, body, _ = world.call("GET", f"/v1/corroboration{query}", key)
    assert status == 200, body
    return [(corroboration["subject"]["uscc"], corroboration["state"]) for corroboration in body["corroborations"]]


def end_official(number: int) -> Ended:
    subject = wiring.registry().subject(f"uscc:{uscc(number)}") or {}
    (ident,) = (key for key, element in subject.listings.items() if element.source == OFFICIAL["source"])
    return Ended(f"uscc:{uscc(number)}", ident, "removed", LATER, str(OFFICIAL["source"]), because="repaired")


def who(number: int) -> dict[str, str]:
    return {"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"}


def test_each_sees_what_concerns_it_and_only_what_is_so_now(world: World, keys: dict[str, str]) -> None:
    save(world, listed("alpha", identity=who(1)), listed(identity=who(1), **OFFICIAL))
    save(world, listed("beta", identity=who(2)), listed(identity=who(3), **OFFICIAL))
    assert page(world, keys["office"]) == [(uscc(1), "both"), (uscc(2), "platform_only"), (uscc(3), "government_only")]
    assert page(world, keys["alpha"]) == [(uscc(1), "both")]
    assert page(world, keys["beta"]) == [(uscc(2), "platform_only")]
    assert page(world, keys["office"], "?platform=beta") == [(uscc(2), "platform_only")]
    save(world, end_official(1))
    assert page(world, keys["office"], "?state=conflict") == [(uscc(1), "conflict")]
    assert page(world, keys["alpha"], "?state=both") == []
    assert world.call("GET", "/v1/corroboration?state=odd", keys["alpha"])[0] == 400


def test_those_whom_a_change_concerns_are_told_once(world: World, keys: dict[str, str]) -> None:
    ears = {name: world.listen(wiring.topics().platform_arn(name)) for name in keys}
    save(world, listed("alpha", identity=who(1)))
    save(world, listed(identity=who(1), **OFFICIAL))
    save(world, end_official(1))
    heard = {
        name: [
            notice["corroboration"]["state"] for notice in world.heard(ear) if notice["kind"] == "corroboration_changed"
        ]
        for name, ear in ears.items()
    }
    assert heard == {"alpha": ["both", "conflict"], "beta": [], "office": ["platform_only", "conflict"]}


def test_a_delivery_that_comes_twice_and_the_rebuild_add_nothing(world: World, keys: dict[str, str]) -> None:
    import app

    ear = world.listen(wiring.topics().platform_arn("office"))
    save(world, listed("alpha", identity=who(1)))
    app.subject_announced({"Records": world.stream_records()}, None)
    assert len(world.heard(ear)) == 1

    class Clock:
        def get_remaining_time_in_millis(self) -> int:
            return 300_000

    app.rebuild({}, Clock())
    assert world.heard(ear) == []
    assert len(wiring.corroboration_log().read(0)) == 1


def test_a_lookup_carries_it_and_it_moves_the_verdict(world: World, keys: dict[str, str]) -> None:
    def look_up() -> dict[str, Any]:
        asked = {"uscc": uscc(1), "purpose": "onboarding"}
        return dict(world.call("POST", "/v1/lookups", keys["beta"], asked)[1])

    save(world, listed("alpha", identity=who(1), evidence_level="E1"))
    assert look_up()["verdict"] == "review", "a platform's own finding alone"
    save(world, listed(identity=who(1), at=AT, **OFFICIAL))
    confirmed = look_up()
    assert [listing["verdict"] for listing in confirmed["matches"][0]["listings"]] == ["block", "block"]
    assert confirmed["matches"][0]["corroboration"]["state"] == "both"
    save(world, end_official(1))
    contested = look_up()
    assert contested["matches"][0]["corroboration"]["finding"] == "government_took_back"
    assert contested["verdict"] == "review"


def test_what_was_recorded_before_the_subjects_were_put_back_does_not_stand_for_what_is_so_now(
    world: World, keys: dict[str, str]
) -> None:
    save(world, listed("alpha", identity=who(1)))
    before = list(state.items(world, "subjects").values())
    save(world, listed(identity=who(1), **OFFICIAL))
    assert page(world, keys["office"]) == [(uscc(1), "both")]
    state.empty(world, "subjects")
    state.put(world, "subjects", before)
    world.skip_stream()
    (own,) = (wiring.registry().subject(f"uscc:{uscc(1)}") or {}).listings
    save(world, Ended(f"uscc:{uscc(1)}", own, "withdrawn", LATER, "platform:alpha"))
    assert page(world, keys["office"]) == []
    save(world, listed("beta", at=LATER, identity=who(1)))
    assert page(world, keys["office"]) == [(uscc(1), "platform_only")]
