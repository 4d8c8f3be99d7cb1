"""The figures of a period from those of its days: one read for all days, no scan."""

from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.closure_tasks.rules import rates_and_medians
from chalicelib.closure_tasks.rules.day_figures import ALL
from chalicelib.closure_tasks.rules.rates_and_medians import LEAST_GROUP, PlatformCounts
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def statistics(exchange: "ExchangeTable", caller: Caller, since: str, until: str) -> Json:
    """For the regulator every platform; for a platform its own, beside the median of the others where they are many.

    How long closing takes is shown by reason to the regulator, and to platforms over all reasons and only from
    `LEAST_GROUP` closed listings on.
    """
    days, as_of = count_daily_figures.read_days(exchange, since, until)
    counts = rates_and_medians.counts_by_platform(days)
    platforms = {platform_id: rates_and_medians.of_platform(of_one) for platform_id, of_one in counts.items()}
    times = rates_and_medians.times_to_close(days)
    answer: Json = {"since": since, "until": until, "as_of": as_of}
    if caller.role == Role.REGULATOR:
        by_reason = {
            reason: rates_and_medians.time_to_close(classes) for reason, classes in sorted(times.items()) if classes
        }
        listed = [{"platform_id": platform_id, **figures} for platform_id, figures in platforms.items()]
        return {**answer, "platforms": listed, "circles": by_reason}
    others = [figures for platform_id, figures in platforms.items() if platform_id != caller.platform_id]
    everywhere = times.get(ALL, {})
    is_enough = sum(everywhere.values()) >= LEAST_GROUP
    return {
        **answer,
        "own": platforms.get(caller.platform_id) or rates_and_medians.of_platform(PlatformCounts()),
        "median": rates_and_medians.medians(others),
        "least_group": LEAST_GROUP,
        "circles": {ALL: rates_and_medians.time_to_close(everywhere)} if is_enough else {},
    }
