"""How long an ordinary file waits while other platforms send a hundred slow ones each: with turns, and without.

    python -m benchmarks.fair_share

Workers and clock are simulated; what decides whose turn it is, how long a file waits and how many pieces of it are in
the queue is the code that runs on AWS. A queue hands out first what was sent first, as SQS does where nobody is
noisy enough for it.
"""

import heapq
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, cast

from chalicelib.accounts import file_turns
from chalicelib.accounts.file_turns import PIECES_AT_ONCE, REPORTS, ROSTERS
from chalicelib.handlers.events.arrived_files import TAKEN, FileWork, arrived_files, take_file
from infra.harden import MAX_CONCURRENCY

START: Final = datetime(2026, 3, 2, tzinfo=UTC)
PREFIX: Final = {REPORTS: "reports", ROSTERS: "rosters/incoming"}
FUNCTIONS: Final = {REPORTS: "report", ROSTERS: "roster"}
# Workers of files and of pieces before there were turns.
FORMERLY: Final = {REPORTS: (5, 20), ROSTERS: (2, 20)}
# What a worker is busy for with a file that only waits.
SECONDS_TO_SEND_BACK: Final = 0.1


@dataclass(frozen=True, slots=True)
class Work:
    """How long a file is read for, into how many pieces, and how long each of them takes."""

    seconds: float
    pieces: int
    piece_seconds: float


# As slow as a function may be, and a file of ordinary size.
SLOW: Final = Work(840, 200, 20)
ORDINARY: Final = Work(5, 2, 4)


