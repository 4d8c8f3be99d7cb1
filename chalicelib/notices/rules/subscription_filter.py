"""A subscription: an endpoint of a platform that SNS pushes notices to, and the filter policy that lets them through.

A message that lacks a filtered attribute is let through, except for `kind`: a subject whose division nobody knows is
not lost on a subscriber of one province, nor the end of a report on a subscriber of severity 3.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Final

from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode

ENDINGS: Final = frozenset({"withdrawn", "removed", "expired"})
OPENINGS: Final = frozenset({"opened", "amended", "reopened"})
# SNS counts the values of each field, multiplied.
MOST_COMBINATIONS: Final = 150
QUEUE: Final = re.compile(r"arn:(aws|aws-cn):sqs:([a-z0-9-]{4,30}):(\d{12}):([A-Za-z0-9_-]{1,80})")
MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
Policy = dict[str, list[Any]]


def subscription_id(platform_id: str, topic: str, protocol: str, endpoint: str) -> str:
    """The same endpoint subscribed twice to one topic is one subscription."""
    what = "|".join((platform_id, topic, protocol, endpoint))
    return "s_" + hashlib.sha256(what.encode()).hexdigest()[:24]


def filter_policy(wanted: Mapping[str, Any], source: str) -> Policy:
    """The policy of SNS for a filter; `source` is what listings of the subscriber's own carry.

    Raises `BadRequest` for more combinations than SNS takes.
    """
    rules: dict[str, Sequence[Any]] = {
        "severity": [str(one) for one in wanted.get("severity", ())],
        "reasons": wanted.get("reasons", ()),
        "region": [{"prefix": one} for one in wanted.get("region", ())],
        "source": [{"prefix": one} if one.endswith(":") else one for one in wanted.get("source", ())],
    }
    if wanted.get("without_own"):
        rules["source"] = [{"anything-but": [source]}]
    policy: Policy = {field: [{"exists": False}, *values] for field, values in rules.items() if values}
    if wanted.get("kind"):
        policy["kind"] = list(wanted["kind"])
    combinations = prod(len(values) for values in policy.values())
    if combinations > MOST_COMBINATIONS:
        raise BadRequest(ErrorCode.FILTER_TOO_WIDE, combinations=combinations, most=MOST_COMBINATIONS)
    return policy


def hides_endings(topic: str, wanted: Mapping[str, Any]) -> bool:
    """Whether the filter lets openings of listings through and not every way in which they end."""
    kinds = set(wanted.get("kind", ()))
    return topic == "closures" and bool(kinds & OPENINGS) and not kinds >= ENDINGS


def check_queue(endpoint: str, topic_arn: str, account: str) -> None:
    """Raise `BadRequest` unless the endpoint is a standard queue of that account, in the partition of the topic."""
    if not account:
        raise BadRequest(ErrorCode.ACCOUNT_MISSING)
    found = QUEUE.fullmatch(endpoint)
    if not found:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="not the ARN of a standard queue")
    if found[3] != account:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="the queue is in another account", account=account)
    if found[1] != topic_arn.split(":")[1]:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="the queue is in another partition")


def check_mail(endpoint: str) -> None:
    """Raise `BadRequest` unless the endpoint looks like an e-mail address."""
    if len(endpoint) > 254 or not MAIL.fullmatch(endpoint):
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="not an e-mail address")
