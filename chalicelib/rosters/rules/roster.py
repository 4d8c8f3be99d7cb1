"""A roster of a platform: the file that was received, how far the run over it is, and what its platform sees of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.values.records import Json, Record, stored
from chalicelib.values.timestamps import age_seconds

FULL, PATCH, RESCREEN = "full", "patch", "rescreen"
_SHOWN: Final = (
    "roster_id", "followed_by", "mode", "file_name", "received_at", "started_at", "done_at", "status", "refused",
    "screened", "snapshot_built_at", "rest", "previous_screening", "nearest", "waits_until",
)  # fmt: skip
_ROW_COUNTS: Final = ("rows", "accepted", "rejected", "warnings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster(Record):
    """A roster file, or a screening without a file (`mode` rescreen), and the run over it.

    `split` and `touched`: into how many shards its rows were spread, and the finest shards that they touch, as bits in
    hex. `base`: the run whose generation this one starts from. `shards`: how many the new generation has; `chunks`: how
    many of them this run processes, `chunks_done`: those that are done, each as `<shard>:<merchants>`. `rest`: the
    verdict on every merchant that the results do not name. `not_hosted`: how many rows say that the merchant has left.
    `object_version` is the version of the object that the roster is made of; `followed_by` is the roster that was made
    of what was posted with its form afterwards.
    `key_id` is the API key that it came by; `waits_until` is when its file is looked at again, while a quota of rows is
    used up. `place` is its number in the list of its day, 0 for a screening without a file.
    """

    id: str = stored()
    roster_id: str = stored()
    platform_id: str = stored()
    mode: str = stored()
    file_name: str = stored()
    key: str = stored()
    received_at: str = stored()
    status: str = stored()
    content: str = stored("")
    rows: int = stored(0)
    accepted: int = stored(0)
    rejected: int = stored(0)
    warnings: int = stored(0)
    not_hosted: int = stored(0)
    split: int = stored(0)
    nearest: Json | None = stored(None)
    touched: str | None = stored(None)
    chunks: int | None = stored(None)
    chunks_done: tuple[str, ...] = stored((), many="values")
    started_at: str = stored("")
    base: str | None = stored(None)
    shards: int = stored(0)
    snapshot_id: str | None = stored(None)
    previous_screening: str = stored("")
    sent: bool = stored(False)
    refused: Json | None = stored(None)
    done_at: str = stored("")
    counts: Mapping[str, int] | None = stored(None)
    merchants: int = stored(0)
    screened: bool | None = stored(None)
    rest: str = stored("")
    snapshot_built_at: str = stored("")
    object_version: str = stored("")
    followed_by: str = stored("")
    key_id: str = stored("")
    waits_until: str = stored("")
    place: int = stored(0)

    @property
    def is_split(self) -> bool:
        """Whether the rows of its file wait in shards."""
        return self.chunks is not None

    def rows_key(self, kind: str) -> str:
        """Where its rejected rows, or those with warnings (`kind`), are kept."""
        return f"results/{self.platform_id}/{self.roster_id}/{kind}.jsonl"

    def merchants_done(self) -> dict[str, int]:
        """How many merchants each shard that is done holds, by its number as text."""
        return {shard: int(count) for shard, _, count in (done.partition(":") for done in self.chunks_done)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterQueue(Record):
    """Whose turn it is among the rosters of one platform, and which run made the generation that counts (`current`).

    `turn` rises with each change. `waiting` are the next rosters; where `overflow` is true, further ones wait in a log,
    of which the numbers up to `taken` were taken. `base` is the generation that the active run starts from; `shards`
    and `merchants` are those of the current one; `screened_with` is the snapshot that it was screened against.
    """

    id: str = stored()
    turn: int = stored(0, always=True)
    active: str = stored("")
    waiting: tuple[str, ...] = stored((), many="values")
    overflow: bool = stored(False)
    taken: int = stored(0)
    base: str = stored("")
    current: str = stored("")
    shards: int = stored(0)
    merchants: int = stored(0)
    screened_with: str = stored("")
    screened_at: str = stored("")


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterNews(Record):
    """What a platform sent last, and when a call last enrolled a merchant or took one off."""

    last: str = stored("")
    last_content: str = stored("")
    enrolled_at: str = stored("")


def view(roster: Roster, now: datetime) -> Json:
    """The roster as its platform sees it: how far it is, how fast, and for how much longer."""
    item = roster.to_item()
    answer: Json = {field: item[field] for field in _SHOWN if field in item}
    answer |= {field: getattr(roster, field) for field in _ROW_COUNTS}
    if roster.not_hosted:
        answer["not_hosted"] = roster.not_hosted
    if roster.counts is not None:
        answer["counts"] = dict(roster.counts)
    done = roster.merchants_done()
    answer["merchants_done"] = sum(done.values())
    if roster.started_at and not roster.done_at and done:
        seconds = max(age_seconds(roster.started_at, now), 1)
        answer["merchants_a_second"] = round(answer["merchants_done"] / seconds, 1)
        answer["seconds_left"] = round(seconds * ((roster.chunks or 0) - len(done)) / len(done))
    return answer
