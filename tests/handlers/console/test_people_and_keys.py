"""People, keys and decisions of a second person at the console: seen, previewed, done, refused, and kept apart."""

import re

from chalicelib import wiring
from chalicelib.people import people, sessions
from chalicelib.people.duties import Duty
from chalicelib.people.people import Person
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World


def administrator(world: World, organisation: str = "alpha", role: str = "platform") -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, organisation, Duty.ADMINISTER, role=role))
    return visitor, session.csrf_key


def last_act(world: World) -> dict[str, object]:
    entry: dict[str, object] = world.call("GET", "/v1/audit", world.admit("bureau", "regulator"))[1]["entries"][0]
    return entry


def stored(person: Person) -> Person:
    found = people.find(wiring.exchange(), person.person_id)
    assert found
    return found


def test_a_person_is_added_after_a_preview_and_the_log_holds_no_address(world: World) -> None:
    visitor, key = administrator(world)
    fields = {"key": key, "name": "孙<b>例", "email": "sun@example.com", "duties": "read"}
    status, text = visitor.post("/console/people/preview", fields)
    assert status == 200
    assert "孙&lt;b&gt;例" in text
    assert len(people.list_people(wiring.exchange(), "alpha")) == 1
    assert visitor.post("/console/people", fields)[0] == 303
    added = next(each for each in people.list_people(wiring.exchange(), "alpha") if each.name == "孙<b>例")
    assert visitor.headers["Location"].endswith(f"people/{added.person_id}")
    entry = last_act(world)
    assert (entry["action"], entry["object"]) == ("addPerson", f"person:{added.person_id}")
    assert "sun@example.com" not in world.everything_stored()
    status, text = visitor.get("/console/people")
    assert "孙&lt;b&gt;例" in text
    assert "<b>例" not in text


def test_a_form_of_a_person_says_what_is_wrong_and_keeps_what_was_typed(world: World) -> None:
    visitor, key = administrator(world)
    status, text = visitor.post("/console/people/preview", {"key": key, "name": "孙例", "email": "nowhere"})
    assert status == 400
    assert 'value="孙例"' in text
    add_person(world, "beta", Duty.READ, email="taken@example.com")
    fields = {"key": key, "name": "孙例", "email": "taken@example.com", "duties": "read"}
    status, text = visitor.post("/console/people", fields)
    assert status == 400
    assert re.search(r'name="email"[^>]*aria-invalid', text)


def test_an_administrator_adds_to_its_own_organisation_alone_and_sees_no_other_person(world: World) -> None:
    visitor, key = administrator(world)
    other = add_person(world, "beta", Duty.READ)
    fields = {"key": key, "organisation": "beta", "name": "孙例", "duties": "read"}
    assert visitor.post("/console/people", fields)[0] == 303
    assert len(people.list_people(wiring.exchange(), "beta")) == 1
    assert visitor.get(f"/console/people/{other.person_id}")[0] == 404
    for act in ("duties", "sessions", "revocation"):
        assert visitor.post(f"/console/people/{other.person_id}/{act}", {"key": key, "duties": "audit"})[0] == 404
    assert visitor.get("/console/people?organisation=beta")[1].count("people/p_") == 2
    assert stored(other) == other


def test_duties_are_previewed_as_gains_and_losses_and_then_hold(world: World) -> None:
    visitor, key = administrator(world)
    person = add_person(world, "alpha", Duty.READ, Duty.REPORT)
    path = f"/console/people/{person.person_id}"
    text = visitor.post(f"{path}/preview", {"key": key, "act": "duties", "duties": "decide"})[1]
    assert re.search(r"<dt>新增</dt><dd>决定</dd>.*<dt>失去</dt><dd>查询、报送与处理</dd>", text, re.DOTALL)
    assert stored(person).duties == person.duties
    assert visitor.post(f"{path}/duties", {"key": key, "duties": "decide"})[0] == 303
    assert stored(person).duties == {Duty.DECIDE}
    entry = last_act(world)
    assert (entry["action"], entry["before"]) == ("changeDuties", {"duties": "read, report"})
    assert visitor.post(f"{path}/preview", {"key": key, "act": "duties"})[0] == 400
    assert visitor.post(f"{path}/duties", {"key": key})[0] == 400
    assert stored(person).duties == {Duty.DECIDE}


def test_a_person_is_revoked_at_once_and_nobody_ends_the_own_access(world: World) -> None:
    visitor, key = administrator(world)
    person = add_person(world, "alpha", Duty.READ)
    theirs, _ = signed_in(world, person)
    assert theirs.get("/console/today")[0] == 200
    text = visitor.post(f"/console/people/{person.person_id}/preview", {"key": key, "act": "revocation"})[1]
    assert "最后一位管理人员" not in text
    assert visitor.post(f"/console/people/{person.person_id}/revocation", {"key": key})[0] == 303
    assert theirs.get("/console/today")[0] == 303
    own = next(each for each in people.list_people(wiring.exchange(), "alpha") if Duty.ADMINISTER in each.duties)
    text = visitor.post(f"/console/people/{own.person_id}/preview", {"key": key, "act": "revocation"})[1]
    assert "最后一位管理人员" in text
    assert visitor.post(f"/console/people/{own.person_id}/revocation", {"key": key})[0] == 409
    assert stored(own).is_active


