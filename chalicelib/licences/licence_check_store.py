"""Licence checks in the exchange table, their receipts, and the presentations that were used for them."""

from typing import TYPE_CHECKING

from chalicelib.licences.rules.licence_check import LicenceCheck, UsedPresentation
from chalicelib.licences.rules.licence_check_receipt import CheckReceipt
from chalicelib.storage.item_keys import licence_keys
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def find_check(exchange: "ExchangeTable", check_id: str) -> LicenceCheck | None:
    """The check as it is stored; None when there is none."""
    item = exchange.get(licence_keys.licence_check(check_id))
    return LicenceCheck.from_item(item) if item else None


def put_check(exchange: "ExchangeTable", check: LicenceCheck) -> None:
    """Store a new check."""
    exchange.put_new({"id": licence_keys.licence_check(check.check_id), **check.to_item()})


def update_check(exchange: "ExchangeTable", check: LicenceCheck, fields: Json, only_if: Json) -> bool:
    """Set attributes of the stored check if others still have the values of `only_if`; whether they had."""
    return exchange.set_fields(licence_keys.licence_check(check.check_id), fields, only_if=only_if)


def put_receipt(exchange: "ExchangeTable", receipt: CheckReceipt) -> None:
    """Store the receipt, unless it is there already."""
    exchange.put_new({"id": licence_keys.check_receipt(receipt.receipt_id), **receipt.to_item()})


def find_use(exchange: "ExchangeTable", proof: str) -> str:
    """The id of the check that the presentation (its SHA-256) was used for; '' when it was not used."""
    item = exchange.get(licence_keys.presentation(proof))
    return UsedPresentation.from_item(item).check_id if item else ""


def put_use(exchange: "ExchangeTable", proof: str, use: UsedPresentation) -> str:
    """Store for which check the presentation is used, once; the id of the check that it was first used for."""
    first = exchange.put_new({"id": licence_keys.presentation(proof), **use.to_item()})
    return UsedPresentation.from_item(first).check_id if first else use.check_id
