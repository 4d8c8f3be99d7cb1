"""The filter of a subscription, and the filter policy of SNS that it becomes.

A message that lacks a filtered attribute passes, except for `kind`: a subject whose division nobody knows must reach a
subscriber of one province, and the end of a report a subscriber of severity 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Record, stored

ENDINGS: Final = frozenset({"withdrawn", "removed", "expired"})
OPENINGS: Final = frozenset({"opened", "amended", "reopened"})
# SNS counts the values of each field, multiplied.
MOST_COMBINATIONS: Final = 150
# The attribute of a notice that is for one subscription of a topic alone.
TO: Final = "to"
Policy = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFilter(Record):
    """The values of each field of which a notice must have one; a field without values lets all pass.

    `region` are division codes of 2, 4 or 6 digits; `source` ends with a colon where it means all that begin so;
    `without_own` leaves out the listings of the subscriber itself.
    """

    reasons: tuple[str, ...] = stored((), many="values")
    severity: tuple[int, ...] = stored((), many="values")
    region: tuple[str, ...] = stored((), many="values")
    source: tuple[str, ...] = stored((), many="values")
    kind: tuple[str, ...] = stored((), many="values")
    without_own: bool = stored(False)


def filter_policy(wanted: SubscriptionFilter, source: str) -> Policy:
    """The policy of SNS for a filter; `source` is that of the subscriber's own listings.

    Raises `BadRequest` for more combinations than SNS takes.
    """
    rules: dict[str, Sequence[Any]] = {
        "severity": [str(severity) for severity in wanted.severity],
        "reasons": wanted.reasons,
        "region": [{"prefix": region} for region in wanted.region],
        "source": [{"prefix": prefix} if prefix.endswith(":") else prefix for prefix in wanted.source],
    }
    if wanted.without_own:
        rules["source"] = [{"anything-but": [source]}]
    policy: Policy = {field: [{"exists": False}, *values] for field, values in rules.items() if values}
    if wanted.kind:
        policy["kind"] = list(wanted.kind)
    combinations = prod(len(values) for values in policy.values())
    if combinations > MOST_COMBINATIONS:
        raise BadRequest(ErrorCode.FILTER_TOO_WIDE, combinations=combinations, most=MOST_COMBINATIONS)
    return policy


def addressed(policy: Policy, subscription_id: str) -> Policy | None:
    """The policy with the rule that keeps back what is addressed to another subscription; None where SNS takes no more
    combinations."""
    addressed_policy = {**policy, TO: [{"exists": False}, subscription_id]}
    combinations = prod(len(values) for values in addressed_policy.values())
    return addressed_policy if combinations <= MOST_COMBINATIONS else None


def hides_endings(topic: str, wanted: SubscriptionFilter) -> bool:
    """Whether the filter lets openings of listings through and not every way in which they end."""
    kinds = set(wanted.kind)
    return topic == "closures" and bool(kinds & OPENINGS) and not kinds >= ENDINGS
