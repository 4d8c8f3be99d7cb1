"""The table of items names the fields that the records declare."""

from dataclasses import fields

import pytest

from chalicelib.displays.rules.display import Display
from chalicelib.displays.rules.identity_report_rows import IdentityReport
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_check import LicenceCheck, UsedPresentation
from chalicelib.licences.rules.licence_check_receipt import CheckReceipt, VerifiedEntry
from chalicelib.merchant_record.merchant_sessions import Claim, StoredSession
from chalicelib.storage.item_kinds import account_kinds, licence_kinds
from chalicelib.values.records import Record

RECORDS = {
    "licence": VerifiedLicence,
    "licence check": LicenceCheck,
    "presentation": UsedPresentation,
    "receipt of a check": CheckReceipt,
    "verified licence of a platform": VerifiedEntry,
    "display": Display,
    "identity report": IdentityReport,
    "claim": Claim,
    "session": StoredSession,
}
# What the log of entries adds to each.
NUMBERED = {"number"}


def attributes(record: type[Record]) -> set[str]:
    declared = {field for field in fields(record) if field.name != "unknown"}
    return {field.metadata["stored"].name or field.name for field in declared}


@pytest.mark.parametrize("name", RECORDS)
def test_a_kind_of_item_has_the_fields_of_its_record(name: str) -> None:
    (kind,) = [kind for kind in (*licence_kinds.KINDS, *account_kinds.KINDS) if kind.name == name]
    assert set(kind.fields) - NUMBERED == attributes(RECORDS[name]) - {"expires_at"}
