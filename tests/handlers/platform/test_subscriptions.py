"""Where notices are pushed to: a queue of one's own account, the open web, mail; filtered; nobody else's topic."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.errors import BadRequest
from chalicelib.notices.rules import subscription_filter
from chalicelib.notices.rules.subscription_filter import SubscriptionFilter
from tests.handlers.test_outages import failing
from tests.support.builders import registration_no, uscc
from tests.world import World

ACCOUNT = "123456789012"


def evict(world: World, key: str, **who: Any) -> None:
    plain = {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E4"}
    world.call("POST", "/v1/reports", key, {"evictions": [{**plain, **who}]})
    world.settle()


def subscribe(world: World, key: str, endpoint: str, **more: Any) -> tuple[int, Any]:
    wanted = {"topic": "closures", "protocol": "sqs", "endpoint": endpoint, **more}
    return world.call("POST", "/v1/subscriptions", key, wanted)[:2]


def test_a_queue_of_ones_own_hears_closures_until_the_subscription_ends(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta", aws_account=ACCOUNT)
    box = world.queue("beta-closures")
    status, made = subscribe(world, beta, box.arn)
    assert (status, made["state"], made["topic"], made["filter"]) == (201, "confirmed", "closures", {})
    evict(world, alpha, uscc=uscc(1))
    assert [notice["change"] for notice in world.heard(box.url)] == [1]
    assert world.call("GET", "/v1/subscriptions", beta)[1]["subscriptions"] == [made]
    assert world.call("GET", "/v1/subscriptions", alpha)[1]["subscriptions"] == []

    path = f"/v1/subscriptions/{made['subscription_id']}"
    assert world.call("DELETE", path, alpha)[1]["error"]["code"] == "not_found", "another's is not there"
    ended = world.call("DELETE", path, beta)[1]
    assert ended["state"] == "ended"
    assert world.call("DELETE", path, beta)[1] == ended, "twice is fine"
    evict(world, alpha, uscc=uscc(2))
    assert world.heard(box.url) == []
    assert world.call("GET", "/v1/subscriptions", beta)[1]["subscriptions"] == []
    assert subscribe(world, beta, box.arn)[0] == 201, "and back again"
    evict(world, alpha, uscc=uscc(3))
    assert len(world.heard(box.url)) == 1


def test_filters_let_through_what_fits_and_what_nobody_can_place(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta", aws_account=ACCOUNT)
    ears = {}
    for name, wanted in (
        ("beijing", {"region": ["11"]}),
        ("fujian", {"region": ["3502", "3503"]}),
        ("grave", {"severity": [3]}),
        ("gouging", {"reasons": ["PR01", "QC01"]}),
        ("alpha", {"source": ["platform:alpha"]}),
        ("lists", {"source": ["government:"]}),
        ("endings", {"kind": ["withdrawn", "removed", "expired"]}),
        ("others", {"without_own": True}),
    ):
        ears[name] = world.queue(name)
        status, made = subscribe(world, beta, ears[name].arn, filter=wanted)
        assert (status, made["filter"]) == (201, wanted)
    evict(world, alpha, uscc=uscc(1, "110105"))
    heard = {name: len(world.heard(ear.url)) for name, ear in ears.items()}
    assert heard == {
        "beijing": 1, "fujian": 0, "grave": 1, "gouging": 1, "alpha": 1, "lists": 0, "endings": 0, "others": 1,
    }  # fmt: skip
    evict(world, beta, registration_no=registration_no(2), reason_text="虚假宣传")
    heard = {name: len(world.heard(ear.url)) for name, ear in ears.items()}
    assert heard == {
        "beijing": 1, "fujian": 0, "grave": 0, "gouging": 0, "alpha": 0, "lists": 0, "endings": 0, "others": 0,
    }, "a registration number begins with its division as well"  # fmt: skip
    evict(world, alpha, name="厦门樾野商贸有限公司", reason_text="虚假宣传")
    assert len(world.heard(ears["fujian"].url)) == 1, "without any number nobody knows where, so everybody hears"


def test_the_same_endpoint_again_gets_the_new_filter(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta", aws_account=ACCOUNT)
    box = world.queue("beta-closures")
    first = subscribe(world, beta, box.arn, filter={"region": ["35"]})[1]
    again = subscribe(world, beta, box.arn, filter={"region": ["11"]})[1]
    assert again["subscription_id"] == first["subscription_id"]
    evict(world, alpha, uscc=uscc(1, "110105"))
    assert len(world.heard(box.url)) == 1
    assert len(world.call("GET", "/v1/subscriptions", beta)[1]["subscriptions"]) == 1


def test_a_filter_on_the_own_topic_lets_through_what_has_no_such_attribute(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    box = world.queue("beta-own")
    subscribe(world, beta, box.arn, topic="own", filter={"severity": [3]})
    evict(world, beta, uscc=uscc(1))
    assert [notice["kind"] for notice in world.heard(box.url)] == ["report_done"]


def test_a_filter_that_hides_endings_is_remarked_upon(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    made = subscribe(world, beta, world.queue("q").arn, filter={"kind": ["opened"]})[1]
    assert [remark["code"] for remark in made["remarks"]] == ["filter_hides_endings"]
    full = ["opened", "withdrawn", "removed", "expired"]
    assert "remarks" not in subscribe(world, beta, world.queue("r").arn, filter={"kind": full})[1]


@pytest.mark.parametrize(
    ("protocol", "endpoint", "code"),
    [
        ("sqs", "arn:aws-cn:sqs:cn-north-1:210987654321:theirs", "endpoint_refused"),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:abroad", "endpoint_refused"),
        ("sqs", "arn:aws-cn:sqs:cn-north-1:123456789012:in-order.fifo", "endpoint_refused"),
        ("sqs", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q", "endpoint_refused"),
        ("https", "http://hooks.example.com/lianfang", "endpoint_refused"),
        ("https", "https://10.0.0.8/hook", "endpoint_refused"),
        ("https", "https://169.254.169.254/latest/meta-data", "endpoint_refused"),
        ("https", "https://user:secret@8.8.8.8/hook", "endpoint_refused"),
        ("https", "ftp://8.8.8.8/hook", "endpoint_refused"),
        ("email", "not a mail", "invalid_request"),
        ("email", "nobody@nowhere", "endpoint_refused"),
        ("sms", "13812345678", "invalid_request"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(world: World, protocol: str, endpoint: str, code: str) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    status, body = subscribe(world, beta, endpoint, protocol=protocol)
    assert (status, body["error"]["code"]) == (400, code)
    assert world.call("GET", "/v1/subscriptions", beta)[1]["subscriptions"] == []


def test_without_an_account_there_is_no_queue_but_web_and_mail(world: World) -> None:
    beta, bureau = world.admit("beta"), world.admit("bureau", "regulator")
    status, body = subscribe(world, beta, "arn:aws-cn:sqs:cn-north-1:123456789012:q")
    assert (status, body["error"]["code"]) == (400, "account_missing")
    assert subscribe(world, beta, "https://8.8.8.8/hook", protocol="https", topic="own")[0] == 201
    assert subscribe(world, bureau, "duty@bureau.example.org", protocol="email")[0] == 201


def test_a_filter_that_cannot_be_is_refused(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    arn = world.queue("q").arn
    for wrong in (
        {"reasons": ["XX99"]},
        {"severity": [4]},
        {"region": ["3"]},
        {"source": ["beta"]},
        {"source": ["platform:alpha"], "without_own": True},
        {"colour": ["red"]},
    ):
        assert subscribe(world, beta, arn, filter=wrong)[0] == 400, wrong
    wide = {"region": [str(number) for number in range(11, 51)], "severity": [1, 2, 3]}
    status, body = subscribe(world, beta, arn, filter=wide)
    assert (status, body["error"]["code"]) == (400, "filter_too_wide")


def test_a_reason_that_is_none_is_answered_with_the_nearest_codes(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    arn = world.queue("q").arn
    details = subscribe(world, beta, arn, filter={"reasons": ["IP10"]})[1]["error"]["details"]
    assert [problem["nearest"] for problem in details["problems"]] == [{"IP10": ["IP01"]}]
    details = subscribe(world, beta, arn, filter={"reasons": ["XX99"]})[1]["error"]["details"]
    assert ["nearest" in problem for problem in details["problems"]] == [False]


def test_limits_of_sns_and_of_the_exchange_are_told_as_such(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    full = ClientError({"Error": {"Code": "FilterPolicyLimitExceeded", "Message": "200 for each topic"}}, "Subscribe")
    with failing(world.sns, "Subscribe", full):
        status, body = subscribe(world, beta, world.queue("q").arn)
    assert (status, body["error"]["code"]) == (409, "subscription_limit")
    assert body["error"]["details"]["limit"] == "FilterPolicyLimitExceeded"
    bad = ClientError({"Error": {"Code": "InvalidParameter", "Message": "Invalid parameter: Endpoint"}}, "Subscribe")
    with failing(world.sns, "Subscribe", bad):
        assert subscribe(world, beta, world.queue("q").arn)[1]["error"]["code"] == "endpoint_refused"
    with failing(world.sns, "ListSubscriptionsByTopic", full):
        assert subscribe(world, beta, world.queue("q").arn)[0] == 503
    for number in range(20):
        assert subscribe(world, beta, world.queue(f"q{number}").arn)[0] == 201
    assert subscribe(world, beta, world.queue("q20").arn)[1]["error"]["code"] == "subscription_limit"


def test_what_sns_has_not_confirmed_is_pending_and_lapses(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    made = subscribe(world, beta, world.queue("q").arn)[1]

    def unconfirmed(parsed: dict[str, Any], **_: Any) -> None:
        for subscription in parsed["Subscriptions"]:
            subscription["SubscriptionArn"] = "PendingConfirmation"

    world.sns.meta.events.register("after-call.sns.ListSubscriptionsByTopic", unconfirmed, unique_id="unconfirmed")
    try:
        assert world.call("GET", "/v1/subscriptions", beta)[1]["subscriptions"][0]["state"] == "pending"
    finally:
        world.sns.meta.events.unregister("after-call.sns.ListSubscriptionsByTopic", unique_id="unconfirmed")
    refusal = ClientError({"Error": {"Code": "InvalidParameter", "Message": "pending"}}, "Unsubscribe")
    with failing(world.sns, "Unsubscribe", refusal):
        assert world.call("DELETE", f"/v1/subscriptions/{made['subscription_id']}", beta)[1]["state"] == "lapsing"


def test_a_subscription_that_somebody_ended_at_sns_is_gone(world: World) -> None:
    beta = world.admit("beta", aws_account=ACCOUNT)
    subscribe(world, beta, world.queue("q").arn)
    (result,) = world.sns.list_subscriptions()["Subscriptions"]
    world.sns.unsubscribe(SubscriptionArn=result["SubscriptionArn"])
    assert world.call("GET", "/v1/subscriptions", beta)[1]["subscriptions"][0]["state"] == "gone"


def test_a_topic_lets_in_its_own_platform_only(world: World) -> None:
    world.admit("beta", aws_account="111111111111")
    world.admit("gamma", aws_account="222222222222")
    admitted = {}
    for platform in ("beta", "gamma"):
        arn = wiring.topics().platform_arn(platform)
        policy = json.loads(world.sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
        admitted[platform] = {
            (str(entry["Principal"]["AWS"]), str(entry["Action"]))
            for entry in policy["Statement"]
            if entry["Sid"] != "__default_statement_ID"
        }
    assert admitted == {
        "beta": {("arn:aws-cn:iam::111111111111:root", "SNS:Subscribe")},
        "gamma": {("arn:aws-cn:iam::222222222222:root", "SNS:Subscribe")},
    }


def test_a_filter_policy_is_what_sns_takes() -> None:
    wanted = {"severity": [3], "region": ["33"], "kind": ["opened"], "without_own": True}
    assert subscription_filter.filter_policy(SubscriptionFilter.from_item(wanted), "platform:beta") == {
        "severity": [{"exists": False}, "3"],
        "region": [{"exists": False}, {"prefix": "33"}],
        "source": [{"exists": False}, {"anything-but": ["platform:beta"]}],
        "kind": ["opened"],
    }
    too_wide = SubscriptionFilter(region=("11",) * 20, reasons=("PR01",) * 10)
    with pytest.raises(BadRequest):
        subscription_filter.filter_policy(too_wide, "platform:beta")
