"""What a decided licence check leaves: a receipt, the licence's current state, an entry in the platform's own list.

The check is decided by one conditional write of one item; everything here is derived from it and may be done again
by the next caller that reads the check, until the check says that it is recorded.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.licences import licence_check_store, licence_store
from chalicelib.licences.rules import licence_check_receipt, licence_validity
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_check import VERIFIED, LicenceCheck
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import licence_keys, registry_keys
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog


def record_decision(
    exchange: "ExchangeTable",
    registry: "RegistryTable",
    verified_log: "NumberedLog",
    check: LicenceCheck,
    months: int,
    now: datetime,
) -> None:
    """Write what follows from a decided check; done twice, it is done once.

    The receipt is kept for three years (网络交易监督管理办法 31); the licence itself is not kept.
    """
    if check.recorded_at:
        return
    receipt = licence_check_receipt.receipt_of(check, int((now + licence_keys.CHECK_RECEIPT_KEPT).timestamp()))
    licence_check_store.put_receipt(exchange, receipt)
    if check.state == VERIFIED:
        after = licence_store.update_licence(
            exchange, check.uscc, lambda before: licence_validity.after_check(before, check, months)
        )
        if after:
            licence_store.add_due(exchange, after.due_on, check.uscc)
        if check.purpose != "my_record":
            verified_log.append(licence_check_receipt.verified_entry(check).to_item())
        # The register may have ended the merchant between the reading of it and the writing of this.
        subject = registry.subject(registry_keys.subject_with_uscc(check.uscc))
        apply_registration(exchange, check.uscc, subject.registration if subject else Registration(), now)
    exchange.set_fields(licence_keys.licence_check(check.check_id), {"recorded_at": iso(now), "facts": {}})


def apply_registration(
    exchange: "ExchangeTable", uscc: str, registration: Registration, now: datetime
) -> VerifiedLicence | None:
    """Apply what the register says to the licence; the licence after that, None where there is none."""
    status, at, today = registration.status, registration.at, china_date(now)

    def change(before: VerifiedLicence | None) -> VerifiedLicence | None:
        return licence_validity.after_registration(before, status, at, today) if before and status else None

    return licence_store.update_licence(exchange, uscc, change)
