"""Repair (信用修复): from its save on an entry is not matched, not shared, and everyone who has it gets its end."""

from datetime import UTC, datetime, timedelta

from chalicelib import wiring
from chalicelib.closure_tasks import task_reminders
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index
from chalicelib.registry.rules.subject_changes import Ended
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_CLOCKS_UNTIL
from chalicelib.values.timestamps import iso
from tests.government_lists.list_pulling import pull
from tests.support.builders import listed, uscc
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,DEDOCNUM,REMEXCPRES_CN,REMDATE\n"
ROW = f"{uscc(1)},北京朔序商贸有限公司,组织虚假交易。情节严重,2025-08-28,京处〔2025〕7号,"


def test_what_was_repaired_is_told_and_no_longer_served(world: World) -> None:
    key = world.admit("beta")
    mailbox = world.listen(wiring.settings().closures_topic_arn)
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    wiring.bucket().put("feeds/serious_violations/dropped/1.csv", (HEADER + ROW + ",").encode())
    pull(feed, NOW)
    world.deliver_stream()
    assert "组织虚假交易" in str(world.call("GET", "/v1/changes", key)[1])
    wiring.bucket().put("feeds/serious_violations/dropped/2.csv", (HEADER + ROW + "信用修复,2026-03-02").encode())
    pull(feed, NOW + timedelta(days=1))
    assert world.call("GET", f"/v1/merchants/{uscc(1)}", key)[0] == 404, "with the save itself"
    world.deliver_stream()
    opened, removed = world.heard(mailbox)
    assert (opened["kind"], removed["kind"]) == ("opened", "removed")
    assert removed["listing"]["ended_because"] == "repaired"
    changes = world.call("GET", "/v1/changes", key)[1]["changes"]
    assert [change["kind"] for change in changes] == ["opened", "removed"]
    for text in (str(changes), str(removed)):
        assert "组织虚假交易" not in text
        assert "京处〔2025〕7号" not in text
    (kept,) = (wiring.registry().subject(f"uscc:{uscc(1)}") or {}).listings.values()
    assert kept.reason_text, "kept for the file, and served nowhere"


def test_a_task_and_its_notices_say_no_more_what_was_repaired(world: World) -> None:
    key = world.admit("beta")
    world.admit("bureau", "regulator")
    lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(1)}", "beta", wiring.now())
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    wiring.bucket().put("feeds/serious_violations/dropped/1.csv", (HEADER + ROW + ",").encode())
    pull(feed, NOW)
    world.deliver_stream()
    (task,) = world.call("GET", "/v1/tasks", key)[1]["tasks"]
    assert "组织虚假交易" in str(task)
    due_at = datetime.fromisoformat(task["due_at"])
    wiring.exchange().put({"id": TASK_CLOCKS_UNTIL, "hour": iso(due_at - timedelta(hours=1))[:13]})
    task_reminders.send_due_reminders(dependencies.closure_tasks(), due_at, lambda: True)
    assert str(wiring.notice_log("beta").read(0, 9)).count("组织虚假交易") == 2, "the opening and the reminder"
    escalates_at = datetime.fromisoformat(wiring.task_log("beta").read(0, 1)[0]["escalates_at"])
    task_reminders.send_due_reminders(dependencies.closure_tasks(), escalates_at, lambda: True)

    def bureaus() -> str:
        return str([entry for entry in wiring.notice_log("bureau").read(0, 9) if entry["notice"]["kind"][:4] == "task"])

    assert "组织虚假交易" in bureaus()
    wiring.bucket().put("feeds/serious_violations/dropped/2.csv", (HEADER + ROW + "信用修复,2026-03-02").encode())
    pull(feed, NOW + timedelta(days=1))
    world.deliver_stream()
    tasks = world.call("GET", "/v1/tasks", key)[1]["tasks"]
    assert [(task["task"], task["state"]) for task in tasks] == [("check", "lifted"), ("undo", "told")]
    ledger = world.call("GET", f"/v1/ledger/{tasks[0]['listing']['listing_id']}", key)[1]
    informed = world.call("GET", "/v1/tasks?kind=informational", world.admit("gamma"))[1]
    assert [task["task"] for task in informed["tasks"]] == ["inform_over"]
    for text in (str(tasks), str(wiring.notice_log("beta").read(0, 9)), str(ledger), str(informed), bureaus()):
        assert "组织虚假交易" not in text
        assert "京处〔2025〕7号" not in text


def test_what_an_amendment_replaced_is_not_served_either(world: World) -> None:
    key = world.admit("beta")
    content = {"source": "government:serious_violations", "reasons": ["GX11"], "evidence_level": "E4"}
    first = listed(**content, reason_text="组织虚假交易")
    wiring.registry().save(first)
    wiring.registry().save(listed(at="2026-01-06T02:00:00.000Z", **content, reason_text="虚假交易，更正"))
    world.deliver_stream()
    assert "组织虚假交易" in str(world.call("GET", "/v1/changes", key)[1]["changes"][-1])
    ident = first.listing.listing_id
    wiring.registry().save(
        Ended(first.subject_id, ident, "removed", "2026-02-01T00:00:00.000Z", "list", "", "repaired")
    )
    world.deliver_stream()
    changes = world.call("GET", "/v1/changes", key)[1]["changes"]
    assert [change["kind"] for change in changes] == ["opened", "amended", "removed"]
    assert "虚假交易" not in str(changes)


def test_what_a_platform_was_told_alone_of_an_entry_that_ended_is_withheld_as_well(world: World) -> None:
    key = world.admit("beta")
    world.call("POST", "/v1/lookups", key, {"uscc": uscc(1), "purpose": "onboarding"})
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    for day, end in enumerate((",", "信用修复,2026-03-02"), 1):
        wiring.bucket().put(f"feeds/serious_violations/dropped/{day}.csv", (HEADER + ROW + end).encode())
        pull(feed, NOW + timedelta(days=day))
        world.deliver_stream()
    listings = [
        entry["notice"]["task"]["listing"]
        for entry in world.call("GET", "/v1/notices", key)[1]["notices"]
        if entry["notice"]["kind"] == "task_opened"
    ]
    assert [listing["revision"] for listing in listings] == [1, 2]
    assert "组织虚假交易" not in str(listings)
    assert set(listings[0]) == {"listing_id", "source", "state", "severity", "revision"}
