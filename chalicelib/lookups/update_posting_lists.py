"""Update the posting lists from the stream: a subject is in them as long as one of its listings is active."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.lookups.rules.posting_lists import postings_of
from chalicelib.registry.rules.subject import Subject

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


def update_posting_lists(registry: "RegistryTable", images: Iterable[tuple[Subject | None, Subject]]) -> None:
    """Add each subject to the posting lists of its new image, remove it from those that only the old one had."""
    for old, new in images:
        before = postings_of(old) if old else {}
        after = postings_of(new)
        changed = {key: names for key, names in after.items() if before.get(key) != names}
        registry.add_postings(new.subject_id, new.version, changed)
        registry.remove_postings(new.subject_id, new.version, before.keys() - after.keys())
