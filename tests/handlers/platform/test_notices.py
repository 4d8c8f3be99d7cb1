"""What was told to one platform alone: in order, gap-free, never expiring, acknowledged by its own people only."""

from typing import Any

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.notices import push_notices
from chalicelib.notices.rules.notice import Notice
from tests.world import World


def send_notice(platform_id: str, *numbers: int) -> None:
    for number in numbers:
        at = "2026-01-05T02:00:00.000Z"
        notice = Notice(notice_id=f"n_{number:024x}", kind="tested", at=at, content={"no": number})
        push_notices.send_notice(dependencies.notices(), platform_id, notice, wiring.now())


def read(world: World, key: str, query: str = "") -> tuple[list[int], str, dict[str, Any]]:
    status, page, _ = world.call("GET", f"/v1/notices{query}", key)
    assert status == 200, page
    return [notice["sequence"] for notice in page["notices"]], page["next"], page["unacknowledged"]


def acknowledge(world: World, key: str, **what: Any) -> tuple[int, Any]:
    return world.call("POST", "/v1/notices/acknowledgements", key, what)[:2]


def test_a_platform_reads_its_own_in_order_from_its_cursor(world: World) -> None:
    beta, gamma, bureau = world.admit("beta"), world.admit("gamma"), world.admit("bureau", "regulator")
    send_notice("beta", 1, 2, 3)
    send_notice("bureau", 4)
    assert read(world, beta, "?limit=2")[:2] == ([1, 2], "2")
    assert read(world, beta, "?after=2")[:2] == ([3], "3")
    assert read(world, beta, "?after=3")[:2] == ([], "3")
    assert read(world, gamma) == ([], "0", {"count": 0})
    assert read(world, bureau)[0] == [1], "each feed has numbers of its own"
    (first, *_) = world.call("GET", "/v1/notices", beta)[1]["notices"]
    assert first["notice"] == {
        "schema": "lianfang.notice/1",
        "notice_id": f"n_{1:024x}",
        "kind": "tested",
        "at": "2026-01-05T02:00:00.000Z",
        "no": 1,
        "sequence": 1,
    }
    assert first["pushed_at"]
    assert "acknowledged_at" not in first


def test_acknowledged_by_number_and_by_id_again_and_out_of_order(world: World) -> None:
    beta = world.admit("beta")
    send_notice("beta", *range(1, 7))
    _, _, waiting = read(world, beta)
    assert (waiting["count"], waiting["oldest"], waiting["oldest_at"]) == (6, 1, "2026-01-05T02:00:00.000Z")
    assert waiting["age_seconds"] > 86_400

    status, done = acknowledge(world, beta, through=2, notice_ids=[f"n_{4:024x}"])
    assert (status, done["acknowledged_through"], done["unacknowledged"]["count"]) == (200, "2", 3)
    assert acknowledge(world, beta, through=1)[1]["acknowledged_through"] == "2", "older news changes nothing"
    assert read(world, beta, "?state=unacknowledged")[:2] == ([3, 5, 6], "6")
    assert read(world, beta, "?state=acknowledged")[0] == [1, 2, 4]
    moments = {
        notice["sequence"]: notice["acknowledged_at"]
        for notice in world.call("GET", "/v1/notices?limit=2", beta)[1]["notices"]
    }

    assert acknowledge(world, beta, notice_ids=[f"n_{3:024x}"])[1]["acknowledged_through"] == "4", "the gap is closed"
    status, done = acknowledge(world, beta, through=6)
    assert (done["acknowledged_through"], done["unacknowledged"]) == ("6", {"count": 0})
    again = {
        notice["sequence"]: notice["acknowledged_at"]
        for notice in world.call("GET", "/v1/notices?limit=2", beta)[1]["notices"]
    }
    assert again == moments, "the first acknowledgement counts"
    send_notice("beta", 7)
    assert read(world, beta, "?state=unacknowledged")[0] == [7]
    assert read(world, beta)[0] == [1, 2, 3, 4, 5, 6, 7], "nothing expires"


def test_what_cannot_be_acknowledged_is_named_and_nothing_is(world: World) -> None:
    beta, gamma = world.admit("beta"), world.admit("gamma")
    send_notice("beta", 1)
    send_notice("gamma", 2)
    status, body = acknowledge(world, beta, through=2)
    assert (status, body["error"]["code"], body["error"]["details"]["end"]) == (400, "invalid_cursor", "1")
    status, body = acknowledge(world, beta, through=1, notice_ids=[f"n_{2:024x}"])
    assert (status, body["error"]["code"]) == (404, "not_found"), "another's notice is not there"
    for wrong in ({}, {"through": 0}, {"through": -1}, {"notice_ids": ["x"]}, {"notice_ids": []}):
        assert acknowledge(world, beta, **wrong)[0] == 400, wrong
    assert acknowledge(world, beta, through=1, all=True)[1]["error"]["code"] == "unknown_field"
    assert read(world, beta)[2]["count"] == 1
    assert acknowledge(world, gamma, notice_ids=[f"n_{2:024x}"])[0] == 200
    assert world.call("GET", "/v1/notices?state=lost", beta)[1]["error"]["code"] == "invalid_request"
    assert world.call("GET", "/v1/notices?after=x", beta)[1]["error"]["code"] == "invalid_cursor"


def test_two_that_acknowledge_at_once_both_count(world: World) -> None:
    from chalicelib.notices import notice_inbox

    world.admit("beta")
    send_notice("beta", 1, 2, 3)
    exchange = wiring.exchange()

    def inbox(table: Any) -> notice_inbox.Inbox:
        return notice_inbox.Inbox(table, wiring.notice_log("beta"), "beta")

    class Racing:
        """The table, in which somebody else is always a little faster, once."""

        def __init__(self) -> None:
            self.raced = False

        def __getattr__(self, name: str) -> Any:
            if name in ("put_new", "set_fields") and not self.raced:
                self.raced = True
                notice_inbox.acknowledge(inbox(exchange), 0, [f"n_{3:024x}"], wiring.now())
            return getattr(exchange, name)

    racing: Any = Racing()
    done = notice_inbox.acknowledge(inbox(racing), 2, [], wiring.now())
    assert (done["acknowledged_through"], done["unacknowledged"]) == ("3", {"count": 0})


def test_too_many_single_ones_are_refused_and_through_helps(world: World) -> None:
    from chalicelib.notices.rules import notice_acknowledgement

    beta = world.admit("beta")
    beyond = {str(number): "2026-01-05T02:00:00.000Z" for number in range(3, 3 + notice_acknowledgement.MOST_BEYOND)}
    wiring.exchange().put(
        notice_acknowledgement.Acknowledged(id="acknowledged#beta", beyond=beyond, revision=1).to_item()
    )
    send_notice("beta", 1, 2)
    far = 10 + notice_acknowledgement.MOST_BEYOND
    wiring.exchange().put({"id": f"numbered#notice:beta#n_{far:024x}", "number": far})
    status, body = acknowledge(world, beta, notice_ids=[f"n_{far:024x}"])
    assert (status, body["error"]["code"]) == (409, "too_many_gaps")
    assert acknowledge(world, beta, through=1)[1]["acknowledged_through"] == "1"
