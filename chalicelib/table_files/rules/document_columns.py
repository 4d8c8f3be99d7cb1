"""The columns of a row that hold documents of persons, with the type beside them (证件类型, 证件号码)."""

from collections.abc import Callable, Mapping

from chalicelib.matching.readings.person_names import person_key
from chalicelib.table_files.rules.natural_person import DOCUMENT_FIELDS
from chalicelib.table_files.rules.row_identifiers import UNIDENTIFIED, Fault, RowIdentity
from chalicelib.values.cell_text import is_placeholder
from chalicelib.values.identity_documents import ORGANISATION, RESIDENT_ID, Document, document_type, read_document
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.organisation_codes import compact, has_uscc_shape, is_valid_registration_no

# Reads a column of codes: the canonical field, its text.
ReadCode = Callable[[str, str, Digest], RowIdentity | Fault]
# A document that is masked, mistyped or of a kind that cannot be told from others.
UNREADABLE = RowIdentity(says_person=True, warnings=("resident_id_invalid",))


def read_document_column(
    field: str, text: str, type_text: str, digest: Digest, read_code: ReadCode
) -> RowIdentity | Fault:
    """A column of documents: also the code of an organisation, which then says who the row is about."""
    wanted = type_text if field == "id_no" else DOCUMENT_FIELDS[field]
    if document_type(wanted) == ORGANISATION:
        return read_code(field, text, digest)
    document = read_document(text, wanted)
    if document:
        return of_document(document, digest)
    code = compact(text)
    return read_code(field, text, digest) if has_uscc_shape(code) or is_valid_registration_no(code) else UNREADABLE


def read_typed_column(
    field: str, text: str, type_text: str, digest: Digest, read_code: ReadCode
) -> RowIdentity | Fault:
    """A column of codes or documents (证件号码): the type beside it decides, and without one its form."""
    if document_type(type_text) in ("", ORGANISATION):
        return read_code(field, text, digest)
    return read_document_column("id_no", text, type_text, digest, read_code)


def permit_in_code_column(text: str, digest: Digest) -> RowIdentity | None:
    """The permit or passport in a column of codes; digits alone are none there."""
    document = read_document(text)
    if document is None or not any(map(str.isalpha, compact(text))):
        return None
    return of_document(document, digest)


def of_representative(cells: Mapping[str, str], identity: RowIdentity, digest: Digest) -> RowIdentity:
    """The document of the representative (法定代表人证件号码), where it is the subject's own.

    It is where the subject has a code, or where nobody but the subject is named as its representative.
    """
    text = cells.get("representative_id_no", "").strip()
    if not text or is_placeholder(text) or identity.person or identity.permit:
        return UNIDENTIFIED
    document = read_document(text, cells.get("representative_id_type", ""))
    representative, name = (person_key(cells.get(field, "")) for field in ("legal_representative", "name"))
    if document is None or not (identity.has_code or representative in ("", name)):
        return UNIDENTIFIED
    return of_document(document, digest)


def of_document(document: Document, digest: Digest) -> RowIdentity:
    """What a document identifies: a resident ID as such, any other as a permit of its kind."""
    digested = digest(document.kind, document.number)
    if document.kind == RESIDENT_ID:
        return RowIdentity(person=digested, says_person=True)
    return RowIdentity(permit=digested, says_person=True)
