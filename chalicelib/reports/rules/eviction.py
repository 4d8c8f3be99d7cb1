"""An eviction in normal form, the rejection of a row that could not become one, and both as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Eviction:
    """One eviction of one merchant as a platform reported it, normalised; '' is what is not known.

    `person`, `phone`, `legal_representative` and `bank_account` are keyed digests, days are YYYY-MM-DD, texts have
    resident IDs, phones and bank cards masked. `reasons` are codes of `reason.py`, `warnings` codes of `errors.py`.
    """

    uscc: str = ""
    registration_no: str = ""
    org_code: str = ""
    person: str = ""
    name: str = ""
    former_name: str = ""
    shop_name: str = ""
    shop_id: str = ""
    shop_url: str = ""
    address: str = ""
    phone: str = ""
    legal_representative: str = ""
    legal_representative_shown: str = ""
    bank_account: str = ""
    evicted_on: str = ""
    reasons: tuple[str, ...] = ()
    reason_text: str = ""
    measure: str = ""
    evidence_level: str = "E1"
    document_no: str = ""
    notice_url: str = ""
    expires_on: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken: its number, the column as the file calls it, the code, the value (masked)."""

    row: int
    column: str
    code: str
    value: str


_NAMES = tuple(field.name for field in fields(Eviction))


def eviction_as_dict(eviction: Eviction) -> dict[str, Any]:
    """The eviction as plain JSON-able data, fields that are not known left out."""
    plain: dict[str, Any] = {}
    for name in _NAMES:
        value = getattr(eviction, name)
        if value:
            plain[name] = list(value) if isinstance(value, tuple) else value
    return plain


def eviction_from_dict(plain: Mapping[str, Any]) -> Eviction:
    """The eviction that `eviction_as_dict` wrote; other keys are ignored."""
    known: dict[str, Any] = {}
    for name in _NAMES:
        if name in plain:
            known[name] = tuple(plain[name]) if isinstance(plain[name], list) else plain[name]
    return Eviction(**known)


def rejection_as_dict(rejection: Rejection) -> dict[str, Any]:
    """The rejection as plain JSON-able data."""
    return {
        "row": rejection.row,
        "column": rejection.column,
        "code": rejection.code,
        "value": rejection.value,
    }
