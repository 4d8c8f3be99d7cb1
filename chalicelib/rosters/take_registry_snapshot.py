"""The snapshot of the registry: built page by page on a schedule, and put into the bucket whole.

A build is resumed where it was killed: each page range ends in a part in the bucket before the state says so. The
pointer to the newest snapshot moves last; a worker that holds an older one keeps it until the newer one is whole.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.matching.blocking_keys import POSTING_CAP
from chalicelib.rosters.rules.build_snapshot import SnapshotPart, assemble
from chalicelib.rosters.rules.snapshot_state import SnapshotBuild, SnapshotPointer
from chalicelib.rosters.snapshot_holder import read_pointer
from chalicelib.storage.item_keys import roster_keys
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket

PAGE: Final = 500
PART: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotContext:
    """What a build works with; subjects are read `page` at a time, and a part holds `part_size` at least."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    bucket: "FileBucket"
    page: int = PAGE
    part_size: int = PART


def build_snapshot(context: SnapshotContext, now: datetime, time_is_left: Callable[[], bool]) -> SnapshotBuild:
    """Build as far as the time reaches; the build as it then is."""
    item = context.exchange.get(roster_keys.SNAPSHOT_BUILD)
    build = SnapshotBuild.from_item(item) if item else None
    if build is None or build.is_due_again(now):
        build = SnapshotBuild(id=roster_keys.SNAPSHOT_BUILD, began_at=iso(now))
        context.exchange.put(build.to_item())
    if build.published:
        return build
    while not build.scanned:
        build = _build_part(context, build, time_is_left)
        context.exchange.put(build.to_item())
        if not time_is_left():
            return build
    _publish(context, build)
    build = build.replace(published=True)
    context.exchange.put(build.to_item())
    context.bucket.discard([build.part_key(number) for number in range(build.parts)])
    return build


def _build_part(context: SnapshotContext, build: SnapshotBuild, time_is_left: Callable[[], bool]) -> SnapshotBuild:
    part, start = SnapshotPart(), build.start
    while True:
        subjects, start = context.registry.all_subjects(start, context.page)
        for subject in subjects:
            part.add(subject)
        if not start or len(part) >= context.part_size or not time_is_left():
            break
    context.bucket.put(build.part_key(build.parts), part.pack())
    return build.replace(parts=build.parts + 1, subjects=build.subjects + len(part), start=start, scanned=not start)


def _publish(context: SnapshotContext, build: SnapshotBuild) -> None:
    """Put the snapshot into the bucket whole, then let the pointer name it."""
    snapshot_id, key, size, sha256 = _write_file(context, build)
    newest = read_pointer(context.exchange)
    previous = newest.file if newest else None
    if newest and newest.snapshot_id == snapshot_id:
        previous = newest.previous
    pointer = SnapshotPointer(
        id=roster_keys.SNAPSHOT,
        snapshot_id=snapshot_id,
        key=key,
        bytes=size,
        sha256=sha256,
        built_at=build.began_at,
        subjects=build.subjects,
        previous=previous,
    )
    context.exchange.put(pointer.to_item())


def _write_file(context: SnapshotContext, build: SnapshotBuild) -> tuple[str, str, int, str]:
    """Write the snapshot of all parts: its id, key, size and checksum."""
    digest, content, size = hashlib.sha256(), hashlib.sha256(), 0
    parts = _read_parts(context, build)

    def pieces() -> Iterator[bytes]:
        nonlocal size
        for piece in assemble(parts, build.began_at, POSTING_CAP):
            digest.update(piece)
            if size:  # all but the head, which says when it was built
                content.update(piece)
            size += len(piece)
            yield piece

    key = f"snapshots/{build.began_at}/snapshot"
    context.bucket.put_stream(key, pieces())
    return content.hexdigest()[:24], key, size, digest.hexdigest()


def _read_parts(context: SnapshotContext, build: SnapshotBuild) -> list[bytes]:
    parts = []
    for number in range(build.parts):
        body = context.bucket.get(build.part_key(number))
        if body is None:
            raise LookupError(f"part {number} of the snapshot of {build.began_at} is not in the bucket")
        parts.append(body)
    return parts
