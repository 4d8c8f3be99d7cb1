"""One item is one subject, one save is one write; a posting list forgets nobody it should know and caps itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.errors import Unavailable
from chalicelib.registry.adapters.registry_table import POSTING_CAP, RegistryTable
from chalicelib.registry.rules.subject_changes import Ended
from tests.conftest import ENVIRONMENT
from tests.support.builders import AT, listed, uscc
from tests.world import OneAtATime, World

pytestmark = pytest.mark.invented_items


def test_the_same_eviction_saved_twice_is_one_listing_and_one_version(world: World) -> None:
    registry = wiring.registry()
    first = registry.save(listed())
    assert first is not None
    assert registry.save(listed()) is None
    assert registry.subject(first.subject_id) == first
    assert len(world.stream_records()) == 1


def test_concurrent_saves_of_one_subject_lose_nothing(world: World) -> None:
    names = wiring.settings()
    client = OneAtATime(world.dynamodb)
    registry = RegistryTable(client, names.subjects_table, names.keys_table, names.exchange_table)
    changes = [listed(platform=f"p{number}") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(registry.save, changes))
    saved = registry.subject(changes[0].subject_id)
    assert saved is not None
    assert {listing.source for listing in saved.listings.values()} == {f"platform:p{number}" for number in range(12)}
    assert saved.version == 12


def test_a_save_on_stale_knowledge_reads_again_and_keeps_what_the_other_wrote(world: World) -> None:
    registry = wiring.registry()
    stale = registry.save(listed(platform="alpha"))
    registry.save(listed(platform="beta"))
    saved = registry.save(listed(platform="gamma"), subject=stale, just_read=True)
    assert saved is not None
    assert len(saved.listings) == 3


def test_a_save_that_always_meets_another_gives_up_with_a_clear_error(world: World) -> None:
    class Refusing:
        def get_item(self, **_: object) -> dict[str, object]:
            return {}

        def put_item(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")

    slept: list[float] = []
    registry = RegistryTable(Refusing(), "s", "k", "e", slept.append)
    with pytest.raises(Unavailable):
        registry.save(listed())
    assert len(slept) == 12
    assert max(slept) <= 0.5


def test_throttled_keys_are_asked_for_again_and_then_given_up(world: World) -> None:
    class Throttled:
        def __init__(self, times: int) -> None:
            self.times = times

        def batch_get_item(self, RequestItems: dict[str, object]) -> dict[str, object]:  # noqa: N803
            self.times -= 1
            if self.times >= 0:
                return {"Responses": {}, "UnprocessedKeys": RequestItems}
            return {"Responses": {"k": [{"key": {"S": "name#1"}, "p": {"M": {}}}]}}

    slept: list[float] = []
    page = RegistryTable(Throttled(3), "s", "k", "e", slept.append).candidates((), ["name#1"], ())
    assert list(page.postings) == ["name#1"]
    assert slept == [0.05, 0.1, 0.2]
    with pytest.raises(Unavailable):
        RegistryTable(Throttled(9), "s", "k", "e", slept.append).candidates((), ["name#1"], ())


def test_a_posting_is_filed_replaced_by_newer_and_taken_off(world: World) -> None:
    registry = wiring.registry()
    registry.add_postings("uscc:a", 2, {"name#1": {"n": ["甲"]}})
    registry.add_postings("uscc:a", 1, {"name#1": {"n": ["旧"]}})
    registry.add_postings("uscc:b", 1, {"name#1": {"n": ["乙"]}})
    held = registry.candidates((), ["name#1"], ()).postings["name#1"]
    assert held["uscc:a"]["n"] == ["甲"]
    assert held["uscc:b"]["n"] == ["乙"]
    registry.remove_postings("uscc:a", 2, ["name#1"])
    assert "uscc:a" in registry.candidates((), ["name#1"], ()).postings["name#1"], "filed by that very version"
    registry.remove_postings("uscc:a", 3, ["name#1"])
    assert list(registry.candidates((), ["name#1"], ()).postings["name#1"]) == ["uscc:b"]
    registry.remove_postings("uscc:b", 3, ["name#1", "never#filed"])
    registry.add_postings("uscc:c", 1, {"name#1": {"n": ["丙"]}})
    assert list(registry.candidates((), ["name#1"], ()).postings["name#1"]) == ["uscc:c"]


def test_a_posting_list_holds_exactly_its_cap_and_becomes_common_past_it(world: World) -> None:
    registry = wiring.registry()
    for number in range(POSTING_CAP):
        registry.add_postings(f"uscc:{number}", 1, {"body#1": {}})
    assert len(registry.candidates((), ["body#1"], ()).postings["body#1"]) == POSTING_CAP
    registry.add_postings("uscc:0", 2, {"body#1": {"n": ["again"]}})
    assert len(registry.candidates((), ["body#1"], ()).postings["body#1"]) == POSTING_CAP, "an old one is no new one"
    registry.add_postings("uscc:one-too-many", 1, {"body#1": {}})
    assert registry.candidates((), ["body#1"], ()).postings["body#1"] == {}
    registry.add_postings("uscc:later", 1, {"body#1": {}})
    assert registry.candidates((), ["body#1"], ()).postings["body#1"] == {}


def test_a_lookup_page_is_one_call_for_three_tables(world: World) -> None:
    calls: list[str] = []
    event = "provide-client-params.dynamodb.BatchGetItem"
    world.dynamodb.meta.events.register(event, lambda **_: calls.append("BatchGetItem"), unique_id="count")
    try:
        wiring.registry().candidates(["uscc:a"], [f"name#{number}" for number in range(60)], ["feed#x"])
    finally:
        world.dynamodb.meta.events.unregister(event, unique_id="count")
    assert calls == ["BatchGetItem"]


def test_subjects_are_read_strongly_consistent_and_keys_are_not(world: World) -> None:
    asked: dict[str, bool] = {}

    class Recording:
        def batch_get_item(self, RequestItems: dict[str, dict[str, bool]]) -> dict[str, object]:  # noqa: N803
            asked.update({table: entry["ConsistentRead"] for table, entry in RequestItems.items()})
            return {"Responses": {}}

    RegistryTable(Recording(), "subjects", "keys", "exchange").candidates(["a"], ["b"], ["c"])
    assert asked == {"subjects": True, "keys": False, "exchange": False}


def test_ending_an_unknown_listing_changes_nothing(world: World) -> None:
    assert wiring.registry().save(Ended(f"uscc:{uscc(9)}", "l_none", "withdrawn", AT, "platform:alpha")) is None
    assert world.stream_records() == []


def test_subjects_come_page_by_page(world: World) -> None:
    registry = wiring.registry()
    wanted = set()
    for number in range(5):
        saved = registry.save(listed(identity={"uscc": uscc(number), "name": f"苏州霁昱{number}商贸有限公司"}))
        assert saved is not None
        wanted.add(saved.subject_id)
    seen, start = set(), ""
    while True:
        page, start = registry.all_subjects(start, 2)
        seen |= {entry.subject_id for entry in page}
        if not start:
            break
    assert seen == wanted
    assert ENVIRONMENT["SUBJECTS_TABLE"] == wiring.settings().subjects_table
