"""One row of a roster: a merchant in normal form, identified by the platform's own id of it, or why it is rejected.

Personal values become keyed digests.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.matching.matching_signals import digest_phones
from chalicelib.matching.readings.person_names import person_key
from chalicelib.messages import FindingCode
from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.reports.rules.validate_report_row import destroyed, reject
from chalicelib.rosters.rules.hosted_state import has_left
from chalicelib.rosters.rules.roster import PATCH
from chalicelib.table_files.rules.natural_person import document_cell, names_an_organisation
from chalicelib.table_files.rules.row_identifiers import Fault, RowIdentity
from chalicelib.table_files.rules.row_identity import identify
from chalicelib.values.cell_text import given, tidy
from chalicelib.values.identity_documents import masked_number
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import mask_personal
from chalicelib.values.organisation_codes import compact
from chalicelib.values.personal_identifiers import (
    compact_account,
    compact_personal_account,
    is_valid_resident_id,
)
from chalicelib.values.text_damage import is_damaged_text

ADD, REMOVE, KEEP = "add", "remove", "keep"
# What the column of operations may say; 增 and 改 do the same, for a merchant that is not there yet is added.
OPS: Final = {
    **dict.fromkeys(("增", "新增", "增加", "添加", "入驻", "add", "added", "insert", "new", "a", "i"), ADD),
    **dict.fromkeys(("改", "修改", "变更", "更新", "change", "changed", "update", "updated", "modify", "c", "u"), ADD),
    **dict.fromkeys(("删", "删除", "移除", "退出", "remove", "removed", "delete", "deleted", "d", "r"), REMOVE),
}
LONGEST_ID: Final = 80
# A name whose characters are masked, or of a person alone, is no registered name.
_MASKED: Final = re.compile(r"[*＊]")
_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What a row asks for (add, remove), of which merchant, with which warnings."""

    operation: str
    merchant: Merchant
    warnings: tuple[str, ...] = ()


def read_roster_row(
    row: int,
    cells: Mapping[str, str] | None,
    mode: str,
    digest: Digest,
    headers: Mapping[str, str] = _NO_HEADERS,
    today: str = "",
) -> RosterRow | Rejection:
    """What a row asks for, or its rejection; `today` is YYYY-MM-DD.

    In a full roster the operation may be left out, and a row that says 删 is as if it were not there. One that says
    that the merchant has left (店铺状态 已关店) says 删, with a warning.
    """
    taken = _read(cells, mode, digest, today)
    return reject(row, taken, headers) if isinstance(taken, Fault) else taken


def merchant_id_in(cells: Mapping[str, str] | None) -> str:
    """The platform's own id in a row, however bad the rest of it is; '' where there is none that could be kept."""
    text = tidy((cells or {}).get("shop_id", ""))
    bad = len(text) > LONGEST_ID or is_damaged_text(text) or is_valid_resident_id(compact(text))
    return "" if bad else text


def _read(cells: Mapping[str, str] | None, mode: str, digest: Digest, today: str) -> RosterRow | Fault:
    if cells is None:
        return Fault("", FindingCode.NOT_A_RECORD, "")
    fault = destroyed(cells) or _bad_id(cells)
    if fault:
        return fault
    text = tidy(cells.get("op", ""))
    operation = OPS.get(text.lower(), "")
    if mode == PATCH and not operation:
        return Fault("op", FindingCode.INVALID_OP if text else FindingCode.MISSING_OP, text)
    if operation == REMOVE:
        return RosterRow(REMOVE, Merchant(id=merchant_id_in(cells)))
    if has_left(cells, today):
        return RosterRow(REMOVE, Merchant(id=merchant_id_in(cells)), (FindingCode.NOT_HOSTED,))
    identity = identify(cells, digest)
    if isinstance(identity, Fault):
        return identity
    warnings = list(identity.warnings)
    account = personal_account(cells, identity)
    if identity.says_person and not (identity.has_code or identity.person or identity.permit or account):
        field, cell = document_cell(cells)
        return Fault(field, FindingCode.PERSON_WITHOUT_IDENTIFIER, masked_number(cell))
    merchant = _merchant(cells, identity, digest, warnings)
    if account:
        merchant = merchant.replace(personal_account=digest("bank_account", account))
    if not merchant.is_identified:
        return Fault("uscc", FindingCode.MISSING_IDENTITY, "")
    return RosterRow(ADD, merchant, tuple(dict.fromkeys(warnings)))


def personal_account(cells: Mapping[str, str], identity: RowIdentity) -> str:
    """The bank account by which a merchant is identified as a natural person; '' for an organisation's, or none."""
    account = compact_personal_account(cells.get("bank_account", ""))
    if not account or identity.has_code:
        return ""
    return account if identity.says_person or not names_an_organisation(cells.get("name", "")) else ""


def _bad_id(cells: Mapping[str, str]) -> Fault | None:
    text = tidy(cells.get("shop_id", ""))
    if not text:
        return Fault("shop_id", FindingCode.MISSING_MERCHANT_ID, "")
    return None if merchant_id_in(cells) else Fault("shop_id", FindingCode.INVALID_MERCHANT_ID, text[:LONGEST_ID])


def _merchant(cells: Mapping[str, str], identity: RowIdentity, digest: Digest, warnings: list[str]) -> Merchant:
    def text(field: str) -> str:
        if not (plain := given(cells.get(field, ""))):
            return ""
        masked, kinds = mask_personal(plain)
        warnings.extend(f"{kind}_removed" for kind in kinds)
        return masked

    name = "" if "uscc_in_name_column" in identity.warnings else text("name")
    former_name = text("former_name")
    representative = person_key(given(cells.get("legal_representative", "")))
    if not identity.has_code and (identity.says_person or personal_account(cells, identity)):
        # Persons are listed under no name that could be compared: the digests identify this one.
        representative, name, former_name = representative or person_key(name), "", ""
    phones = digest_phones(contact := given(cells.get("phone", "")), digest)
    if contact and not phones:
        warnings.append("phone_ignored")
    account = compact_account(cells.get("bank_account", ""))
    return Merchant(
        id=merchant_id_in(cells),
        uscc=identity.uscc,
        uscc_as_given=compact(cells.get("uscc", "")) if "uscc_repaired" in identity.warnings else "",
        registration_no=identity.registration_no,
        org_code=identity.org_code,
        person=identity.person,
        permit=identity.permit,
        unverified_uscc=identity.unverified_uscc,
        name="" if _MASKED.search(name) else name,
        former_name="" if _MASKED.search(former_name) else former_name,
        shop_name=text("shop_name"),
        address=text("address"),
        shop_url=text("shop_url"),
        legal_representative=digest("legal_representative", representative) if representative else "",
        phone=phones,
        bank_account=digest("bank_account", account) if account else "",
    )
