"""/v1/feeds: operators edit the lists, people decide on what is held, lookups name every list."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib import wiring
from tests.support.builders import uscc
from tests.support.local_source import Source
from tests.world import World

HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE"
SCHEDULED = json.loads((Path(__file__).parents[2] / "events" / "schedule.json").read_text("utf-8"))
PATH = "/v1/feeds/beijing_list"


def table(numbers: range) -> bytes:
    lines = (f"{uscc(n)},北京朔序{n}商贸有限公司,组织虚假交易。情节严重,2025-08-28," for n in numbers)
    return "\n".join((HEADER, *lines)).encode()


@pytest.fixture
def source() -> Iterator[Source]:
    with Source() as made:
        yield made


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    return {role: world.admit(f"some-{role}", role) for role in ("platform", "regulator", "operator")}


def tick(*names: str) -> None:
    """A schedule tick; with names just those lists are pulled, as if they were due."""
    app.feeds_due(SCHEDULED | ({"feeds": list(names)} if names else {}), None)


def arrange(world: World, keys: dict[str, str], source: Source, **more: Any) -> dict[str, Any]:
    wanted = {"list_type": "beijing_serious_violations", "address": source.url, **more}
    status, body, _ = world.call("PUT", PATH, keys["operator"], wanted)
    assert status == 200, body
    return dict(body)


def feed(world: World, key: str) -> dict[str, Any]:
    status, body, _ = world.call("GET", PATH, key)
    assert status == 200
    return dict(body)


def test_an_operator_adds_a_list_and_the_next_tick_pulls_it(world: World, keys: dict[str, str], source: Source) -> None:
    source.body = table(range(3))
    arrange(world, keys, source)
    assert feed(world, keys["operator"])["status"] == "missing"
    tick()
    view = feed(world, keys["operator"])
    assert (view["status"], view["rows"], view["last_result"]) == ("ok", 3, "applied")
    assert view["address"] == source.url
    assert "address" not in feed(world, keys["platform"]), "where it comes from is no platform's business"
    asked = len(source.seen)
    tick()
    assert len(source.seen) == asked, "not due yet"
    tick("beijing_list")
    assert len(source.seen) == asked + 1


def test_lookups_name_the_list_from_its_entry_on_and_block_by_it(
    world: World, keys: dict[str, str], source: Source
) -> None:
    def look_up() -> dict[str, Any]:
        asked = {"uscc": uscc(1), "purpose": "onboarding"}
        return dict(world.call("POST", "/v1/lookups", keys["platform"], asked)[1])

    assert [source_status["name"] for source_status in look_up()["sources"]] == ["platform_evictions"]
    source.body = table(range(3))
    arrange(world, keys, source)
    before = look_up()
    assert (before["verdict"], before["sources"][1]["status"]) == ("unknown", "missing")
    tick()
    after = look_up()
    assert (after["verdict"], after["sources"][1]["status"]) == ("block", "ok")
    world.call("DELETE", PATH, keys["operator"])
    assert [source_status["name"] for source_status in look_up()["sources"]] == ["platform_evictions"]
    assert world.call("GET", PATH, keys["operator"])[0] == 404
    assert world.call("DELETE", PATH, keys["operator"])[0] == 404


def held(world: World, keys: dict[str, str], source: Source) -> str:
    source.body = table(range(20))
    arrange(world, keys, source)
    tick()
    source.body = table(range(5))
    tick("beijing_list")
    hold = feed(world, keys["regulator"])["hold"]
    assert (hold["reason"], hold["counts"]["before"], hold["counts"]["after"]) == ("shrunken", 20, 5)
    return str(hold["hold_id"])


def active() -> int:
    result = [wiring.registry().subject(f"uscc:{uscc(n)}") for n in range(20)]
    return sum(listing.state == "active" for item in result if item for listing in item.listings.values())


def test_what_is_held_is_told_to_the_regulators_once(world: World, keys: dict[str, str], source: Source) -> None:
    mailbox = world.listen(wiring.topics().platform_arn("some-regulator"))
    ident = held(world, keys, source)
    tick("beijing_list")
    (notice,) = world.heard(mailbox)
    assert (notice["kind"], notice["hold_id"], notice["reason"]) == ("feed_held", ident, "shrunken")
    assert notice["says"]["zh"]


def test_a_released_hold_is_applied_and_whoever_released_it_is_recorded(
    world: World, keys: dict[str, str], source: Source
) -> None:
    ident = held(world, keys, source)
    assert active() == 20
    path = f"{PATH}/holds/{ident}/release"
    status, decided, _ = world.call("POST", path, keys["regulator"], {"why": "确有批量移出"})
    assert (status, decided["decided_by"], decided["decision"]) == (200, "some-regulator", "released")
    tick()
    view = feed(world, keys["operator"])
    assert (view["last_result"], view["rows"], active()) == ("applied", 5, 5)
    assert "hold" not in view
    status, body, _ = world.call("POST", path, keys["regulator"], {})
    assert (status, body["error"]["code"]) == (409, "hold_is_over")


def test_a_discarded_hold_leaves_the_list_and_the_same_file_is_not_held_again(
    world: World, keys: dict[str, str], source: Source
) -> None:
    ident = held(world, keys, source)
    confirmed = feed(world, keys["operator"])["confirmed_at"]
    assert world.call("POST", f"{PATH}/holds/{ident}/discard", keys["operator"], {})[0] == 200
    tick()
    view = feed(world, keys["operator"])
    assert (view["last_result"], view["rows"], active()) == ("discarded", 20, 20)
    assert view["confirmed_at"] == confirmed, "the list grows older, for the source shows another"
    source.body = table(range(1, 21))
    tick("beijing_list")
    assert feed(world, keys["operator"])["last_result"] == "applied"


def test_an_empty_list_applies_once_a_person_says_so(world: World, keys: dict[str, str], source: Source) -> None:
    source.body = table(range(3))
    arrange(world, keys, source)
    tick()
    source.body = table(range(0))
    tick("beijing_list")
    ident = feed(world, keys["operator"])["hold"]["hold_id"]
    assert active() == 3
    world.call("POST", f"{PATH}/holds/{ident}/release", keys["operator"], {})
    tick()
    assert (active(), feed(world, keys["operator"])["rows"]) == (0, 0)


def test_what_cannot_be_read_cannot_be_released(world: World, keys: dict[str, str], source: Source) -> None:
    source.body = b"<html>maintenance</html>"
    arrange(world, keys, source)
    tick()
    ident = feed(world, keys["operator"])["hold"]["hold_id"]
    status, body, _ = world.call("POST", f"{PATH}/holds/{ident}/release", keys["operator"], {})
    assert (status, body["error"]["code"]) == (409, "hold_unreadable")
    assert world.call("POST", f"{PATH}/holds/nothing/release", keys["operator"], {})[0] == 404


@pytest.mark.parametrize(
    "wrong",
    [{"list_type": "unheard_of"}, {"address": ""}, {"address": "http://list.example/"}, {"secret": "password"},
     {"headers": {"甲": "no_such_field"}}, {"every_minutes": 1}, {"colour": "red"}],
)  # fmt: skip
def test_an_entry_that_cannot_work_is_refused(
    world: World, keys: dict[str, str], source: Source, wrong: dict[str, Any]
) -> None:
    wanted = {"list_type": "penalties", "address": source.url, **wrong}
    status, body, _ = world.call("PUT", PATH, keys["operator"], wanted)
    assert (status, body["error"]["details"]["problems"] != []) == (400, True)
    assert world.call("PUT", "/v1/feeds/Not%20A%20Name", keys["operator"], {"list_type": "penalties"})[0] == 400


# The list is tried again as often as in the schedule, with its pauses.
@pytest.mark.long
def test_a_list_that_fails_leaves_its_trace_and_the_others_are_pulled(
    world: World, keys: dict[str, str], source: Source
) -> None:
    source.body = table(range(3))
    arrange(world, keys, source)
    other = {"list_type": "penalties", "address": "https://127.0.0.1:1/"}
    world.call("PUT", "/v1/feeds/a_list_that_fails", keys["operator"], other)
    wiring.exchange().put({"id": "feed#a_list_that_fails", "first_try_at": "2026-01-01T00:00:00.000Z"})
    with pytest.raises(ExceptionGroup):
        tick("a_list_that_fails", "beijing_list")
    views = world.call("GET", "/v1/feeds", keys["operator"])[1]["feeds"]
    assert {view["name"]: view["last_result"] for view in views} == {
        "a_list_that_fails": "failed",
        "beijing_list": "applied",
    }


def test_an_office_without_access_to_the_bucket_drops_a_file_by_a_form(
    world: World, keys: dict[str, str], source: Source
) -> None:
    dropped = {"list_type": "beijing_serious_violations", "way": "dropped", "address": ""}
    assert world.call("PUT", PATH, keys["operator"], dropped)[0] == 200
    status, body, _ = world.call("POST", PATH + "/uploads", keys["regulator"], {"file_name": "../三月/list.csv"})
    assert status == 201
    key = body["upload"]["fields"]["key"]
    assert key.startswith("feeds/beijing_list/dropped/20")
    assert key.endswith("-list.csv"), "without the folders of the sender"
    wiring.bucket().put(key, table(range(3)))
    tick()
    assert (feed(world, keys["operator"])["last_result"], feed(world, keys["operator"])["rows"]) == ("applied", 3)


def test_only_a_list_that_is_dropped_takes_uploads(world: World, keys: dict[str, str], source: Source) -> None:
    wanted = {"file_name": "list.csv"}
    status, body, _ = world.call("POST", PATH + "/uploads", keys["operator"], wanted)
    assert (status, body["error"]["code"]) == (404, "not_found")
    arrange(world, keys, source)
    status, body, _ = world.call("POST", PATH + "/uploads", keys["operator"], wanted)
    assert (status, body["error"]["code"], body["error"]["details"]["way"]) == (409, "feed_not_dropped", "file")
    assert world.call("POST", PATH + "/uploads", keys["platform"], wanted)[0] == 403
