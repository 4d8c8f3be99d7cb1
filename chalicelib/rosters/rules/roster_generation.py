"""A generation of a roster: its shards, and which run holds each. A run makes a new one and leaves the old."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.monitoring.rules.monitored_merchant import SLOTS
from chalicelib.rosters.rules.merge_roster import shard_number
from chalicelib.rosters.rules.roster import PATCH, Roster
from chalicelib.rosters.rules.roster_files import Shard


@dataclass(frozen=True, slots=True)
class Generation:
    """How many shards there are, which run holds each (by its number as text), and when the newest full roster in it
    was received."""

    shards: int = 1
    holders: Mapping[str, str] = field(default_factory=dict)
    full_at: str = ""

    def shard(self, platform_id: str, number: int) -> Shard | None:
        """The shard of that number; None where no run has made it yet."""
        holder = self.holders.get(str(number))
        return Shard(platform_id, holder, number, self.shards) if holder else None


def read_generation(body: bytes) -> Generation:
    """The generation that `write_generation` wrote."""
    stored = json.loads(body)
    return Generation(stored["shards"], stored["in"], stored.get("full_at", ""))


def write_generation(generation: Generation) -> bytes:
    """The generation as it is kept."""
    stored = {"shards": generation.shards, "in": dict(generation.holders), "full_at": generation.full_at}
    return json.dumps(stored).encode()


def shards_to_process(run: Roster, base: Generation) -> Iterator[int]:
    """The shards that a run works on: all, or those that a patch touches."""
    if run.mode != PATCH or run.shards != base.shards:
        yield from range(run.shards)
        return
    touched, finest = int(run.touched or "0", 16), 0
    numbers = set()
    while touched:
        if touched & 1:
            numbers.add(finest % run.shards)
        touched, finest = touched >> 1, finest + 1
    yield from sorted(numbers)


def enrolment_slots(run: Roster, shard: int) -> Iterator[int]:
    """The slots in which merchants of the shard may wait that calls enrolled."""
    if run.shards >= SLOTS:
        yield shard % SLOTS
    else:
        yield from range(shard, SLOTS, run.shards)


def is_in_shard(run: Roster, shard: int, merchant_id: str) -> bool:
    """Whether the merchant belongs to that shard of the run."""
    return shard_number(merchant_id, run.shards) == shard
