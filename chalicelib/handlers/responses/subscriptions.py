"""Answers about subscriptions: where notices are pushed to."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.shared import Answer, Coded, Moment, Severity, absent


class FilterView(Answer):
    """What a subscription lets through."""

    reasons: list[str] = absent()
    severity: list[Severity] = absent()
    region: list[str] = absent()
    source: list[str] = absent()
    kind: list[str] = absent()
    without_own: bool = absent()


class SubscriptionView(Answer):
    """An endpoint that notices are pushed to."""

    subscription_id: str = Field(pattern=r"^s_[0-9a-f]{24}$")
    topic: Literal["closures", "own"]
    protocol: Literal["sqs", "https", "email"]
    endpoint: str
    filter: FilterView
    created_at: Moment
    state: Literal["confirmed", "pending", "gone"] = Field(description="gone: SNS knows it no more")
    remarks: list[Coded] = absent("such as that the filter hides endings")


class SubscriptionList(Answer):
    """The participant's subscriptions, oldest first."""

    subscriptions: list[SubscriptionView]


class EndedSubscription(Answer):
    """A subscription that nothing more is pushed to."""

    subscription_id: str
    ended_at: Moment
    state: Literal["ended", "lapsing"] = Field(description="lapsing: it was never confirmed, and SNS drops it in days")
