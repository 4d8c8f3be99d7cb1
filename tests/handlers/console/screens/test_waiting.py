"""The counts beside the navigation: asked for after the page, kept for a minute, absent where not known."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.closure_tasks.open_index.open_tasks import BLOCKS_OF_PART, NUMBERS_OF_BLOCK
from chalicelib.closure_tasks.rules.open_task import OpenTask
from chalicelib.closure_tasks.work_queue.tasks_due_today import MOST_BLOCKS, DueToday, count_due_today
from chalicelib.handlers.console import navigation
from chalicelib.people.duties import Duty
from chalicelib.reports.list_reports import MENDED, not_sent_again
from chalicelib.reports.rules.report import Report
from chalicelib.storage.item_keys.closure_task_keys import open_task_days, open_tasks
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.builders import uscc
from tests.world import World

NOON = datetime(2026, 11, 27, 4, tzinfo=UTC)


class Index:
    """An index of open tasks with these deadlines, each in a block of its own."""

    def __init__(self, *deadlines: str) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        for block, due_at in enumerate(deadlines):
            number = block * NUMBERS_OF_BLOCK + 1
            days = open_task_days("alpha", block // BLOCKS_OF_PART)
            self.items.setdefault(days, {})[f"d{due_at[:10].replace('-', '')}b{block:06d}"] = "t"
            self.items[open_tasks("alpha", block)] = {f"t{number}": task(number, due_at).packed()}

    def get_many(self, keys: Any) -> dict[str, dict[str, Any]]:
        return {key: self.items[key] for key in keys if key in self.items}


def task(number: int, due_at: str) -> OpenTask:
    return OpenTask(
        number=number, due_at=due_at, state="told", kind="check", severity="3", reasons=(), region="", source="",
        known_by="roster", assignee="",
    )  # fmt: skip


def test_tasks_due_until_the_end_of_the_day_in_china_are_counted_and_those_late_apart() -> None:
    index: Any = Index("2026-11-26T16:00:00.000Z", "2026-11-27T16:00:00.000Z", "2026-11-28T16:00:00.000Z")
    assert count_due_today(index, "alpha", NOON) == DueToday(2, 1)
    assert count_due_today(index, "alpha", NOON + timedelta(days=1)) == DueToday(3, 2)
    # After midnight in China the day is the next, though it is still the same in UTC.
    assert count_due_today(index, "alpha", datetime(2026, 11, 27, 16, 1, tzinfo=UTC)) == DueToday(3, 2)


def test_a_count_that_few_reads_do_not_give_is_left_open() -> None:
    many: Any = Index(*["2026-11-26T16:00:00.000Z"] * (MOST_BLOCKS + 1))
    assert count_due_today(many, "alpha", NOON) is None
    enough: Any = Index(*["2026-11-26T16:00:00.000Z"] * MOST_BLOCKS)
    assert count_due_today(enough, "alpha", NOON) == DueToday(MOST_BLOCKS, MOST_BLOCKS)


def waiting(visitor: Visitor) -> Any:
    status, text = visitor.get("/console/waiting")
    assert (status, visitor.headers["Cache-Control"]) == (200, "no-store")
    return json.loads(text.replace("'", '"').replace("True", "true").replace("False", "false"))


def shown(text: str) -> dict[str, str]:
    return dict(re.findall(r'data-entry="(\w+)"><span>([^<]+)</span>', text))


def test_a_page_shows_what_was_counted_within_the_minute_and_asks_for_it_otherwise(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    officer, session = signed_in(world, add_person(world, "beta", Duty.READ, Duty.DECIDE))
    listed = {"uscc": uscc(7, "330106"), "name": "杭州霁川示例食品有限公司", "evicted_on": "2026-03-01",
              "reason_text": "售假", "evidence_level": "E4"}  # fmt: skip
    world.call("POST", "/v1/reports", beta, {"evictions": [listed]})
    world.settle()
    text = officer.get("/console/tasks")[1]
    assert ('data-waiting="../console/waiting"' in text, shown(text)) == (True, {})
    assert waiting(officer) == {}
    text = officer.get("/console/tasks")[1]
    assert ("data-waiting" in text, shown(text)) == (False, {})
    lookup = world.call("POST", "/v1/lookups", alpha, {"uscc": listed["uscc"], "purpose": "onboarding"})[1]
    listing_id = lookup["matches"][0]["listings"][0]["listing_id"]
    body = {"listing_id": listing_id, "kind": "found_otherwise", "statement": "不是同一主体"}
    dispute = world.call("POST", "/v1/disputes", alpha, body)[1]
    world.settle()
    assert waiting(officer) == {}, "counted once a minute"
    officer.post("/console/tasks/answers", {"key": session.csrf_key, "outcome": "closed", "task_id": "9"})
    assert waiting(officer) == {"disputes": {"text": "1", "late": False}}
    assert shown(officer.get("/console/today")[1]) == {"disputes": "1"}
    fields = {"key": session.csrf_key, "stand": "stand_by", "statement": "维持"}
    assert officer.post(f"/console/disputes/{dispute['dispute_id']}/answer", fields)[0] == 303
    assert waiting(officer) == {}
    regulator, _ = signed_in(world, add_person(world, "bureau", *Duty, role="regulator"))
    assert waiting(regulator) == {"disputes": {"text": "1", "late": False}}


def a_report(name: str, rejected: int = 0, accepted: int = 1, status: str = "done") -> Report:
    return Report(
        id=name, report_id=name, platform_id="alpha", file_name=name, key="", received_at="", status=status,
        accepted=accepted, rejected=rejected,
    )  # fmt: skip


def test_rejected_rows_wait_until_a_file_of_the_name_or_as_many_mended_rows_came_after() -> None:
    def waits(*reports: Report) -> list[str]:
        """The names of those that wait, of reports in the order in which they came."""
        return [report.file_name for report in not_sent_again(reports[::-1])]

    assert waits(a_report("a.csv")) == []
    assert waits(a_report("a.csv", rejected=2), a_report("b.csv", status="refused", accepted=0)) == ["b.csv", "a.csv"]
    assert waits(a_report("a.csv", rejected=2), a_report("a.csv")) == []
    assert waits(a_report("a.csv"), a_report("a.csv", rejected=1)) == ["a.csv"], "the later one waits"
    mended = a_report(f"a.csv{MENDED}", accepted=1)
    assert waits(a_report("a.csv", rejected=2), mended) == ["a.csv"], "one of two rows"
    assert waits(a_report("a.csv", rejected=2), mended, mended) == []


def test_what_was_rejected_is_counted_until_it_is_sent_again(world: World) -> None:
    key = world.admit("alpha")
    visitor, session = signed_in(world, add_person(world, "alpha", *Duty))
    heads, code = "统一社会信用代码,店铺名称,清退日期,清退原因", uscc(7, "330106")
    for reason, expected in (("", {"reports": {"text": "1", "late": False}}), ("售假", {})):
        table = f"{heads}\n{code},示例旗舰店,2026-03-01,{reason}\n".encode()
        sent = {"Content_Type": "text/csv", "X_File_Name": "2026-11.csv"}
        world.call("POST", "/v1/reports/files", key, table, **sent)
        world.settle()
        visitor.post("/console/tasks/answers", {"key": session.csrf_key, "outcome": "closed", "task_id": "9"})
        assert waiting(visitor) == expected


def test_a_licence_that_an_organisation_may_read_is_counted_for_it(world: World) -> None:
    alpha = world.admit("alpha")
    visitor, _ = signed_in(world, add_person(world, "bureau", *Duty, role="regulator"))
    body = {"uscc": uscc(7, "330106"), "purpose": "onboarding", "method": "manual"}
    assert world.call("POST", "/v1/licence-checks", alpha, body)[0] in (200, 201, 202)
    assert waiting(visitor) == {"licences": {"text": "1", "late": False}}


def test_an_organisation_sees_no_count_of_another_and_nothing_of_what_failed(world: World) -> None:
    visitor, session = signed_in(world, add_person(world, "alpha", *Duty))
    navigation.keep("beta", {"tasks": navigation.Waiting("7", True)})
    assert waiting(visitor) == {}
    navigation.keep("alpha", {"tasks": navigation.Waiting("7", True), "overview": navigation.Waiting("2")})
    text = visitor.get("/console/today")[1]
    assert shown(text) == {"tasks": "7"}
    assert 'class="n late" data-entry="tasks"' in text
    assert session.csrf_key
