"""The stream of the subjects table: everything that is derived from a saved subject starts here."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.registry.rules.subject import Subject

# What an invocation of the rebuild job keeps back of its time, to end in order.
RESERVED_MS = 30_000


def subject_indexed(event: Mapping[str, Any]) -> None:
    """Update the posting lists of the saved subjects."""
    from chalicelib.stream import projections

    _derive(event, projections.INDEXED)


def subject_announced(event: Mapping[str, Any]) -> None:
    """Number each change, notify its recipients, open and cancel tasks."""
    from chalicelib.stream import projections

    _derive(event, projections.ANNOUNCED)


def rebuild(event: Mapping[str, Any], context: Any) -> Json:
    """One page of the rebuild job, as long as this invocation may last."""
    from chalicelib.handlers.events.scheduled_jobs import time_left
    from chalicelib.stream import rebuild as job

    start, time_is_left = str(event.get("start", "")), time_left(context, RESERVED_MS)
    if event.get("sweep"):
        return job.sweep(wiring.registry(), start, time_is_left)
    return job.rebuild(dependencies.projections(), wiring.digest(), start, wiring.now(), time_is_left)


def _derive(event: Mapping[str, Any], function: str) -> None:
    from chalicelib.stream import projections

    images = list(_images(event))
    counts = projections.derive(dependencies.projections(), images, wiring.now(), function)
    logs.note(function, subjects=len(images), **counts)


def _images(event: Mapping[str, Any]) -> "Iterator[tuple[Subject | None, Subject]]":
    """The old and the new image of each saved subject; subjects are never deleted."""
    from chalicelib.registry.rules.subject import Subject
    from chalicelib.storage.dynamodb_values import from_item

    for record in event["Records"]:
        images = record["dynamodb"]
        if "NewImage" in images:
            old = images.get("OldImage")
            yield (Subject.from_item(from_item(old)) if old else None), Subject.from_item(from_item(images["NewImage"]))
