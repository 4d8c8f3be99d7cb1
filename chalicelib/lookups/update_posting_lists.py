"""From the stream to the posting lists: a subject stands under a key as long as a listing is active against it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.lookups.rules.find_candidates import listed_postings
from chalicelib.registry.rules.subject import Subject

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


def index(registry: "RegistryTable", images: Iterable[tuple[Subject | None, Subject]]) -> None:
    """File each subject under the keys that its new image has, take it off those that only the old one had."""
    for old, new in images:
        before = listed_postings(old) if old else {}
        after = listed_postings(new)
        changed = {key: names for key, names in after.items() if before.get(key) != names}
        registry.post(new.subject_id, new.version, changed)
        registry.unpost(new.subject_id, new.version, before.keys() - after.keys())
