"""The figures of a period from those of its days: one read for all days, no scan."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.accounts.api_keys import Caller
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.closure_tasks.rules import statistics_figures

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def statistics(exchange: "ExchangeTable", caller: Caller, since: str, until: str) -> dict[str, Any]:
    """For the regulator every platform; for a platform its own, beside the median of the others where they are many.

    How long circles take is told by reason to the regulator, and to platforms over all reasons and only from
    `LEAST_GROUP` circles on.
    """
    days, as_of = count_daily_figures.read(exchange, since, until)
    platforms = {
        platform_id: statistics_figures.of_platform(counts)
        for platform_id, counts in sorted(_by_platform(days).items())
    }
    circles = statistics_figures.total(day.get("circle", {}) for day in days)
    answer: dict[str, Any] = {"since": since, "until": until, "as_of": as_of}
    if caller.role == "regulator":
        shown = [{"platform_id": platform_id, **one} for platform_id, one in platforms.items()]
        by_reason = {
            reason: statistics_figures.circle(classes) for reason, classes in sorted(circles.items()) if classes
        }
        return {**answer, "platforms": shown, "circles": by_reason}
    others = [one for platform_id, one in platforms.items() if platform_id != caller.platform_id]
    everyone = circles.get("all", {})
    enough = sum(everyone.values()) >= statistics_figures.LEAST_GROUP
    return {
        **answer,
        "own": platforms.get(caller.platform_id, statistics_figures.of_platform({})),
        "median": statistics_figures.medians(others),
        "least_group": statistics_figures.LEAST_GROUP,
        "circles": {"all": statistics_figures.circle(everyone)} if enough else {},
    }


def _by_platform(days: list[dict[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Everything that the days say of each platform, added up."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for day in days:
        for field, counts in day.items():
            kind, _, platform_id = field.partition(":")
            if platform_id and kind in ("tasks", "reports", "taken"):
                parts.setdefault(platform_id, []).append(counts)
    return {platform_id: statistics_figures.total(some) for platform_id, some in parts.items()}
