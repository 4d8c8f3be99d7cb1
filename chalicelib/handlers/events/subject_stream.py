"""The stream of the subjects table: everything that is derived from a saved subject starts here."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import logs, wiring
from chalicelib.disputes import dispute_consequences, overdue_answers
from chalicelib.handlers import dependencies
from chalicelib.licences import licence_checks, licence_renewal
from chalicelib.lookups import update_posting_lists
from chalicelib.registry import listing_expiry
from chalicelib.stream import publish_changes
from chalicelib.verdicts import update_corroboration

Subject = Mapping[str, Any]


def subject_indexed(event: Mapping[str, Any]) -> None:
    """File the changed subjects under their keys."""
    images = list(_images(event))
    update_posting_lists.index(wiring.registry(), images)
    logs.note("subjects_indexed", subjects=len(images))


def subject_announced(event: Mapping[str, Any]) -> None:
    """Number each change and tell everyone."""
    images = list(_images(event))
    listing_expiry.file(wiring.exchange(), images, wiring.now())
    overdue_answers.file(wiring.exchange(), images, wiring.now())
    told = publish_changes.announce(dependencies.closure_tasks(), images, wiring.now())
    steps = dispute_consequences.follow(dependencies.dispute_consequences(), images, wiring.now())
    changed = update_corroboration.follow(dependencies.corroboration(), images, wiring.now())
    licences = licence_checks.follow(wiring.exchange(), dependencies.notices(), images, wiring.now())
    licence_renewal.follow(dependencies.licence_renewal(), images, wiring.now())
    logs.note("changes_told", changes=told, disputes=steps, corroborations=changed, licences=licences)


def _images(event: Mapping[str, Any]) -> Iterator[tuple[Subject | None, Subject]]:
    """The old and the new image of each saved subject; subjects are never deleted."""
    from chalicelib.storage.dynamodb_values import from_item

    for record in event["Records"]:
        images = record["dynamodb"]
        if "NewImage" in images:
            old = images.get("OldImage")
            yield (from_item(old) if old else None), from_item(images["NewImage"])


def rebuild(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """One leg of the rebuild job, as long as this invocation may last."""
    from chalicelib.stream import rebuild as rebuilding

    start = str(event.get("start", ""))

    def time_is_left() -> bool:
        return bool(context.get_remaining_time_in_millis() > 30_000)

    if event.get("sweep"):
        return rebuilding.sweep(wiring.registry(), start, time_is_left)
    parts = rebuilding.Desks(
        dependencies.closure_tasks(), dependencies.dispute_consequences(), dependencies.corroboration()
    )
    return rebuilding.rebuild(wiring.registry(), parts, start, wiring.now(), time_is_left)
