"""Save changes of subjects side by side, those of one subject in their order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Change

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


WRITERS: Final = 16


def save_all(registry: "RegistryTable", changes: Sequence[Change]) -> None:
    """Save the changes, those of one subject in order, many subjects at a time."""
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(change.subject_id, []).append(change)
    subjects = registry.subjects(by_subject)

    def save(subject_id: str) -> None:
        _save_in_order(registry, by_subject[subject_id], subjects.get(subject_id))

    with ThreadPoolExecutor(WRITERS) as pool:
        # list() so that the first failure is raised here and the chunk comes again.
        list(pool.map(save, by_subject))


def _save_in_order(registry: "RegistryTable", changes: Sequence[Change], subject: Subject | None) -> None:
    for change in changes:
        subject = registry.save(change, subject, just_read=True) or subject
