"""Play the six months and write them: `python -m tests.demo_months.record` (some minutes on a quiet machine).

What happens is drawn with one seed; ids that the exchange draws itself differ from run to run.
"""

import base64
import gzip
import json
import logging
import os
import re
import sys
import time
import zlib
from collections import defaultdict
from contextlib import redirect_stdout
from datetime import date, datetime, timedelta
from typing import Any

os.environ["POWERTOOLS_LOG_LEVEL"] = "CRITICAL"

from tests.conftest import ENVIRONMENT  # isort: skip (it sets the environment of the application)

from chalicelib import wiring
from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.adapters.registry_pages import with_room
from chalicelib.registry.adapters.registry_table import POSTING_CAP
from chalicelib.storage.dynamodb_values import to_item
from chalicelib.storage.item_keys.account_keys import PLATFORMS, platform
from local.aws import memory
from local.six_months import STATE, UNPACKED
from tests.demo_months import events
from tests.demo_months.days import City
from tests.recorded import state
from tests.recorded.stage import Stage
from tests.world import World, aws_clients

DAYS = int(os.environ.get("DEMO_DAYS", "183"))
LAST = date(2026, 11, 27)
# So many of the last days are lived one by one.
EVERY_DAY = 20
# The operator of the stage, who admits the operator of the city.
FIRST = "ops"
# Keys and counts of requests are made anew; a snapshot is built by the schedule; trust and lists to come are the
# stack's own.
LEFT_OUT = re.compile(
    r"(credential|usage|limits|starts|lease|session|person-session|sign-in|turns|snapshot|claim|presented|"
    r"idempotency|subscription|subscriptions)(#|$|-)"
)
GZIP = b"\x1f\x8b"
OBJECTS_LEFT_OUT = re.compile(r"(trust|issuer|snapshots?|licences/trust)/|.*/dropped/")


class UnindexedWorld(World):
    """An exchange whose subjects are found by their codes alone; the posting lists are made at the end, at once."""

    def deliver_stream(self, functions: tuple[str, ...] = ("subject_announced",)) -> int:
        """Hand what is new in the stream to what numbers changes and tells of them."""
        return super().deliver_stream(functions)

    def index(self) -> None:
        """Make the posting lists of all subjects as they are now."""
        lists: dict[str, dict[str, Any]] = defaultdict(dict)
        start = ""
        while True:
            subjects, start = wiring.registry().all_subjects(start)
            for subject in subjects:
                for key, names in postings_of(subject).items():
                    lists[key][subject.subject_id] = {"v": subject.version, **with_room(names)}
            if not start:
                break
        for key, members in lists.items():
            held = {"n": len(members), **members} if len(members) <= POSTING_CAP else {"common": True}
            memory.put_item(ENVIRONMENT["KEYS_TABLE"], to_item({"key": key, **held}))


def play(world: World, clock: state.Clock) -> City:
    """The six months, day by day; the last day has its first minutes alone."""
    city = City(Stage(world, clock))
    story = events.Story(city)
    first = LAST - timedelta(days=DAYS - 1)
    story.begin(first)
    began = time.process_time()
    for number in range(1, DAYS - 1):
        day = first + timedelta(days=number)
        left = (LAST - day).days
        # The exchange is used more from month to month. At first reports come on two days of a week, which saves half
        # of the time that this takes.
        if left <= EVERY_DAY:
            city.midnight(day)
            city.live(day, 0.9)
        elif day.weekday() in (1, 3):
            city.midnight(day)
            city.live(day, 1.9 + 0.4 * number / DAYS)
        else:
            city.answer(day)
        story.day(day, left)
        if number % 7 == 0:
            print(day, f"{time.process_time() - began:.0f} s", len(city.reported), file=sys.stderr, flush=True)  # noqa: T201
    city.midnight(LAST)
    story.end()
    return city


def dumped(world: World) -> dict[str, Any]:
    """What the world holds, as the file keeps it."""
    kept = state.as_written(state.dump(world, ()))
    exchange = [
        item
        for item in kept["exchange"]
        if not LEFT_OUT.match(item["id"]["S"]) and item["id"]["S"] != platform(FIRST) and not is_over(item)
    ]
    for item in exchange:
        if item["id"]["S"].startswith("platform#"):
            item.pop("keys", None)
        if item["id"]["S"] == PLATFORMS:
            item["members"]["SS"].remove(FIRST)
        if "B" in item.get("said", ()):
            item["said"] = {UNPACKED: zlib.decompress(base64.b64decode(item["said"]["B"])).decode()}
    return {
        "subjects": kept["subjects"],
        # What is alike stands together, and packs the better.
        "keys": sorted(
            kept["keys"], key=lambda item: (min((each for each in item if ":" in each), default=""), item["key"]["S"])
        ),
        "exchange": exchange,
        "objects": list(_objects(world)),
    }


def is_over(item: dict[str, Any]) -> bool:
    """Whether the store would have deleted an item by the last day."""
    return "expires_at" in item and int(item["expires_at"]["N"]) < datetime.fromisoformat(f"{LAST}T00:00Z").timestamp()


def written(kept: dict[str, Any]) -> str:
    """The file: a line with its last day and whose lookups there are, which the loader needs first, and the state."""
    callers = next(item["members"]["SS"] for item in kept["exchange"] if item["id"]["S"] == PLATFORMS)
    lines = ({"day": LAST.isoformat(), "callers": sorted(callers)}, kept)
    return "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True) for line in lines)


def _objects(world: World) -> Any:
    bucket = ENVIRONMENT["FILES_BUCKET"]
    for page in world.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            if not OBJECTS_LEFT_OUT.match(entry["Key"]):
                held = world.s3.get_object(Bucket=bucket, Key=entry["Key"])
                yield {"key": entry["Key"], "type": held["ContentType"], **_kept(held["Body"].read())}


def _kept(body: bytes) -> dict[str, Any]:
    """A text as text, also where it is packed, so that the file is packed once; anything else in base64."""
    is_packed = body.startswith(GZIP)
    try:
        text = (gzip.decompress(body) if is_packed else body).decode()
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode()}
    return {"text": text, **({"packed": True} if is_packed else {})}


def main() -> int:
    """Write the file."""
    from moto import mock_aws

    logging.disable(logging.CRITICAL)
    first = LAST - timedelta(days=DAYS - 1)
    # What runs beside a request runs within it: no thread draws the dice of the story.
    wiring.background = lambda: lambda work: work()
    clients = aws_clients()
    with state.stopped_at(f"{first}T00:00:00+00:00") as clock, mock_aws():
        world = UnindexedWorld(clients)
        # The exchange's own figures go to the standard output.
        with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            play(world, clock)
            world.index()
        kept = dumped(world)
        world.close()
    text = written(kept)
    STATE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    counts = {name: len(kept[name]) for name in ("subjects", "keys", "exchange", "objects")}
    print(f"{STATE}: {STATE.stat().st_size:,} bytes, {len(text):,} unpacked, {counts}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
