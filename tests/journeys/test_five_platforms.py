"""Closed in one place, closed everywhere, and opened again everywhere: five platforms, one eviction, one dispute."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.closure_tasks import task_reminders
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_CLOCKS_UNTIL
from chalicelib.values.timestamps import iso
from examples.receiver import receiver as example
from tests.disputes.dispute_calls import act, dispute
from tests.support import roster_files
from tests.support.builders import uscc
from tests.world import World

CODE, NAME = uscc(1), "苏州霁昱商贸有限公司"


class Platform:
    """A platform with its key, a mailbox on its own topic, and the example receiver's book."""

    def __init__(self, world: World, name: str, folder: Path) -> None:
        self.world, self.name, self.key = world, name, world.admit(name)
        topics = world.call("GET", "/v1/platforms/me", self.key)[1]["topics"]
        self.mailboxes = {feed: world.listen(arn) for feed, arn in topics.items()}
        book = example.Book(str(folder / f"{name}.sqlite3"))
        self.receiver = example.Receiver(book, topics, self.api, lambda _url: b"")

    def api(self, path: str, body: Any = None) -> bytes:
        status, answer, _ = self.world.call("POST" if body else "GET", path, self.key, body)
        assert status == 200, answer
        return json.dumps(answer).encode()

    def receive(self) -> None:
        """Take what was pushed, as the receiver does."""
        for feed, mailbox in self.mailboxes.items():
            for notice in self.world.heard(mailbox):
                self.receiver.take_notice(feed, notice)

    def applied(self, feed: str) -> list[str]:
        rows = self.receiver.book.db.execute("SELECT id, kind FROM applied ORDER BY rowid")
        return [kind for ident, kind in rows if ident.startswith(feed)]

    def tasks(self) -> list[tuple[str, str]]:
        return [(task["kind"], task["state"]) for task in self.page("tasks")]

    def page(self, what: str) -> list[dict[str, Any]]:
        return list(json.loads(self.api(f"/v1/{what}"))[what])

    def answer(self, outcome: str) -> None:
        newest = self.page("tasks")[-1]
        self.api(f"/v1/tasks/{newest['task_id']}/outcome", {"outcome": outcome})

    def restricted(self) -> list[str]:
        return [entry["uscc"] for entry in json.loads(self.api("/v1/restricted-entries"))["entries"]]


def send_reminders(due_at: str) -> None:
    """Send the reminders of that moment, as if all before it had been sent."""
    moment = datetime.fromisoformat(due_at)
    wiring.exchange().put({"id": TASK_CLOCKS_UNTIL, "hour": iso(moment - timedelta(hours=1))[:13]})
    task_reminders.send_due_reminders(dependencies.closure_tasks(), moment, lambda: True)


@pytest.fixture
def platforms(world: World, tmp_path: Path) -> Iterator[list[Platform]]:
    made = [Platform(world, name, tmp_path) for name in ("a", "b", "c", "d", "e")]
    yield made
    for entry in made:
        entry.receiver.book.db.close()


def test_five_platforms_close_and_after_the_dispute_open_again(world: World, platforms: list[Platform]) -> None:
    a, b, c, d, e = platforms
    bureau = world.admit("bureau", "regulator")
    # B has the merchant on its roster, C looked it up 200 days ago, E has it too, D has never heard of it.
    for result in (b, e):
        assert roster_files.done(world, result.key, f"S-{result.name},{CODE},{NAME}")["status"] == "done"
    lookup_index.record_inquiry(wiring.exchange(), f"uscc:{CODE}", "c", wiring.now() - timedelta(days=200))
    for result in (b, c, d, e):
        result.receive()

    # E is down for two days: whatever is pushed to it meanwhile is lost.
    with world.away(*e.mailboxes.values()):
        roster_files.evict(world, a.key)
    for result in (b, c, d):
        result.receive()
    assert [entry.tasks() for entry in (a, b, c, d)] == [[], [("check", "told")], [("check", "told")], []]
    (task,) = b.page("tasks")
    assert (task["known_by"]["by"], task["known_by"]["merchants"]) == ("roster", ["S-b"])
    assert c.page("tasks")[0]["known_by"]["by"] == "lookup"
    listing = task["listing"]["listing_id"]
    b.answer("closed")
    c.answer("not_present")
    # D is not asked anything, and keeps the merchant out.
    assert (d.applied("closures"), d.restricted()) == (["opened"], [CODE])
    (informed,) = json.loads(d.api("/v1/tasks?kind=informational"))["tasks"]
    assert (informed["kind"], informed["subject"]["uscc"]) == ("inform", CODE)

    # The deadline passes for E alone; it comes back, reads on from its cursor, and answers late.
    send_reminders(task["due_at"])
    assert e.applied("closures") == []
    e.receiver.catch_up("closures")
    e.receiver.catch_up("own")
    assert (e.applied("closures"), e.applied("own")[-2:]) == (["opened"], ["task_opened", "task_overdue"])
    assert e.tasks() == [("check", "overdue")]
    e.answer("closed")
    assert json.loads(e.api("/v1/notices?state=unacknowledged"))["notices"] == []
    ledger = world.call("GET", f"/v1/ledger/{listing}", bureau)[1]
    states = {task["platform_id"]: task["state"] for task in ledger["tasks"]}
    assert states == {"b": "closed", "c": "not_present", "e": "closed"}
    assert all(task["due_at"] > task["opened_at"] and task["clock"]["answer_days"] == 1 for task in ledger["tasks"])
    assert [step["after"] for step in ledger["tasks"][-1]["history"]][-2:] in (
        ["overdue", "closed"],
        ["told", "closed"],
    )
    assert ledger["open"] == 0

    # D found otherwise. While that is open nobody is blocked; then the regulator voids it, and everyone undoes.
    asked = {"uscc": CODE, "purpose": "onboarding"}
    ident = dispute(world, d.key, listing, kind="found_otherwise")[1]["dispute_id"]
    world.deliver_stream()
    assert world.call("POST", "/v1/lookups", d.key, asked)[1]["verdict"] == "review"
    assert d.restricted() == []
    act(world, a.key, ident, "answer", stand="stand_by", statement="属实")
    assert act(world, bureau, ident, "decision", decision="void", statement="证据不足，予以撤销")[0] == 200
    for result in (a, b, c, d, e):
        result.receive()
    assert world.call("POST", "/v1/lookups", d.key, asked)[1]["verdict"] == "clear"
    assert d.restricted() == []
    for result, outcome in ((b, "reopened"), (c, "not_present"), (e, "reopened")):
        assert result.tasks()[-1] == ("undo", "told"), result.name
        result.answer(outcome)
    # D was given the listing in an answer, and had no task on it.
    assert d.tasks() == [("undo", "told")]
    for result in (b, c, d, e):
        assert result.applied("closures") == ["opened", "disputed", "dispute_closed", "voided"], result.name
    ledger = world.call("GET", f"/v1/ledger/{listing}", bureau)[1]
    assert {(task["platform_id"], task["kind"]): task["state"] for task in ledger["tasks"]} == {
        ("b", "check"): "closed", ("c", "check"): "not_present", ("e", "check"): "closed",
        ("b", "undo"): "reopened", ("c", "undo"): "not_present", ("e", "undo"): "reopened", ("d", "undo"): "told",
    }  # fmt: skip
    history = world.call("GET", f"/v1/listings/{listing}/history", bureau)[1]["history"]
    assert [event["kind"] for event in history] == [
        "opened",
        "disputed",
        "dispute_answered",
        "dispute_closed",
        "voided",
    ]
