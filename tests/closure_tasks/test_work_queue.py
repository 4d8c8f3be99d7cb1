"""The work queue: open tasks by the day due, filtered, paged under writes, counted; assignment and notes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks.open_index import open_tasks
from chalicelib.closure_tasks.open_index.open_tasks import due_blocks, tasks_of
from chalicelib.closure_tasks.rules.open_task import TaskFilter
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.closure_tasks.work_queue import index_earlier_tasks, list_open_tasks, task_desk
from chalicelib.handlers import dependencies
from chalicelib.storage.item_keys import closure_task_keys
from tests.support.builders import listed, uscc
from tests.world import World

BETA = Caller("beta", Role.PLATFORM, "k1")
BUREAU = Caller("bureau", Role.REGULATOR, "k2")
ANY = TaskFilter()


def task_of(number: int, day: str, **fields: Any) -> Task:
    code = uscc(number)
    listing = {"listing_id": f"l_{number}", "source": "platform:alpha", "reasons": ["PR01"], "severity": 3}
    item = {
        "entry_id": f"e{number}",
        "task": "check",
        "state": "told",
        "changed_at": "2026-11-20T08:00:00Z",
        "opened_at": "2026-11-20T08:00:00Z",
        "due_at": f"{day}T16:00:00Z" if day else "",
        "subject": {"subject_id": f"uscc:{code}", "uscc": code},
        "listing": {**listing, **fields.pop("listing", {})},
        "steps": 1,
        "history": [],
        "told_at": "",
        **fields,
    }
    return Task.from_item(item)


def fill(platform_id: str, *tasks: Task) -> list[Task]:
    log = dependencies.closure_tasks().tasks_of(platform_id)
    return [log.append(task) for task in tasks]


def pages(
    caller: Caller, wanted: TaskFilter = ANY, limit: int = 3, platform_id: str = ""
) -> list[list[tuple[str, int]]]:
    gathered, after = [], ""
    while True:
        page = list_open_tasks.list_open_tasks(dependencies.closure_tasks(), caller, platform_id, wanted, after, limit)
        gathered.append([(each.platform_id, each.task.number) for each in page.tasks])
        after = page.next
        if not after:
            return gathered


def flat(found: list[list[tuple[str, int]]]) -> list[int]:
    return [number for page in found for _, number in page]


@contextmanager
def blocks_of(numbers: int, looked_through: int) -> Iterator[None]:
    """Small blocks and pages, so that a few tasks fill many."""
    before = open_tasks.NUMBERS_OF_BLOCK, list_open_tasks.NUMBERS_OF_BLOCK, list_open_tasks.MOST_BLOCKS
    open_tasks.NUMBERS_OF_BLOCK = list_open_tasks.NUMBERS_OF_BLOCK = numbers  # type: ignore[misc]
    list_open_tasks.MOST_BLOCKS = looked_through  # type: ignore[misc]
    yield
    open_tasks.NUMBERS_OF_BLOCK, list_open_tasks.NUMBERS_OF_BLOCK, list_open_tasks.MOST_BLOCKS = before  # type: ignore[misc]


@contextmanager
def calls_made(world: World, calls: list[str]) -> Iterator[None]:
    """Adds the calls of DynamoDB that are made meanwhile."""
    event = "before-call.dynamodb"
    world.dynamodb.meta.events.register(event, lambda model, **_: calls.append(model.name), unique_id="counted")
    yield
    world.dynamodb.meta.events.unregister(event, unique_id="counted")


DAYS = ("2026-12-01", "2026-11-27", "", "2026-11-30", "2026-11-27", "2026-12-01", "2026-11-25", "2026-11-30", "")
BY_DAY = [7, 2, 5, 4, 8, 1, 6, 3, 9]


@pytest.mark.parametrize(("numbers", "looked_through"), [(50, 40), (2, 1), (3, 2)])
def test_open_tasks_come_by_the_day_due_however_they_lie_in_blocks(
    world: World, numbers: int, looked_through: int
) -> None:
    with blocks_of(numbers, looked_through):
        fill("beta", *(task_of(number, day) for number, day in enumerate(DAYS, 1)))
        for limit in (1, 2, 4, 100):
            found = pages(BETA, limit=limit)
            assert flat(found) == BY_DAY
            assert all(len(page) <= limit for page in found)


def test_a_filter_takes_what_fits_and_the_pages_still_end(world: World) -> None:
    fill(
        "beta",
        task_of(1, "2026-12-01"),
        task_of(2, "2026-11-27", listing={"reasons": ["QC01", "PR01"], "source": "government:serious_violations"}),
        task_of(3, "2026-11-26", task="undo", known_by={"by": "roster"}),
        task_of(4, "2026-11-25", subject={"subject_id": "name:x", "registration_no": "330106000123456"}),
        task_of(5, "", task="licence_missing", listing={"listing_id": "", "source": "", "reasons": []}),
    )
    division = uscc(1)[2:8]
    for wanted, numbers in (
        (TaskFilter(reason="PR01"), [4, 3, 2, 1]),
        (TaskFilter(reason="QC01"), [2]),
        (TaskFilter(kind="undo"), [3]),
        (TaskFilter(source="government:serious_violations"), [2]),
        (TaskFilter(region="3301"), [4] + ([3, 2, 1, 5] if division.startswith("3301") else [])),
        (TaskFilter(region=division), [3, 2, 1, 5]),
        (TaskFilter(state="overdue"), []),
        (TaskFilter(assignee="none"), [4, 3, 2, 1, 5]),
    ):
        assert flat(pages(BETA, wanted, limit=2)) == numbers, wanted
    counted = list_open_tasks.count_open_tasks(dependencies.closure_tasks(), BETA, "", ANY)
    assert (counted.open, counted.is_complete) == (5, True)
    assert counted.by["kind"] == {"check": 3, "licence_missing": 1, "undo": 1}
    assert counted.by["reason"] == {"PR01": 4, "QC01": 1}
    assert counted.by["known_by"] == {"roster": 1, "unknown": 4}
    assert counted.by["day"]["9999-12-31"] == 1


def test_pages_stay_in_order_while_tasks_come_and_go(world: World) -> None:
    context, log = dependencies.closure_tasks(), dependencies.closure_tasks().tasks_of("beta")
    tasks = fill("beta", *(task_of(number, "2026-11-27") for number in range(1, 7)))
    first = list_open_tasks.list_open_tasks(context, BETA, "", ANY, "", 2)
    # Answered before and behind the cursor, due later, and new before the cursor.
    for gone in (tasks[1], tasks[2]):
        log.update(gone, gone.replace(state="closed"))
    log.update(tasks[3], tasks[3].replace(due_at="2026-12-24T16:00:00Z"))
    fill("beta", task_of(7, "2026-11-20"))
    second = list_open_tasks.list_open_tasks(context, BETA, "", ANY, first.next, 2)
    third = list_open_tasks.list_open_tasks(context, BETA, "", ANY, second.next, 2)
    assert [each.task.number for page in (first, second, third) for each in page.tasks] == [1, 2, 5, 6, 4]
    assert flat(pages(BETA)) == [7, 1, 5, 6, 4]


def test_an_empty_block_leaves_the_index_and_what_comes_meanwhile_stays(world: World) -> None:
    log = dependencies.closure_tasks().tasks_of("beta")
    one, two = fill("beta", task_of(1, "2026-11-27"), task_of(2, "2026-11-30"))
    log.update(one, one.replace(state="closed"))
    assert {block.day for block in due_blocks(wiring.exchange(), ["beta"])} == {"2026-11-27", "2026-11-30"}
    log.update(two, two.replace(state="not_present"))
    assert due_blocks(wiring.exchange(), ["beta"]) == []
    assert list_open_tasks.count_open_tasks(dependencies.closure_tasks(), BETA, "", ANY).open == 0
    fill("beta", task_of(3, "2026-11-27"))
    assert flat(pages(BETA)) == [3]


def test_a_hint_that_is_out_of_date_is_put_right_by_who_reads_it(world: World) -> None:
    (task,) = fill("beta", task_of(1, "2026-11-27"))
    # As if the writer had died between the task and the index.
    wiring.task_log("beta").set_fields(1, {"state": "closed"})
    assert flat(pages(BETA)) == []
    assert tasks_of(wiring.exchange().get(closure_task_keys.open_tasks("beta", 0)) or {}) == []
    assert due_blocks(wiring.exchange(), ["beta"]) == []
    assert task.is_open


def test_a_page_and_its_counts_are_of_one_reading_of_the_index(world: World) -> None:
    first, *_ = fill("beta", *(task_of(number, f"2026-11-2{number}") for number in range(1, 5)))
    context, calls = dependencies.closure_tasks(), list[str]()
    with calls_made(world, calls):
        page, counted = list_open_tasks.list_and_count_open_tasks(context, BETA, "", ANY, "", 3)
    assert [each.task.number for each in page.tasks] == [1, 2, 3]
    assert (counted.open, counted.by["day"]["2026-11-24"]) == (4, 1)
    # The days, the one block of all four days, and the tasks of the page.
    assert calls == ["BatchGetItem"] * 3
    # A hint that the page puts right is not counted either.
    wiring.task_log("beta").set_fields(first.number, {"state": "closed"})
    page, counted = list_open_tasks.list_and_count_open_tasks(context, BETA, "", ANY, "", 3)
    assert [each.task.number for each in page.tasks] == [2, 3]
    assert (counted.open, "2026-11-21" in counted.by["day"]) == (3, False)


def test_tasks_of_an_earlier_version_are_entered_once_a_page_at_a_time(world: World) -> None:
    world.admit("beta")
    world.admit("gamma")
    context = dependencies.closure_tasks()
    for platform_id in ("beta", "gamma"):
        for number in range(1, 5):
            state = {"state": "closed"} if number == 2 else {}
            wiring.task_log(platform_id).append(task_of(number, "2026-11-27", **state).to_item())
    assert flat(pages(BETA)) == []
    entered = 0
    for _ in range(5):
        entered += index_earlier_tasks.index_earlier_tasks(context, lambda: False)
    assert entered == 6
    assert index_earlier_tasks.index_earlier_tasks(context, lambda: True) == 0
    assert flat(pages(BETA)) == [1, 3, 4]
    index_earlier_tasks.index_again(context)
    assert index_earlier_tasks.index_earlier_tasks(context, lambda: True) == 6


def test_a_regulator_reads_all_platforms_together_or_one(world: World) -> None:
    world.admit("beta")
    world.admit("gamma")
    fill("beta", task_of(1, "2026-11-30"), task_of(2, "2026-11-27"))
    fill("gamma", task_of(3, "2026-11-27", state="overdue"), task_of(4, "2026-12-01"))
    everything = [("beta", 2), ("gamma", 1), ("beta", 1), ("gamma", 2)]
    assert [entry for page in pages(BUREAU, limit=1) for entry in page] == everything
    assert flat(pages(BUREAU, platform_id="gamma")) == [1, 2]
    assert [entry for page in pages(BUREAU, TaskFilter(state="overdue")) for entry in page] == [("gamma", 1)]


def test_what_a_page_reads_grows_neither_with_the_log_nor_with_what_is_answered(world: World) -> None:
    log = dependencies.closure_tasks().tasks_of("beta")
    tasks = fill("beta", *(task_of(number, "2026-11-27") for number in range(1, 161)))
    for task in tasks[:150]:
        log.update(task, task.replace(state="closed"))
    assert [block.block for block in due_blocks(wiring.exchange(), ["beta"])] == [3]
    assert len(flat(pages(BETA, limit=100))) == 10


def test_assignment_is_a_step_and_shows_in_the_queue(world: World) -> None:
    context = dependencies.closure_tasks()
    fill("beta", *(task_of(number, "2026-11-27") for number in (1, 2, 3)))
    given = task_desk.assign_task(context, BETA, "1", "p_1", wiring.now())
    assert (given.assignee, given.state, given.steps) == ("p_1", "told", 2)
    assert task_desk.assign_task(context, BETA, "1", "p_1", wiring.now()).steps == 2
    many = task_desk.assign_tasks(context, BETA, ["1", "2", "9", "x"], "p_2", wiring.now())
    assert ([task.number for task in many.tasks], many.missing) == ([1, 2], ("9", "x"))
    assert flat(pages(BETA, TaskFilter(assignee="p_2"))) == [1, 2]
    task_desk.assign_task(context, BETA, "2", "", wiring.now())
    assert flat(pages(BETA, TaskFilter(assignee="none"))) == [2, 3]
    whole = task_desk.read_task(context, BETA, "1")
    assert [(step.step, step.why) for step in whole.task.history] == [("assigned", "p_1"), ("assigned", "p_2")]


def test_an_assignment_that_meets_an_answer_loses_neither(world: World) -> None:
    context = dependencies.closure_tasks()
    fill("beta", task_of(1, "2026-11-27"))
    log = context.tasks_of("beta")
    seen = log.get(1)
    assert seen
    task_desk.assign_task(context, BETA, "1", "p_1", wiring.now())
    assert not log.move(seen, seen.replace(state="closed", steps=2)), "the step of who read before is not written"
    assert task_desk.read_task(context, BETA, "1").task.assignee == "p_1"


def test_notes_are_masked_kept_in_order_and_bounded(world: World) -> None:
    context = dependencies.closure_tasks()
    fill("beta", task_of(1, "2026-11-27"))
    noted = task_desk.add_note(context, BETA, "1", "已电话联系 13812345678", wiring.now())
    assert noted.notes[0].text != "已电话联系 13812345678"
    assert "13812345678" not in world.everything_stored()
    assert len(task_desk.add_note(context, BETA, "1", "已电话联系 13812345678", wiring.now()).notes) == 1
    for number in range(1, task_desk.MOST_NOTES):
        task_desk.add_note(context, BETA, "1", f"第{number}次", wiring.now())
    kept = task_desk.read_task(context, BUREAU, "1", "beta").notes
    assert [note.text for note in kept[1:]] == [f"第{number}次" for number in range(1, task_desk.MOST_NOTES)]
    with pytest.raises(Exception, match="too_many_notes"):
        task_desk.add_note(context, BETA, "1", "再来一次", wiring.now())


def test_the_queue_over_the_api(world: World) -> None:
    beta, alpha, bureau = world.admit("beta"), world.admit("alpha"), world.admit("bureau", "regulator")
    for number in (1, 2):
        world.call("POST", "/v1/lookups", beta, {"uscc": uscc(number), "purpose": "recheck"})
        wiring.registry().save(
            listed("alpha", identity={"uscc": uscc(number), "name": f"苏州樾野{number}商贸有限公司"})
        )
    world.settle()
    queue = world.call("GET", "/v1/tasks/open?limit=1", beta)[1]
    rest = world.call("GET", f"/v1/tasks/open?after={queue['next']}", beta)[1]
    assert [task["task_id"] for task in (*queue["tasks"], *rest["tasks"])] == ["1", "2"]
    assert rest["next"] == ""
    assert world.call("GET", "/v1/tasks/open", alpha)[1] == {"tasks": [], "next": ""}
    assert len(world.call("GET", "/v1/tasks/open", bureau)[1]["tasks"]) == 2
    assert world.call("GET", "/v1/tasks/open?platform=beta", alpha)[0] == 403
    assert world.call("GET", "/v1/tasks/counts", beta)[1]["open"] == 2
    assert world.call("POST", "/v1/tasks/1/assignment", beta, {"assignee": "p_1"})[1]["assignee"] == "p_1"
    assert world.call("POST", "/v1/tasks/assignments", beta, {"task_ids": ["2", "7"], "assignee": "p_1"})[1] == {
        "assigned": 1,
        "missing": ["7"],
    }
    assert world.call("POST", "/v1/tasks/1/notes", beta, {"text": "已电话核实"})[0] == 201
    assert world.call("POST", "/v1/tasks/1/notes", beta, {"text": "无"})[0] == 400
    assert world.call("GET", "/v1/tasks/1?platform=beta", bureau)[1]["notes"][0]["text"] == "已电话核实"
    for path in ("/v1/tasks/1", "/v1/tasks"):
        assert world.call("GET", path, bureau)[1]["error"]["code"] == "platform_needed"
    assert len(world.call("GET", "/v1/tasks?platform=beta", bureau)[1]["tasks"]) == 2
    assert world.call("GET", "/v1/tasks/1", alpha)[0] == 404
    world.call("POST", "/v1/tasks/1/outcome", beta, {"outcome": "closed"})
    assert world.call("GET", "/v1/tasks/counts?assignee=p_1", beta)[1]["open"] == 1
    for wrong in ("after=x", "after=2026-11-27.beta", "state=closed", "reason=x", "region=x", "assignee=a/b"):
        assert world.call("GET", f"/v1/tasks/open?{wrong}", beta)[0] == 400, wrong
