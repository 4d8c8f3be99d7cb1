"""Derives again everything that is derived from the subjects: runs every projection over every subject."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.rules import listing_history
from chalicelib.registry.rules.mask_person import MaskPerson, without_names
from chalicelib.registry.rules.subject import Subject
from chalicelib.storage.set_aside import REFUSALS, SetAside, setting_aside
from chalicelib.stream import mask_logs, projections
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import shown_name
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.notices.change_log import ChangeLog
    from chalicelib.registry.adapters.registry_pages import PostingList
    from chalicelib.registry.adapters.registry_table import RegistryTable

PAGE = 100
JOB = "rebuild"


def rebuild(
    context: projections.Context,
    digest: Digest,
    start: str,
    now: datetime,
    time_is_left: Callable[[], bool],
    page: int = PAGE,
) -> Json:
    """Run every projection over page after page of subjects until the time is nearly up.

    Natural persons that an older version stored with their full name are masked first, in the subject and in its
    numbered changes; last of all in every log.

    `next` is the subject to resume after, or the position in the logs (`log#…`), '' when all is done. Safe beside live
    traffic and safe to repeat. What only the difference of two images shows (a renamed licence holder) is not derived
    again, for a subject has one image.
    """
    done = 0
    if start.startswith(mask_logs.LOGS):
        return {"subjects": done, "next": mask_logs.mask_logs(context, start, now, time_is_left)}
    while True:
        stored, start = context.registry.all_subjects(start, page)
        subjects = _masked_page(context, stored, digest, now)
        _derive(context, subjects, now)
        done += len(subjects)
        if not start and time_is_left():
            return {"subjects": done, "next": mask_logs.mask_logs(context, mask_logs.LOGS, now, time_is_left)}
        if not start or not time_is_left():
            return {"subjects": done, "next": start or mask_logs.LOGS}


def _masked_page(
    context: projections.Context, stored: Sequence[Subject], digest: Digest, now: datetime
) -> list[Subject]:
    """The subjects of a page, masked, without those that cannot be saved so."""
    subjects: list[Subject] = []
    for subject in stored:
        wrong = SetAside(at=iso(now), job=JOB, record_id=subject.subject_id)
        with setting_aside(context.closure_tasks.exchange, wrong):
            subjects.append(_masked(context, subject, digest, now))
    return subjects


def _masked(context: projections.Context, subject: Subject, digest: Digest, now: datetime) -> Subject:
    """The subject, saved without the full name of a natural person; as it is where it holds none."""
    change = MaskPerson(subject.subject_id, digest, iso(now))
    if change.apply(subject) is None:
        return subject
    # The changes first: a job that is killed in between finds the name in the subject, and masks them again.
    for listing in subject.listings.values():
        for revision in range(1, listing.revision + 1):
            _mask_change(
                context.closure_tasks.changes, listing_history.change_id(listing.listing_id, revision), subject
            )
    return context.registry.save(change) or subject


def _mask_change(changes: "ChangeLog", entry_id: str, subject: Subject) -> None:
    numbered = changes.find(entry_id)
    if numbered:
        name = str(numbered.subject.get("name", ""))
        public = {**numbered.subject, "name": shown_name(name), "other_names": []} if name else numbered.subject
        kept = {field: value for field, value in public.items() if value != []}
        listing = without_names(numbered.listing, subject.names)
        changes.update(numbered, numbered.replace(subject=kept, listing=listing))


def _derive(context: projections.Context, subjects: Sequence[Subject], now: datetime) -> None:
    """Derive a page at once; where one of its subjects is wrong, one by one, without those that are."""
    try:
        projections.derive(context, [(None, subject) for subject in subjects], now)
    except REFUSALS:
        exchange = context.closure_tasks.exchange
        for subject in subjects:
            with setting_aside(exchange, SetAside(at=iso(now), job=JOB, record_id=subject.subject_id)):
                projections.derive(context, [(None, subject)], now)


def sweep(registry: "RegistryTable", start: str, time_is_left: Callable[[], bool], page: int = PAGE) -> Json:
    """Take every posting off that its subject no longer claims, and empty common keys for a fresh start.

    Run it to its end before `rebuild`, which fills what it emptied. `next` is the key to resume after, '' at the end.
    """
    swept = 0
    while True:
        lists, start = registry.all_posting_lists(start, page)
        swept += sum(_sweep(registry, posting_list) for posting_list in lists)
        if not start or not time_is_left():
            return {"swept": swept, "next": start}


def _sweep(registry: "RegistryTable", posting_list: "PostingList") -> int:
    key, postings = posting_list.key, posting_list.postings
    if posting_list.common:
        registry.delete_posting_list(key)
        return 1
    subjects = registry.subjects(postings)
    claiming = {subject_id for subject_id, subject in subjects.items() if key in postings_of(subject)}
    stale = [subject_id for subject_id in postings if subject_id not in claiming]
    for subject_id in stale:
        registry.remove_postings(subject_id, postings[subject_id]["v"] + 1, [key])
    return len(stale)
