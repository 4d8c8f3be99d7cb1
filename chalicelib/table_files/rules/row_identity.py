"""Who a row of a report or of a government list is about, whatever column the number stands in."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.messages import ErrorCode
from chalicelib.table_files.rules import document_columns, natural_person
from chalicelib.table_files.rules.natural_person import DOCUMENT_FIELDS
from chalicelib.table_files.rules.row_identifiers import UNIDENTIFIED, Fault, RowIdentity, merge
from chalicelib.values.cell_text import is_placeholder, tidy
from chalicelib.values.identity_documents import RESIDENT_ID, resembles_resident_id
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.organisation_codes import (
    CATEGORIES,
    compact,
    compact_loosely,
    is_damaged,
    is_plausible_uscc,
    is_unverified_uscc,
    is_valid_org_code,
    is_valid_registration_no,
    is_valid_uscc,
    org_code_of,
    repair_uscc,
)
from chalicelib.values.personal_identifiers import is_resident_id, is_valid_resident_id

_SURE_CATEGORIES = frozenset({"91", "92", "93"})
# Columns without which a row can say nothing of a person but a number in a column of codes.
_ABOUT_PERSONS = frozenset({*DOCUMENT_FIELDS, "representative_id_no", "entity_type", "id_type"})
# Reads a column: the canonical field, its text, the type of document beside it.
_Reader = Callable[[str, str, str, Digest], RowIdentity | Fault]


def identify(cells: Mapping[str, str], digest: Digest) -> RowIdentity | Fault:
    """The identifiers of a row; a Fault if its credit code has not the shape of one, whatever else is there.

    An empty RowIdentity is possible: then only a name can say who it is.
    """
    identity = UNIDENTIFIED
    for field, read in _READERS:
        text = cells.get(field)
        if not text or is_placeholder(text := text.strip()):
            continue
        part = read(field, text, cells.get("id_type", ""), digest)
        if isinstance(part, Fault):
            return part
        identity = merge(identity, part)
    if not _ABOUT_PERSONS.isdisjoint(cells):
        identity = merge(identity, document_columns.of_representative(cells, identity, digest))
        if not identity.says_person and natural_person.says_person(cells):
            identity = replace(identity, says_person=True)
    name = cells.get("name", "")
    if not identity.uscc and len(name) >= 18 and (code := _code_in(compact(name), "uscc_in_name_column")):
        # A registrar that struck a name shows the code in its place (企业名称登记管理规定 23).
        identity = merge(identity, code)
    return identity


def _code_in(code: str, *warnings: str) -> RowIdentity | None:
    """The identity of a compacted credit code, its check character right or wrong; None for anything else."""
    if is_valid_uscc(code):
        return RowIdentity(uscc=code, warnings=warnings)
    if is_unverified_uscc(code):
        return RowIdentity(unverified_uscc=code, warnings=(*warnings, "uscc_check_failed"))
    return None


def _of_code(field: str, text: str, digest: Digest) -> RowIdentity | Fault:
    """A column that should hold a USCC: also a registration number, or a resident ID that must not stay."""
    code = compact(text)
    if is_valid_uscc(code):
        if is_valid_org_code(org_code_of(code)):
            if code[:2] in _SURE_CATEGORIES or not is_valid_resident_id(code) or is_plausible_uscc(code):
                return RowIdentity(uscc=code, warnings=_doubts(code))
        elif not is_valid_resident_id(code) and not is_damaged(code):
            return RowIdentity(uscc=code, warnings=("org_code_check_failed", *_doubts(code)))
    if is_damaged(text):
        return Fault(field, ErrorCode.DAMAGED_USCC, text)
    person = _resident_in(code)
    if person:
        warnings = () if field == "uscc_or_regno" else ("resident_id_in_uscc_column",)
        return RowIdentity(person=digest(RESIDENT_ID, person), says_person=True, warnings=warnings)
    return _of_other_number(field, text, code, digest)


def _of_other_number(field: str, text: str, code: str, digest: Digest) -> RowIdentity | Fault:
    if is_valid_registration_no(code):
        warnings = () if field == "uscc_or_regno" else ("registration_no_in_uscc_column",)
        return RowIdentity(registration_no=code, warnings=warnings)
    if is_valid_org_code(code) and (field == "uscc_or_regno" or "-" in text or "－" in text):
        warnings = () if field == "uscc_or_regno" else ("org_code_in_uscc_column",)
        return RowIdentity(org_code=code, warnings=warnings)
    if field == "uscc_or_regno" and len(code) == 13 and code.isdigit() and code.isascii():
        return RowIdentity(registration_no=code)
    if field == "uscc_or_regno" and "*" in text:
        of_person = natural_person.is_masked_number_of_person(text)
        return RowIdentity(says_person=of_person, warnings=("masked_number_ignored",))
    if permit := document_columns.permit_in_code_column(text, digest):
        return permit if field == "uscc_or_regno" else replace(permit, warnings=("permit_in_uscc_column",))
    if resembles_resident_id(code) and not (code[:2] in _SURE_CATEGORIES and is_valid_org_code(org_code_of(code))):
        # Mistyped, and so nobody's number; as a code it would be kept in clear.
        return document_columns.UNREADABLE if field == "uscc_or_regno" else Fault(field, ErrorCode.INVALID_USCC, text)
    repaired = repair_uscc(code)
    if repaired:
        return RowIdentity(uscc=repaired, warnings=("uscc_repaired", *_doubts(repaired)))
    bare = compact_loosely(text)
    if bare != code and (is_valid_uscc(bare) or is_valid_registration_no(bare)):
        return _of_code(field, bare, digest)
    unverified = _code_in(code) or _code_in(bare)
    if unverified:
        return unverified
    return Fault(field, ErrorCode.INVALID_USCC, text)


def _doubts(code: str) -> tuple[str, ...]:
    return () if code[:2] in CATEGORIES else ("unknown_category",)


def _resident_in(code: str) -> str:
    """The resident ID that a compacted number is, or that a tax number of 20 characters starts with."""
    if is_resident_id(code) and (len(code) == 18 or not is_valid_registration_no(code)):
        return code
    return code[:18] if len(code) == 20 and is_valid_resident_id(code[:18]) else ""


def _of_registration_no(_field: str, text: str, digest: Digest) -> RowIdentity:
    code = compact(text)
    if is_valid_registration_no(code) or (len(code) == 13 and code.isascii() and code.isdigit()):
        return RowIdentity(registration_no=code)
    if uscc := _code_in(code, "uscc_in_registration_no_column"):
        return uscc
    if _resident_in(code):
        warnings = ("resident_id_in_registration_no_column",)
        return RowIdentity(person=digest(RESIDENT_ID, _resident_in(code)), says_person=True, warnings=warnings)
    if "字第" in text and text.rstrip().endswith("号") and len(text) <= 40:
        # Numbers of foreign-invested firms and representative offices registered before 2007: 企独京总字第012345号.
        return RowIdentity(registration_no=tidy(text))
    return RowIdentity(warnings=("registration_no_invalid",))


def _of_org_code(_field: str, text: str, _digest: Digest) -> RowIdentity:
    code = compact(text)
    if is_valid_org_code(code):
        return RowIdentity(org_code=code)
    if uscc := _code_in(code, "uscc_in_org_code_column"):
        return uscc
    return RowIdentity(warnings=("org_code_invalid",))


def _untyped(read: document_columns.ReadCode) -> _Reader:
    """A reader of a column for which the type of a document says nothing."""
    return lambda field, text, _type, digest: read(field, text, digest)


def _of_document(field: str, text: str, type_text: str, digest: Digest) -> RowIdentity | Fault:
    return document_columns.read_document_column(field, text, type_text, digest, _of_code)


def _of_typed_number(field: str, text: str, type_text: str, digest: Digest) -> RowIdentity | Fault:
    return document_columns.read_typed_column(field, text, type_text, digest, _of_code)


_READERS: tuple[tuple[str, _Reader], ...] = (
    ("uscc", _untyped(_of_code)),
    ("uscc_or_regno", _of_typed_number),
    ("registration_no", _untyped(_of_registration_no)),
    ("org_code", _untyped(_of_org_code)),
    *((field, _of_document) for field in DOCUMENT_FIELDS),
)


def can_identify(field: str) -> bool:
    """A canonical field that can say who a row is about, or at least which shop."""
    return field in _IDENTIFYING_FIELDS


_IDENTIFYING_FIELDS = frozenset(
    {
        *("uscc", "uscc_or_regno", "registration_no", "org_code", "name", "shop_name", "shop_id", "shop_url"),
        *("bank_account", "representative_id_no", *DOCUMENT_FIELDS),
    }
)
