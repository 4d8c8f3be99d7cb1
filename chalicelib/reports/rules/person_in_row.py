"""What a row says of the natural person that it is about: whether it identifies that person, and which name is kept.

Nobody but the reporter ever has the full name: the subject carries the masked one, and the name's digest as its own
representative (个人信息保护法, articles 6 and 51).
"""

from collections.abc import Mapping

from chalicelib.matching.readings.person_names import person_key
from chalicelib.messages import FindingCode
from chalicelib.table_files.rules.natural_person import document_cell
from chalicelib.table_files.rules.row_identifiers import Fault, RowIdentity
from chalicelib.values.identity_documents import masked_number
from chalicelib.values.masking import shown_name, without_name


def unidentified(
    cells: Mapping[str, str], identity: RowIdentity, name: str, account: str, *, is_person: bool
) -> Fault | None:
    """The fault of a row that does not say who is meant, or names a person without a number that can be keyed."""
    if identity.has_code or identity.person or identity.permit or account:
        return None
    if is_person:
        field, cell = document_cell(cells)
        value = shown_name(name) if field == "name" else masked_number(cell)
        return Fault(field, FindingCode.PERSON_WITHOUT_IDENTIFIER, value)
    return None if name else Fault("uscc", FindingCode.MISSING_IDENTITY, "")


def kept_names(name: str, representative: str, *, is_person: bool) -> tuple[str, str]:
    """The name as it is kept, and the representative; a natural person represents itself."""
    if is_person:
        return shown_name(name), representative or person_key(name)
    return name, representative


def unnamed(text: str, person_name: str, warnings: list[str]) -> str:
    """The text without the name of the person ('' where the row is about none); other words stay as they are."""
    changed = without_name(text, person_name) if person_name else text
    if changed != text:
        warnings.append("person_name_removed")
    return changed
