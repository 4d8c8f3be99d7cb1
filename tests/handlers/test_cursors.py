"""Cursors past the end of a log are refused; those at its end are not."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts import platforms
from chalicelib.storage.item_keys.numbered_log_keys import logs_read_by_cursor
from tests.recorded import state
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


NEXT_EPOCH = 10**9
NUMBERED = (("changes", "change"), ("notices", "sequence"), ("tasks", "task_id"))


def put_back(world: World, saved: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """All tables hold what they held; the exchange is in its next epoch."""
    world.settle()
    for table, items in saved.items():
        state.empty(world, table)
        state.put(world, table, list(items.values()))
    world.skip_stream()
    monkeypatch.setenv("EPOCH", str(wiring.exchange().epoch + 1))
    wiring.reset(keep_clients=True)
    for name in logs_read_by_cursor(each.platform_id for each in platforms.find_all(wiring.exchange())):
        wiring.numbered_log(name).cut(wiring.exchange().epoch)


def report(world: World, key: str, *merchants: int) -> None:
    what = {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
    evictions = [{"uscc": uscc(n), **what} for n in merchants]
    assert world.call("POST", "/v1/reports", key, {"evictions": evictions})[0] == 202
    world.settle()


def read_all(world: World, key: str, feed: str, after: str) -> tuple[list[int], str]:
    """The numbers of a feed behind a cursor, as a receiver reads them who does what the answer says."""
    status, page, _ = world.call("GET", f"/v1/{feed}?after={after}", key)
    if status == 409:
        assert page["error"]["code"] == "restored"
        assert page["error"]["details"]["after"] == after
        return read_all(world, key, feed, page["error"]["details"]["read_after"])
    assert status == 200, page
    return [int(entry[dict(NUMBERED)[feed]]) for entry in page[feed]], page["next"]


@pytest.mark.slow
def test_after_a_restore_each_reader_reads_again_what_took_the_place_of_what_was_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    for merchant in (1, 2, 3, 4, 5, 6, 7):
        world.call("POST", "/v1/lookups", beta, {"uscc": uscc(merchant), "purpose": "recheck"})
    report(world, alpha, 1)
    saved = {table: state.items(world, table) for table in state.TABLES}
    before = {feed: read_all(world, beta, feed, "0") for feed, _ in NUMBERED}
    report(world, alpha, 2, 3, 4)
    late = {feed: read_all(world, beta, feed, "0")[1] for feed, _ in NUMBERED}
    lost_task = late["tasks"]
    put_back(world, saved, monkeypatch)
    for merchant in (5, 6, 7):
        report(world, alpha, merchant)
    for feed, _ in NUMBERED:
        numbers, cursor = before[feed]
        assert int(late[feed]) > int(cursor), "the reader was ahead"
        new, following = read_all(world, beta, feed, late[feed])
        assert new == [NEXT_EPOCH + int(cursor) + place for place in (1, 2, 3)], feed
        assert following == str(new[-1])
        assert read_all(world, beta, feed, cursor) == (new, following), "an earlier cursor reads on"
        assert read_all(world, beta, feed, "0")[0] == numbers + new
        assert read_all(world, beta, feed, following) == ([], following)
    answer = {"outcome": "closed"}
    assert world.call("POST", f"/v1/tasks/{lost_task}/outcome", beta, answer)[0] == 404, "of another merchant now"
    status, task, _ = world.call("POST", f"/v1/tasks/{NEXT_EPOCH + int(lost_task)}/outcome", beta, answer)
    assert (status, task["state"]) == (200, "closed")


@pytest.mark.slow
def test_what_is_acknowledged_is_no_notice_that_took_its_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha = world.admit("alpha")

    def acknowledge(through: int) -> Any:
        return world.call("POST", "/v1/notices/acknowledgements", alpha, {"through": through})[:2]

    report(world, alpha, 1)
    saved = {table: state.items(world, table) for table in state.TABLES}
    report(world, alpha, 2)
    assert acknowledge(2)[1]["acknowledged_through"] == "2"
    put_back(world, saved, monkeypatch)
    for merchant in (3, 4):
        report(world, alpha, merchant)
    status, refused = acknowledge(2)
    assert (status, refused["error"]["code"]) == (409, "restored")
    unread = world.call("GET", "/v1/notices?state=unacknowledged", alpha)[1]
    assert [each["sequence"] for each in unread["notices"]] == [1, NEXT_EPOCH + 2, NEXT_EPOCH + 3]
    assert (unread["unacknowledged"]["count"], unread["unacknowledged"]["oldest"]) == (3, 1)
    done = acknowledge(NEXT_EPOCH + 2)[1]
    assert (done["acknowledged_through"], done["unacknowledged"]["count"]) == (str(NEXT_EPOCH + 2), 1)
    assert done["unacknowledged"]["oldest"] == NEXT_EPOCH + 3
    last = world.call("GET", "/v1/notices?state=unacknowledged", alpha)[1]
    assert [each["sequence"] for each in last["notices"]] == [NEXT_EPOCH + 3]
    assert all("acknowledged_at" in each for each in world.call("GET", "/v1/notices?limit=2", alpha)[1]["notices"])
