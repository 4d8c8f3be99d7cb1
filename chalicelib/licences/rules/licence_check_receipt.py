"""The receipt of a licence check, and the entry of a verified licence in its platform's own list."""

from dataclasses import dataclass, fields

from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.values.records import Record, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReceipt(Record):
    """That a licence was checked, how, and with what outcome; not the licence itself."""

    receipt_id: str = stored()
    check_id: str = stored()
    platform_id: str = stored()
    uscc: str = stored()
    purpose: str = stored()
    method: str = stored()
    state: str = stored()
    reason: str = stored("", always=True)
    remarks: tuple[str, ...] = stored((), many="values", always=True)
    proof: str = stored("", always=True)
    signer: str = stored("", always=True)
    presented_at: str = stored("", always=True)
    decided_at: str = stored("", always=True)
    expires_at: int = stored(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedEntry(Record):
    """A licence that was verified for a platform, in the order of the checks."""

    entry_id: str = stored()
    check_id: str = stored()
    uscc: str = stored()
    purpose: str = stored()
    receipt_id: str = stored()
    verified_at: str = stored()


def receipt_of(check: LicenceCheck, expires_at: int) -> CheckReceipt:
    """The receipt of a decided check; the store forgets it at `expires_at` (seconds)."""
    copied = {field.name for field in fields(CheckReceipt)} - {"unknown", "expires_at"}
    return CheckReceipt(**{name: getattr(check, name) for name in copied}, expires_at=expires_at)


def verified_entry(check: LicenceCheck) -> VerifiedEntry:
    """The entry of a verified check in its platform's list."""
    return VerifiedEntry(
        entry_id=check.check_id,
        check_id=check.check_id,
        uscc=check.uscc,
        purpose=check.purpose,
        receipt_id=check.receipt_id,
        verified_at=check.decided_at,
    )
