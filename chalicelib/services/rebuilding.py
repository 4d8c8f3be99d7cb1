"""Everything that is derived from the subjects, derived again: posting lists, the change feed, the notices."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.search import listed_postings
from chalicelib.services import notifying

if TYPE_CHECKING:
    from chalicelib.adapters.registry_table import RegistryTable

PAGE = 100


def rebuild(
    registry: "RegistryTable",
    desk: notifying.Desk,
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
        notifying.announce(desk, ((None, subject) for subject in subjects), now)
        done += len(subjects)
        if not start or not time_is_left():
            return {"subjects": done, "next": start}


def sweep(registry: "RegistryTable") -> int:
    """Take every posting off that its subject no longer claims, and empty common keys for a fresh start; how many.

    Run it before `rebuild`, which fills what it emptied.
    """
    swept = 0
    for key, common, filed in registry.all_keys():
        if common:
            registry.forget_key(key)
            swept += 1
            continue
        subjects = registry.subjects(filed)
        for subject_id, posting in filed.items():
            subject = subjects.get(subject_id)
            if subject is None or key not in listed_postings(subject):
                registry.unpost(subject_id, posting["v"] + 1, [key])
                swept += 1
    return swept
