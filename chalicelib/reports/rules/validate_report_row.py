"""One row of a report: an eviction in normal form, or a rejection that says why not.

The first problem decides, in this order: not a record, destroyed text, identity, day, reason. A row ends accepted or
rejected exactly once, and nothing personal leaves this module in clear.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.matching.matching_signals import digest_phones
from chalicelib.matching.readings.person_names import person_key
from chalicelib.messages import ErrorCode, FindingCode
from chalicelib.registry.rules.listing import ReportedContent
from chalicelib.registry.rules.reason_codes import code_like, suggested_codes
from chalicelib.registry.rules.subject_id import Identity
from chalicelib.reports.rules.eviction import Eviction, Rejection
from chalicelib.reports.rules.person_in_row import kept_names, unidentified, unnamed
from chalicelib.reports.rules.reported_reasons import read_reason
from chalicelib.table_files.rules import entry_state
from chalicelib.table_files.rules.natural_person import is_about_person
from chalicelib.table_files.rules.row_identifiers import Fault, RowIdentity
from chalicelib.table_files.rules.row_identity import identify
from chalicelib.table_files.rules.table_row import EXTRA_CELLS
from chalicelib.values.cell_text import given, printable, tidy
from chalicelib.values.dates import OPEN_END, read_day, read_day_and_precision
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import mask_personal, shown_name
from chalicelib.values.personal_identifiers import (
    compact_account,
    compact_personal_account,
)
from chalicelib.values.records import Json, fields_that_are
from chalicelib.values.text_damage import is_damaged, may_be_damaged

_IDENTITY_TEXTS = frozenset(fields_that_are(Identity, "text"))
_CONTENT_TEXTS = frozenset(fields_that_are(ReportedContent, "text"))
_TEXT_FIELDS = _IDENTITY_TEXTS | _CONTENT_TEXTS | {"shop_address"}
_NO_HEADERS: Mapping[str, str] = {}
_PENALTY_DOCUMENT = re.compile(r"(?m)^(?:[^罚处决\n]*+[罚处决].*\d{4}|(?:(?![〔\[【]\d{4}[〕\]】]).)*+.{6}.*号)")
_LEVEL = re.compile(r"E?([1-5])", re.IGNORECASE)
_URL = re.compile(r"^(?:https?://|www\.)|^[a-z0-9.-]+\.(?:com|cn|net|shop|top|vip|store)(?:/|$)", re.IGNORECASE)


def validate_row(
    row: int,
    cells: Mapping[str, str] | None,
    *,
    today: date,
    digest: Digest,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> Eviction | Rejection:
    """The eviction that a row of canonical cells reports, or its rejection.

    `cells` is None for what is not a record at all; `headers` says what the file calls each field.
    """
    taken = _take(cells, today.isoformat(), digest)
    if isinstance(taken, Eviction):
        return taken
    return reject(row, taken, headers)


def reject(row: int, fault: Fault, headers: Mapping[str, str]) -> Rejection:
    """The rejection of a row for a fault: the column as the file calls it, the value masked."""
    value = mask_personal(printable(fault.value))[0]
    nearest = suggested_codes(code_like(value)) if fault.code == FindingCode.UNKNOWN_REASON else {}
    return Rejection(row, printable(headers.get(fault.field, fault.field)), fault.code, value, nearest)


def destroyed(cells: Mapping[str, str]) -> Fault | None:
    """The fault of a row in which characters were lost or cells are shifted, None if it is whole."""
    if EXTRA_CELLS in cells:
        return Fault("", FindingCode.EXTRA_CELLS, cells[EXTRA_CELLS])
    if not may_be_damaged(cells.values()):
        return None
    for field, text in cells.items():
        if is_damaged(field, text):
            return Fault(field, ErrorCode.DAMAGED_TEXT, text)
    return None


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts that every row must have: identity, day and reasons; `name` is '' where its column held a code.

    `is_person`: the row is about a natural person, whose bank account `account` then identifies it too.
    """

    identity: RowIdentity
    is_person: bool
    account: str
    name: str
    day: str
    reasons: tuple[str, ...]
    reason_text: str


def _take(cells: Mapping[str, str] | None, today: str, digest: Digest) -> Eviction | Fault:
    """The eviction of a row, or its first fault in the order of this module."""
    if cells is None:
        return Fault("", FindingCode.NOT_A_RECORD, "")
    if fault := destroyed(cells):
        return fault
    if fault := _ended(cells, today):
        return fault
    warnings: list[str] = []
    parts = _parts(cells, today, digest, warnings)
    return parts if isinstance(parts, Fault) else _eviction(cells, parts, digest, warnings)


def _ended(cells: Mapping[str, str], today: str) -> Fault | None:
    """The fault of a row whose own state columns say that the eviction was revoked, lifted or repaired."""
    state = entry_state.read_state(cells, "", today)
    if state not in (entry_state.REVOKED, entry_state.REMOVED, entry_state.REPAIRED):
        return None
    field = next((field for field in (*entry_state.COLUMNS, *entry_state.DAYS) if cells.get(field)), "")
    return Fault(field, FindingCode.EVICTION_ENDED, cells.get(field, ""))


