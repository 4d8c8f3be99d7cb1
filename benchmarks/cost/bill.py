"""A month's bill from what was counted and a price list."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.cost import counts
from benchmarks.cost.counts import INDEX, LOOKUP, RECENT, SAMPLED, USAGE, Units
from benchmarks.cost.deployed import Deployed
from benchmarks.cost.prices import PriceList
from chalicelib.probing.sample_lookups import PLACES
from chalicelib.verdicts.recent_lookups import KEPT_OF_A_DAY
from infra.harden import LOGGING
from infra.protection.gateway import LOGGED

MILLION: Final = 1e6
SECONDS: Final = 30 * 86_400
HOURS: Final = SECONDS / 3_600
# Of the provisioned units so many are used: the target of the template's scaling policies.
TARGET: Final = 0.7
# Guessed. AWS says that DynamoDB answers within single-digit milliseconds; the rest is the processor's.
SECONDS_A_ROUND: Final = 0.005
SECONDS_OF_WORK: Final = 0.012
# Lambda's own lines around a request (START, END, REPORT), where it writes them, and what CloudWatch adds to a line.
LAMBDA_LINES, LAMBDA_BYTES, LINE_OVERHEAD = 3, 310, 26
# Guessed: how long a value of the gateway's access log is on average; its request id has 36 characters, its status 3.
GATEWAY_FIELD_BYTES: Final = 14
LOGS_KEPT_MONTHS: Final = 6
LOOKUPS_KEPT_MONTHS: Final = 12
# All registered traders and firms of China at the end of 2024 (国家市场监督管理总局): no more can be asked for.
MERCHANTS_OF_CHINA: Final = 189e6
# Empty polls of a queue that is polled by Lambda: five pollers, twenty seconds each.
POLLS_OF_A_QUEUE: Final = 5 * SECONDS / 20
# The name of each metric that was published, with the values of its dimensions.
Metrics = Collection[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Load:
    """A month. Guessed: how many containers take the requests, how often feeds are polled.

    `exchange_units`: what `make deploy EXCHANGE_UNITS=…` sets up for the exchange table; 0: it is priced by request.
    """

    lookups: float
    listings: float
    containers: int
    exchange_units: int = 0
    platforms: int = 21
    polls_each_minutes: float = 5.0
    polled_feeds: int = 2

    @property
    def polls(self) -> float:
        """Polls of all platforms."""
        return self.platforms * self.polled_feeds * 30 * 24 * 60 / self.polls_each_minutes

    @property
    def requests(self) -> float:
        """All requests."""
        return self.lookups + self.polls + self.listings


def written_by_lookup(load: Load, units: Units) -> float:
    """Write units of a lookup: what is kept of some lookups of each platform's day alone counts for its share."""
    a_day = load.lookups / 30 / load.platforms
    found = a_day / 2
    drawn = _share(a_day, PLACES) * units.writes[SAMPLED] + _share(found, KEPT_OF_A_DAY) * units.writes[RECENT]
    return drawn + units.written(besides=(SAMPLED, RECENT, USAGE))


def bill(
    load: Load, units: Mapping[str, Units], metrics: Metrics, deployed: Deployed, price: PriceList
) -> dict[str, float]:
    """The cost of a month by item, in the list's currency."""
    runs = sum(deployed.runs.values())
    return {
        "API Gateway": load.requests / MILLION * price["REST API million requests"],
        "Lambda, requests": _lambda_requests(load, units, deployed, price),
        "Lambda, schedules": _lambda_schedules(units, deployed, price),
        **_store(load, units, deployed, price),
        "DynamoDB, lookups kept 360 days": _kept(load, units["lookup"])
        * (price["DynamoDB GB month"] + price["DynamoDB recovery GB month"]),
        "CloudWatch, alarms and metrics": deployed.alarms * price["CloudWatch alarm metric"]
        + _metrics(load, metrics) * price["CloudWatch metric"],
        "CloudWatch, logs": _logs(load, units, runs)
        * (price["CloudWatch GB of logs"] + LOGS_KEPT_MONTHS * price["CloudWatch GB month of logs"]),
        "X-Ray": (load.requests * deployed.traced_share + runs) / MILLION * price["X Ray million traces"]
        if price.traced
        else 0.0,
        "KMS, secrets": price["KMS key"] + 0.3 * price["KMS million requests"] + deployed.secrets * price["secret"],
        "SQS": deployed.queues * POLLS_OF_A_QUEUE / MILLION * price["SQS million requests"],
    }


