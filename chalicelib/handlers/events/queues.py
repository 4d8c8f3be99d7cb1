"""What the queues deliver: files of reports and rosters that were written to the bucket, and chunks of them to save.

Each function takes the body of one message, and how often it was received until now (`ApproximateReceiveCount`).
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.events.last_try import with_last_try


def receive_count(record: Mapping[str, Any]) -> int:
    """How often a message was received, this time included."""
    return int(record["attributes"]["ApproximateReceiveCount"])


def written_keys(body: str) -> list[str]:
    """The keys of the objects that a message of the bucket says were written."""
    message = json.loads(body)
    # S3 sends this once, when the notification is set up.
    if message.get("Event") == "s3:TestEvent":
        return []
    return [unquote_plus(record["s3"]["object"]["key"]) for record in message["Records"]]


def report_file_arrived(body: str, receive_count: int) -> None:
    """A message of the bucket: a file of a report was written. One file a message."""
    for key in written_keys(body):
        report_id = key.split("/")[2]
        with_last_try(receive_count, partial(_split_report, key), partial(_give_up_report, report_id))
        logs.note("report_file_taken", report=report_id)


def report_chunk_arrived(body: str, receive_count: int) -> None:
    """A message of our own: a chunk of a report waits to be saved."""
    from chalicelib.reports import save_report_rows

    message = json.loads(body)
    report_id, chunk = message["report_id"], message["chunk"]

    def save() -> None:
        context = dependencies.reports()
        save_report_rows.save_chunk(context, wiring.registry(), report_id, chunk, wiring.now())

    with_last_try(receive_count, save, partial(_give_up_report, report_id))
    logs.note("report_chunk_saved", report=report_id, chunk=chunk)


def roster_file_arrived(body: str, receive_count: int) -> None:
    """A message of the bucket: a file of a roster was written. One file a message."""
    for key in written_keys(body):
        roster_id = key.split("/")[3]
        with_last_try(receive_count, partial(_split_roster, key), partial(_give_up_roster, roster_id))
        logs.note("roster_file_taken", roster=roster_id)


def roster_chunk_arrived(body: str, receive_count: int) -> None:
    """A message of our own: a shard of a roster waits to be merged, monitored and screened."""
    from chalicelib.rosters import process_shard

    message = json.loads(body)
    roster_id, shard = message["roster_id"], message["shard"]

    def process() -> None:
        process_shard.process_shard(dependencies.rosters(), roster_id, shard, wiring.now())

    with_last_try(receive_count, process, partial(_give_up_roster, roster_id))
    logs.note("roster_shard_done", roster=roster_id, shard=shard)
    if problem := dependencies.snapshot_holder().problem:
        logs.warn("snapshot_not_taken", problem=problem)


def _split_report(key: str) -> None:
    from chalicelib.reports import split_report

    split_report.split_file(dependencies.reports(), key, wiring.now())


def _give_up_report(report_id: str) -> None:
    from chalicelib.reports import finish_report

    finish_report.give_up(dependencies.reports(), report_id, wiring.now())


def _split_roster(key: str) -> None:
    from chalicelib.rosters import split_roster

    split_roster.take_file(dependencies.rosters(), key, wiring.now())


def _give_up_roster(roster_id: str) -> None:
    from chalicelib.rosters import refuse_roster

    refuse_roster.give_up(dependencies.rosters(), roster_id, wiring.now())
