"""Everything that is derived from the subjects, derived again: posting lists, the change feed, the notices, the
index of ends, corroboration, the state of licences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.disputes import dispute_consequences, overdue_answers
from chalicelib.licences import licence_checks
from chalicelib.lookups.rules.find_candidates import listed_postings
from chalicelib.registry import listing_expiry
from chalicelib.stream import publish_changes
from chalicelib.verdicts import update_corroboration

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable

PAGE = 100


@dataclass(frozen=True, slots=True)
class Desks:
    """What telling, undoing and corroborating work with."""

    task_context: publish_changes.Context
    undoing: dispute_consequences.Context
    corroborating: update_corroboration.Context


def rebuild(
    registry: "RegistryTable",
    desks: Desks,
    start: str,
    now: datetime,
    time_is_left: Callable[[], bool],
    page: int = PAGE,
) -> dict[str, Any]:
    """Derive page after page until the time is nearly up; `next` is where to go on, '' when all is done.

    Safe beside live traffic and safe to repeat: filing is idempotent, and a change keeps its number and its notice.
    """
    done = 0
    while True:
        subjects, start = registry.all_subjects(start, page)
        for subject in subjects:
            registry.post(subject["subject_id"], subject["version"], listed_postings(subject))
        images = [(None, subject) for subject in subjects]
        listing_expiry.file(desks.task_context.exchange, images, now)
        overdue_answers.file(desks.task_context.exchange, images, now)
        publish_changes.announce(desks.task_context, images, now)
        dispute_consequences.follow(desks.undoing, images, now)
        update_corroboration.follow(desks.corroborating, images, now)
        licence_checks.follow(desks.task_context.exchange, desks.task_context.sender, images, now)
        done += len(subjects)
        if not start or not time_is_left():
            return {"subjects": done, "next": start}


def sweep(registry: "RegistryTable", start: str, time_is_left: Callable[[], bool], page: int = PAGE) -> dict[str, Any]:
    """Take every posting off that its subject no longer claims, and empty common keys for a fresh start.

    Run it to its end before `rebuild`, which fills what it emptied; `next` is where to go on, '' when all is done.
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
    stale = [one for one in filed if one not in subjects or key not in listed_postings(subjects[one])]
    for subject_id in stale:
        registry.unpost(subject_id, filed[subject_id]["v"] + 1, [key])
    return len(stale)
