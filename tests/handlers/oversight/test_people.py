"""People as operators and regulators administer them, and who may not."""

import pytest

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.errors import Conflict, LianfangError
from chalicelib.people import administer_people, people, sessions
from chalicelib.people.duties import Duty
from tests.people.persons import add_person
from tests.world import World

WANTED = {"organisation": "alpha", "name": "王示例", "duties": ["read", "administer"], "email": "wang@example.com"}


def test_a_person_is_added_changed_and_revoked_and_each_is_in_the_audit_log(world: World) -> None:
    operator = world.admit("ops", "operator")
    world.admit("alpha")
    status, made, _ = world.call("POST", "/v1/people", operator, WANTED)
    assert (status, made["email"], made["role"], made["created_by"]) == (
        201,
        "w***@example.com",
        "platform",
        "operator:ops",
    )
    person_id = made["person_id"]
    status, changed, _ = world.call("PUT", f"/v1/people/{person_id}/duties", operator, {"duties": ["audit", "read"]})
    assert (status, changed["duties"]) == (200, ["read", "audit"])
    assert world.call("DELETE", f"/v1/people/{person_id}/sessions", operator)[0] == 200
    assert world.call("DELETE", f"/v1/people/{person_id}", operator)[1]["state"] == "revoked"
    status, body, _ = world.call("PUT", f"/v1/people/{person_id}/duties", operator, {"duties": ["read"]})
    assert (status, body["error"]["code"]) == (409, "person_revoked")
    assert world.call("GET", "/v1/people?organisation=alpha", operator)[1]["people"][0]["state"] == "revoked"
    entries = world.call("GET", f"/v1/audit?object=person:{person_id}", operator)[1]["entries"]
    assert [(entry["action"], entry["outcome"]) for entry in reversed(entries)] == [
        ("addPerson", "done"),
        ("changeDuties", "done"),
        ("endSessionsOfPerson", "done"),
        ("revokePerson", "done"),
        ("changeDuties", "refused"),
    ]
    assert (entries[3]["before"], entries[3]["after"]) == ({"duties": "administer, read"}, {"duties": "audit, read"})
    assert "example" not in str(entries)
    assert "王" not in str(entries)


def test_who_of_the_operators_added_a_person_is_not_shown(world: World) -> None:
    operator = add_person(world, "ops", Duty.ADMINISTER, role="operator")
    world.admit("alpha")
    new = people.NewPerson("alpha", "王示例", frozenset({Duty.READ}))
    made = administer_people.add(wiring.exchange(), wiring.digest(), operator.caller, new, wiring.now())
    assert made.created_by == operator.caller.signature
    assert administer_people.view(made)["created_by"] == "operator:ops"


def test_revoking_by_the_api_ends_an_open_session_at_once(world: World) -> None:
    operator, person = world.admit("ops", "operator"), add_person(world, "alpha", Duty.READ)
    cookie, _ = sessions.start_session(wiring.exchange(), person, wiring.now())
    world.call("DELETE", f"/v1/people/{person.person_id}", operator)
    assert sessions.read_session(wiring.exchange(), cookie, wiring.now()) is None


def test_what_is_wrong_with_a_new_person_is_told(world: World) -> None:
    operator = world.admit("ops", "operator")
    world.admit("alpha")
    for change, status, code in (
        ({"duties": []}, 400, "invalid_request"),
        ({"duties": ["rule"]}, 400, "invalid_request"),
        ({"email": "wang"}, 400, "invalid_request"),
        ({"organisation": "nobody"}, 404, "not_found"),
        ({"colour": "red"}, 400, "unknown_field"),
    ):
        answered, body, _ = world.call("POST", "/v1/people", operator, WANTED | change)
        assert (answered, body["error"]["code"]) == (status, code), change
    assert world.call("POST", "/v1/people", operator, WANTED)[0] == 201
    status, body, _ = world.call("POST", "/v1/people", operator, WANTED)
    assert (status, body["error"]["code"]) == (409, "email_taken")


# Whose people each caller administers: by role and whether a person or a key asks, of alpha (its own where it is a
# platform), of beta, and of the operators.
MAY = {
    ("platform", "key"): (False, False, False),
    ("platform", "person"): (True, False, False),
    ("regulator", "key"): (True, True, False),
    ("regulator", "person"): (False, False, False),
    ("operator", "key"): (True, True, True),
    ("operator", "person"): (True, True, True),
}


@pytest.mark.parametrize("who", MAY, ids=" ".join)
def test_who_may_administer_whom(world: World, who: tuple[str, str]) -> None:
    from chalicelib.accounts.api_keys import Caller

    own = {"platform": "alpha", "regulator": "bureau", "operator": "ops"}[who[0]]
    person_id = "p_1" if who[1] == "person" else ""
    caller = Caller(own, Role(who[0]), person_id or "a" * 12, person_id)
    of = [("alpha", Role.PLATFORM), ("beta", Role.PLATFORM), ("ops-2", Role.OPERATOR)]
    assert tuple(administer_people.may_administer(caller, name, role) for name, role in of) == MAY[who]


def test_another_organisations_person_is_not_there_and_ones_own_access_stays(world: World) -> None:
    administrator = add_person(world, "alpha", Duty.ADMINISTER)
    other = add_person(world, "beta", Duty.READ)
    exchange, now = wiring.exchange(), wiring.now()
    for change in (
        lambda person_id: administer_people.change_duties(exchange, administrator.caller, person_id, [Duty.DECIDE]),
        lambda person_id: administer_people.revoke(exchange, administrator.caller, person_id, now),
    ):
        with pytest.raises(LianfangError) as refused:
            change(other.person_id)
        assert refused.value.code == "not_found"
        with pytest.raises(Conflict) as refused_too:
            change(administrator.person_id)
        assert refused_too.value.code == "own_access"


def test_a_regulators_key_adds_no_operators_person_and_a_platforms_key_none(world: World) -> None:
    world.admit("ops", "operator")
    regulator, alpha = world.admit("bureau", "regulator"), world.admit("alpha")
    status, body, _ = world.call("POST", "/v1/people", regulator, WANTED | {"organisation": "ops"})
    assert (status, body["error"]["code"]) == (403, "not_your_people")
    assert world.call("GET", "/v1/people?organisation=ops", regulator)[0] == 403
    assert world.call("POST", "/v1/people", regulator, WANTED)[0] == 201
    assert world.call("POST", "/v1/people", alpha, WANTED)[1]["error"]["code"] == "wrong_role"
