"""Numbered first, pushed then: an outage, a deleted topic or a message too long loses and delays nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib import wiring
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index
from chalicelib.notices import push_notices
from chalicelib.notices.rules.notice import Notice
from tests.government_lists.list_pulling import pull
from tests.government_lists.test_credit_repair import HEADER, NOW, ROW
from tests.handlers.test_outages import failing
from tests.support.builders import uscc
from tests.world import World

THROTTLED = ClientError({"Error": {"Code": "Throttling", "Message": "slow down"}}, "Publish")
EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}


def notice(number: int, **content: Any) -> Notice:
    return Notice(notice_id=f"n_{number:024x}", kind="tested", at="2026-01-05T02:00:00.000Z", content=content)


def send_notice(platform_id: str, number: int, **more: Any) -> int:
    return push_notices.send_notice(dependencies.notices(), platform_id, notice(number, **more), wiring.now())


def push_due() -> dict[str, int]:
    return push_notices.push_unpushed(dependencies.notices(), wiring.change_log(), wiring.now(), lambda: True)


@contextmanager
def deaf(world: World, error: Exception = THROTTLED) -> Iterator[list[str]]:
    with failing(world.sns, "Publish", error) as calls:
        yield calls


def test_it_is_numbered_pushed_with_its_number_and_both_once(world: World) -> None:
    world.admit("beta")
    ear = world.listen(wiring.topics().platform_arn("beta"))
    assert [send_notice("beta", 1), send_notice("beta", 2), send_notice("beta", 1)] == [1, 2, 1]
    assert [(notice["notice_id"], notice["sequence"]) for notice in world.heard(ear)] == [
        (notice(1).notice_id, 1),
        (notice(2).notice_id, 2),
    ]


@pytest.mark.parametrize("error", [THROTTLED, ConnectTimeoutError(endpoint_url="https://sns")])
def test_an_outage_of_sns_stops_nobody_and_costs_one_wait(world: World, error: Exception) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    everyone, own = (world.listen(arn) for arn in (wiring.settings().closures_topic_arn, _own("beta")))
    lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(1)}", "beta", wiring.now())
    with deaf(world, error) as calls:
        world.call("POST", "/v1/reports", alpha, {"evictions": [EVICTION, {**EVICTION, "uscc": uscc(2)}]})
        world.settle()
        assert len(calls) == 2, "one try by the chunk that ended the report, one by the stream"
        assert push_due()["unpushed_feeds"] == 3
    assert [task["task"] for task in world.call("GET", "/v1/tasks", beta)[1]["tasks"]] == ["check"]
    page = world.call("GET", "/v1/notices?state=unpushed", beta)[1]
    assert [notice["notice"]["kind"] for notice in page["notices"]] == ["task_opened"]
    assert world.heard(everyone) == world.heard(own) == []

    assert push_due() == {"pushed": 4, "unpushed_feeds": 0, "oldest_seconds": 0}
    assert sorted(notice["change"] for notice in world.heard(everyone)) == [1, 2]
    assert [(notice["kind"], notice["sequence"]) for notice in world.heard(own)] == [("task_opened", 1)]
    assert push_due()["pushed"] == 0
    assert world.call("GET", "/v1/notices?state=unpushed", beta)[1]["notices"] == []


def _own(platform_id: str) -> str:
    return wiring.topics().platform_arn(platform_id)


def test_a_deleted_topic_holds_up_nobody_else_and_opens_again_when_its_platform_subscribes(world: World) -> None:
    beta = world.admit("beta", aws_account="123456789012")
    world.admit("gamma")
    ear = world.listen(_own("gamma"))
    world.sns.delete_topic(TopicArn=_own("beta"))
    post = dependencies.notices()
    for number in (1, 2):
        for platform in ("beta", "gamma"):
            push_notices.send_notice(post, platform, notice(number), wiring.now())
    assert [notice["sequence"] for notice in world.heard(ear)] == [1, 2]
    assert push_due()["unpushed_feeds"] == 1
    assert len(world.call("GET", "/v1/notices", beta)[1]["notices"]) == 2, "what was not pushed is read"

    queue = world.queue("beta-notices")
    wanted = {"topic": "own", "protocol": "sqs", "endpoint": queue.arn}
    assert world.call("POST", "/v1/subscriptions", beta, wanted)[0] == 201
    assert push_due() == {"pushed": 2, "unpushed_feeds": 0, "oldest_seconds": 0}
    assert [notice["sequence"] for notice in world.heard(queue.url)] == [1, 2]


def test_a_notice_that_is_too_long_is_pushed_as_its_envelope_and_read_whole(world: World) -> None:
    beta = world.admit("beta")
    ear = world.listen(_own("beta"))
    send_notice("beta", 1, statement="假" * 100_000)
    (heard,) = world.heard(ear)
    assert heard == {**notice(1).to_json(), "sequence": 1, "shortened": True}
    (whole,) = world.call("GET", "/v1/notices", beta)[1]["notices"]
    assert len(whole["notice"]["statement"]) == 100_000


def test_the_clock_stops_when_its_time_is_over_and_goes_on_from_there(world: World) -> None:
    world.admit("beta")
    with deaf(world):
        for number in range(1, 61):
            send_notice("beta", number)
    ear = world.listen(_own("beta"))
    left = iter([True] * 5)
    push_notices.push_unpushed(dependencies.notices(), wiring.change_log(), wiring.now(), lambda: next(left, False))
    first = [notice["sequence"] for notice in world.heard(ear)]
    assert 0 < len(first) < 60
    push_due()
    assert [*first, *(notice["sequence"] for notice in world.heard(ear))] == list(range(1, 61))


def test_what_a_repaired_entry_said_is_not_pushed_late(world: World) -> None:
    everyone = world.listen(wiring.settings().closures_topic_arn)
    feed = Feed("serious_violations", "serious_violations", "dropped", delivers="changes")
    with deaf(world):
        for day, end in enumerate((",", "信用修复,2026-03-02"), 1):
            wiring.bucket().put(f"feeds/serious_violations/dropped/{day}.csv", (HEADER + ROW + end).encode())
            pull(feed, NOW + timedelta(days=day))
            world.deliver_stream()
    push_due()
    heard = world.heard(everyone)
    assert [notice["kind"] for notice in heard] == ["removed"]
    assert "reason_text" not in heard[0]["listing"]


def test_each_notice_about_a_listing_can_be_filtered_by_it(world: World) -> None:
    world.admit("beta")
    listing = {"severity": 3, "reasons": ["PR01"], "source": "platform:alpha"}
    result = {"task": {"subject": {"subject_id": "x", "registration_no": "110105123456789"}, "listing": listing}}
    arn = _own("beta")
    for_beijing, for_fujian, graver = (
        world.listen(arn, wanted)
        for wanted in (
            {"region": [{"prefix": "11"}], "reasons": ["PR01"]},
            {"region": [{"prefix": "35"}]},
            {"severity": ["3"], "source": ["platform:alpha"]},
        )
    )
    send_notice("beta", 1, **result)
    assert [len(world.heard(ear)) for ear in (for_beijing, for_fujian, graver)] == [1, 0, 1]


def test_what_the_stream_gave_up_is_numbered_before_what_follows_on_the_same_listing(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    everyone = world.listen(wiring.settings().closures_topic_arn)
    world.call("POST", "/v1/reports", alpha, {"evictions": [EVICTION]})
    world.deliver_queue("report_file_arrived")
    world.deliver_queue("report_chunk_arrived")
    assert world.skip_stream() == 1
    (listing,) = (wiring.registry().subject(f"uscc:{uscc(1)}") or {}).listings
    world.call("POST", f"/v1/listings/{listing}/withdrawal", alpha, {})
    world.deliver_stream()
    assert [change["kind"] for change in world.call("GET", "/v1/changes", beta)[1]["changes"]] == [
        "opened",
        "withdrawn",
    ]
    assert [(notice["change"], notice["kind"]) for notice in world.heard(everyone)] == [(1, "opened"), (2, "withdrawn")]


def test_the_clock_of_the_handler_pushes_and_measures(world: World) -> None:
    world.admit("beta")
    ear = world.listen(_own("beta"))
    with deaf(world):
        send_notice("beta", 1)
        world.push_due()
        assert world.heard(ear) == []
    world.push_due()
    assert [notice["sequence"] for notice in world.heard(ear)] == [1]
