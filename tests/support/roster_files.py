"""Sending rosters in a world, and what comes of them."""

from typing import Any

from chalicelib import wiring
from chalicelib.handlers.events import scheduled_jobs
from chalicelib.storage.item_keys import roster_keys
from tests.support.builders import uscc
from tests.world import World

NAME = "苏州霁昱商贸有限公司"
EVICTION = {
    "uscc": uscc(1),
    "name": NAME,
    "evicted_on": "2026-01-02",
    "reason_text": "售假",
    "evidence_level": "E4",
}
HEADER = "商家ID,统一社会信用代码,主体名称"
PATCH = "操作,商家ID,统一社会信用代码,主体名称"


def evict(world: World, key: str, **changes: Any) -> None:
    """Report one grave and proven eviction, and let everything follow."""
    world.call("POST", "/v1/reports", key, {"evictions": [{**EVICTION, **changes}]})
    world.settle()


def snapshot(world: World) -> None:
    """A new snapshot, as if the last one were of long ago, and everything that follows from it."""
    state = wiring.exchange().get(roster_keys.SNAPSHOT_BUILD)
    if state:
        wiring.exchange().put({**state, "began_at": "2026-01-01T00:00:00.000Z"})
    scheduled_jobs.snapshot_due({}, None)
    world.settle()


def send(
    world: World, key: str, *rows: str, mode: str = "full", header: str = "", idempotency_key: str = ""
) -> dict[str, Any]:
    """Send a roster; the answer to it."""
    body = "\n".join((header or (PATCH if mode == "patch" else HEADER), *rows)).encode()
    headers = {"Content_Type": "text/csv", "X_File_Name": "roster.csv", "Idempotency_Key": idempotency_key}
    status, sent, _ = world.call("POST", f"/v1/rosters/files?mode={mode}", key, body, **headers)
    assert (status, sent["mode"]) == (202, mode)
    return dict(sent)


def done(world: World, key: str, *rows: str, **how: str) -> dict[str, Any]:
    """Send a roster and see it through."""
    sent = send(world, key, *rows, **how)
    world.settle()
    return status(world, key, sent)


def status(world: World, key: str, roster: dict[str, Any]) -> dict[str, Any]:
    """The state of a roster."""
    return dict(world.call("GET", f"/v1/rosters/{roster['roster_id']}", key)[1])


def results(world: World, key: str, roster_id: str, query: str = "") -> dict[str, str]:
    """The verdict on each merchant that the results name."""
    page = world.call("GET", f"/v1/rosters/{roster_id}/results{query}", key)[1]
    return {row["merchant_id"]: row["verdict"] for row in page["results"]}


def tasks(world: World, key: str) -> list[tuple[str, str]]:
    """The open tasks of a platform: task and code of the merchant."""
    tasks = world.call("GET", "/v1/tasks", key)[1]["tasks"]
    return [(task["task"], task["subject"].get("uscc", "")) for task in tasks]


def current(platform_id: str) -> str:
    """The run whose generation counts."""
    state = wiring.exchange().get(f"rosters#{platform_id}") or {}
    return str(state.get("current", ""))


def monitored(world: World, platform_id: str) -> set[str]:
    """The items under which a platform has merchants."""
    from chalicelib.storage.dynamodb_values import from_item
    from tests.conftest import ENVIRONMENT

    items = [from_item(item) for item in world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]]
    return {
        item["id"].removeprefix("known#")
        for item in items
        if item["id"].startswith("known#") and any(field.endswith(":" + platform_id) for field in item)
    }
