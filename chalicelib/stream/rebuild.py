"""Derives again everything that is derived from the subjects: runs every projection over every subject."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.stream import projections
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_pages import PostingList
    from chalicelib.registry.adapters.registry_table import RegistryTable

PAGE = 100


def rebuild(
    context: projections.Context, start: str, now: datetime, time_is_left: Callable[[], bool], page: int = PAGE
) -> Json:
    """Run every projection over page after page of subjects until the time is nearly up.

    `next` is the subject to resume after, '' when all is done. Safe beside live traffic and safe to repeat. What only
    the difference of two images shows (a renamed licence holder) is not derived again, for a subject has one image.
    """
    done = 0
    while True:
        subjects, start = context.registry.all_subjects(start, page)
        projections.derive(context, [(None, subject) for subject in subjects], now)
        done += len(subjects)
        if not start or not time_is_left():
            return {"subjects": done, "next": start}


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
