"""Cursors past the end of a log are refused; those at its end are not."""

import pytest

from tests.support.builders import uscc
from tests.world import World

LOGS = (
    ("/v1/changes?", "platform"),
    ("/v1/notices?", "platform"),
    ("/v1/notices?state=unacknowledged&", "platform"),
    ("/v1/tasks?", "platform"),
    ("/v1/tasks?state=told&", "platform"),
    ("/v1/tasks?kind=informational&", "platform"),
    ("/v1/disputes?", "platform"),
    ("/v1/disputes?state=open&", "regulator"),
    ("/v1/displays?", "platform"),
    ("/v1/corroboration?", "regulator"),
    ("/v1/corroboration?state=both&", "platform"),
)


@pytest.mark.parametrize(("path", "role"), LOGS)
def test_a_cursor_past_the_end_of_a_log_is_refused(world: World, path: str, role: str) -> None:
    key = world.admit("alpha", role)
    status, answer, _ = world.call("GET", f"{path}after=99999999", key)
    assert (status, answer["error"]["code"]) == (400, "invalid_cursor")
    assert answer["error"]["details"] == {"after": "99999999", "end": "0"}
    assert world.call("GET", f"{path}after=0", key)[0] == 200


def test_the_end_itself_is_where_readers_wait(world: World) -> None:
    alpha = world.admit("alpha")
    evictions = [{"uscc": uscc(n), "evicted_on": "2026-01-02", "reason_text": "售假"} for n in (1, 2)]
    world.call("POST", "/v1/reports", alpha, {"evictions": evictions})
    world.settle()
    end = world.call("GET", "/v1/changes", alpha)[1]["next"]
    assert world.call("GET", f"/v1/changes?after={end}", alpha)[1] == {"changes": [], "next": end}
    status, answer, _ = world.call("GET", f"/v1/changes?after={int(end) + 1}", alpha)
    assert (status, answer["error"]["details"]["end"]) == (400, end)


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/notices", "/v1/tasks", "/v1/disputes", "/v1/displays"])
def test_a_page_of_nothing_is_refused(world: World, path: str) -> None:
    assert world.call("GET", f"{path}?limit=0", world.admit("alpha"))[0] == 400


def test_health_answers_a_head(world: World) -> None:
    assert world.call("HEAD", "/health")[0] == 200


def test_a_body_with_a_byte_order_mark_is_read(world: World) -> None:
    alpha = world.admit("alpha")
    body = b'\xef\xbb\xbf{"uscc": "' + uscc(1).encode() + b'", "purpose": "recheck"}'
    status, answer, _ = world.call("POST", "/v1/lookups", alpha, body, Content_Type="application/json")
    assert (status, answer["verdict"] != "") == (200, True)
