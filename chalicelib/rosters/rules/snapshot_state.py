"""How far the building of a snapshot is, and which snapshot is the newest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.values.records import Record, stored
from chalicelib.values.timestamps import age_seconds

# A build begins this long after the last one began; sooner as long as one part holds all.
EVERY: Final = timedelta(hours=6)
EVERY_SMALL: Final = timedelta(minutes=10)
# Older than this a snapshot leaves nobody clear: a day and a build that failed.
STALE_AFTER: Final = timedelta(hours=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFile(Record):
    """A snapshot in the bucket: its key, size and checksum, when it was built and of how many subjects.

    `snapshot_id` is a digest of its content, so that a snapshot without news has the id of the one before.
    """

    snapshot_id: str = stored()
    key: str = stored()
    bytes: int = stored()
    sha256: str = stored()
    built_at: str = stored()
    subjects: int = stored()


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPointer(SnapshotFile):
    """The newest snapshot, and the one before."""

    id: str = stored()
    previous: SnapshotFile | None = stored(None, record=SnapshotFile)

    @property
    def file(self) -> SnapshotFile:
        """The newest snapshot alone."""
        return SnapshotFile(
            snapshot_id=self.snapshot_id,
            key=self.key,
            bytes=self.bytes,
            sha256=self.sha256,
            built_at=self.built_at,
            subjects=self.subjects,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotBuild(Record):
    """A build of a snapshot: after which subject it goes on (`start`), how many parts there are, whether all subjects
    are in them (`scanned`), and whether it is published."""

    id: str = stored()
    began_at: str = stored()
    start: str = stored("", always=True)
    parts: int = stored(0, always=True)
    scanned: bool = stored(False, always=True)
    subjects: int = stored(0, always=True)
    published: bool = stored(False)

    def part_key(self, number: int) -> str:
        """Where a part of it lies in the bucket."""
        return f"snapshots/{self.began_at}/part-{number:05d}"

    def is_due_again(self, now: datetime) -> bool:
        """Whether it is published and the next build may begin."""
        every = EVERY if self.parts > 1 else EVERY_SMALL
        return self.published and age_seconds(self.began_at, now) >= every.total_seconds()


def is_stale(built_at: str, now: datetime) -> bool:
    """Whether a snapshot built then is too old to call anybody clear."""
    return age_seconds(built_at, now) > STALE_AFTER.total_seconds()
