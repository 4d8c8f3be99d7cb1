"""Derives again everything that is derived from the subjects: runs every projection over every subject."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.stream import projections
from chalicelib.values.records import Json

if TYPE_CHECKING:
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
        lists, start = registry.all_keys(start, page)
        swept += sum(_sweep(registry, key, common, filed) for key, common, filed in lists)
        if not start or not time_is_left():
            return {"swept": swept, "next": start}


def _sweep(registry: "RegistryTable", key: str, common: bool, filed: Mapping[str, Mapping[str, Any]]) -> int:
    if common:
        registry.forget_key(key)
        return 1
    subjects = registry.subjects(filed)
    stale = [
        subject_id for subject_id in filed if subject_id not in subjects or key not in postings_of(subjects[subject_id])
    ]
    for subject_id in stale:
        registry.unpost(subject_id, filed[subject_id]["v"] + 1, [key])
    return len(stale)
