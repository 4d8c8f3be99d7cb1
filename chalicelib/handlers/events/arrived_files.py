"""Files that were written to the bucket: each is worked on in its platform's turn, and waits in its queue until then.

A file that waits is sent to the queue anew and later, with what is known of it: SQS counts each receipt of one message,
and takes a message that only waited for one that failed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, unquote_plus

from chalicelib.accounts import file_turns, row_quotas
from chalicelib.handlers.events.last_try import with_last_try
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.sqs_queue import Queue

# How long a file waits before it asks for its turn again: the first times; then a part of the time for which it has
# waited, so that thousands that wait do not keep workers busy with asking.
FIRST_WAITS: Final = (5, 5, 10, 10)
PART_OF_WAIT, LEAST_WAIT, MOST_WAIT = 8, 15, 300
# The most that SQS delays a message.
LONGEST_WAIT: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedFile:
    """A file of a platform; how often it was tried and has waited before, and since when."""

    kind: str
    platform_id: str
    file_id: str
    key: str
    tries: int = 0
    waits: int = 0
    since: str = ""

    def message(self) -> dict[str, Any]:
        """The message that brings the file again, in the form of the bucket's own."""
        return {
            "Records": [{"s3": {"object": {"key": quote_plus(self.key, safe="/")}}}],
            "waited": {"tries": self.tries, "times": self.waits, "since": self.since},
        }


@dataclass(frozen=True, slots=True)
class FileWork:
    """What is done with files of one kind.

    `item_id`: where what is known of a file is stored; `work` takes the key of the object, `give_up` the file's id.
    """

    kind: str
    exchange: "ExchangeTable"
    queue: "Callable[[], Queue]"
    item_id: Callable[[str], str]
    work: Callable[[str], None]
    give_up: Callable[[str], None]


def arrived_files(kind: str, body: str, now: datetime) -> list[ArrivedFile]:
    """The files that a message of the bucket, or one of our own, names."""
    message = json.loads(body)
    # S3 sends this once, when the notification is set up.
    if message.get("Event") == "s3:TestEvent":
        return []
    waited: Mapping[str, Any] = message.get("waited", {})
    files = []
    for record in message["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"])
        parts = key.removeprefix("rosters/incoming/").removeprefix("reports/").split("/")
        files.append(
            ArrivedFile(
                kind=kind,
                platform_id=parts[0],
                file_id=parts[1],
                key=key,
                tries=int(waited.get("tries", 0)),
                waits=int(waited.get("times", 0)),
                since=str(waited.get("since") or record.get("eventTime") or iso(now)),
            )
        )
    return files


def take_file(work: FileWork, file: ArrivedFile, receive_count: int, now: datetime) -> bool:
    """Work on the file if it is its turn, else let it wait; whether it was worked on.

    Raises what the work raised, so that the message is kept.
    """
    seconds = _seconds_to_wait(work, file, now)
    if seconds:
        waiting = ArrivedFile(
            kind=file.kind,
            platform_id=file.platform_id,
            file_id=file.file_id,
            key=file.key,
            # A receipt that only waits is no try.
            tries=file.tries + receive_count - 1,
            waits=file.waits + 1,
            since=file.since,
        )
        work.queue().send([waiting.message()], seconds)
        return False
    try:
        with_last_try(file.tries + receive_count, lambda: work.work(file.key), lambda: work.give_up(file.file_id))
    except Exception:
        # Another file may be worked on until this one comes again.
        file_turns.end_turn(work.exchange, file.kind, file.platform_id, file.file_id)
        raise
    return True


def _seconds_to_wait(work: FileWork, file: ArrivedFile, now: datetime) -> int:
    """0 for a file that has its turn now."""
    exchange = work.exchange
    known = exchange.get(work.item_id(file.file_id)) or {}
    seconds = row_quotas.seconds_until_rows(exchange, file.platform_id, str(known.get("key_id", "")), now)
    if seconds and known.get("status") == "received":
        seconds = min(seconds, LONGEST_WAIT)
        exchange.set_fields(str(known["id"]), {"waits_until": iso(now + timedelta(seconds=seconds))})
        return seconds
    if file_turns.take_turn(exchange, file.kind, file.platform_id, file.file_id, now):
        return 0
    if file.waits < len(FIRST_WAITS):
        return FIRST_WAITS[file.waits]
    return min(max(age_seconds(file.since, now) // PART_OF_WAIT, LEAST_WAIT), MOST_WAIT)
