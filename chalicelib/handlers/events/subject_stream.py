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


def subject_indexed(event: Mapping[str, Any]) -> Json:
    """Update the posting lists of the saved subjects; the first record that failed, if one did."""
    from chalicelib.stream import projections

    return _derive_as_far_as_possible(event, projections.INDEXED)


def subject_announced(event: Mapping[str, Any]) -> Json:
    """Number each change, notify its recipients, open and cancel tasks; the first record that failed, if one did."""
    from chalicelib.stream import projections

    return _derive_as_far_as_possible(event, projections.ANNOUNCED)


def rebuild(event: Mapping[str, Any], context: Any) -> Json:
    """One page of the rebuild job, as long as this invocation may last."""
    from chalicelib.handlers.events.scheduled_jobs import time_left
    from chalicelib.stream import rebuild as job

    start, time_is_left = str(event.get("start", "")), time_left(context, RESERVED_MS)
    if event.get("sweep"):
        return job.sweep(wiring.registry(), start, time_is_left)
    return job.rebuild(dependencies.projections(), wiring.digest(), start, wiring.now(), time_is_left)


def _derive_as_far_as_possible(event: Mapping[str, Any], function: str) -> Json:
    """Derive the batch; where that fails, its records one by one up to the one that fails, which is named.

    Lambda goes on from there (`ReportBatchItemFailures`). Raises what the first record of the batch raises, so that the
    failure is counted; deriving a record again changes nothing.
    """
    records = event["Records"]
    try:
        _derive(event, function)
    except Exception:
        if len(records) == 1:
            raise
        for place, record in enumerate(records):
            try:
                _derive({"Records": [record]}, function)
            except Exception:
                if place == 0:
                    raise
                logs.failed("record_failed", function=function, place=place, records=len(records))
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


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
