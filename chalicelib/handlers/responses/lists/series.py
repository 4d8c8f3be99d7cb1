"""Answers of series of figures."""

from pydantic import Field

from chalicelib.handlers.responses.ledger import TimeToClose
from chalicelib.handlers.responses.shared import Answer, Count, Day, Empty, Moment, absent


class ListingChanges(Answer):
    """Listings of platforms by what happened to them."""

    opened: Count
    withdrawn: Count
    removed: Count
    expired: Count
    voided: Count


class VerdictCounts(Answer):
    """Lookups by verdict."""

    clear: Count
    inform: Count
    unknown: Count
    review: Count
    block: Count


class SeriesFigures(Answer):
    """The figures of a step, in all or of one platform."""

    reported: Count = Field(description="listings reported by platforms")
    reported_in_time: Count
    listings: ListingChanges
    check: dict[str, int] = Field(description="tasks to check that were opened in the step, by what became of them")
    undo: dict[str, int] = Field(description="tasks to undo that were opened in the step, by what became of them")
    lookups: Count
    matches: Count
    verdicts: VerdictCounts


class SeriesPart(Answer):
    """A part of a step: by platform its figures, by reason, region or severity the listings opened."""

    opened: Count = absent("listings opened, by reason, region or severity")
    reported: Count = absent()
    reported_in_time: Count = absent()
    listings: ListingChanges = absent()
    check: dict[str, int] = absent()
    undo: dict[str, int] = absent()
    lookups: Count = absent()
    matches: Count = absent()
    verdicts: VerdictCounts = absent()


class TimeClass(Answer):
    """A class of the distribution of times to close."""

    up_to_seconds: Count = Field(description="the upper end; each class is twice as wide as the one before")
    closed: Count


class TimesToClose(TimeToClose):
    """The distribution of times from the first report of a listing to the last answer of all who were asked."""

    histogram: list[TimeClass]


class SeriesPoint(SeriesFigures):
    """The figures of a step."""

    from_: Day = Field(alias="from", description="the first day")
    to: Day = Field(description="the last day")
    time_to_close: TimesToClose = absent("of listings opened in the step; for a platform once there are enough")
    parts: dict[str, SeriesPart] = absent("by the value of the part that was asked for")


class StatisticsSeries(Answer):
    """Figures over time."""

    since: Day
    until: Day
    as_of: Moment | Empty = Field(description='when they were counted; "" before they ever were')
    points: list[SeriesPoint]