def _parts(cells: Mapping[str, str], today: str, digest: Digest, warnings: list[str]) -> _Parts | Fault:
    """The identity, day and reasons of a row, each read only where the part before it is no fault."""
    identity = identify(cells, digest)
    if isinstance(identity, Fault):
        return identity
    warnings += identity.warnings
    name = "" if "uscc_in_name_column" in identity.warnings else given(cells.get("name", ""))
    is_person = is_about_person(cells, identity)
    account = compact_personal_account(cells.get("bank_account", "")) if is_person else ""
    if fault := unidentified(cells, identity, name, account, is_person=is_person):
        return fault
    day = _day(cells, today, warnings)
    if isinstance(day, Fault):
        return day
    reason = read_reason(cells, warnings)
    if isinstance(reason, Fault):
        return reason
    return _Parts(identity, is_person, account, name, day, *reason)


def _eviction(cells: Mapping[str, str], parts: _Parts, digest: Digest, warnings: list[str]) -> Eviction:
    """The eviction that those parts and the other cells of the row make, personal data masked or digested."""
    row_identity = parts.identity
    person_name = parts.name if parts.is_person else ""
    texts = _texts(cells, person_name, warnings)
    _file_shop_address(texts)
    representative = person_key(given(cells.get("legal_representative", "")))
    name, representative = kept_names(parts.name, representative, is_person=parts.is_person)
    identity = Identity(
        uscc=row_identity.uscc,
        registration_no=row_identity.registration_no,
        org_code=row_identity.org_code,
        person=row_identity.person,
        permit=row_identity.permit,
        personal_account=digest("bank_account", parts.account) if parts.account else "",
        unverified_uscc=row_identity.unverified_uscc,
        name=_masked(name, warnings),
        phone=_digest_phones(cells.get("phone", ""), digest, warnings),
        legal_representative=digest("legal_representative", representative) if representative else "",
        legal_representative_shown=shown_name(representative),
        bank_account=_digest_account(cells.get("bank_account", ""), digest),
        **{field: text for field, text in texts.items() if field in _IDENTITY_TEXTS},
    )
    return Eviction(
        identity=identity,
        evicted_on=parts.day,
        reasons=parts.reasons,
        reason_text=_masked(unnamed(parts.reason_text, person_name, warnings), warnings),
        evidence_level=_evidence(cells.get("evidence_level", ""), texts.get("document_no", "")),
        expires_on=_expiry(cells.get("expires_on", ""), warnings),
        warnings=tuple(dict.fromkeys(warnings)) if warnings else (),
        **{field: text for field, text in texts.items() if field in _CONTENT_TEXTS},
    )


def _file_shop_address(texts: Json) -> None:
    """What a column of addresses of shops holds is a link or a place: it fills whichever is empty."""
    address = texts.pop("shop_address", "")
    if address:
        texts.setdefault("shop_url" if _URL.match(address) else "address", address)


def _texts(cells: Mapping[str, str], person_name: str, warnings: list[str]) -> Json:
    """The free texts of a row that say something, masked, and without the name of the person that it is about."""
    texts: Json = {}
    for field, cell in cells.items():
        if field in _TEXT_FIELDS and cell:
            text = given(cell) if field in _IDENTITY_TEXTS else tidy(cell)
            if text:
                texts[field] = _masked(unnamed(text, person_name, warnings) if person_name else text, warnings)
    if person_name and "former_name" in texts:
        texts["former_name"] = shown_name(texts["former_name"])
    return texts


def _day(cells: Mapping[str, str], today: str, warnings: list[str]) -> str | Fault:
    # The day of the penalty stands in only where the table has no column for the eviction at all.
    field = "evicted_on" if "evicted_on" in cells else "decided_on"
    text = cells.get(field, "")
    try:
        day, precise = read_day_and_precision(text)
    except ValueError:
        return Fault(field, FindingCode.INVALID_DATE, text)
    if not day:
        return Fault("evicted_on", FindingCode.MISSING_DATE, "")
    if day == OPEN_END and not any(map(str.isdigit, text)):
        return Fault(field, FindingCode.INVALID_DATE, text)
    if day > today:
        return Fault(field, FindingCode.FUTURE_DATE, text)
    if not precise:
        warnings.append("date_without_day")
    return day


def _expiry(text: str, warnings: list[str]) -> str:
    if not text:
        return ""
    try:
        day = read_day(text)
    except ValueError:
        warnings.append("expiry_ignored")
        return ""
    return "" if day == OPEN_END else day


def _evidence(text: str, document_no: str) -> str:
    match = _LEVEL.match(tidy(text)) if text else None
    if match:
        return f"E{match[1]}"
    return "E4" if document_no and _PENALTY_DOCUMENT.search(document_no) else "E1"


def _masked(text: str, warnings: list[str]) -> str:
    masked, kinds = mask_personal(text)
    if kinds:
        warnings += [f"{kind}_removed" for kind in kinds]
    return masked


def _digest_phones(text: str, digest: Digest, warnings: list[str]) -> str:
    text = given(text)
    phones = digest_phones(text, digest)
    if text and not phones:
        warnings.append("phone_ignored")
    return phones


def _digest_account(text: str, digest: Digest) -> str:
    number = compact_account(text)
    return digest("bank_account", number) if number else ""
