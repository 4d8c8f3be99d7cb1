"""Counts what the real code asks of the store and of the log, on the local exchange and over simulated containers.

A read unit is 4 KB (half when eventually consistent), a write unit 1 KB of what is sent, at least one each. An update
is counted by the fields that it sets, so the few large items that are updated count too low.
"""

import io
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib import wiring
from chalicelib.accounts.quotas import MERCHANTS, REQUESTS
from chalicelib.accounts.request_limits import RequestLimits
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.item_keys import closure_task_keys, lookup_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from local import demo_data, stack
from local.aws.item_size import item_bytes

# Counted apart: how often they are written depends on the load (`asked-sample#`, `lately#`), or on the containers.
SAMPLED, RECENT, USAGE, LOOKUP, INDEX = "asked-sample", "lately", "usage", "lookups", "asked"
# AWS documents that each item takes so many bytes more on disk.
ITEM_OVERHEAD: Final = 100


@dataclass(slots=True)
class Units:
    """What one piece of work takes: units of the store, written by kind of item, sizes of what is kept, calls one after
    another, and bytes of the log. `elsewhere` are the units read and written in other tables than the exchange's."""

    reads: float = 0.0
    writes: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    bytes_kept: Counter[str] = field(default_factory=Counter)
    rounds: float = 0.0
    log_bytes: float = 0.0
    log_lines: float = 0.0

    def divided(self, times: int) -> "Units":
        """The units of one of so many pieces."""

        def each(counts: Counter[str]) -> Counter[str]:
            return Counter({kind: count / times for kind, count in counts.items()})

        return Units(
            self.reads / times,
            each(self.writes),
            each(self.elsewhere),
            each(self.bytes_kept),
            self.rounds / times,
            self.log_bytes / times,
            self.log_lines / times,
        )

    def written(self, besides: Sequence[str] = ()) -> float:
        """Write units, without those of some kinds of items."""
        return sum(count for kind, count in self.writes.items() if kind not in besides)


class Output(io.StringIO):
    """What the exchange prints: lines of its log, and metrics in the embedded format."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def write(self, text: str) -> int:
        """Keep each line."""
        self.lines.extend(line for line in text.splitlines() if line)
        return len(text)

    def metrics(self) -> set[tuple[str, ...]]:
        """Each metric with its dimensions' values, those of platforms as `Platform`."""
        found = set()
        for line in self.lines:
            if not line.startswith('{"_aws"'):
                continue
            content = json.loads(line)
            for group in content["_aws"]["CloudWatchMetrics"]:
                values = ["Platform" if name == "Platform" else content[name] for name in group["Dimensions"][0]]
                found |= {(metric["Name"], *values) for metric in group["Metrics"]}
        return found


@contextmanager
def counted(dynamodb: Any, output: Output) -> Iterator[Units]:
    """Count what is asked of the store and printed meanwhile."""
    units, under_way, lock = Units(), set[int](), threading.Lock()

    def asked(params: Json, model: Any, context: Json, **_: Any) -> None:
        with lock:
            units.rounds += not under_way
            under_way.add(id(context))
            _count(units, params, model.name)

    def answered(context: Json, **_: Any) -> None:
        with lock:
            under_way.discard(id(context))

    before, events = len(output.lines), dynamodb.meta.events
    events.register("provide-client-params.dynamodb", asked, unique_id="asked")
    events.register("after-call.dynamodb", answered, unique_id="answered")
    try:
        yield units
    finally:
        events.unregister("provide-client-params.dynamodb", unique_id="asked")
        events.unregister("after-call.dynamodb", unique_id="answered")
        lines = output.lines[before:]
        units.log_lines, units.log_bytes = len(lines), sum(len(line.encode()) for line in lines)


