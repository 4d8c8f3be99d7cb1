"""Calls about a dispute from the outside, as several tests make them."""

from typing import Any

from tests.support.builders import uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
STATEMENT = "本店销售的是正品，有授权书。"


def evict(world: World, key: str, **changes: Any) -> str:
    """Report one eviction and let it arrive; the id of the listing."""
    assert world.call("POST", "/v1/reports", key, {"evictions": [{**EVICTION, **changes}]})[0] == 202
    world.settle()
    entries = world.call("GET", "/v1/changes", key)[1]["changes"]
    return str(entries[-1]["listing"]["listing_id"])


def look_up(world: World, key: str, **asked: Any) -> dict[str, Any]:
    """One lookup; the answer."""
    wanted = {"purpose": "onboarding", **(asked or {"uscc": uscc(1)})}
    return dict(world.call("POST", "/v1/lookups", key, wanted)[1])


def dispute(world: World, key: str, listing_id: str, /, **more: Any) -> tuple[int, dict[str, Any]]:
    """Open a dispute; status and body."""
    wanted = {"listing_id": listing_id, "kind": "for_merchant", "statement": STATEMENT, **more}
    status, body, _ = world.call("POST", "/v1/disputes", key, wanted)
    return status, body


def act(world: World, key: str, ident: str, step: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """One step of a dispute; status and body."""
    status, answer, _ = world.call("POST", f"/v1/disputes/{ident}/{step}", key, body)
    world.deliver_stream()
    return status, answer


def kinds(world: World, mailbox: str) -> list[str]:
    """The kinds of notices that were received since the last time."""
    return [notice["kind"] for notice in world.heard(mailbox)]
