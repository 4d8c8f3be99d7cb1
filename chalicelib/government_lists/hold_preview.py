"""What a release of a held delivery would do, entry by entry: computed when it is held, read page by page.

Four files in the bucket for each hold: entries that would be added, changed and ended, and those of them whose merchant
platforms have listed. Each begins with a line of counts; the lifecycle of the bucket erases them after 90 days. At most
`MOST_KEPT` entries of each kind are kept, and `MOST_LOOKED_AT` changes are looked at, which the counts say.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib import logs
from chalicelib.accounts.roles import Role
from chalicelib.errors import NotFound
from chalicelib.government_lists import sort_large_list
from chalicelib.government_lists.dependencies import Context
from chalicelib.government_lists.rules.entry_changes import entry_of, identity_of
from chalicelib.government_lists.rules.feed import Feed
from chalicelib.government_lists.rules.holds.held_entry import ADDED, CHANGED, ENDED, kind_of, line_of
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.listing_source import Source
from chalicelib.registry.rules.subject import active_listings
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.file_bucket import FileBucket

TOUCHED: Final = "touched"
KINDS: Final = (ADDED, CHANGED, ENDED, TOUCHED)
MOST_KEPT: Final = 4_000
MOST_LOOKED_AT: Final = 100_000
AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some of the entries of one kind: when they were computed, how many there are of each kind, where to read on."""

    at: str
    counts: Mapping[str, int]
    kept: int
    is_whole: bool
    entries: list[Json]
    next: str


@dataclass(slots=True)
class _Collected:
    """The entries of each kind that are kept, with their subjects, and how many there are."""

    lines: dict[str, list[tuple[str, Json]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    counts: Counter[str] = field(default_factory=Counter)
    is_whole: bool = True


def preview_key(feed_name: str, hold_id: str, kind: str) -> str:
    """Where the entries of one kind are kept."""
    return f"results/feed-previews/{feed_name}/{hold_id}/{kind}"


def try_to_keep(context: Context, feed: Feed, hold_id: str, delta: tuple[Path, Path | None], now: datetime) -> None:
    """Keep what a release would do. Where that fails the delivery is held all the same; the next pull tries again.

    `delta`: the file of changes, and that of the list as it was applied, None before the first.
    """
    try:
        _keep(context, feed, hold_id, delta, now)
    except Exception:
        logs.failed("hold_preview_not_kept", feed=feed.name, hold=hold_id)


def _keep(context: Context, feed: Feed, hold_id: str, delta: tuple[Path, Path | None], now: datetime) -> None:
    collected = _collect(feed, *delta, iso(now))
    touches = _touches(context, collected)
    for kind in (ADDED, CHANGED, ENDED):
        for subject_id, line in collected.lines[kind]:
            if platforms := touches.get(subject_id):
                line["touches"] = platforms
                collected.lines[TOUCHED].append((subject_id, line))
    collected.counts[TOUCHED] = len(collected.lines[TOUCHED])
    counts = {kind: collected.counts[kind] for kind in KINDS}
    for kind, lines in collected.lines.items():
        head = {"at": iso(now), "counts": counts, "kept": len(lines), "is_whole": collected.is_whole}
        texts = (json.dumps(each, ensure_ascii=False) for each in (head, *(line for _, line in lines)))
        context.bucket.put(preview_key(feed.name, hold_id, kind), "\n".join(texts).encode())


def read_preview(bucket: "FileBucket", where: tuple[str, str], kind: str, after: int, limit: int) -> EntryPage:
    """The kept entries of a hold (name of the list, id of the hold) after that many, `limit` at most.

    Raises `NotFound` for a hold whose delivery could not be read, or was held before entries were kept.
    """
    key = preview_key(*where, kind)
    if not bucket.has(key):
        raise NotFound(ErrorCode.NOT_FOUND, hold_id=where[1][:40])
    lines = bucket.lines(key)
    head = json.loads(next(lines))
    page = [json.loads(line) for line in islice(lines, after, after + limit)]
    end = after + len(page)
    more = str(end) if page and end < head["kept"] else ""
    return EntryPage(head["at"], head["counts"], head["kept"], head["is_whole"], page, more)


def shown_to(role: Role, entry: Json) -> Json:
    """An entry as that role sees it: which platforms listed its merchant is for regulators, how many for operators."""
    platforms = entry.get("touches", [])
    shown = {**entry, "touched_by": len(platforms)}
    return shown if role == Role.REGULATOR else {name: value for name, value in shown.items() if name != "touches"}


def _collect(feed: Feed, changes: Path, applied: Path | None, at: str) -> _Collected:
    """The entries of each kind; the files of changes and of the list are in the same order."""
    collected = _Collected()
    for place, (_, old, change) in enumerate(_beside(changes, applied)):
        if place >= MOST_LOOKED_AT:
            collected.is_whole = False
            break
        told = json.loads(change)
        before = entry_of(feed, json.loads(old)) if old else None
        entry = entry_of(feed, told["record"])
        kind = kind_of(feed, before, entry, is_gone=told["gone"], at=at)
        if not kind:
            continue
        collected.counts[kind] += 1
        if len(collected.lines[kind]) < MOST_KEPT:
            collected.lines[kind].append((identity_of(entry).subject_id, line_of(kind, before, entry)))
    return collected


def _beside(changes: Path, applied: Path | None) -> Iterator[tuple[str, str | None, str]]:
    """Each change with the entry as it was applied, None for one that is new."""
    olds = sort_large_list.read(applied) if applied else iter(())
    for key, old, change in sort_large_list.side_by_side(olds, sort_large_list.read(changes)):
        if change is not None:
            yield key, old, change


def _touches(context: Context, collected: _Collected) -> dict[str, list[str]]:
    """The platforms that have listed a merchant of a kept entry, by its subject; a hundred subjects a read."""
    ids = dict.fromkeys(subject_id for lines in collected.lines.values() for subject_id, _ in lines)
    touches: dict[str, list[str]] = {}
    for some in _batches(ids):
        for subject_id, subject in context.registry.subjects(some).items():
            sources = {Source(listing.source) for listing in active_listings(subject)}
            if platforms := sorted(source.platform_id for source in sources if source.is_platform):
                touches[subject_id] = platforms
    return touches


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some
