"""What the exchange costs a month on AWS, by item, for the load of the seed and for a hundred times that.

    python -m benchmarks.cost

Units of the store are counted on the local exchange, call by call: a read unit is 4 KB (half when eventually
consistent), a write unit 1 KB of what is sent, at least one each. An update is counted by the fields that it sets, so
the few large items that are updated count too low. Sizes of lookups are those of the items that were written. Prices:
list prices of us-east-1, November 2026, without free tiers, from the pages named in `PRICES`. What is guessed is named
in `Load`.
"""

import sys
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.values.records import Json
from local import demo_data, launch, stack
from local.aws.item_size import item_bytes

MILLION: Final = 1e6
# US dollars in us-east-1: https://aws.amazon.com/<service>/pricing/
PRICES: Final[Mapping[str, float]] = {
    "api-gateway: REST, a million requests": 3.50,
    "lambda: arm64, a GB-second": 0.0000133334,
    "lambda: a million requests": 0.20,
    "dynamodb: a million read units": 0.125,
    "dynamodb: a million write units": 0.625,
    "dynamodb: a GB-month": 0.25,
    "dynamodb: point-in-time recovery, a GB-month": 0.20,
    "cloudwatch: an alarm": 0.10,
    "cloudwatch: a metric": 0.30,
    "cloudwatch: a GB of logs": 0.50,
    "cloudwatch: a GB-month of logs kept": 0.03,
    "xray: a million traces": 5.00,
    "kms: a key": 1.00,
    "kms: a million requests": 3.00,
    "secrets-manager: a secret": 0.40,
    "sqs: a million requests": 0.40,
}


@dataclass(frozen=True, slots=True)
class Load:
    """A month. Guessed: how long a request takes, its log lines, how many other requests there are."""

    lookups: float
    listings: float
    platforms: int = 21
    polls_each_minutes: float = 5.0
    polled_feeds: int = 2
    seconds_a_request: float = 0.06
    log_bytes_a_request: float = 1_200.0
    kept_months_of_lookups: float = 12.0

    @property
    def polls(self) -> float:
        """Polls of all platforms."""
        return self.platforms * self.polled_feeds * 30 * 24 * 60 / self.polls_each_minutes


@dataclass(slots=True)
class Units:
    """Read and write units, and the sizes of what was written to the exchange table as lookups."""

    reads: float = 0.0
    writes: float = 0.0
    lookup_bytes: list[int] = field(default_factory=list)


# How often each schedule runs a month, the memory of its function in GB, the seconds of an idle run (guessed).
SCHEDULES: Final = {
    "notices_due": (43_200, 0.5, 0.4),
    "feeds_due": (8_640, 1.73, 0.5),
    "clocks_due": (8_640, 1.0, 0.3),
    "snapshot_due": (2_880, 2.94, 0.3),
    "licences_due": (720, 1.0, 0.5),
}
METRICS: Final = 14
ALARMS: Final = 41
SECRETS: Final = 2
QUEUES_POLLED: Final = 4


