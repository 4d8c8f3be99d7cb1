"""Series of figures: how reports, tasks, lookups and times to close went, by day, week or month."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import asked_platform
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.closure_tasks.rules import figure_series
from chalicelib.closure_tasks.rules.figure_series import SeriesRequest
from chalicelib.closure_tasks.rules.rates_and_medians import LEAST_GROUP
from chalicelib.errors import Forbidden
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


@dataclass(frozen=True, slots=True)
class Series:
    """A series: its points, each as it is answered, and as of when the figures are ('' before they ever were)."""

    points: list[Json]
    as_of: str


def read_series(exchange: "ExchangeTable", caller: Caller, wanted: SeriesRequest) -> Series:
    """The series of all platforms or of one, for regulators; of a platform its own.

    How long closing takes everywhere is not a platform's own: it is told of it from `LEAST_GROUP` closed listings on,
    and of no smaller step. One read for each day, of one unit for every 4 KB of its figures.
    """
    owner = asked_platform(caller, wanted.platform_id)
    if caller.role == Role.PLATFORM and wanted.by == figure_series.PLATFORM:
        raise Forbidden(ErrorCode.WRONG_ROLE, role=caller.role, allowed=[Role.REGULATOR])
    days, as_of = count_daily_figures.read_days_by_day(exchange, wanted.since, wanted.until)
    points = figure_series.points(days, replace(wanted, platform_id=owner))
    if caller.role == Role.PLATFORM:
        points = [_without_few(point) for point in points]
    return Series(points, as_of)


def _without_few(point: Json) -> Json:
    if point["time_to_close"]["closed"] >= LEAST_GROUP:
        return point
    return {field: value for field, value in point.items() if field != "time_to_close"}
