"""What the queues deliver: files of reports and rosters that were written to the bucket, and chunks of them to save."""

import json
from urllib.parse import unquote_plus

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies


def written_keys(body: str) -> list[str]:
    """The keys of the objects that a message of the bucket says were written."""
    message = json.loads(body)
    # S3 sends this once, when the notification is set up.
    if message.get("Event") == "s3:TestEvent":
        return []
    return [unquote_plus(record["s3"]["object"]["key"]) for record in message["Records"]]


def report_file_arrived(body: str) -> None:
    """A message of the bucket: a file of a report was written. One file a message."""
    from chalicelib.reports import split_report

    for key in written_keys(body):
        split_report.take_file(dependencies.reports(), key, wiring.now())
        logs.note("report_file_taken", report=key.split("/")[2])


def report_chunk_arrived(body: str) -> None:
    """A message of our own: a chunk of a report waits to be saved."""
    from chalicelib.reports import save_report_rows

    message = json.loads(body)
    report_id, chunk = message["report_id"], message["chunk"]
    save_report_rows.take_chunk(dependencies.reports(), wiring.registry(), report_id, chunk, wiring.now())
    logs.note("report_chunk_saved", report=report_id, chunk=chunk)


def roster_file_arrived(body: str) -> None:
    """A message of the bucket: a file of a roster was written. One file a message."""
    from chalicelib.rosters import split_roster

    for key in written_keys(body):
        split_roster.take_file(dependencies.rosters(), key, wiring.now())
        logs.note("roster_file_taken", roster=key.split("/")[-1])


def roster_chunk_arrived(body: str) -> None:
    """A message of our own: a shard of a roster waits to be merged, monitored and screened."""
    from chalicelib.rosters import process_shard

    message = json.loads(body)
    process_shard.process_shard(dependencies.rosters(), message["roster_id"], message["shard"], wiring.now())
    logs.note("roster_shard_done", roster=message["roster_id"], shard=message["shard"])
    if problem := dependencies.snapshot_holder().problem:
        logs.warn("snapshot_not_taken", problem=problem)
