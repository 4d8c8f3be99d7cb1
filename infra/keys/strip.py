"""Take the forms under dropped keys out of the subjects, so that whoever holds such a key learns nothing from them.

Values that stand under a dropped key alone stay as they are: they still meet what was stored beside them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_id import DIGEST_FIELDS
from chalicelib.values.keyed_digest import forms_of, key_of, without_keys

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


@dataclass(frozen=True, slots=True)
class FormsDropped:
    """A change of a subject: of each digest only the forms by the keys in use are left."""

    subject_id: str
    in_use: Collection[str]
    at: str

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject without the forms under other keys; None where it has none that can go."""
        if subject is None:
            return None
        fields = {field: self._kept(getattr(subject, field)) for field in DIGEST_FIELDS}
        changed = {field: value for field, value in fields.items() if value != getattr(subject, field)}
        return subject.replace(**changed).changed(self.at) if changed else None

    def _kept(self, digest: str) -> str:
        return without_keys(digest, {key_of(form) for form in forms_of(digest)} - set(self.in_use))


def strip_subjects(registry: "RegistryTable", in_use: Collection[str], at: str) -> int:
    """Strip every subject; how many were changed. Safe to repeat and beside live traffic."""
    changed, start = 0, ""
    while True:
        subjects, start = registry.all_subjects(start)
        changes = (FormsDropped(subject.subject_id, in_use, at) for subject in subjects)
        changed += sum(
            registry.save(change, subject, just_read=True) is not None
            for change, subject in zip(changes, subjects, strict=True)
        )
        if not start:
            return changed
