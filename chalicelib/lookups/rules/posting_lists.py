"""The posting lists that a subject is in, and those that are read for an applicant.

Exact identifiers lead straight to a subject by its id, or through one posting list; names and signals lead through
several.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.matching import blocking_keys, matching_signals
from chalicelib.matching.readings.asked_names import keys_of, listed_names
from chalicelib.registry.rules.subject import Subject, active_listings
from chalicelib.registry.rules.subject_id import IDENTIFIERS, name_id
from chalicelib.values.keyed_digest import forms_of
from chalicelib.values.masking import is_shown_name

# The names of a subject in a posting list: {"n": registered names, "s": shop names}; of a signal neither.
Posting = Mapping[str, Sequence[str]]
# The posting lists that were read, by key: subject id -> its names.
Postings = Mapping[str, Mapping[str, Posting]]
# How a subject and an applicant that share an exact identifier are related.
RELATION_BY_FIELD: Final = {
    "uscc": "same_uscc",
    "registration_no": "same_registration_no",
    "org_code": "same_org_code",
    "person": "same_resident_id",
    "permit": "same_permit",
    "personal_account": "same_bank_account",
    "unverified_uscc": "unverified_uscc",
}
# Field of an applicant or a subject, prefix of its subject id and posting list, relation when it is equal.
EXACT: Final = tuple((field, prefix, RELATION_BY_FIELD[field]) for field, prefix in IDENTIFIERS)


class Identified(Protocol):
    """An applicant or a subject."""

    @property
    def uscc(self) -> str:
        """The credit code."""


def postings_of(subject: Subject) -> dict[str, dict[str, list[str]]]:
    """The posting lists that the subject is in, with its names in each: none once no listing of it is active."""
    if not active_listings(subject):
        return {}
    postings: dict[str, dict[str, list[str]]] = {}
    for prefix, value in exact_identifiers(subject):
        postings[f"{prefix}#{value}"] = {}
    for key in matching_signals.signal_keys(subject.signals, subject.uscc[2:8]):
        postings[key] = {}
    postings.update((f"{matching_signals.SUCCESSOR}#{code}", {}) for code in subject.successors)
    division = subject.uscc[2:8]
    for kind, names, shop in (("n", subject.names, False), ("s", subject.shop_names, True)):
        # A masked name is that of everyone with the surname.
        for name in (name for name in names if not is_shown_name(name)):
            for key in _listed_keys(name, division, shop):
                postings.setdefault(key, {}).setdefault(kind, []).append(name)
    return postings


def _listed_keys(text: str, division: str, shop: bool) -> dict[str, None]:
    """The posting lists of one text of a subject: of the name, or of the names, that it says."""
    return dict.fromkeys(key for name in listed_names(text, division, shop) for key in blocking_keys.listed_keys(name))


def keys_to_read(applicant: Applicant) -> tuple[list[str], list[str]]:
    """The subject ids and the posting lists to read for the applicant, each once."""
    identifiers = list(exact_identifiers(applicant))
    ids = [f"{prefix}:{value}" for prefix, value in identifiers]
    if applicant.uscc:
        ids.insert(0, f"uscc:{applicant.uscc}")
    ids += [name_id(name) for name in (applicant.name, applicant.former_name) if name and not is_shown_name(name)]
    successor = (matching_signals.SUCCESSOR, applicant.uscc)
    keys = [f"{prefix}#{value}" for prefix, value in (*identifiers, successor) if value]
    for readings in applicant.readings():
        keys.extend(keys_of(readings))
    keys.extend(matching_signals.asked_signal_keys(applicant.signals, applicant.uscc[2:8]))
    return list(dict.fromkeys(ids)), list(dict.fromkeys(keys))


def exact_identifiers(identified: Identified) -> Iterator[tuple[str, str]]:
    """Each exact identifier besides the USCC, with its prefix; the USCC holds an organisation code (GB 32100:
    characters 9 to 17)."""
    for field, prefix, _ in EXACT[1:]:
        value = getattr(identified, field) or (identified.uscc[8:17] if field == "org_code" else "")
        # A credit code holds no separator; of a digest each form is an identifier of its own.
        for form in forms_of(value):
            yield prefix, form
