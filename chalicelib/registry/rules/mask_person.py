"""Takes the full name of a natural person out of a subject that an older version stored with it.

Before, a name was masked only where it looked like a person's; now what identifies the subject decides. Of a subject of
which a name alone was stored, the name is all there is: one that may be a person's, and is not from a list of the
register (列严, 列异), which lists registered subjects only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.registry.rules.listing import PUBLIC_TEXTS, Listing
from chalicelib.registry.rules.subject import Subject
from chalicelib.table_files.rules.natural_person import names_an_organisation
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import bare_name, is_masked, shown_name, without_name
from chalicelib.values.personal_identifiers import compact_person

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
        person = compact_person(bare_name(names[0]))
        representative = subject.legal_representative or (self.digest("legal_representative", person) if person else "")
        listings = {key: without_names(listing, names) for key, listing in subject.listings.items()}
        masked = subject.replace(
            names=tuple(dict.fromkeys(shown_name(name) for name in subject.names)),
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
