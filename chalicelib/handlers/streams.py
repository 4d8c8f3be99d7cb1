"""The stream of the subjects table: everything that is derived from a saved subject starts here."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import logs, wiring
from chalicelib.handlers import desks
from chalicelib.services import chasing, corroborating, expiring, indexing, licensing, notifying, undoing

Subject = Mapping[str, Any]


def subject_indexed(event: Mapping[str, Any]) -> None:
    """File the changed subjects under their keys."""
    images = list(_images(event))
    indexing.index(wiring.registry(), images)
    logs.note("subjects_indexed", subjects=len(images))


def subject_announced(event: Mapping[str, Any]) -> None:
    """Number each change and tell everyone."""
    images = list(_images(event))
    expiring.file(wiring.exchange(), images, wiring.now())
    chasing.file(wiring.exchange(), images, wiring.now())
    told = notifying.announce(desks.telling(), images, wiring.now())
    steps = undoing.follow(desks.undo(), images, wiring.now())
    changed = corroborating.follow(desks.corroboration(), images, wiring.now())
    licences = licensing.follow(wiring.exchange(), desks.post(), images, wiring.now())
    logs.note("changes_told", changes=told, disputes=steps, corroborations=changed, licences=licences)


def _images(event: Mapping[str, Any]) -> Iterator[tuple[Subject | None, Subject]]:
    """The old and the new image of each saved subject; subjects are never deleted."""
    from chalicelib.adapters.attributes import from_item

    for record in event["Records"]:
        images = record["dynamodb"]
        if "NewImage" in images:
            old = images.get("OldImage")
            yield (from_item(old) if old else None), from_item(images["NewImage"])


def rebuild(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """One leg of the rebuild job, as long as this invocation may last."""
    from chalicelib.services import rebuilding

    start = str(event.get("start", ""))

    def time_is_left() -> bool:
        return bool(context.get_remaining_time_in_millis() > 30_000)

    if event.get("sweep"):
        return rebuilding.sweep(wiring.registry(), start, time_is_left)
    parts = rebuilding.Desks(desks.telling(), desks.undo(), desks.corroboration())
    return rebuilding.rebuild(wiring.registry(), parts, start, wiring.now(), time_is_left)
