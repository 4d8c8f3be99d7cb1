"""A delta is saved in chunks of changes, so that a worker that was killed is followed by one that saves the rest.

Every change of a run carries the moment at which the run began. So a chunk that is saved twice changes nothing the
second time, whatever of it had been saved the first time.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.compute_delta import Delta
from chalicelib.government_lists.dependencies import Context
from chalicelib.government_lists.retry_unsaved import keep_unsaved, save_lines
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.feed_state import DeltaRun, FeedState
from chalicelib.government_lists.rules.fetched_list import FetchedList
from chalicelib.storage.set_aside import set_aside
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

CHUNK: Final = 1_000
JOB: Final = "government_list"


def prepare_run(bucket: "FileBucket", feed: Feed, fetched: FetchedList, delta: Delta, now: datetime) -> DeltaRun:
    """Put what changed into the bucket, chunk by chunk, and the list as it will then be; the run that saves it."""
    at = iso(now)
    place = f"feeds/{feed.name}/runs/{at}"
    chunk: list[str] = []
    chunks = 0
    for _, change in sort_large_list.read(delta.changes):
        chunk.append(change)
        if len(chunk) == CHUNK:
            bucket.put(f"{place}/{chunks}", "\n".join(chunk).encode())
            chunks, chunk = chunks + 1, []
    if chunk:
        bucket.put(f"{place}/{chunks}", "\n".join(chunk).encode())
        chunks += 1
    bucket.put_file(f"{place}/records", delta.entries)
    return DeltaRun(
        at=at,
        place=place,
        chunks=chunks,
        done=0,
        changes=delta.changed,
        rows=delta.counts.after,
        rejected=delta.counts.rejected,
        persons_left_out=delta.counts.persons_left_out,
        cursor=fetched.cursor,
        version=fetched.sha256[:16],
        findings=delta.findings,
    )


def save_chunks(
    context: Context, feed: Feed, state: FeedState, run: DeltaRun, time_is_left: Callable[[], bool]
) -> DeltaRun:
    """Save the chunks of the state's run that are not saved yet, as far as the time reaches; the run as it then is."""
    while not run.is_done():
        body = context.bucket.get(f"{run.place}/{run.done}")
        if body is None:
            raise LookupError(f"chunk {run.done} of {run.place} is not in the bucket")
        lines = body.decode().split("\n")
        unsaved = save_lines(context, feed, lines, run.at)
        # A list is told of what it has too many of as well, so that an operator can name the row to the office.
        set_aside(context.exchange, (each.record(JOB, f"{feed.name}.{run.version}") for _, each in unsaved))
        keep_unsaved(context.bucket, feed, lines, [line for line, _ in unsaved])
        run = run.replace(
            done=run.done + 1, rejected=run.rejected + len(unsaved), not_saved=run.not_saved + len(unsaved)
        )
        context.exchange.put(state.replace(run=run).to_item())
        if not time_is_left():
            break
    return run