def _count(units: Units, params: Json, call: str) -> None:
    if call in ("PutItem", "UpdateItem", "DeleteItem"):
        written = params.get("Item") or {**params["Key"], **_named(params)}
        kind, count = _key(written).partition("#")[0], -(-max(item_bytes(written), 1) // 1024)
        units.writes[kind] += count
        units.elsewhere["write"] += 0 if "id" in written else count
        units.bytes_kept[kind] += item_bytes(written) + ITEM_OVERHEAD
    elif call == "GetItem":
        _read(units, [params["Key"]], bool(params.get("ConsistentRead")))
    elif call == "BatchGetItem":
        for wanted in params["RequestItems"].values():
            _read(units, wanted["Keys"], bool(wanted.get("ConsistentRead")))


def _read(units: Units, keys: Sequence[Json], consistent: bool) -> None:
    count = len(keys) * (1 if consistent else 0.5)
    units.reads += count
    units.elsewhere["read"] += 0 if "id" in keys[0] else count  # type: ignore[assignment]


def _key(item: Json) -> str:
    return str(next(item[name]["S"] for name in ("id", "subject_id", "key") if name in item))


def _named(params: Json) -> Json:
    """The fields that an update sets, by their own names as far as they are paired with values."""
    names, values = params.get("ExpressionAttributeNames", {}), params.get("ExpressionAttributeValues", {})
    return {names.get(f"#{name[1:]}", name): value for name, value in values.items()}


def measure(running: stack.Stack, dynamodb: Any, output: Output, schedules: Sequence[str]) -> dict[str, Units]:
    """The units of one lookup, one idle poll, one listing, and one idle run of each schedule."""
    keys, measured = running.keys, {}
    platform = next(name for name in keys if name not in ("operator", "regulator"))
    names = [
        *(f"杭州试{number}商贸有限公司" for number in range(20)),
        *(merchant[1] for merchant in demo_data.MERCHANTS[:20]),
    ]
    asked = [{"name": name, "purpose": "onboarding"} for name in names]
    demo_data.call(running.url, keys[platform], "POST", "/v1/lookups", asked[0])
    running.settle(60)
    with counted(dynamodb, output) as first:
        for body in asked:
            demo_data.call(running.url, keys[platform], "POST", "/v1/lookups", body)
    _make_busy(platform)
    with counted(dynamodb, output) as later:
        for body in asked:
            demo_data.call(running.url, keys[platform], "POST", "/v1/lookups", body)
    # What a day keeps of its first lookups alone; how often, the load says.
    later.writes |= {kind: first.writes[kind] for kind in (SAMPLED, RECENT)}
    later.bytes_kept[LOOKUP] = round(len(asked) * _bytes_of_lookup(platform, len(asked)))
    measured["lookup"] = later.divided(len(asked))
    feeds = [f"{path}?after=" for path in ("/v1/notices", "/v1/changes")]
    read = [path + demo_data.call(running.url, keys[platform], "GET", path + "0")["next"] for path in feeds]
    with counted(dynamodb, output) as polls:
        for path in read:
            demo_data.call(running.url, keys[platform], "GET", path)
    measured["poll"] = polls.divided(len(read))
    eviction = {"uscc": demo_data.made_up_uscc("330106", "MA900099"), "name": "试验九十九号商贸有限公司"}
    eviction |= {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E1", "document_no": "杭1号"}
    with counted(dynamodb, output) as measured["listing"]:
        demo_data.call(running.url, keys[platform], "POST", "/v1/reports", {"evictions": [eviction]})
        running.settle(60)
    for _ in range(2):
        running.dispatcher.tick_now()
        running.settle(60)
    for name in schedules:
        with counted(dynamodb, output) as measured[name]:
            running.dispatcher._run_schedule(name)
    return measured


def _bytes_of_lookup(platform_id: str, most: int) -> float:
    """What one of a platform's latest lookups takes on disk, on average over whole blocks."""
    now = wiring.now()
    count = wiring.exchange().get(closure_task_keys.usage(china_date(now), platform_id)) or {}
    ids = [lookup_keys.lookup_id_of(platform_id, china_date(now), n) for n in range(1, int(count["lookups"]) + 1)]
    whole = ids[: len(ids) // lookup_keys.LOOKUPS_IN_A_BLOCK * lookup_keys.LOOKUPS_IN_A_BLOCK][-most:]
    keys = {key for each in whole for key in (lookup_keys.place_of_lookup(each)[0], lookup_keys.lookup(each))}
    items = wiring.exchange().get_many(sorted(keys)).values()
    return sum(item_bytes(to_item(item)) + ITEM_OVERHEAD for item in items) / len(whole)


def _make_busy(platform_id: str) -> None:
    """Let the platform's day have many lookups already."""
    count_daily_figures.count_usage(wiring.exchange(), platform_id, {"requests": 10**7, "hits": 10**7}, wiring.now())


class _CountedItems:
    """The part of the exchange table that counts of usage are shared in; each call is one unit."""

    def __init__(self) -> None:
        self.items: dict[str, Json] = {}
        self.reads = self.writes = 0

    def get(self, item_id: str) -> Json | None:
        self.reads += 1
        return self.items.get(item_id)

    def add(self, item_id: str, counts: Json, _until: int, remove: Sequence[str]) -> Json:
        self.writes += 1
        item = self.items.setdefault(item_id, {})
        for name, count in counts.items():
            item[name] = item.get(name, 0) + count
        for name in remove:
            item.pop(name, None)
        return dict(item)


def shared_usage(
    platforms: int, containers: int, lookups_a_second: float, polls_a_second: float
) -> tuple[float, float]:
    """Read and write units a second by which containers share how much each platform and its key have asked.

    The real code, in so many containers that take requests at random (seeded) for ten simulated minutes.
    """
    chance, items, seconds = random.Random(1), _CountedItems(), 600
    limits = [RequestLimits(items, lambda work: work()) for _ in range(containers)]  # type: ignore[arg-type]
    rate, now = lookups_a_second + polls_a_second, 1_795_780_800.0
    until = now + seconds
    while (now := now + chance.expovariate(rate)) < until:
        ident = chance.randrange(platforms)
        accounts = [f"key:{ident}", f"platform:{ident}"]
        asks = {MERCHANTS: 1} if chance.random() < lookups_a_second / rate else {}
        limits[chance.randrange(containers)].take(accounts, {REQUESTS: 1, **asks}, now)
    return items.reads / seconds, items.writes / seconds
