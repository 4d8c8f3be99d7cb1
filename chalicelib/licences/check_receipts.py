"""What a decided licence check leaves: a receipt, the licence's current state, a line in the platform's own list.

The check is decided by one conditional write of one item; everything here is derived from it and may be done again
by whoever meets the check next, until the check says that it is recorded.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.errors import Unavailable
from chalicelib.licences.rules import licence_validity
from chalicelib.licences.rules.licence_check import VERIFIED
from chalicelib.licences.rules.licence_notice import licence_notice
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

Record = licence_validity.Record
TRIES = 12
RECEIPT = (
    "receipt_id",
    "check_id",
    "platform_id",
    "uscc",
    "purpose",
    "method",
    "state",
    "reason",
    "remarks",
    "proof",
    "signer",
    "presented_at",
    "decided_at",
)


def record(
    exchange: "ExchangeTable",
    registry: "RegistryTable",
    verified_list: "NumberedLog",
    check: Mapping[str, Any],
    months: int,
    now: datetime,
) -> None:
    """Write what follows from a decided check; done twice, it is done once.

    The receipt is kept for three years (网络交易监督管理办法 31); the licence itself is not kept.
    """
    if "recorded_at" in check:
        return
    kept_until = int(now.timestamp()) + licence_validity.RECEIPT_SECONDS
    receipt = {field: check.get(field, "") for field in RECEIPT}
    exchange.put_new({"id": f"receipt#{check['receipt_id']}", **receipt, "expires_at": kept_until})
    if check["state"] == VERIFIED:
        after = amend(exchange, check["uscc"], lambda known: licence_validity.verified(known, check, months))
        if after:
            exchange.add_to_set(licence_validity.due_id(after["due_on"]), "usccs", {check["uscc"]})
        if check["purpose"] != "my_record":
            line = {field: check[field] for field in ("check_id", "uscc", "purpose", "receipt_id")}
            verified_list.append({**line, "entry_id": check["check_id"], "verified_at": check["decided_at"]})
        # The register may have ended the merchant between the reading of it and the writing of this.
        subject = registry.subject(f"uscc:{check['uscc']}") or {}
        registered(exchange, check["uscc"], subject.get("registration", {}), now)
    exchange.set_fields(check["id"], {"recorded_at": iso(now), "facts": {}})


def registered(exchange: "ExchangeTable", uscc: str, registration: Mapping[str, Any], now: datetime) -> Record | None:
    """Let the licence follow what the register says; the licence as it now stands, None where there is none."""
    status, at, today = str(registration.get("status", "")), str(registration.get("at", "")), china_date(now)

    def change(known: Record | None) -> Record | None:
        return licence_validity.registered(known, status, at, today) if known and status else None

    return amend(exchange, uscc, change)


def notify_holders(sender: NoticeSender, licence: Mapping[str, Any], now: datetime) -> int:
    """Tell each platform for which the licence was verified how it stands now; how many. Told twice, told once."""
    for platform_id in sorted(licence["verified_for"]):
        send_notice(sender, platform_id, *licence_notice(licence, platform_id), now)
    return len(licence["verified_for"])


def amend(exchange: "ExchangeTable", uscc: str, change: Callable[[Record | None], Record | None]) -> Record | None:
    """Apply a pure change to a merchant's licence on condition that nobody else wrote meanwhile; as it then stands.

    Every write of a licence goes through here. `change` returns None where there is nothing to write.
    """
    for _ in range(TRIES):
        known = exchange.get(licence_validity.item_id(uscc))
        after = change(known)
        if after is None:
            return known
        if known is None:
            if exchange.put_new(after) is None:
                return after
        else:
            fields = {field: value for field, value in after.items() if field != "id"}
            if exchange.set_fields(known["id"], fields, only_if={"version": known["version"]}):
                return after
    raise Unavailable("store_unavailable", uscc=uscc)
