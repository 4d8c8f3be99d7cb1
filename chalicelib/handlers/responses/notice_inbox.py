"""Answers about a participant's own notices and its subscriptions: what it may read, and where it is pushed to."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.responses.notices import NOTICE_ID, Notice
from chalicelib.handlers.responses.shared import NEXT_ALWAYS, Answer, Coded, Count, Moment, Severity, absent


class NoticeEntry(Answer):
    """One notice of the participant's own feed."""

    sequence: int = Field(ge=1)
    notice: Notice
    pushed_at: Moment = absent("when it was handed to SNS")
    acknowledged_at: Moment = absent("when the participant said that it has dealt with it")


class Unacknowledged(Answer):
    """What is not acknowledged."""

    count: Count
    oldest: int = absent("the number of the oldest", ge=1)
    oldest_at: Moment = absent()
    age_seconds: Count = absent()


class NoticePage(Answer):
    """The participant's own notices after a cursor, in order."""

    notices: list[NoticeEntry]
    next: str = Field(description=NEXT_ALWAYS)
    unacknowledged: Unacknowledged


class Acknowledged(Answer):
    """Up to where all is acknowledged, and what is not."""

    acknowledged_through: str
    unacknowledged: Unacknowledged


class FilterView(Answer):
    """What a subscription lets through."""

    reasons: list[str] = absent()
    severity: list[Severity] = absent()
    region: list[str] = absent()
    source: list[str] = absent()
    kind: list[str] = absent()
    without_own: bool = absent()


class DeliveryTestState(Answer):
    """How far a test of delivery came."""

    notice_id: str = Field(pattern=NOTICE_ID)
    sequence: int = Field(ge=1, description="its number among the participant's notices")
    sent_at: Moment
    passes_filter: bool = Field(description="false: the filter names kinds, and `delivery_test` is not among them")
    pushed_at: Moment = absent("when SNS took it")
    acknowledged_at: Moment = absent("when the participant acknowledged it: it arrived")


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
    last_test: DeliveryTestState = absent("the last test of its delivery")


class SubscriptionList(Answer):
    """The participant's subscriptions, oldest first."""

    subscriptions: list[SubscriptionView]


class EndedSubscription(Answer):
    """A subscription that nothing more is pushed to."""

    subscription_id: str
    ended_at: Moment
    state: Literal["ended", "lapsing"] = Field(description="lapsing: it was never confirmed, and SNS drops it in days")
