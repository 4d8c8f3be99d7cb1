"""Today says what changed since the person was here; each count leads to the list of these cases alone."""

import re
from datetime import timedelta

from chalicelib import wiring
from chalicelib.people.duties import Duty
from chalicelib.people.people import Person
from chalicelib.storage.item_keys.people import person_keys
from chalicelib.storage.set_aside import SetAside, set_aside
from chalicelib.values.timestamps import iso
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World


def eviction(number: int) -> dict[str, str]:
    return {
        "uscc": uscc(number, "330106"),
        "name": f"杭州霁川示例第{'一二三四五六七八九'[number - 1]}食品有限公司",
        "evicted_on": "2026-03-01",
        "reason_text": "售假",
        "evidence_level": "E4",
    }


def was_here(person: Person, ago: timedelta) -> str:
    """Let the person's last visit have ended so long ago; that moment."""
    moment = iso(wiring.now() - ago)
    wiring.exchange().set_fields(person_keys.person(person.person_id), {"visited_at": moment, "visited_before": ""})
    return moment


def counts(text: str) -> dict[str, tuple[str, str]]:
    """What changed, by its label: the count, and the address of the list."""
    some = re.findall(r'<li><a href="\.\./console/([^"]+)"><b>([^<]+)</b> ([^<]+)</a>', text)
    return {label: (count, address.replace("&amp;", "&")) for address, count, label in some}


def report(world: World, key: str, *numbers: int) -> None:
    world.call("POST", "/v1/reports", key, {"evictions": [eviction(number) for number in numbers]})
    world.settle()


def test_a_task_is_new_until_the_visit_after_and_leads_to_the_new_ones_alone(world: World) -> None:
    person = add_person(world, "alpha", Duty.READ, Duty.REPORT)
    visitor, session = signed_in(world, person)
    beta = world.admit("beta")
    for number in (1, 2):
        visitor.post("/console/search", {"key": session.csrf_key, "q": uscc(number, "330106")})
    report(world, beta, 1)
    moment = iso(wiring.now())
    report(world, beta, 2)
    wiring.exchange().set_fields(
        person_keys.person(person.person_id), {"visited_at": iso(wiring.now()), "visited_before": moment}
    )
    shown = counts(visitor.get("/console/today")[1])
    assert shown["新任务"] == ("1", f"tasks?since={moment.replace(':', '%3A')}")
    text = visitor.get(f"/console/{shown['新任务'][1]}")[1]
    assert ("第二食品" in text, "第一食品" in text, "显示全部" in text) == (True, False, True)
    assert "第一食品" not in visitor.get(f"/console/tasks.csv?since={moment}")[1]
    assert counts(visitor.get("/console/today?since=yesterday")[1])["新任务"][0] == "2"
    was_here(person, timedelta(0))
    assert "看上次来访以来" not in visitor.get("/console/today")[1]


def test_reports_are_counted_once_done_and_those_with_rejected_rows_apart(world: World) -> None:
    key = world.admit("alpha")
    person = add_person(world, "alpha", Duty.READ, Duty.REPORT)
    visitor, _ = signed_in(world, person)
    report(world, key, 3)
    world.call("POST", "/v1/reports", key, {"evictions": [eviction(4), {**eviction(5), "evicted_on": "昨天"}]})
    world.settle()
    was_here(person, timedelta(hours=3))
    shown = counts(visitor.get("/console/today")[1])
    assert (shown["报送已处理"][0], shown["报送有拒收"][0]) == ("2", "1")
    assert visitor.get(f"/console/{shown['报送已处理'][1]}")[1].count('class="main"') == 2
    assert visitor.get(f"/console/{shown['报送有拒收'][1]}")[1].count('class="main"') == 1


def test_each_step_of_a_dispute_is_a_change_of_its_own(world: World) -> None:
    person = add_person(world, "bureau", Duty.READ, role="regulator")
    visitor, _ = signed_in(world, person)
    alpha, beta = world.admit("alpha"), world.admit("beta")
    report(world, beta, 6)
    matches = world.call("POST", "/v1/lookups", alpha, {"uscc": uscc(6, "330106"), "purpose": "onboarding"})[1]
    listing_id = matches["matches"][0]["listings"][0]["listing_id"]
    was_here(person, timedelta(hours=3))
    assert "没有变化" in visitor.get("/console/today")[1]
    body = {"listing_id": listing_id, "kind": "found_otherwise", "statement": "不是同一主体"}
    dispute = world.call("POST", "/v1/disputes", alpha, body)[1]
    world.settle()
    assert counts(visitor.get("/console/today")[1])["新申诉"][0] == "1"
    answer = {"stand": "stand_by", "statement": "维持"}
    world.call("POST", f"/v1/disputes/{dispute['dispute_id']}/answer", beta, answer)
    shown = counts(visitor.get("/console/today")[1])
    assert {"新申诉", "申诉已答复"} <= set(shown)
    assert "申诉已结束" not in shown
    assert dispute["dispute_id"] in visitor.get(f"/console/{shown['申诉已答复'][1]}")[1]


def test_an_operator_sees_what_was_set_aside_since_and_what_waits_now(world: World) -> None:
    person = add_person(world, "ops", Duty.READ, role="operator")
    visitor, _ = signed_in(world, person)
    was_here(person, timedelta(hours=3))
    for hours, record_id in ((5, "s_earlier"), (1, "s_later")):
        at = iso(wiring.now() - timedelta(hours=hours))
        set_aside(wiring.exchange(), [SetAside(at=at, job="rows", record_id=record_id, finding="change_not_saved")])
    text = visitor.get("/console/today")[1]
    assert counts(text)["新搁置的记录"][0] == "1"
    assert 'href="../console/operation/queues"><span class="l">死信</span>' in text
    listed = visitor.get(f"/console/{counts(text)['新搁置的记录'][1]}")[1]
    assert ("s_later" in listed, "s_earlier" in listed, "显示全部" in listed) == (True, False, True)
    administrator, _ = signed_in(world, add_person(world, "ops", Duty.ADMINISTER, role="operator"))
    assert "死信" not in administrator.get("/console/today")[1], "it may not read"


def test_an_address_may_name_any_moment_and_none_that_is_none(world: World) -> None:
    visitor = _officer(world)
    pages = ("tasks", "disputes", "reports", "licences/renewals", "lists", "rules/guards", "decisions")
    other, _ = signed_in(world, add_person(world, "ops", Duty.READ, role="operator"))
    assert other.get("/console/operation/set-aside?since=9999-12-31T23:59:59Z")[0] == 200
    odd = ("x", "2026-13-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-01")
    asked = [(page, "9999-12-31T23:59:59Z") for page in pages] + [("lists", moment) for moment in odd]
    for page, moment in asked:
        status, text = visitor.get(f"/console/{page}?since={moment}")
        assert status == 200, (page, moment, text[:300])


def _officer(world: World) -> Visitor:
    return signed_in(world, add_person(world, "bureau", *Duty, role="regulator"))[0]
