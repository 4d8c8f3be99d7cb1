"""A platform's roster: replaced, patched, screened, monitored; and what every run over it leaves behind."""

from typing import Any

from chalicelib import wiring
from chalicelib.handlers import rosters
from chalicelib.services import snapshotting
from tests.builders import uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "evicted_on": "2026-01-02", "reason_text": "售假",
            "evidence_level": "E4"}  # fmt: skip


def evict(world: World, key: str, **changes: Any) -> None:
    world.call("POST", "/v1/reports", key, {"evictions": [{**EVICTION, **changes}]})
    world.settle()


def snapshot(world: World) -> None:
    """A new snapshot, as if the last one were of yesterday, and whatever follows from it."""
    state = wiring.exchange().get(snapshotting.BUILDING)
    if state:
        wiring.exchange().put({**state, "began_at": "2026-01-01T00:00:00.000Z"})
    rosters.snapshot_due({}, None)
    world.settle()


def send(world: World, key: str, *rows: str, mode: str = "full", header: str = "商家ID,统一社会信用代码,主体名称",
         **headers: str) -> dict[str, Any]:  # fmt: skip
    body = "\n".join((header, *rows)).encode()
    headers = {"Content_Type": "text/csv", "X_File_Name": "roster.csv", **headers}
    status, sent, _ = world.call("POST", f"/v1/rosters/files?mode={mode}", key, body, **headers)
    assert (status, sent["mode"]) == (202, mode)
    return dict(sent)


def done(world: World, key: str, roster: dict[str, Any]) -> dict[str, Any]:
    world.settle()
    return dict(world.call("GET", f"/v1/rosters/{roster['roster_id']}", key)[1])


def results(world: World, key: str, roster: dict[str, Any], query: str = "") -> dict[str, Any]:
    return dict(world.call("GET", f"/v1/rosters/{roster['roster_id']}/results{query}", key)[1])


def test_a_roster_is_screened_and_its_platform_told(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    snapshot(world)
    ear = world.listen(wiring.topics().platform_arn("beta"))
    rows = f"S1,{uscc(1)},苏州霁昱商贸有限公司", f"S2,{uscc(2)},杭州云栖谷示例服饰有限公司", "S3,,苏州霁昱商贸有限公司"
    roster = done(world, beta, send(world, beta, *rows))
    assert {field: roster[field] for field in ("status", "rows", "accepted", "rejected", "screened", "rest")} == {
        "status": "done", "rows": 3, "accepted": 3, "rejected": 0, "screened": True, "rest": "clear",
    }  # fmt: skip
    counts = roster["counts"]
    assert (counts["merchants"], counts["added"], counts["block"], counts["review"]) == (3, 3, 1, 1)
    page = results(world, beta, roster)
    assert {one["merchant_id"]: one["verdict"] for one in page["results"]} == {"S1": "block", "S3": "review"}
    kinds = [notice["kind"] for notice in world.heard(ear)]
    assert sorted(kinds) == ["roster_done", "task_opened"]
    (task,) = world.call("GET", "/v1/tasks", beta)[1]["tasks"]
    assert (task["task"], task["subject"]["uscc"]) == ("check", uscc(1))
