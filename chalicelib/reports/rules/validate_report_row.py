"""One row of a report: an eviction in normal form, or a rejection that says why not.

The first problem decides, in this order: not a record, destroyed text, who, when, why. A row ends accepted or
rejected exactly once, and nothing personal leaves this module in clear.
"""

import re
from collections.abc import Mapping
from datetime import date

from chalicelib.messages import FindingCode
from chalicelib.registry.rules.reason_codes import UNKNOWN, read_reasons
from chalicelib.reports.rules.eviction import (
    Eviction,
    Rejection,
    eviction_as_dict,
    eviction_from_dict,
    rejection_as_dict,
)
from chalicelib.table_files.rules.row_identity import Fault, Identity, identify
from chalicelib.values.cell_text import is_destroyed, lost_hanzi, printable, tidy
from chalicelib.values.dates import OPEN_END, read_day, read_day_and_precision
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import mask_personal, shown_name
from chalicelib.values.personal_identifiers import compact_account, compact_person, compact_phone

__all__ = [
    "Digest",
    "Eviction",
    "Rejection",
    "eviction_as_dict",
    "eviction_from_dict",
    "reject",
    "rejection_as_dict",
    "take_row",
]

_TEXT_FIELDS = frozenset(
    {"former_name", "shop_name", "shop_id", "shop_url", "shop_address", "address", "measure"}
    | {"document_no", "notice_url"}
)
_NO_HEADERS: Mapping[str, str] = {}
_PENALTY_DOCUMENT = re.compile(r"[罚处决].*[〔\[(（【]?\d{4}[〕\])）】]?.*号?|[〔\[【]\d{4}[〕\]】].*号")
_LEVEL = re.compile(r"E?([1-5])", re.IGNORECASE)
_URL = re.compile(r"^(?:https?://|www\.)|^[a-z0-9.-]+\.(?:com|cn|net|shop|top|vip|store)(?:/|$)", re.IGNORECASE)
_ORGANISATION = re.compile("店|厂|部|行|社|公司|中心|馆|商|坊|铺|室|站|场|院|吧|企业|集团|超市|户|局|所|会|网")
_HANZI_NAME = re.compile("[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+·[\u3400-\u9fff]+")


def take_row(
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
    return Rejection(row, headers.get(fault.field, fault.field), fault.code, value)


def destroyed(cells: Mapping[str, str]) -> Fault | None:
    """The fault of a row in which characters were lost, None if it is whole."""
    if not is_destroyed(cells.values()) and not lost_hanzi(cells.get("name", "")):
        return None
    for field, text in cells.items():
        if is_destroyed((text,)) or (field == "name" and lost_hanzi(text)):
            return Fault(field, FindingCode.DAMAGED_TEXT, text)
    return None


def _take(cells: Mapping[str, str] | None, today: str, digest: Digest) -> Eviction | Fault:
    if cells is None:
        return Fault("", FindingCode.NOT_A_RECORD, "")
    fault = destroyed(cells)
    if fault:
        return fault
    who = identify(cells, digest)
    if isinstance(who, Fault):
        return who
    name = tidy(cells.get("name", ""))
    if who.uscc and "uscc_in_name_column" in who.warnings:
        name = ""
    if not (who.uscc or who.registration_no or who.org_code or who.person or name):
        return Fault("uscc", FindingCode.MISSING_IDENTITY, "")
    warnings = list(who.warnings)
    day = _day(cells, today, warnings)
    if isinstance(day, Fault):
        return day
    reason_text = tidy(cells.get("reason_text", ""))
    codes_text = tidy(cells.get("reasons", ""))
    if not reason_text and not codes_text:
        return Fault("reason_text", FindingCode.MISSING_REASON, "")
    reasons = read_reasons(f"{codes_text}；{reason_text}" if codes_text else reason_text)
    if reasons == (UNKNOWN,):
        warnings.append("unknown_reason")
    return _eviction(
        cells,
        who,
        digest,
        name=name,
        day=day,
        reasons=reasons,
        reason_text=reason_text or codes_text,
        warnings=warnings,
    )


def _eviction(
    cells: Mapping[str, str],
    who: Identity,
    digest: Digest,
    *,
    name: str,
    day: str,
    reasons: tuple[str, ...],
    reason_text: str,
    warnings: list[str],
) -> Eviction:
    texts = _texts(cells, warnings)
    representative = compact_person(cells.get("legal_representative", ""))
    if name and who.person and not (who.uscc or who.registration_no or who.org_code) and _is_personal(name):
        representative, name = representative or compact_person(name), shown_name(name)
    if "shop_address" in texts:
        shop_address = texts.pop("shop_address")
        texts.setdefault("shop_url" if _URL.match(shop_address) else "address", shop_address)
    return Eviction(
        uscc=who.uscc,
        registration_no=who.registration_no,
        org_code=who.org_code,
        person=who.person,
        name=_masked(name, warnings),
        phone=_digest_phone(cells.get("phone", ""), digest),
        legal_representative=digest("legal_representative", representative) if representative else "",
        legal_representative_shown=shown_name(representative),
        bank_account=_digest_account(cells.get("bank_account", ""), digest),
        evicted_on=day,
        reasons=reasons,
        reason_text=_masked(reason_text, warnings),
        evidence_level=_evidence(cells.get("evidence_level", ""), texts.get("document_no", "")),
        expires_on=_expiry(cells.get("expires_on", ""), warnings),
        warnings=tuple(dict.fromkeys(warnings)) if warnings else (),
        **texts,
    )


def _texts(cells: Mapping[str, str], warnings: list[str]) -> dict[str, str]:
    """The free texts of a row that say something, masked."""
    texts: dict[str, str] = {}
    for field, cell in cells.items():
        if field in _TEXT_FIELDS and cell:
            text = tidy(cell)
            if text:
                texts[field] = _masked(text, warnings)
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


def _is_personal(name: str) -> bool:
    return _HANZI_NAME.fullmatch(name) is not None and _ORGANISATION.search(name) is None


def _digest_phone(text: str, digest: Digest) -> str:
    for part in (text, *re.split(r"[,;/、，；\s]+", text)) if text else ():
        phone = compact_phone(part)
        if phone:
            return digest("phone", phone)
    return ""


def _digest_account(text: str, digest: Digest) -> str:
    number = compact_account(text)
    return digest("bank_account", number) if number else ""
