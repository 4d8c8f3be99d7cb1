"""What the queues deliver: files of reports and rosters that were written to the bucket, and chunks of them to save.

Each function takes the body of one message, and how often it was received until now (`ApproximateReceiveCount`).
"""

import json
from functools import partial
from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.accounts.file_turns import REPORTS, ROSTERS
from chalicelib.handlers import dependencies
from chalicelib.handlers.events.arrived_files import (
    DONE,
    TAKEN,
    WAITS,
    ArrivedFile,
    FileWork,
    arrived_files,
    pass_turn_on,
    take_file,
)
from chalicelib.handlers.events.last_try import with_last_try
from chalicelib.storage.item_keys import report_keys, roster_keys
from chalicelib.values.timestamps import age_seconds

if TYPE_CHECKING:
    from chalicelib.storage.sqs_queue import Queue


def report_file_arrived(body: str, receive_count: int) -> None:
    """A message of the bucket: a file of a report was written. One file a message."""
    work = FileWork(REPORTS, wiring.exchange(), _report_files, report_keys.report, _split_report, _give_up_report)
    for file in arrived_files(REPORTS, body, wiring.now()):
        if _took(work, file, receive_count):
            logs.note("report_file_taken", report=file.file_id)


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
    """A message of the bucket: the file of a roster was written. One file a message."""
    work = FileWork(ROSTERS, wiring.exchange(), _roster_files, roster_keys.roster, _split_roster, _give_up_roster)
    for file in arrived_files(ROSTERS, body, wiring.now()):
        if _took(work, file, receive_count):
            pass_turn_on(work, file, wiring.now())
            logs.note("roster_file_taken", roster=file.file_id)


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


def _report_files() -> "Queue":
    return wiring.queue(wiring.settings().report_files_queue)


def _roster_files() -> "Queue":
    return wiring.queue(wiring.settings().roster_files_queue)


def _took(work: FileWork, file: ArrivedFile, receive_count: int) -> bool:
    """Whether the file was worked on; how long it has waited until now is measured, also while it waits on."""
    now = wiring.now()
    outcome, waited = take_file(work, file, receive_count, now), age_seconds(file.since, now)
    if outcome != DONE:
        logs.measure({"FileWaitSeconds": waited}, Kind=file.kind, Platform=file.platform_id)
        logs.measure({"AnyFileWaitSeconds": waited})  # an alarm names no platform
    if outcome == WAITS:
        logs.note("file_waits", kind=file.kind, platform=file.platform_id, file=file.file_id, seconds=waited)
    return outcome == TAKEN


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
