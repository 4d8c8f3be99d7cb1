"""A lookup gives the values of a person in clear: the subject that it finds moves to the current key of the digests.

Only while two keys are in use, and each subject once: the first lookup that finds it under the earlier key alone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib import logs
from chalicelib.errors import NotSaved, Unavailable, UnreadableRecord
from chalicelib.keys.lasting_names import lasting_names
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.registry.rules.subject import Subject, rekeyed
from chalicelib.registry.rules.subject_changes import Rekeyed
from chalicelib.registry.rules.subject_id import DIGEST_FIELDS, IDENTIFIERS
from chalicelib.storage.item_keys import registry_keys
from chalicelib.values.keyed_digest import forms_of
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable


def move_subjects(
    exchange: "ExchangeTable",
    registry: "RegistryTable",
    applicant: Applicant,
    subjects: Iterable[Subject],
    now: datetime,
) -> None:
    """Give the subjects the forms of the applicant's digests that are of the same values.

    The name first, then the subject: whoever dies in between finds it unmoved, and does both again. A subject that
    cannot be saved stays as it is, and is found as before.
    """
    given = _digests(applicant)
    for subject in subjects:
        if not rekeyed(subject, given):
            continue
        try:
            _claim_name(exchange, registry, subject, given)
            registry.save(Rekeyed(subject.subject_id, given, iso(now)))
        except (NotSaved, Unavailable, UnreadableRecord):
            logs.failed("subject_not_moved", subject=subject.subject_id)


def _digests(applicant: Applicant) -> dict[str, str]:
    """The digests of an applicant, by the field of a subject that holds such."""
    own = {field: str(getattr(applicant, field, "")) for field in DIGEST_FIELDS}
    return {field: digest for field in DIGEST_FIELDS if (digest := own[field] or applicant.signals.get(field, ""))}


def _claim_name(exchange: "ExchangeTable", registry: "RegistryTable", subject: Subject, given: dict[str, str]) -> None:
    """Let the ids of a person's subject under all keys in use lead to it."""
    scheme = subject.subject_id.partition(":")[0]
    field = next((name for name, prefix in IDENTIFIERS if prefix == scheme), "")
    if field in DIGEST_FIELDS and field in given:
        ids = [f"{scheme}:{form}" for form in forms_of(given[field])]
        lasting_names(exchange, registry_keys.lasting_name, [ids], registry.subjects)
