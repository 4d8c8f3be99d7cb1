"""Repair (信用修复): from its save on an entry is not matched, not shared, and everyone who was told hears of it."""

from datetime import UTC, datetime, timedelta

from chalicelib import wiring
from chalicelib.domain.feed import Feed
from tests.builders import uscc
from tests.services.desks import pull
from tests.world import World

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HEADER = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,DEDOCNUM,REMEXCPRES_CN,REMDATE\n"
ROW = f"{uscc(1)},北京朔序商贸有限公司,组织虚假交易。情节严重,2025-08-28,京处〔2025〕7号,"


def test_what_was_repaired_is_told_and_no_longer_served(world: World) -> None:
    key = world.admit("beta")
    ear = world.listen(wiring.settings().closures_topic_arn)
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    wiring.bucket().put("feeds/serious_violations/dropped/1.csv", (HEADER + ROW + ",").encode())
    pull(feed, NOW)
    world.deliver_stream()
    assert "组织虚假交易" in str(world.call("GET", "/v1/changes", key)[1])
    wiring.bucket().put("feeds/serious_violations/dropped/2.csv", (HEADER + ROW + "信用修复,2026-03-02").encode())
    pull(feed, NOW + timedelta(days=1))
    assert world.call("GET", f"/v1/merchants/{uscc(1)}", key)[0] == 404, "with the save itself"
    world.deliver_stream()
    opened, removed = world.heard(ear)
    assert (opened["kind"], removed["kind"]) == ("opened", "removed")
    assert removed["listing"]["ended_because"] == "repaired"
    changes = world.call("GET", "/v1/changes", key)[1]["changes"]
    assert [one["kind"] for one in changes] == ["opened", "removed"]
    for said in (str(changes), str(removed)):
        assert "组织虚假交易" not in said
        assert "京处〔2025〕7号" not in said
    (kept,) = (wiring.registry().subject(f"uscc:{uscc(1)}") or {})["listings"].values()
    assert kept["reason_text"], "kept for the file, and served nowhere"


def test_what_a_platform_was_told_alone_of_an_entry_that_ended_is_withheld_as_well(world: World) -> None:
    key = world.admit("beta")
    world.call("POST", "/v1/lookups", key, {"uscc": uscc(1), "purpose": "onboarding"})
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    for day, end in enumerate((",", "信用修复,2026-03-02"), 1):
        wiring.bucket().put(f"feeds/serious_violations/dropped/{day}.csv", (HEADER + ROW + end).encode())
        pull(feed, NOW + timedelta(days=day))
        world.deliver_stream()
    listings = [
        one["notice"]["task"]["listing"]
        for one in world.call("GET", "/v1/notices", key)[1]["notices"]
        if one["notice"]["kind"] == "task_opened"
    ]
    assert [one["revision"] for one in listings] == [1, 2]
    assert "组织虚假交易" not in str(listings)
    assert set(listings[0]) == {"listing_id", "source", "state", "severity", "revision"}
