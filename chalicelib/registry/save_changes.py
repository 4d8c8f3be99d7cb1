"""Changes of subjects are saved side by side, those of one subject in their order."""

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
    known = registry.subjects(by_subject)
    with ThreadPoolExecutor(WRITERS) as pool:
        # list() so that the first failure is raised here and the chunk comes again.
        list(pool.map(lambda one: _save_in_order(registry, one[1], known.get(one[0])), by_subject.items()))


def _save_in_order(registry: "RegistryTable", changes: Sequence[Change], known: Subject | None) -> None:
    for change in changes:
        known = registry.save(change, known, just_read=True) or known