class Items:
    """The part of the exchange table that the turns use."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def get(self, item_id: str) -> dict[str, Any] | None:
        """The item."""
        return self.items.get(item_id)

    def get_many(self, item_ids: list[str]) -> dict[str, dict[str, Any]]:
        """Those that exist."""
        return {item_id: self.items[item_id] for item_id in item_ids if item_id in self.items}

    def put_new(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """Write it unless there is one."""
        return self.items.get(item["id"]) or self.items.update({item["id"]: item})

    def set_fields(self, item_id: str, fields: Mapping[str, Any], only_if: Mapping[str, Any]) -> bool:
        """Set fields while the others are as they were."""
        item = self.items[item_id]
        if any(item[name] != value for name, value in only_if.items()):
            return False
        item.update(fields)
        return True


@dataclass(slots=True)
class Workers:
    """So many workers, and what waits for them."""

    free: int
    waiting: deque[Callable[[], None]] = field(default_factory=deque)


class Simulation:
    """Files of several platforms, their queue, and the workers; `done` is when each file was done, in seconds."""

    def __init__(self, kind: str, turns: bool) -> None:
        self.kind, self.turns, self.clock = kind, turns, 0.0
        files, pieces = FORMERLY[kind]
        if turns:
            files = MAX_CONCURRENCY[f"{FUNCTIONS[kind]}_file_arrived"]
            pieces = MAX_CONCURRENCY[f"{FUNCTIONS[kind]}_chunk_arrived"]
        self.files, self.pieces = Workers(files), Workers(pieces)
        self.done: dict[str, float] = {}
        self.most_in_work: dict[str, int] = {}
        self._works: dict[str, Work] = {}
        self._left: dict[str, int] = {}
        self._in_work: dict[str, int] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._items = Items()
        items, queue = cast("Any", self._items), cast("Any", self)
        self._work = FileWork(kind, items, lambda: queue, str, self._begin, lambda _: None)

    def arrive(self, platform_id: str, name: str, work: Work, at: float = 0.0) -> None:
        """A file is written to the bucket."""
        file_id = f"{platform_id}-{name}"
        self._works[file_id] = work
        key = f"{PREFIX[self.kind]}/{platform_id}/{file_id}/a.csv"
        self._deliver(json.dumps({"Records": [{"s3": {"object": {"key": key}}}]}), at)

    def send(self, messages: list[dict[str, Any]], delay_seconds: int = 0) -> None:
        """The queue takes a file that waits."""
        for message in messages:
            self._deliver(json.dumps(message), self.clock + delay_seconds)

    def run(self, until: Callable[[], bool]) -> None:
        """Let the time pass until then, or until nothing is left to do."""
        while self._events and not until():
            self.clock, _, event = heapq.heappop(self._events)
            event()

    def _deliver(self, body: str, at: float) -> None:
        self._at(at, lambda: self._offer(self.files, lambda: self._receive(body)))

    def _at(self, moment: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._numbers), event))

    def _offer(self, workers: Workers, work: Callable[[], None]) -> None:
        workers.waiting.append(work)
        self._start(workers)

    def _start(self, workers: Workers) -> None:
        while workers.free and workers.waiting:
            workers.free -= 1
            workers.waiting.popleft()()

    def _free(self, workers: Workers, seconds: float, then: Callable[[], None] = lambda: None) -> None:
        def end() -> None:
            workers.free += 1
            then()
            self._start(workers)

        self._at(self.clock + seconds, end)

    def _receive(self, body: str) -> None:
        now = START + timedelta(seconds=self.clock)
        [file] = arrived_files(self.kind, body, now)
        if not self.turns:
            self._begin(file.key)
        elif take_file(self._work, file, 1, now) != TAKEN:
            self._free(self.files, SECONDS_TO_SEND_BACK)

    def _begin(self, key: str) -> None:
        platform_id, file_id = key.split("/")[-3:-1]
        work = self._works[file_id]
        self._left[file_id] = work.pieces
        self._in_work[platform_id] = self._in_work.get(platform_id, 0) + 1
        self.most_in_work[platform_id] = max(self.most_in_work.get(platform_id, 0), self._in_work[platform_id])

        def split() -> None:
            if self.turns and self.kind == ROSTERS:
                self._end_turn(platform_id, file_id)
            first = min(work.pieces, PIECES_AT_ONCE) if self.turns else work.pieces
            for number in range(first):
                self._send_piece(platform_id, file_id, number)

        self._free(self.files, work.seconds, split)

    def _send_piece(self, platform_id: str, file_id: str, number: int) -> None:
        work = self._works[file_id]

        def saved() -> None:
            self._left[file_id] -= 1
            if self.turns and number + PIECES_AT_ONCE < work.pieces:
                self._send_piece(platform_id, file_id, number + PIECES_AT_ONCE)
            if not self._left[file_id]:
                self.done[file_id] = self.clock
                self._items.items[file_id] = {"id": file_id, "status": "done"}
                self._in_work[platform_id] -= 1
                self._end_turn(platform_id, file_id)

        self._offer(self.pieces, lambda: self._free(self.pieces, work.piece_seconds, saved))

    def _end_turn(self, platform_id: str, file_id: str) -> None:
        now = START + timedelta(seconds=self.clock)
        for message in file_turns.end_turn(cast("Any", self._items), self.kind, platform_id, file_id, now):
            self._deliver(json.dumps(message), self.clock)


def seconds_of_an_ordinary_file(kind: str, noisy: int, turns: bool, at: float = 60.0) -> float:
    """How long after it was sent the file of a quiet platform is done while `noisy` others have sent 100 slow ones."""
    simulation = Simulation(kind, turns)
    for platform in range(noisy):
        for number in range(100):
            simulation.arrive(f"noisy-{platform}", f"{number:03d}", SLOW)
    simulation.arrive("quiet", "file", ORDINARY, at)
    simulation.run(lambda: "quiet-file" in simulation.done)
    return simulation.done["quiet-file"] - at


def main() -> None:
    """Print a line for each case."""
    print("files     noisy platforms   without turns   with turns")
    for kind in (REPORTS, ROSTERS):
        for noisy in (0, 1, 5, 20):
            before, after = (seconds_of_an_ordinary_file(kind, noisy, turns) for turns in (False, True))
            print(f"{kind:8} {noisy:16} {before:13.0f} s {after:10.0f} s")


if __name__ == "__main__":
    main()
