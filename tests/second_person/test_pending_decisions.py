"""Four eyes: when an act waits, who may decide it, that it is done once, and that keys and lone people go on."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib import errors, wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.handlers.allowance import Allowance
from chalicelib.handlers.oversight import pending_decisions as routes
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.routing import Request, perform
from chalicelib.people import people
from chalicelib.people.duties import Duty
from chalicelib.people.people import Person
from chalicelib.second_person import pending_decisions
from chalicelib.second_person.pending_decisions import Context
from chalicelib.second_person.rules.second_person_rule import Mode, may_approve, waits
from tests.people.persons import add_person
from tests.world import World


class Raw:
    """A request of the console as far as views look at it."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.context = {"identity": {"sourceIp": "203.0.113.7"}}


def request(caller: Caller) -> Request:
    return Request("req-1", caller, Raw(), {}, Allowance())  # type: ignore[arg-type]


def ask(person: Person, operation: str = "issueKey", path: dict[str, str] | None = None, **fields: Any) -> Any:
    result = perform(operation, request(person.caller), fields, path or {"platform_id": "alpha"})
    return result.body if isinstance(result, Reply) else result


def approve(caller: Caller, ident: str) -> Any:
    return routes.approved(request(caller), ident)


@pytest.fixture
def two(world: World) -> tuple[Person, Person]:
    """Two administrators of the operator, and a platform."""
    world.admit("alpha")
    return (
        add_person(world, "ops", Duty.ADMINISTER, role="operator"),
        add_person(world, "ops", Duty.ADMINISTER, role="operator"),
    )


def keys_of(platform_id: str) -> int:
    return len(wiring.exchange().get(f"platform#{platform_id}")["keys"])


@pytest.mark.parametrize(("mode", "is_person", "others"), list(product(Mode, (True, False), (0, 1))))
def test_which_acts_wait(mode: Mode, is_person: bool, others: int) -> None:
    wanted = {
        (Mode.PEOPLE, True, 1), (Mode.ALL, True, 1), (Mode.ALL, False, 0), (Mode.ALL, False, 1),
    }  # fmt: skip
    assert waits(mode, is_person, others) == ((mode, is_person, others) in wanted)


@pytest.mark.parametrize(("mode", "is_person", "is_same"), list(product(Mode, (True, False), (True, False))))
def test_who_may_approve(mode: Mode, is_person: bool, is_same: bool) -> None:
    assert may_approve(mode, is_person, is_same) == (not is_same and (is_person or mode != Mode.ALL))


def test_the_rule_names_the_regulator_that_set_it_and_nobody_of_it(world: World) -> None:
    alpha, head = world.admit("alpha"), add_person(world, "bureau", Duty.DECIDE, role="regulator")
    pending_decisions.set_rule(wiring.exchange(), "off", {}, head.caller.signature, wiring.now())
    assert world.call("GET", "/v1/second-person", alpha)[1]["set_by"] == "regulator:bureau"


def test_an_act_waits_is_approved_by_another_and_done_once(world: World, two: tuple[Person, Person]) -> None:
    first, second = two
    before = keys_of("alpha")
    held = ask(first)["pending_decision"]
    assert (held["state"], held["operation"], held["person_id"]) == ("pending", "issueKey", first.person_id)
    assert keys_of("alpha") == before
    with pytest.raises(errors.Forbidden) as refused:
        approve(first.caller, held["decision_id"])
    assert refused.value.code == "second_person_needed"
    done = approve(second.caller, held["decision_id"])
    assert done["answer"]["key"].startswith("lf_")
    assert (done["decision"]["state"], done["decision"]["decided_by"]) == ("done", second.caller.signature)
    assert keys_of("alpha") == before + 1
    with pytest.raises(errors.Conflict) as over:
        approve(second.caller, held["decision_id"])
    assert over.value.code == "decision_over"
    assert keys_of("alpha") == before + 1
    operator = world.admit("ops-2", "operator")
    entries = world.call("GET", "/v1/audit?organisation=ops", operator)[1]["entries"]
    assert [(entry["action"], entry["person_id"]) for entry in reversed(entries)] == [
        ("issueKey", first.person_id),
        ("issueKey", first.person_id),
    ]
    assert "lf_" not in str(entries)
    assert done["answer"]["key"].rsplit("_", 1)[1] not in world.everything_stored()