def _store(load: Load, units: Mapping[str, Units], deployed: Deployed, price: PriceList) -> dict[str, float]:
    """Read and write units, by request; those of the exchange table by the hour where the load sets units up."""
    times = {"lookup": load.lookups, "listing": load.listings, "poll": load.polls, **deployed.runs}
    read = {name: count * units[name].reads for name, count in times.items()}
    written = {name: count * units[name].written((USAGE,)) for name, count in times.items()}
    written["lookup"] = load.lookups * written_by_lookup(load, units["lookup"])
    a_second = counts.shared_usage(load.platforms, load.containers, load.lookups / SECONDS, load.polls / SECONDS)
    read["usage"], written["usage"] = (each * SECONDS for each in a_second)
    by_the_hour = 0.0
    if load.exchange_units:
        for unit, needed in (("read", read), ("write", written)):
            elsewhere = {name: count * units[name].elsewhere[unit] for name, count in times.items()}
            a_second_here = (sum(needed.values()) - sum(elsewhere.values())) / SECONDS
            provisioned = max(load.exchange_units, a_second_here / TARGET)
            by_the_hour += HOURS * provisioned * price[f"DynamoDB provisioned {unit} unit hour"]
            needed.update({"usage": 0.0, **elsewhere})
    cost = {
        name: read[name] / MILLION * price["DynamoDB million read units"]
        + written[name] / MILLION * price["DynamoDB million write units"]
        for name in read
    }
    return {
        "DynamoDB, lookups": cost["lookup"],
        "DynamoDB, listings": cost["listing"],
        "DynamoDB, usage that containers share": cost["usage"],
        "DynamoDB, idle polls": cost["poll"],
        "DynamoDB, idle schedules": sum(cost[name] for name in deployed.runs),
        "DynamoDB, units of the exchange table": by_the_hour,
    }


def _metrics(load: Load, metrics: Metrics) -> float:
    """How many metrics there are on average: one of a platform counts in the hours in which it sends something."""
    busy = min(1.0, load.listings / load.platforms / HOURS)
    return sum(load.platforms * busy if "Platform" in metric else 1 for metric in metrics)


def _share(a_day: float, most: int) -> float:
    """Which part of so many a day is kept where the n-th is kept with a chance of `most` in n."""
    return 1.0 if a_day <= most else most * (1 + math.log(a_day / most)) / a_day


def _seconds(units: Units) -> float:
    return units.rounds * SECONDS_A_ROUND + SECONDS_OF_WORK


def _lambda_requests(load: Load, units: Mapping[str, Units], deployed: Deployed, price: PriceList) -> float:
    kinds = {"lookup": load.lookups, "poll": load.polls, "listing": load.listings}
    seconds = sum(count * _seconds(units[kind]) for kind, count in kinds.items())
    memory = deployed.memory["api_handler"]
    return (
        seconds * memory * price["Lambda arm64 GB second"] + load.requests / MILLION * price["Lambda million requests"]
    )


def _lambda_schedules(units: Mapping[str, Units], deployed: Deployed, price: PriceList) -> float:
    seconds = sum(runs * deployed.memory[name] * _seconds(units[name]) for name, runs in deployed.runs.items())
    runs = sum(deployed.runs.values())
    return seconds * price["Lambda arm64 GB second"] + runs / MILLION * price["Lambda million requests"]


def _kept(load: Load, lookup: Units) -> float:
    """GB of lookups, and of the index of who asked: one item for each merchant that was ever asked for."""
    kept = load.lookups * LOOKUPS_KEPT_MONTHS
    index = min(kept, MERCHANTS_OF_CHINA) * lookup.bytes_kept[INDEX] / lookup.writes[INDEX]
    return (kept * lookup.bytes_kept[LOOKUP] + index) / 1e9


def _logs(load: Load, units: Mapping[str, Units], runs: float) -> float:
    """GB of logs a month: our lines, those of Lambda, and the gateway's access log."""
    gateway = sum(len(f'"{name}":"",') + GATEWAY_FIELD_BYTES for name in LOGGED) + LINE_OVERHEAD
    says_little = LOGGING["SystemLogLevel"] == "WARN"
    around = 0 if says_little else LAMBDA_BYTES + LAMBDA_LINES * LINE_OVERHEAD
    kinds = {"lookup": load.lookups, "poll": load.polls, "listing": load.listings}
    own = sum(count * (units[kind].log_bytes + LINE_OVERHEAD * units[kind].log_lines) for kind, count in kinds.items())
    return (own + load.requests * (around + gateway) + runs * around) / 1e9
