"""Takes the full name of a natural person out of a subject that an older version stored with it.

Before, a name was masked only where it looked like a person's; now what identifies the subject decides. Of a subject of
which a name alone was stored, the name is all there is: one that may be a person's, and is not from a list of the
register (列严, 列异), which lists registered subjects only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.matching.readings.person_names import person_key
from chalicelib.registry.rules.listing import PUBLIC_TEXTS, Listing
from chalicelib.registry.rules.subject import PERSON_IDS, Subject
from chalicelib.table_files.rules.natural_person import names_an_organisation
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import bare_name, is_masked, is_shown_name, shown_name, without_name
from chalicelib.values.records import Json

_TEXTS: Final = (*PUBLIC_TEXTS, "shop_name")
# Two to six hanzi, hanzi with a dot, or Latin words.
_MAY_BE_A_PERSONS: Final = re.compile(
    r"[\u3400-\u9fff]{2,6}|[\u3400-\u9fff]+(?:[·•・．.][\u3400-\u9fff]+)+|[A-Za-z .'-]+"
)


@dataclass(frozen=True, slots=True)
class MaskPerson:
    """The full name of a natural person leaves its subject; its digest stays as that of its own representative."""

    subject_id: str
    digest: Digest
    at: str

    def apply(self, subject: Subject | None) -> Subject | None:
        """The subject with its names masked; None where there is none to mask."""
        names = [name for name in subject.names if not is_masked(name)] if subject else []
        if subject is None or not names or not (subject.is_person or _is_person_by_name(subject)):
            return None
        person = person_key(names[0])
        representative = subject.legal_representative or (self.digest("legal_representative", person) if person else "")
        listings = {key: without_names(listing, names) for key, listing in subject.listings.items()}
        masked = subject.replace(
            names=tuple(dict.fromkeys(shown_name(name) for name in subject.names)),
            names_said_former={},
            shop_names=tuple(dict.fromkeys(_without(text, names) for text in subject.shop_names)),
            legal_representative=representative,
            legal_representative_shown=subject.legal_representative_shown or shown_name(names[0]),
            listings=listings,
        )
        return masked.changed(self.at)


def without_names(listing: Listing, names: Iterable[str]) -> Listing:
    """The listing with those names of persons masked in its texts."""
    kept = list(names)
    texts = {field: text for field in _TEXTS if (text := getattr(listing, field, ""))}
    return listing.replace(**{field: _without(text, kept) for field, text in texts.items()})


def subjects_in_entry(entry: object) -> set[str]:
    """The ids of the subjects of which an entry of a log holds views, of those that may be natural persons."""
    ids = {str(part["subject_id"]) for part in _parts_with("subject_id", entry)}
    return {subject_id for subject_id in ids if subject_id.startswith((*PERSON_IDS, "name:"))}


def names_in_entry(entry: object, subject: Subject) -> set[str]:
    """The full names of a natural person that an entry of a log holds, in its views and in the texts of its listings.

    In a text a name is what stands where the registry's own text, which was masked, has a surname and a star.
    """
    if not subject.subject_id.startswith(PERSON_IDS) and not all(map(is_shown_name, subject.names)):
        return set()
    views = (part for part in _parts_with("subject_id", entry) if part["subject_id"] == subject.subject_id)
    held = {str(name) for view in views for name in (view.get("name", ""), *view.get("other_names", ()))}
    for part in _parts_with("listing_id", entry):
        listing = subject.listings.get(str(part["listing_id"]))
        for field in _TEXTS if listing else ():
            held |= _names_unmasked(str(part.get(field, "")), str(getattr(listing, field, "")), subject.names)
    return {name for name in held if name and not is_masked(name)}


def masked_entry(value: object, names: Mapping[str, str]) -> object:
    """What an entry of a log holds with these names of persons as they are shown, alone and in texts."""
    if isinstance(value, str):
        return names[value] if value in names else _without(value, names)
    if isinstance(value, dict):
        return {name: masked_entry(held, names) for name, held in value.items()}
    if isinstance(value, list):
        masked = [masked_entry(held, names) for held in value]
        texts = all(isinstance(held, str) for held in masked)
        return list(dict.fromkeys(masked)) if texts and masked != value else masked
    return value


def _names_unmasked(text: str, masked: str, shown: Iterable[str]) -> set[str]:
    """What stands in a text where the same text, masked, has one of the names as they are shown."""
    names: set[str] = set()
    for name in shown:
        if text != masked and is_shown_name(name) and name in masked:
            match = re.fullmatch(_unmasking(masked, name), text, re.IGNORECASE)
            names |= set(match.groups()) if match else set()
    return names


def _unmasking(masked: str, name: str) -> str:
    """The pattern of a text that was masked; what it takes for a name it does not give back, so that it is linear."""
    before, *behind, last = map(re.escape, masked.split(name))
    start = re.escape(name[:-1])
    held = f"({start}.{{1,40}}?)"
    return before + "".join(f"(?>{held}{piece}(?={start}))" for piece in behind) + held + last


def _parts_with(key: str, value: object) -> Iterator[Json]:
    """Every mapping within an entry that has that key."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get(key), str):
        yield value
    for part in parts:
        yield from _parts_with(key, part)


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = without_name(text, name)
    return text


def _is_person_by_name(subject: Subject) -> bool:
    """A subject of which a name alone is known, that may be a person's and is from no list of the register."""
    if not subject.subject_id.startswith("name:"):
        return False
    of_register = any(code.startswith("GX") for listing in subject.listings.values() for code in listing.reasons)
    name = bare_name(subject.names[0])
    return not of_register and _MAY_BE_A_PERSONS.fullmatch(name) is not None and not names_an_organisation(name)