def test_who_else_may_not_decide(world: World, two: tuple[Person, Person]) -> None:
    held = ask(two[0])["pending_decision"]["decision_id"]
    without_duty = add_person(world, "ops", Duty.DECIDE)
    with pytest.raises(errors.Forbidden) as refused:
        approve(without_duty.caller, held)
    assert refused.value.code == "wrong_duty"
    stranger = add_person(world, "ops-3", Duty.ADMINISTER, role="operator")
    for ident in (held, "ops.99", "ops.0", "x", "ops.1.2"):
        with pytest.raises(errors.NotFound):
            approve(stranger.caller, ident)


def test_a_refusal_does_nothing_and_the_one_who_asked_may_take_it_back(
    world: World, two: tuple[Person, Person]
) -> None:
    context, now, before = Context(wiring.exchange(), wiring.numbered_log), wiring.now(), keys_of("alpha")
    for person in two:
        held = ask(two[0])["pending_decision"]["decision_id"]
        refused = pending_decisions.refuse(context, person.caller, held, "电话 13812345678 打不通", now)
        assert refused.state == "refused"
        assert "13812345678" not in refused.why
        with pytest.raises(errors.Conflict):
            approve(two[1].caller, held)
    assert keys_of("alpha") == before


def test_a_decision_is_over_after_seven_days_or_when_the_one_who_asked_has_left(
    world: World, two: tuple[Person, Person]
) -> None:
    context, now = Context(wiring.exchange(), wiring.numbered_log), wiring.now()
    held = ask(two[0])["pending_decision"]["decision_id"]
    with pytest.raises(errors.Conflict):
        pending_decisions.take(context, two[1].caller, held, now + timedelta(days=7, seconds=5))
    people.change_duties(wiring.exchange(), two[0], [Duty.READ])
    with pytest.raises(errors.Conflict):
        approve(two[1].caller, held)
    people.revoke(wiring.exchange(), two[0], now)
    with pytest.raises(errors.Conflict):
        approve(two[1].caller, held)


def test_an_act_that_fails_once_it_is_approved_says_why(world: World, two: tuple[Person, Person]) -> None:
    held = ask(two[0], path={"platform_id": "nobody"})["pending_decision"]["decision_id"]
    with pytest.raises(errors.NotFound):
        approve(two[1].caller, held)
    context = Context(wiring.exchange(), wiring.numbered_log)
    decision = pending_decisions.get(context, two[1].caller, held)
    assert (decision.state, decision.error) == ("failed", "not_found")


def test_what_a_worker_took_and_did_not_do_may_be_approved_again_after_some_minutes(
    world: World, two: tuple[Person, Person]
) -> None:
    context, now = Context(wiring.exchange(), wiring.numbered_log), wiring.now()
    held = ask(two[0])["pending_decision"]["decision_id"]
    pending_decisions.take(context, two[1].caller, held, now)
    with pytest.raises(errors.Conflict):
        pending_decisions.take(context, two[1].caller, held, now + timedelta(minutes=4))
    taken = pending_decisions.take(context, two[1].caller, held, now + timedelta(minutes=6))
    assert taken.state == "taken"


def test_where_nobody_else_has_the_duty_the_act_is_done_at_once(world: World) -> None:
    world.admit("alpha")
    alone = add_person(world, "ops", Duty.ADMINISTER, role="operator")
    add_person(world, "ops", Duty.READ)
    gone = add_person(world, "ops", Duty.ADMINISTER)
    people.revoke(wiring.exchange(), gone, wiring.now())
    assert ask(alone)["key"].startswith("lf_")


