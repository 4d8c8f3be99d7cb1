"""A test of delivery: marked, numbered, pushed to its platform alone, seldom, and seen to arrive."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chalicelib import wiring
from chalicelib.notices.rules.delivery_test import EVERY, delivery_test, passes
from chalicelib.notices.rules.subscription import Subscription
from chalicelib.notices.rules.subscription_filter import SubscriptionFilter, addressed, filter_policy
from chalicelib.people.duties import Duty
from chalicelib.values.timestamps import iso
from tests.disputes.dispute_calls import evict
from tests.handlers.console.test_operation import operator
from tests.people.persons import add_person, signed_in
from tests.world import World

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/notice-1.json").read_text("utf-8"))
MOMENT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ACCOUNT = "123456789012"
PAGE = "/console/people/subscriptions"


def subscription(*kinds: str) -> Subscription:
    return Subscription(
        id="subscription#alpha#s_1", subscription_id="s_1", topic="own", protocol="sqs", endpoint="e", arn="a",
        filter=SubscriptionFilter(kind=kinds), created_at="2026-01-01T00:00:00.000Z",
    )  # fmt: skip


def subscribe(world: World, key: str, topic: str = "own", **wanted: Any) -> tuple[str, str]:
    """A queue that is subscribed: the id of the subscription and the URL of the queue."""
    box = world.queue(f"box-{topic}-{len(wanted)}-{secrets.token_hex(3)}")
    body = {"topic": topic, "protocol": "sqs", "endpoint": box.arn, **wanted}
    return world.call("POST", "/v1/subscriptions", key, body)[1]["subscription_id"], box.url


def test_a_test_says_what_it_is_and_is_the_same_for_twenty_minutes() -> None:
    first = delivery_test(subscription(), "alpha", MOMENT)
    assert (first.kind, first.content["is_test"], first.attributes["kind"]) == ("delivery_test", True, "delivery_test")
    later = [delivery_test(subscription(), "alpha", MOMENT + shift) for shift in (EVERY - timedelta(seconds=1), EVERY)]
    assert [notice.notice_id == first.notice_id for notice in later] == [True, False]
    assert delivery_test(subscription(), "beta", MOMENT).notice_id != first.notice_id


@pytest.mark.parametrize(
    ("kinds", "expected"), [((), True), (("task_opened",), False), (("task_opened", "delivery_test"), True)]
)
def test_a_filter_keeps_a_test_back_where_it_names_other_kinds(kinds: tuple[str, ...], expected: bool) -> None:
    assert passes(subscription(*kinds)) == expected


def test_a_test_reaches_its_platform_alone_and_is_seen_to_arrive(world: World) -> None:
    alpha, beta = world.admit("alpha", aws_account=ACCOUNT), world.admit("beta", aws_account=ACCOUNT)
    subscribed, url = subscribe(world, alpha)
    other = subscribe(world, beta, filter={"severity": [3]})[1]
    path = f"/v1/subscriptions/{subscribed}/test"
    status, sent, _ = world.call("POST", path, alpha, {})
    assert (status, sent["passes_filter"]) == (202, True)
    assert world.call("POST", path, alpha, {})[1]["sequence"] == sent["sequence"], "the same within the time"
    world.push_due()
    (notice,) = world.heard(url)
    jsonschema.validate(notice, SCHEMA)
    assert (notice["kind"], notice["is_test"], notice["subscription_id"]) == ("delivery_test", True, subscribed)
    assert world.heard(other) == []
    (shown,) = world.call("GET", "/v1/subscriptions", alpha)[1]["subscriptions"]
    assert "pushed_at" in shown["last_test"]
    assert "acknowledged_at" not in shown["last_test"]
    assert world.call("GET", "/v1/notices?after=0", alpha)[1]["notices"][-1]["notice"]["is_test"]
    world.call("POST", "/v1/notices/acknowledgements", alpha, {"notice_ids": [sent["notice_id"]]})
    (shown,) = world.call("GET", "/v1/subscriptions", alpha)[1]["subscriptions"]
    assert shown["last_test"]["acknowledged_at"]


def test_a_subscription_of_another_and_an_ended_one_are_not_tested(world: World) -> None:
    alpha, beta = world.admit("alpha", aws_account=ACCOUNT), world.admit("beta", aws_account=ACCOUNT)
    ops = world.admit("ops", "operator")
    own, _ = subscribe(world, alpha)

    def code(key: str, ident: str, **body: str) -> str:
        answer = world.call("POST", f"/v1/subscriptions/{ident}/test", key, body)[1]
        return str(answer["error"]["code"])

    assert code(beta, own) == "not_found"
    assert code(beta, own, platform_id="alpha") == "not_found"
    assert code(ops, own) == "platform_needed"
    assert world.call("POST", f"/v1/subscriptions/{own}/test", ops, {"platform_id": "alpha"})[0] == 202
    world.call("DELETE", f"/v1/subscriptions/{own}", alpha)
    assert code(alpha, own) == "not_found"


def settle(platform_id: str, subscription_id: str) -> None:
    """As if fifteen minutes had gone by since the subscription was made."""
    earlier = iso(wiring.now() - timedelta(minutes=16))
    wiring.exchange().set_fields(
        f"subscription#{platform_id}#{subscription_id}", {"addressed_at": earlier, "created_at": earlier}
    )


def others_of(world: World, key: str, subscription_id: str) -> int:
    """How many others a test would reach, 0 where it was sent."""
    status, body, _ = world.call("POST", f"/v1/subscriptions/{subscription_id}/test", key, {})
    return 0 if status == 202 else int(body["error"]["details"]["others"])


def test_a_test_of_closures_goes_by_that_topic_and_reaches_its_subscription_alone(world: World) -> None:
    alpha, beta = world.admit("alpha", aws_account=ACCOUNT), world.admit("beta", aws_account=ACCOUNT)
    tested, url = subscribe(world, alpha, "closures")
    own = subscribe(world, alpha)[1]
    other, unfiltered = subscribe(world, beta, "closures", filter={})
    other_kinds, kinds = subscribe(world, beta, "closures", filter={"kind": ["opened"]})
    assert others_of(world, alpha, tested) == 2, "SNS may not yet apply their filters"
    settle("beta", other)
    settle("beta", other_kinds)
    assert others_of(world, alpha, tested) == 0
    world.push_due()
    (notice,) = world.heard(url)
    assert (notice["kind"], notice["subscription_id"]) == ("delivery_test", tested)
    jsonschema.validate(notice, SCHEMA)
    assert [world.heard(each) for each in (own, unfiltered, kinds)] == [[], [], []]
    (shown, _) = world.call("GET", "/v1/subscriptions", alpha)[1]["subscriptions"]
    assert "pushed_at" in shown["last_test"]
    evict(world, beta)
    world.settle()
    assert [len(world.heard(each)) for each in (url, unfiltered, kinds)] == [1, 1, 1], "closures come as before"


def test_what_an_earlier_version_or_sns_itself_subscribed_hinders_it_until_it_is_read(world: World) -> None:
    alpha, beta = world.admit("alpha", aws_account=ACCOUNT), world.admit("beta", aws_account=ACCOUNT)
    tested, _ = subscribe(world, alpha, "closures")
    other, _ = subscribe(world, beta, "closures", filter={"severity": [3]})
    item_id = f"subscription#beta#{other}"
    arn = wiring.exchange().get(item_id)["arn"]
    wiring.exchange().set_fields(item_id, {"addressed_at": ""})
    world.sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue="{}")
    world.call("GET", "/v1/platforms/beta/subscriptions", world.admit("ops", "operator"))
    assert others_of(world, alpha, tested) == 1, "nobody but its owner has it changed"
    assert world.call("GET", "/v1/subscriptions", beta)[0] == 200
    policy = json.loads(world.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["FilterPolicy"])
    assert policy["to"] == [{"exists": False}, other]
    settle("beta", other)
    assert others_of(world, alpha, tested) == 0
    closures = world.call("GET", "/v1/platforms/me", beta)[1]["topics"]["closures"]
    world.sns.subscribe(TopicArn=closures, Protocol="sqs", Endpoint=world.queue("by-itself").arn)
    assert others_of(world, alpha, tested) == 1


def test_a_filter_that_takes_no_further_rule_is_kept_as_it_is() -> None:
    wide = filter_policy(SubscriptionFilter(region=("11",) * 24, severity=(1, 2, 3)), "platform:alpha")
    assert addressed(wide, "s_1") is None
    assert addressed({}, "s_1") == {"to": [{"exists": False}, "s_1"]}


def test_an_operator_reads_the_subscriptions_of_a_participant_masked(world: World) -> None:
    alpha, ops = world.admit("alpha", aws_account=ACCOUNT), world.admit("ops", "operator")
    wanted = {"topic": "own", "protocol": "email", "endpoint": "dora@example.com"}
    world.call("POST", "/v1/subscriptions", alpha, wanted)
    path = "/v1/platforms/alpha/subscriptions"
    status, body, _ = world.call("GET", path, ops)
    assert (status, [each["endpoint"] for each in body["subscriptions"]]) == (200, ["d***@example.com"])
    assert body["subscriptions"][0]["state"] in ("pending", "confirmed")
    bureau = world.admit("bureau", "regulator")
    assert [world.call("GET", path, key)[0] for key in (alpha, bureau)] == [403, 403]
    assert world.call("GET", "/v1/platforms/nobody/subscriptions", ops)[0] == 404


def test_an_administrator_tests_the_own_subscriptions_and_sees_how_far_it_came(world: World) -> None:
    alpha = world.admit("alpha", aws_account=ACCOUNT)
    own, url = subscribe(world, alpha, filter={"kind": ["task_opened"]})
    closures, _ = subscribe(world, alpha, "closures")
    visitor, session = signed_in(world, add_person(world, "alpha", Duty.ADMINISTER, Duty.AUDIT))
    text = visitor.get(PAGE)[1]
    assert "未测试" in text
    assert f"subscriptions/{closures}/test" in text
    assert visitor.post(f"{PAGE}/{own}/test", {"key": session.csrf_key})[0] == 303
    assert "subscriptions?sent=1" in visitor.headers["Location"]
    text = visitor.get(f"{PAGE}?sent=1")[1]
    assert "被过滤" in text
    assert "every 10s" in text, "it looks again until it is pushed"
    world.push_due()
    assert "every 10s" not in visitor.get(PAGE)[1]
    assert world.heard(url) == [], "its filter names another kind"
    subscribe(world, world.admit("beta", aws_account=ACCOUNT), "closures", filter={"severity": [3]})
    status, text = visitor.post(f"{PAGE}/{closures}/test", {"key": session.csrf_key})
    assert status == 409, "SNS may not yet know the filter of the other"
    assert "会同时送达其他机构" in text
    entries = world.call("GET", "/v1/audit", alpha)[1]["entries"]
    assert [(entry["action"], entry["outcome"]) for entry in entries[:2]] == [
        ("testSubscription", "refused"),
        ("testSubscription", "done"),
    ]


def test_an_operator_tests_those_of_an_organisation_and_nobody_without_the_duty(world: World) -> None:
    alpha = world.admit("alpha", aws_account=ACCOUNT)
    own, url = subscribe(world, alpha)
    visitor, key = operator(world)
    assert own in visitor.get(f"{PAGE}?organisation=alpha")[1]
    assert visitor.post(f"{PAGE}/{own}/test", {"key": key, "organisation": "alpha"})[0] == 303
    assert "organisation=alpha" in visitor.headers["Location"]
    world.push_due()
    assert len(world.heard(url)) == 1
    assert len(visitor.get(f"{PAGE}.csv?organisation=alpha")[1].splitlines()) == 2
    reader, session = signed_in(world, add_person(world, "alpha", Duty.READ))
    assert reader.get(PAGE)[0] == 403
    assert reader.post(f"{PAGE}/{own}/test", {"key": session.csrf_key})[0] == 403
