"""What a lookup says, and what it costs: one round trip when nothing is found, two when something is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups import kept_lookups, look_up_applicant, show_answer
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.stored_lookup import inflated
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.registry.rules.subject_changes import Ended, Listed
from chalicelib.reports import withdraw_listing
from chalicelib.storage.item_keys import lookup_keys
from tests.support.builders import listed, uscc
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
BETA = Caller("beta", Role.PLATFORM, "k")
NAME = "苏州霁昱商贸有限公司"


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The DynamoDB calls that are made meanwhile."""
    calls: list[str] = []
    event = "before-call.dynamodb"
    world.dynamodb.meta.events.register(event, lambda model, **_: calls.append(model.name), unique_id="counted")
    try:
        yield calls
    finally:
        world.dynamodb.meta.events.unregister(event, unique_id="counted")


def save(*changes: Listed) -> None:
    for change in changes:
        saved = wiring.registry().save(change)
        assert saved is not None
        update_posting_lists(wiring.registry(), [(None, saved)])


def look_up(caller: Caller = BETA, **asked: Any) -> dict[str, Any]:
    if "uscc" in asked:
        asked.setdefault("uscc_as_given", asked["uscc"])
    context = look_up_applicant.Context(wiring.registry(), [])
    return show_answer.answer_view(look_up_applicant.look_up(context, caller, Applicant(**asked), NOW), caller)


def test_nothing_found_is_one_call(world: World) -> None:
    save(listed())
    with counted(world) as calls:
        answer = look_up(uscc=uscc(9), name="武汉朔序医疗器械有限公司", shop_name="朔序旗舰店")
    assert answer["verdict"] == "clear"
    assert calls == ["BatchGetItem"]


def test_something_found_is_two_calls_at_most(world: World) -> None:
    save(listed())
    with counted(world) as calls:
        answer = look_up(name=NAME)
    assert answer["verdict"] == "review"
    assert calls == ["BatchGetItem", "BatchGetItem"]
    with counted(world) as calls:
        answer = look_up(uscc=uscc(1), name=NAME)
    assert answer["verdict"] == "block"
    assert calls == ["BatchGetItem"], "the subject itself came with the first call"


