"""Files that were written to the bucket: each is worked on in its platform's turn, and waits in its queue until then.

A file that waits is sent to the queue anew and later, with what is known of it: SQS counts each receipt of one message,
and takes a message that only waited for one that failed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from chalicelib.accounts import file_turns, row_quotas
from chalicelib.handlers.events.last_try import with_last_try
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.sqs_queue import Queue

# A file that waits is handed its turn; by itself it comes after these times, then after a part of the time for which it
# has waited, so that thousands that wait do not keep workers busy with asking.
FIRST_WAITS: Final = (15, 30, 60, 120)
PART_OF_WAIT, LEAST_WAIT, MOST_WAIT = 8, 120, 600
TAKEN, WAITS, DONE = "taken", "waits", "done"
# The most that SQS delays a message.
LONGEST_WAIT: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedFile:
    """A file of a platform; how often it was tried and has waited before, and since when.

    `is_handed`: it was handed its turn; the message by which it waits is in its queue as well.
    """

    kind: str
    platform_id: str
    file_id: str
    key: str
    tries: int = 0
    waits: int = 0
    since: str = ""
    is_handed: bool = False


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
        files.append(
            ArrivedFile(
                kind=kind,
                platform_id=key.split("/")[-3],
                file_id=file_turns.file_of(key),
                key=key,
                tries=int(waited.get("tries", 0)),
                waits=int(waited.get("times", 0)),
                since=str(waited.get("since") or record.get("eventTime") or iso(now)),
                is_handed=bool(waited.get("handed")),
            )
        )
    return files


def take_file(work: FileWork, file: ArrivedFile, receive_count: int, now: datetime) -> str:
    """Work on the file if it is its turn (`TAKEN`), else let it wait (`WAITS`), unless it is `DONE` since.

    Raises what the work raised, so that the message is kept.
    """
    from chalicelib.reports.rules.report import FINISHED

    item = work.exchange.get(work.item_id(file.file_id)) or {}
    if (file.waits or file.is_handed) and item.get("status") in FINISHED:
        pass_turn_on(work, file, now)
        return DONE
    if seconds := _seconds_to_wait(work, file, item, now):
        # A receipt that only waits is no try.
        waited = {"tries": file.tries + receive_count - 1, "times": file.waits + 1, "since": file.since}
        if not file.is_handed:
            work.queue().send([file_turns.message_of(file.key, **waited)], seconds)
        return WAITS
    try:
        with_last_try(file.tries + receive_count, lambda: work.work(file.key), lambda: work.give_up(file.file_id))
    except Exception:
        # Another file may be worked on until this one comes again.
        pass_turn_on(work, file, now)
        raise
    return TAKEN


def pass_turn_on(work: FileWork, file: ArrivedFile, now: datetime) -> None:
    """Give the turn of the file back, and bring the file that has it then."""
    if messages := file_turns.end_turn(work.exchange, file.kind, file.platform_id, file.file_id, now):
        work.queue().send(messages)


def _seconds_to_wait(work: FileWork, file: ArrivedFile, item: Mapping[str, Any], now: datetime) -> int:
    """0 for a file that has its turn now."""
    from chalicelib.reports.rules.report import RECEIVED

    seconds = row_quotas.seconds_until_rows(work.exchange, file.platform_id, str(item.get("key_id", "")), now)
    if seconds and item.get("status") == RECEIVED:
        seconds = min(seconds, LONGEST_WAIT)
        work.exchange.set_fields(str(item["id"]), {"waits_until": iso(now + timedelta(seconds=seconds))})
        pass_turn_on(work, file, now)
        return seconds
    comes_again = bool(file.waits) and not file.is_handed
    if file_turns.take_turn(work.exchange, file.kind, file.platform_id, file.key, now, comes_again=comes_again):
        return 0
    if file.waits < len(FIRST_WAITS):
        return FIRST_WAITS[file.waits]
    return min(max(age_seconds(file.since, now) // PART_OF_WAIT, LEAST_WAIT), MOST_WAIT)