def test_a_key_acts_by_itself_until_the_regulator_says_that_all_wait(world: World, two: tuple[Person, Person]) -> None:
    regulator = world.admit("bureau", "regulator")
    operator = world.call("POST", "/v1/platforms/ops/keys", world.admit("ops-2", "operator"), {})[1]["key"]
    assert world.call("GET", "/v1/second-person", operator)[1] == {"mode": "people", "organisations": {}}
    assert world.call("POST", "/v1/platforms/alpha/keys", operator, {})[0] == 201
    held = ask(two[0])["pending_decision"]["decision_id"]
    status, body, _ = world.call("POST", f"/v1/pending-decisions/{held}/approval", operator)
    assert (status, body["decision"]["state"]) == (200, "done")
    rule = {"mode": "people", "organisations": {"ops": "all"}}
    assert world.call("PUT", "/v1/second-person", regulator, rule)[1]["organisations"] == {"ops": "all"}
    assert world.call("PUT", "/v1/second-person", operator, rule)[0] == 403
    status, body, _ = world.call("POST", "/v1/platforms", operator, {"id": "beta", "name": "乙"})
    assert status == 202
    held = body["pending_decision"]["decision_id"]
    status, body, _ = world.call("POST", f"/v1/pending-decisions/{held}/approval", operator)
    assert (status, body["error"]["code"]) == (403, "second_person_needed")
    waiting = world.call("GET", "/v1/pending-decisions?state=pending", operator)[1]["decisions"]
    assert [entry["decision_id"] for entry in waiting] == [held]
    assert approve(two[0].caller, held)["answer"]["platform_id"] == "beta"
    world.call("PUT", "/v1/second-person", regulator, {"mode": "off"})
    assert ask(two[0])["key"]


def test_a_platforms_withdrawal_waits_for_a_colleague_and_its_key_does_not(world: World) -> None:
    alpha = world.admit("alpha")
    row = {"uscc": "91110105MA0000015F", "name": "示例", "evicted_on": "2026-01-02", "reason_text": "售假"}
    first, second = add_person(world, "alpha", Duty.DECIDE), add_person(world, "alpha", Duty.DECIDE)
    world.call("POST", "/v1/reports", alpha, {"evictions": [row]})
    world.settle()
    merchant = world.call("GET", "/v1/merchants/91110105MA0000015F", alpha)[1]
    listing = merchant["listings"][0]["listing_id"]
    held = ask(first, "withdrawListing", {"listing_id": listing}, reason="误报")["pending_decision"]
    assert held["body"] == {"reason": "误报"}
    assert world.call("GET", "/v1/merchants/91110105MA0000015F", alpha)[0] == 200
    assert approve(second.caller, held["decision_id"])["answer"]["state"] == "withdrawn"
    assert world.call("GET", "/v1/merchants/91110105MA0000015F", alpha)[0] == 404
    regulator = world.admit("bureau", "regulator")
    for key in (alpha, regulator):
        last = world.call("GET", f"/v1/listings/{listing}/history", key)[1]["history"][-1]
        assert (last["kind"], last["by"], last["person_id"]) == ("withdrawn", "platform:alpha", first.person_id)


def test_a_caller_of_another_role_performs_nothing(world: World, two: tuple[Person, Person]) -> None:
    platform = replace(two[0].caller, platform_id="alpha", role=world_role("platform"))
    with pytest.raises(errors.Forbidden):
        perform("issueKey", request(platform), {}, {"platform_id": "alpha"})


def world_role(name: str) -> Any:
    from chalicelib.accounts.roles import Role

    return Role(name)


def test_an_act_is_refused_to_a_person_without_its_duty_and_nothing_waits(
    world: World, two: tuple[Person, Person]
) -> None:
    reader = add_person(world, "ops", Duty.READ, role="operator")
    with pytest.raises(errors.Forbidden) as refused:
        ask(reader)
    assert refused.value.code == "wrong_duty"
    assert pending_decisions.list_decisions(Context(wiring.exchange(), wiring.numbered_log), "ops", 0, 10) == []