def test_the_cost_does_not_grow_with_the_list(world: World) -> None:
    sizes = []
    for size in (1, 60):
        save(*(listed(identity={"uscc": uscc(n), "name": f"苏州樾{n}野商贸有限公司"}) for n in range(size // 2, size)))
        with counted(world) as calls:
            look_up(name="武汉朔序医疗器械有限公司")
        sizes.append(len(calls))
    assert sizes == [1, 1]


def test_a_match_says_which_field_which_values_and_which_listings(world: World) -> None:
    save(listed())
    (match,) = look_up(uscc=uscc(1), name=NAME)["matches"]
    assert match["subject"] == {"subject_id": f"uscc:{uscc(1)}", "uscc": uscc(1), "name": NAME}
    assert match["reasons"][0] == {
        "field": "uscc",
        "relation": "same_uscc",
        "query": uscc(1),
        "candidate": uscc(1),
        "score": 1.0,
        "says": {
            "zh": f"统一社会信用代码：完全一致（查询“{uscc(1)}”，名单“{uscc(1)}”）",
            "en": f"credit code: exactly the same (asked “{uscc(1)}”, listed “{uscc(1)}”)",
        },
    }
    (listing,) = match["listings"]
    assert (listing["reasons"], listing["verdict"], match["corroboration"]["state"]) == (
        ["PR01"],
        "block",
        "platform_only",
    )
    assert listing["why"]["zh"]
    assert listing["why"]["en"]


def test_a_stale_posting_costs_a_read_and_never_a_wrong_answer(world: World) -> None:
    save(listed())
    (listing,) = (wiring.registry().subject(f"uscc:{uscc(1)}") or {}).listings
    withdraw_listing.withdraw(wiring.registry(), Caller("alpha", Role.PLATFORM, "k"), listing, "", NOW)
    # The stream has not come by yet: the posting lists still lead there.
    answer = look_up(name=NAME)
    assert (answer["verdict"], answer["matches"]) == ("clear", [])


def test_a_listing_past_its_own_end_does_not_match(world: World) -> None:
    save(listed(expires_on="2026-03-01"))
    assert look_up(uscc=uscc(1))["verdict"] == "clear"


def test_the_gravest_match_comes_first_and_decides(world: World) -> None:
    save(
        listed(identity={"uscc": uscc(1), "name": NAME}, severity=1, reasons=["GX01"], source="government:x"),
        listed(identity={"uscc": uscc(2), "name": NAME}),
    )
    answer = look_up(uscc=uscc(1), name=NAME)
    assert answer["verdict"] == "review"
    assert [match["verdict"] for match in answer["matches"]] == ["review", "inform"]
    assert ("uscc", "different") in [
        (reason["field"], reason["relation"]) for reason in answer["matches"][0]["reasons"]
    ]


@pytest.mark.parametrize("platform", ["alpha", "beta"])
def test_a_platform_sees_its_own_private_fields_only(world: World, platform: str) -> None:
    save(listed(platform="alpha", shop_id="S1"))
    (match,) = look_up(Caller(platform, Role.PLATFORM, "k"), uscc=uscc(1))["matches"]
    assert ("shop_id" in match["listings"][0]) == (platform == "alpha")


def test_the_store_that_fails_is_an_error_and_not_a_clear_answer(world: World) -> None:
    key = world.admit("beta")
    event = "before-call.dynamodb.BatchGetItem"

    def fail(**_: Any) -> None:
        from botocore.exceptions import ReadTimeoutError

        raise ReadTimeoutError(endpoint_url="dynamodb")

    world.dynamodb.meta.events.register(event, fail, unique_id="fail")
    try:
        status, body, _ = world.call("POST", "/v1/lookups", key, {"uscc": uscc(1), "purpose": "onboarding"})
    finally:
        world.dynamodb.meta.events.unregister(event, unique_id="fail")
    assert (status, body["error"]["code"]) == (503, "store_unavailable")


def test_what_was_asked_is_kept_for_360_days_without_anything_personal(world: World) -> None:
    key = world.admit("beta")
    asked = {"uscc": uscc(1), "phone": "13812345678", "purpose": "onboarding"}
    _, answer, _ = world.call("POST", "/v1/lookups", key, asked)
    block, place = lookup_keys.place_of_lookup(answer["lookup_id"])
    kept = wiring.exchange().get(block) or {}
    assert set(kept) == {"id", "platform_id", "expires_at", place}, "what the key says is not said again"
    assert "13812345678" not in str(inflated(bytes(kept[place])))
    lookup = kept_lookups.read(wiring.exchange(), answer["lookup_id"])
    assert lookup is not None
    assert (lookup.by, lookup.given) == (key.split("_")[1], {"phone": ""})
    assert (lookup.platform_id, lookup.purpose, lookup.verdict) == ("beta", "onboarding", "clear")
    assert (lookup.asked_id, lookup.relations) == (f"uscc:{uscc(1)}", {})
    assert lookup.at[:19] == answer["looked_up_at"][:19]
    assert kept["expires_at"] - wiring.now().timestamp() == pytest.approx(360 * 86_400, abs=60)


def test_a_regulator_ending_does_not_touch_what_others_reported(world: World) -> None:
    save(listed(platform="alpha"))
    subject = wiring.registry().save(listed(platform="gamma"))
    assert subject is not None
    ended = next(key for key, element in subject.listings.items() if element.source == "platform:gamma")
    wiring.registry().save(Ended(subject.subject_id, ended, "withdrawn", "2026-02-01T00:00:00.000Z", "platform:gamma"))
    (match,) = look_up(uscc=uscc(1))["matches"]
    assert [listing["source"] for listing in match["listings"]] == ["platform:alpha"]