@contextmanager
def counted(dynamodb: Any) -> Iterator[Units]:
    """Count the units of every call of the store meanwhile."""
    units = Units()

    def asked(params: Json, model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "UpdateItem", "DeleteItem"):
            written = params.get("Item") or {**params["Key"], **params.get("ExpressionAttributeValues", {})}
            units.writes += -(-max(item_bytes(written), 1) // 1024)
            ident = str(written.get("id", {}).get("S", ""))
            if ident.startswith("lookup#"):
                units.lookup_bytes.append(item_bytes(written))
        elif model.name == "GetItem":
            units.reads += 1 if params.get("ConsistentRead") else 0.5
        elif model.name == "BatchGetItem":
            for wanted in params["RequestItems"].values():
                units.reads += len(wanted["Keys"]) * (1 if wanted.get("ConsistentRead") else 0.5)

    events = dynamodb.meta.events
    events.register("provide-client-params.dynamodb", asked, unique_id="benchmark-cost")
    try:
        yield units
    finally:
        events.unregister("provide-client-params.dynamodb", unique_id="benchmark-cost")


def measure(running: stack.Stack, dynamodb: Any) -> dict[str, Units]:
    """The units of one lookup, one idle poll, one listing, and one idle run of each schedule."""
    keys, measured = running.keys, {}
    platform = next(name for name in keys if name not in ("operator", "regulator"))
    names = [
        *(f"杭州试{number}商贸有限公司" for number in range(20)),
        *(merchant[1] for merchant in demo_data.MERCHANTS[:20]),
    ]
    asked = [{"name": name, "purpose": "onboarding"} for name in names]
    demo_data.call(running.url, keys[platform], "POST", "/v1/lookups", asked[0])
    with counted(dynamodb) as measured["lookup"]:
        for body in asked:
            demo_data.call(running.url, keys[platform], "POST", "/v1/lookups", body)
    _divide(measured["lookup"], len(asked))
    feeds = [f"{path}?after=" for path in ("/v1/notices", "/v1/changes")]
    read = [path + demo_data.call(running.url, keys[platform], "GET", path + "0")["next"] for path in feeds]
    with counted(dynamodb) as measured["poll"]:
        for path in read:
            demo_data.call(running.url, keys[platform], "GET", path)
    _divide(measured["poll"], len(read))
    eviction = {"uscc": demo_data.made_up_uscc("330106", "MA900099"), "name": "试验九十九号商贸有限公司"}
    eviction |= {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E1", "document_no": "杭1号"}
    with counted(dynamodb) as measured["listing"]:
        demo_data.call(running.url, keys[platform], "POST", "/v1/reports", {"evictions": [eviction]})
        running.settle(60)
    for _ in range(2):
        running.dispatcher.tick_now()
        running.settle(60)
    for name in SCHEDULES:
        with counted(dynamodb) as measured[name]:
            running.dispatcher._run_schedule(name)
    return measured


def _divide(units: Units, times: int) -> None:
    units.reads, units.writes = units.reads / times, units.writes / times


def bill(load: Load, units: Mapping[str, Units]) -> dict[str, float]:
    """US dollars a month by item."""
    requests = load.lookups + load.polls + load.listings
    reads = load.lookups * units["lookup"].reads + load.listings * units["listing"].reads
    writes = load.lookups * units["lookup"].writes + load.listings * units["listing"].writes
    idle_reads = sum(runs * units[name].reads for name, (runs, _, _) in SCHEDULES.items())
    idle_writes = sum(runs * units[name].writes for name, (runs, _, _) in SCHEDULES.items())
    seconds = sum(runs * memory * lasts for runs, memory, lasts in SCHEDULES.values())
    runs = sum(runs for runs, _, _ in SCHEDULES.values())
    sizes = units["lookup"].lookup_bytes or [0]
    kept = load.lookups * load.kept_months_of_lookups * (sum(sizes) / len(sizes)) / 1e9
    logs = (requests + runs) * load.log_bytes_a_request / 1e9
    traces = min(requests, 2.6e6) + max(0.0, requests - 2.6e6) * 0.05 + runs
    price = PRICES.__getitem__
    return {
        "API Gateway": requests / MILLION * price("api-gateway: REST, a million requests"),
        "Lambda, requests": requests * load.seconds_a_request * 1.73 * price("lambda: arm64, a GB-second")
        + requests / MILLION * price("lambda: a million requests"),
        "Lambda, schedules": seconds * price("lambda: arm64, a GB-second")
        + runs / MILLION * price("lambda: a million requests"),
        "DynamoDB, reads": reads / MILLION * price("dynamodb: a million read units"),
        "DynamoDB, idle polls": load.polls * units["poll"].reads / MILLION * price("dynamodb: a million read units"),
        "DynamoDB, idle schedules": idle_reads / MILLION * price("dynamodb: a million read units")
        + idle_writes / MILLION * price("dynamodb: a million write units"),
        "DynamoDB, writes": writes / MILLION * price("dynamodb: a million write units"),
        "DynamoDB, lookups kept 360 days": kept
        * (price("dynamodb: a GB-month") + price("dynamodb: point-in-time recovery, a GB-month")),
        "CloudWatch, alarms and metrics": ALARMS * price("cloudwatch: an alarm")
        + METRICS * price("cloudwatch: a metric"),
        "CloudWatch, logs": logs
        * (price("cloudwatch: a GB of logs") + 6 * price("cloudwatch: a GB-month of logs kept")),
        "X-Ray": traces / MILLION * price("xray: a million traces"),
        "KMS, secrets": price("kms: a key")
        + 0.3 * price("kms: a million requests")
        + SECRETS * price("secrets-manager: a secret"),
        "SQS": QUEUES_POLLED * 0.4 * price("sqs: a million requests"),
    }


def main() -> int:
    """Print the units, then the bill of a month for both loads."""
    running = launch.start()
    try:
        running.settle(60)
        from chalicelib import wiring

        units = measure(running, wiring.client("dynamodb"))
    except urllib.error.HTTPError as error:
        print(error.read().decode(), file=sys.stderr)
        raise
    finally:
        running.stop()
    print("counted                 read units   write units")
    for name, counts in units.items():
        print(f"  {name:20} {counts.reads:11.1f} {counts.writes:13.1f}")
    sizes = units["lookup"].lookup_bytes
    print(f"  a lookup that is kept: {sum(sizes) / max(1, len(sizes)):.0f} bytes\n")
    loads = (Load(600e3, 10e3 / 12), Load(60e6, 1e6 / 12))
    bills = [bill(load, units) for load in loads]
    print(f"US dollars a month{'20,000 lookups a day':>34}{'2,000,000':>14}")
    for item in bills[0]:
        print(f"  {item:36}{bills[0][item]:14.2f}{bills[1][item]:14.2f}")
    print(f"  {'total':36}{sum(bills[0].values()):14.2f}{sum(bills[1].values()):14.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
