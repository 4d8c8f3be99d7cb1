"""What could not be saved of a list is kept and tried again with each pull, until it is saved or the source says anew.

A subject that was full has room again once listings are withdrawn, and a later version may save what an earlier one
refused; the source, which has said all that it knows, would not say it again.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib import logs
from chalicelib.government_lists.dependencies import Context
from chalicelib.government_lists.rules.entry_changes import changes, entry_of
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.registry.rules.subject_changes import Change
from chalicelib.registry.save_subject_changes import Unsaved, save_all
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

# So many lines are kept for a list, and so many tried again with a pull.
MOST_KEPT: Final = 5_000
MOST_TRIED: Final = 200


def save_lines(context: Context, feed: Feed, lines: Sequence[str], at: str) -> list[tuple[str, Unsaved]]:
    """Save what lines of a delta change (`{"record": …, "gone": bool}`); each change that is not saved, with its
    line."""
    made: list[Change] = []
    line_of: dict[int, str] = {}
    for line in lines:
        change = json.loads(line)
        for each in changes(feed, entry_of(feed, change["record"]), gone=change["gone"], at=at):
            made.append(each)
            line_of[id(each)] = line
    return [(line_of[id(each.change)], each) for each in save_all(context.registry, made)]


def keep_unsaved(bucket: "FileBucket", feed: Feed, lines: Sequence[str], unsaved: Sequence[str]) -> None:
    """Keep those of the lines of a chunk that were not saved, and forget what was kept of the others' entries."""
    before = _read(bucket, feed)
    if not before and not unsaved:
        return
    saved = {_key(line) for line in lines}
    after = {key: line for key, line in before.items() if key not in saved}
    after |= {_key(line): line for line in unsaved}
    if after != before:
        _write(bucket, feed, after.values())


def retry_unsaved(context: Context, feed: Feed, now: datetime) -> int:
    """Try to save again what is kept of a list, a bounded number of entries in their turn; how many were saved."""
    lines = list(_read(context.bucket, feed).values())
    if not lines:
        return 0
    tried = lines[:MOST_TRIED]
    unsaved = list(dict.fromkeys(line for line, _ in save_lines(context, feed, tried, iso(now))))
    after = [*lines[MOST_TRIED:], *unsaved]
    if after != lines:
        _write(context.bucket, feed, after)
    saved = len(tried) - len(unsaved)
    if saved:
        logs.note("unsaved_entries_saved", feed=feed.name, saved=saved, left=len(after))
    return saved


def _read(bucket: "FileBucket", feed: Feed) -> dict[str, str]:
    body = bucket.get(_place(feed)) or b""
    return {_key(line): line for line in body.decode().split("\n") if line}


def _write(bucket: "FileBucket", feed: Feed, lines: Iterable[str]) -> None:
    bucket.put(_place(feed), "\n".join(list(lines)[:MOST_KEPT]).encode())


def _key(line: str) -> str:
    return str(json.loads(line)["record"]["key"])


def _place(feed: Feed) -> str:
    return f"feeds/{feed.name}/unsaved"