def test_sessions_are_ended_and_the_person_may_sign_in_again(world: World) -> None:
    visitor, key = administrator(world)
    person = add_person(world, "alpha", Duty.READ)
    theirs, _ = signed_in(world, person)
    assert visitor.post(f"/console/people/{person.person_id}/sessions", {"key": key})[0] == 303
    assert theirs.get("/console/today")[0] == 303
    assert sessions.start_session(wiring.exchange(), person, wiring.now())


def test_a_key_is_shown_once_and_rotated_with_grace(world: World) -> None:
    world.admit("alpha")
    visitor, key = administrator(world, "ops", "operator")
    fields = {"key": key, "organisation": "alpha", "act": "issue"}
    assert visitor.post("/console/people/keys/preview", fields)[0] == 200
    status, text = visitor.post("/console/people/keys", fields)
    issued = re.search(r"lf_([0-9a-f]{12})_[0-9a-f]{48}", text)
    assert status == 200
    assert issued
    assert world.call("GET", "/v1/platforms/me", issued[0])[0] == 200
    assert issued[0] not in visitor.get("/console/people/keys?organisation=alpha")[1]
    rotated = visitor.post("/console/people/keys", fields | {"replaces": issued[1], "grace_seconds": "3600"})[1]
    assert re.search(r"lf_[0-9a-f]{12}_", rotated)
    assert world.call("GET", "/v1/platforms/me", issued[0])[0] == 200
    assert "即将失效" in visitor.get("/console/people/keys?organisation=alpha")[1]
    assert visitor.post(f"/console/people/keys/{issued[1]}/revocation", fields)[0] == 303
    assert world.call("GET", "/v1/platforms/me", issued[0])[0] == 401
    entry = last_act(world)
    assert (entry["action"], entry["object"]) == ("revokeKey", f"key:{issued[1]}")


def test_a_key_waits_for_a_second_person_who_gets_it(world: World) -> None:
    world.admit("alpha")
    first, first_key = administrator(world, "ops", "operator")
    second, second_key = administrator(world, "ops", "operator")
    assert first.post("/console/people/keys", {"key": first_key, "organisation": "alpha"})[0] == 303
    path = "/console/" + first.headers["Location"].removeprefix("../")
    assert "decisions/ops." in path
    path = "/console/decisions/" + path.rpartition("/")[2]
    assert "1 项操作等待第二人复核" in re.sub(r"\s+", " ", second.get("/console/today")[1])
    assert "复核</b>" not in first.get("/console/today")[1]
    assert "签发或轮换密钥" in second.get("/console/decisions")[1]
    assert first.post(f"{path}/approval", {"key": first_key})[0] == 403
    status, text = second.post(f"{path}/approval", {"key": second_key})
    assert status == 200
    assert re.search(r"lf_[0-9a-f]{12}_[0-9a-f]{48}", text)
    text = first.get(path)[1]
    assert "已办理" in text
    assert "ops · 王示例" in text


def test_a_decision_is_refused_with_a_reason_and_another_organisation_sees_nothing_of_it(world: World) -> None:
    world.admit("alpha")
    first, first_key = administrator(world, "ops", "operator")
    second, second_key = administrator(world, "ops", "operator")
    first.post("/console/people/keys", {"key": first_key, "organisation": "alpha"})
    path = "/console/decisions/" + first.headers["Location"].rpartition("/")[2]
    assert administrator(world)[0].get(path)[0] == 404
    assert second.post(f"{path}/refusal", {"key": second_key})[0] == 400
    assert second.post(f"{path}/refusal", {"key": second_key, "why": "未经申请 <i>"})[0] == 303
    text = second.get(path)[1]
    assert "未经申请 &lt;i&gt;" in text
    assert "approval" not in text
    assert second.post(f"{path}/approval", {"key": second_key})[0] == 409


def test_a_regulator_switches_for_whom_acts_wait(world: World) -> None:
    world.admit("alpha")
    visitor, key = administrator(world, "bureau", "regulator")
    first, first_key = administrator(world, "ops", "operator")
    administrator(world, "ops", "operator")
    assert "一人即可办理" in visitor.post("/console/decisions/rule/preview", {"key": key, "mode": "off"})[1]
    issue = {"key": first_key, "organisation": "alpha"}
    assert first.post("/console/people/keys", issue)[0] == 303
    assert visitor.post("/console/decisions/rule", {"key": key, "mode": "off"})[0] == 303
    assert first.post("/console/people/keys", issue)[0] == 200
    assert visitor.post("/console/decisions/rule", {"key": key, "mode": "never"})[0] == 400
    assert "decisions/rule" not in first.get("/console/decisions")[1]


def test_lists_are_files_too(world: World) -> None:
    visitor, _ = administrator(world)
    for path in ("people.csv", "people/keys.csv", "decisions.csv"):
        status, text = visitor.get(f"/console/{path}")
        assert status == 200
        assert "_id" in text.splitlines()[0]
        assert "attachment" in visitor.headers["Content-Disposition"]
