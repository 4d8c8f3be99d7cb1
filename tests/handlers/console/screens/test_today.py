"""Today: what waits by clock, and how a platform does beside the others."""

from chalicelib.people.duties import Duty
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

CODE = uscc(7, "330106")
LISTED = {
    "uscc": CODE,
    "name": "杭州霁川示例食品有限公司",
    "evicted_on": "2026-03-01",
    "reason_text": "售假",
    "evidence_level": "E4",
}


def test_a_task_that_waits_is_counted_and_leads_to_its_file(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ, Duty.REPORT))
    assert "没有待办任务" in visitor.get("/console/today")[1]
    visitor.post("/console/search", {"key": session.csrf_key, "q": CODE})
    world.call("POST", "/v1/reports", world.admit("beta"), {"evictions": [LISTED]})
    world.settle()
    text = visitor.get("/console/today")[1]
    assert "杭州霁川示例食品有限公司" in text
    assert 'href="../console/tasks?assignee=none"><span class="l">未分派</span><span class="v">1</span>' in text
    assert "其他平台不足，无中位数" in text
    status, text = visitor.get("/console/tasks/1")
    assert (status, "曾由本平台查询" in text, "核查并清退" in text) == (200, True, True)


def test_answers_for_many_are_taken_each_by_itself_and_what_is_refused_is_shown(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ, Duty.REPORT))
    visitor.post("/console/search", {"key": session.csrf_key, "q": CODE})
    world.call("POST", "/v1/reports", world.admit("beta"), {"evictions": [LISTED]})
    world.settle()
    status, text = visitor.post(
        "/console/tasks/answers", {"key": session.csrf_key, "outcome": "closed", "task_id": "9"}
    )
    assert (status, "部分未处理" in text) == (200, True)
    assert (
        visitor.post("/console/tasks/answers", {"key": session.csrf_key, "outcome": "kept", "task_id": "1"})[0] == 400
    )
    assert visitor.post("/console/tasks/answers", {"key": session.csrf_key, "outcome": "closed"})[0] == 400
    fields = {"key": session.csrf_key, "outcome": "closed", "task_id": "1"}
    assert visitor.post("/console/tasks/answers", fields)[0] == 303
    assert visitor.headers["Location"].endswith("tasks?answered=1")
    assert "已清退" in visitor.get("/console/tasks/1")[1]


def test_only_a_person_of_the_platform_is_given_a_task(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.READ, Duty.REPORT))
    stranger = add_person(world, "beta", Duty.READ)
    fields = {"key": session.csrf_key, "task_id": "1", "assignee": stranger.person_id}
    assert visitor.post("/console/tasks/assignments", fields)[0] == 400
