"""While the key of the digests is rotated, callers see what they would see without."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib import wiring
from chalicelib.displays import display_store
from chalicelib.displays.rules import display_states
from chalicelib.displays.rules.display import Display
from chalicelib.storage.item_keys import licence_keys
from chalicelib.values.keyed_digest import forms_of, key_of
from infra.aws import DeployError
from tests.conftest import ENVIRONMENT
from tests.keys.exchange import Exchange, person
from tests.world import World, aws_clients

SUBJECTS = ENVIRONMENT["SUBJECTS_TABLE"]
PERSONS = (0, 1)
DAYS = (8, 9)
DISPLAY = {
    "platform_id": "beta",
    "platform_name": "beta",
    "declaration": "",
    "made_at": "2026-11-27T00:00:00.000Z",
    "changed_at": "2026-11-27T00:00:00.000Z",
}


@pytest.fixture
def exchange(world: World) -> Exchange:
    """An exchange with two platforms under its first key."""
    return Exchange(world)


def subjects(world: World) -> list[dict[str, Any]]:
    return list(world.dynamodb.scan(TableName=SUBJECTS)["Items"])


def test_a_report_sent_again_under_a_new_key_joins_the_person_s_history_and_moves_it(exchange: Exchange) -> None:
    exchange.report("alpha", 0, day=8, phone="13800001236")
    (first,) = exchange.listings(0)
    exchange.rotate()
    assert exchange.left_behind() == 1
    exchange.report("alpha", 0, day=8, phone="13800001236")
    assert [each["listing_id"] for each in exchange.listings(0)] == [first["listing_id"]]
    exchange.report("beta", 0, day=9)
    assert len(subjects(exchange.world)) == 1, "one person is one subject"
    (again, other) = sorted(exchange.listings(0), key=lambda each: str(each["listed_on"]))
    assert (again["listing_id"], other["subject_id"]) == (first["listing_id"], first["subject_id"])
    stored = wiring.registry().subject(first["subject_id"])
    assert stored is not None
    assert [key_of(form) for form in forms_of(stored.person)] == ["k2", "k1"]
    assert [key_of(form) for form in forms_of(stored.phone)] == ["k2", "k1"], "what is repeated moves too"
    assert exchange.left_behind() == 0
    exchange.drop()
    exchange.report("beta", 0, day=10)
    assert {each["subject_id"] for each in exchange.listings(0)} == {first["subject_id"]}
    assert len(subjects(exchange.world)) == 1
    stored = wiring.registry().subject(first["subject_id"])
    assert stored is not None
    assert [key_of(form) for form in forms_of(stored.person)] == ["k2"], "a dropped key says nothing any more"


def test_a_lookup_moves_the_person_that_it_finds_once(exchange: Exchange) -> None:
    exchange.report("alpha", 0)
    (first,) = exchange.listings(0)
    exchange.rotate()
    assert exchange.left_behind() == 1
    exchange.look_up("beta", 0)
    assert exchange.left_behind() == 0
    moved = wiring.registry().subject(first["subject_id"])
    exchange.look_up("beta", 0)
    assert wiring.registry().subject(first["subject_id"]) == moved
    exchange.world.settle()
    exchange.drop()
    exchange.report("beta", 0, day=9)
    assert {each["subject_id"] for each in exchange.listings(0)} == {first["subject_id"]}
    assert len(exchange.listings(0)) == 2


@pytest.mark.long
def test_who_is_reported_first_while_two_keys_are_in_use_is_named_by_the_new_one(exchange: Exchange) -> None:
    exchange.rotate()
    exchange.report("alpha", 0)
    (listing,) = exchange.listings(0)
    assert key_of(listing["subject_id"].partition(":")[2]) == "k2"
    exchange.drop()
    assert [each["listing_id"] for each in exchange.listings(0)] == [listing["listing_id"]]


@pytest.mark.long
def test_two_workers_of_which_one_has_not_heard_of_the_new_key_make_one_subject(exchange: Exchange) -> None:
    exchange.distribute()
    before = exchange.document()
    exchange.promote()
    after = exchange.document()
    for document, platform, day in (
        (after, "alpha", 8),
        (before, "beta", 9),
        (after, "beta", 10),
        (before, "alpha", 11),
    ):
        exchange.hold(document)
        exchange.report(platform, 0, day=day)
    assert len(subjects(exchange.world)) == 1
    assert len(exchange.listings(0)) == 4


def test_a_chunk_that_was_split_before_a_rotation_is_saved_on_the_same_subject(exchange: Exchange) -> None:
    plain = {"reason_text": "售假", "evidence_level": "E4"}
    exchange.post("alpha", "/v1/reports", {"evictions": [{**person(0), "evicted_on": "2026-11-08", **plain}]})
    while exchange.world.deliver_queue("report_file_arrived"):
        pass
    exchange.rotate()
    exchange.report("beta", 0, day=9)
    exchange.world.settle()
    assert len(subjects(exchange.world)) == 1
    assert len(exchange.listings(0)) == 2


@pytest.mark.long
def test_a_merchant_on_a_roster_meets_a_listing_whichever_of_them_came_first(exchange: Exchange) -> None:
    exchange.roster("beta", [0, 1])
    exchange.rotate()
    exchange.report("alpha", 0)
    assert [notice["kind"] for notice in exchange.notices("beta")].count("task_opened") == 1
    assert exchange.roster("beta", [0, 1]) == [("m0", "block", 1)]
    exchange.drop()
    exchange.report("alpha", 1)
    assert [notice["kind"] for notice in exchange.notices("beta")].count("task_opened") == 2
    assert exchange.roster("beta", [1, 0]) == [("m0", "block", 1), ("m1", "block", 1)]


@pytest.mark.long
def test_who_asked_before_a_rotation_or_after_it_is_told_of_a_later_listing(exchange: Exchange) -> None:
    exchange.look_up("beta", 0)
    exchange.rotate()
    exchange.look_up("beta", 1)
    for number in (0, 1):
        exchange.report("alpha", number)
    exchange.drop()
    exchange.withdraw(exchange.listings(1)[0]["listing_id"])
    assert len(exchange.notices("beta")) == 3


def test_what_a_platform_decided_of_an_applicant_stands_and_moves(exchange: Exchange) -> None:
    signals = {"phone": "13800001236", "bank_account": "6222021234567890123"}
    company = {"uscc": "91110108MA01A2B3X4", "name": "北京海淀示例灯饰有限公司"}
    evicted = {**company, **signals, "evicted_on": "2026-11-08", "reason_text": "售假", "evidence_level": "E4"}
    exchange.post("alpha", "/v1/reports", {"evictions": [evicted]})
    exchange.world.settle()
    seen = exchange.look_up("beta", 0, **signals)
    (subject_id,) = [match["subject"]["subject_id"] for match in seen["matches"]]
    decision = {"subject_id": subject_id, "decision": "not_same"}
    exchange.post("beta", f"/v1/lookups/{seen['lookup_id']}/decisions", decision)
    assert exchange.look_up("beta", 0, **signals)["matches"] == []
    exchange.rotate()
    assert exchange.look_up("beta", 0, **signals)["told_apart"] == [subject_id]
    exchange.post("alpha", "/v1/reports", {"evictions": [evicted]})
    exchange.world.settle()
    exchange.drop()
    assert exchange.look_up("beta", 0, **signals)["matches"] == []


def test_two_keys_cost_a_lookup_no_call_and_few_units_and_one_key_costs_nothing_more(exchange: Exchange) -> None:
    for number in (0, 1):
        exchange.report("alpha", number)
    calls: list[dict[str, Any]] = []
    exchange.world.dynamodb.meta.events.register(
        "provide-client-params.dynamodb.BatchGetItem", lambda params, **_: calls.append(params["RequestItems"])
    )

    def asked(number: int) -> tuple[int, float]:
        """How many calls, and read units for items of at most 4 KB."""
        calls.clear()
        exchange.look_up("beta", number, phone="13800001236", bank_account="6222021234567890123")
        tables = [table for call in calls for table in call.values()]
        return len(calls), sum(len(table["Keys"]) / (1 if table["ConsistentRead"] else 2) for table in tables)

    alone, absent = asked(0), asked(3)
    exchange.rotate()
    exchange.look_up("beta", 0)  # the first that finds a person moves it
    assert asked(3)[0] == absent[0]
    # Forms of the document as an id and a key, the account, the phone, the person's own name; decisions.
    assert (asked(0)[0], asked(0)[1] - alone[1]) == (alone[0], 5)
    exchange.report("alpha", 0)
    exchange.report("alpha", 1)
    exchange.drop()
    # The person is found by a key that leads to its subject, and no longer by its id.
    assert (asked(3), asked(0)[1]) == (absent, alone[1] + 1)


@pytest.mark.long
def test_a_person_sees_its_record_under_whichever_key(exchange: Exchange) -> None:
    """Also of a subject that is in no posting list, for its listings have ended."""

    def record() -> list[str]:
        return [listing["state"] for listing in exchange.post("beta", "/v1/person-records", person(0))["listings"]]

    exchange.report("alpha", 0)
    exchange.withdraw(exchange.listings(0)[0]["listing_id"])
    before = record()
    exchange.rotate()
    assert record() == before
    exchange.report("beta", 0, day=9)
    exchange.withdraw(exchange.listings(0)[0]["listing_id"], "beta")
    both = record()
    exchange.drop()
    assert record() == both
    assert len(both) == len(before) + 1


def test_a_display_keeps_its_id_when_it_is_made_again(world: World) -> None:
    exchange, keys = wiring.exchange(), Exchange(world)
    digest = wiring.digest()

    def ident() -> str:
        return display_store.lasting_id(
            exchange, wiring.digest()("display", "beta|shop"), wiring.key_state().is_rotated
        )

    first = ident()
    assert first == display_states.display_id(digest("display", "beta|shop"))
    exchange.put({"id": licence_keys.display(first), **Display(**DISPLAY, display_id=first).to_item()})
    keys.rotate()
    assert ident() == first
    keys.drop()
    assert ident() == first
    keys.rotate()
    assert ident() == first


Action = tuple[str, str, int, int]
ACTIONS = st.one_of(
    st.tuples(st.just("report"), st.sampled_from(["alpha", "beta"]), st.sampled_from(PERSONS), st.sampled_from(DAYS)),
    st.tuples(st.just("withdraw"), st.just("alpha"), st.sampled_from(PERSONS), st.just(0)),
    st.tuples(st.just("look_up"), st.just("beta"), st.sampled_from(PERSONS), st.just(0)),
    st.tuples(st.just("distribute"), st.just(""), st.just(0), st.just(0)),
    st.tuples(st.just("promote"), st.just(""), st.just(0), st.just(0)),
    st.tuples(st.just("drop"), st.just(""), st.just(0), st.just(0)),
)


def lived(actions: list[Action], *, rotates: bool) -> list[Any]:
    """What callers saw in a world in which that was done, with or without the steps of rotations."""
    with mock_aws():
        world = World(aws_clients())
        exchange = Exchange(world)
        seen: list[Any] = []
        for kind, actor, number, day in actions:
            if kind == "report":
                exchange.report(actor, number, day)
            elif kind == "withdraw":
                for listing in exchange.listings(number):
                    if listing["source"] == "platform:alpha":
                        exchange.withdraw(listing["listing_id"])
            elif kind != "look_up" and rotates:
                _take(exchange, kind)
            seen.append([view(exchange, each) for each in PERSONS])
        # The very same report is taken again while two keys are in use, and its sender told that it is done.
        told = [[notice["kind"] for notice in exchange.notices(actor)] for actor in ("alpha", "beta")]
        seen.append([sorted(kind for kind in kinds if kind != "report_done") for kinds in told])
        seen.append(len(subjects(world)))
        world.close()
        return seen


def _take(exchange: Exchange, kind: str) -> None:
    """Take a step of a rotation; one that is refused, or would lose somebody, is not taken."""
    if kind == "drop" and exchange.left_behind():
        return
    steps: dict[str, Callable[[], None]] = {
        "distribute": exchange.distribute,
        "promote": exchange.promote,
        "drop": exchange.drop,
    }
    try:
        steps[kind]()
    except DeployError:
        return


def view(exchange: Exchange, number: int) -> Any:
    """The answer about a person without ids."""
    answer = exchange.look_up("beta", number)
    matches = [
        (match["relation"], sorted((each["source"], each["listed_on"]) for each in match["listings"]))
        for match in answer["matches"]
    ]
    return answer["verdict"], matches


def steps_of(*kinds: str) -> Iterator[Action]:
    return (("report", "alpha", 0, 8) if kind == "report" else (kind, "alpha", 0, 0) for kind in kinds)


# Reported, rotated, withdrawn, reported again, dropped, and once more.
ORDINARY = list(
    steps_of(
        *("report", "distribute", "promote", "withdraw", "report", "drop"),
        *("distribute", "report", "promote", "report", "drop", "withdraw", "report"),
    )
)


@pytest.mark.long
def test_an_ordinary_rotation_is_seen_by_nobody() -> None:
    assert lived(ORDINARY, rotates=True) == lived(ORDINARY, rotates=False)


@pytest.mark.long
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(ORDINARY)
@given(st.lists(ACTIONS, min_size=3, max_size=14))
def test_in_any_order_callers_see_what_they_would_see_without_rotations(actions: list[Action]) -> None:
    assert lived(actions, rotates=True) == lived(actions, rotates=False)
