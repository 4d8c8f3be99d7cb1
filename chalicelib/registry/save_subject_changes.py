"""Save changes of subjects side by side, those of one subject in their order.

What no repetition would save (a rule or the store refuses it, the stored subject cannot be read) is given back and
stops nothing else. What may pass when it is tried again (throttling, an outage, a lost race) is raised.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib import logs
from chalicelib.errors import NotSaved, UnreadableRecord
from chalicelib.messages import FindingCode
from chalicelib.registry.rules.subject import Subject
from chalicelib.registry.rules.subject_changes import Change
from chalicelib.storage.set_aside import INVALID_VALUES, SetAside

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable


WRITERS: Final = 16


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A change that was not saved, and the finding that says why."""

    change: Change
    finding: FindingCode

    @property
    def is_refused(self) -> bool:
        """Whether a rule refuses it, which its sender is told; anything else is a matter of the operator."""
        return self.finding == FindingCode.TOO_MANY_LISTINGS

    def record(self, job: str, origin: str) -> SetAside:
        """What is stored of it; `job` and `origin` say where the change came from."""
        listing = getattr(self.change, "listing", None)
        return SetAside(
            job=job,
            origin=origin,
            record_id=self.change.subject_id,
            change=type(self.change).__name__.lower(),
            listing_id=listing.listing_id if listing else getattr(self.change, "listing_id", ""),
            finding=str(self.finding),
            at=self.change.at,
        )


def save_all(registry: "RegistryTable", changes: Sequence[Change]) -> list[Unsaved]:
    """Save the changes, those of one subject in order, many subjects at a time; those that cannot be saved."""
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(change.subject_id, []).append(change)
    subjects = registry.subjects(by_subject)

    def save(subject_id: str) -> list[Unsaved]:
        return list(_save_in_order(registry, by_subject[subject_id], subjects.get(subject_id)))

    with ThreadPoolExecutor(WRITERS) as pool:
        # list() so that the first failure is raised here and the chunk comes again.
        return [unsaved for some in list(pool.map(save, by_subject)) for unsaved in some]


def _save_in_order(registry: "RegistryTable", changes: Sequence[Change], subject: Subject | None) -> Iterator[Unsaved]:
    for change in changes:
        try:
            subject = registry.save(change, subject, just_read=True) or subject
        except NotSaved as error:
            yield Unsaved(change, error.finding)
        except UnreadableRecord:
            yield Unsaved(change, FindingCode.STORED_RECORD_UNREADABLE)
        except INVALID_VALUES:
            logs.failed("change_not_saved", change=type(change).__name__)
            yield Unsaved(change, FindingCode.CHANGE_NOT_SAVED)
