"""A roster: the merchants of one platform, each known by the platform's own id of it.

One row becomes a merchant in normal form, with personal values as keyed digests, or a rejection that says why not.
"""

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.messages import FindingCode
from chalicelib.monitoring.rules.monitored_merchant import Merchant, kept_fields
from chalicelib.reports.rules.eviction import Rejection
from chalicelib.reports.rules.validate_report_row import destroyed, reject
from chalicelib.table_files.rules.row_identity import Fault, Identity, identify
from chalicelib.values.cell_text import is_destroyed, tidy
from chalicelib.values.keyed_digest import Digest
from chalicelib.values.masking import mask_personal
from chalicelib.values.organisation_codes import compact
from chalicelib.values.personal_identifiers import compact_account, compact_person, compact_phone, is_valid_resident_id

MODES: Final = ("full", "patch")
ADD, REMOVE, KEEP = "add", "remove", "keep"
# What the column of operations may say; 增 and 改 do the same, for whoever is not there yet is added.
OPS: Final = {
    **dict.fromkeys(("增", "新增", "增加", "添加", "入驻", "add", "added", "insert", "new", "a", "i"), ADD),
    **dict.fromkeys(("改", "修改", "变更", "更新", "change", "changed", "update", "updated", "modify", "c", "u"), ADD),
    **dict.fromkeys(("删", "删除", "移除", "退出", "remove", "removed", "delete", "deleted", "d", "r"), REMOVE),
}
LONGEST_ID: Final = 80
# A name whose characters are masked, or of a person alone, is no registered name.
_MASKED: Final = re.compile(r"[*＊]")
_NO_HEADERS: Mapping[str, str] = {}


def take_merchant(
    row: int,
    cells: Mapping[str, str] | None,
    mode: str,
    digest: Digest,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> tuple[str, Merchant, tuple[str, ...]] | Rejection:
    """What a row asks for (add, remove), of which merchant, with which warnings; or its rejection.

    In a full roster the operation may be left out, and a row that says 删 is as if it were not there.
    """
    taken = _take(cells, mode, digest)
    return reject(row, taken, headers) if isinstance(taken, Fault) else taken


def id_in(cells: Mapping[str, str] | None) -> str:
    """The platform's own id in a row, however bad the rest of it is; '' where there is none that could be kept."""
    text = tidy((cells or {}).get("shop_id", ""))
    bad = len(text) > LONGEST_ID or is_destroyed((text,)) or is_valid_resident_id(compact(text))
    return "" if bad else text


def state_id(platform_id: str) -> str:
    """The item that says how a platform's roster stands."""
    return f"rosters#{platform_id}"


def _take(cells: Mapping[str, str] | None, mode: str, digest: Digest) -> tuple[str, Merchant, tuple[str, ...]] | Fault:
    if cells is None:
        return Fault("", FindingCode.NOT_A_RECORD, "")
    fault = destroyed(cells) or _bad_id(cells)
    if fault:
        return fault
    said = tidy(cells.get("op", ""))
    op = OPS.get(said.lower(), "")
    if mode == "patch" and not op:
        return Fault("op", FindingCode.INVALID_OP if said else FindingCode.MISSING_OP, said)
    if op == REMOVE:
        return REMOVE, {"id": id_in(cells)}, ()
    who = identify(cells, digest)
    if isinstance(who, Fault):
        return who
    warnings = list(who.warnings)
    merchant = {"id": id_in(cells), **kept_fields(_fields(cells, who, digest, warnings))}
    if len(merchant) == 1:
        return Fault("uscc", FindingCode.MISSING_IDENTITY, "")
    return ADD, merchant, tuple(dict.fromkeys(warnings))


def _bad_id(cells: Mapping[str, str]) -> Fault | None:
    text = tidy(cells.get("shop_id", ""))
    if not text:
        return Fault("shop_id", FindingCode.MISSING_MERCHANT_ID, "")
    return None if id_in(cells) else Fault("shop_id", FindingCode.INVALID_MERCHANT_ID, text[:LONGEST_ID])


def _fields(cells: Mapping[str, str], who: Identity, digest: Digest, warnings: list[str]) -> Merchant:
    def text(field: str) -> str:
        masked, kinds = mask_personal(tidy(cells.get(field, "")))
        warnings.extend(f"{kind}_removed" for kind in kinds)
        return masked

    name = "" if "uscc_in_name_column" in who.warnings else text("name")
    representative = compact_person(cells.get("legal_representative", ""))
    if who.person and not (who.uscc or who.registration_no or who.org_code) and 2 <= len(name) <= 4:
        # A person who trades under no name of a firm: known by the digests alone.
        representative, name = representative or compact_person(name), ""
    phone = compact_phone(cells.get("phone", ""))
    account = compact_account(cells.get("bank_account", ""))
    return {
        "uscc": who.uscc,
        "uscc_as_given": compact(cells.get("uscc", "")) if "uscc_repaired" in who.warnings else "",
        "registration_no": who.registration_no,
        "org_code": who.org_code,
        "person": who.person,
        "name": "" if _MASKED.search(name) else name,
        "shop_name": text("shop_name"),
        "address": text("address"),
        "shop_url": text("shop_url"),
        "legal_representative": digest("legal_representative", representative) if representative else "",
        "phone": digest("phone", phone) if phone else "",
        "bank_account": digest("bank_account", account) if account else "",
    }
