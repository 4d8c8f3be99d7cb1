"""A roster: the merchants of one platform, each known by the platform's own id of it.

One row becomes a merchant in normal form, with personal values as keyed digests, or a rejection that says why not.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

from chalicelib.domain.cell import is_destroyed, tidy
from chalicelib.domain.digest import Digest
from chalicelib.domain.eviction import Rejection
from chalicelib.domain.identifier import compact
from chalicelib.domain.identity import Fault, Identity, identify
from chalicelib.domain.report import destroyed, reject
from chalicelib.domain.resident import (
    compact_account,
    compact_person,
    compact_phone,
    is_valid_resident_id,
    mask_personal,
)
from chalicelib.domain.search import EXACT, Applicant
from chalicelib.domain.search import known_as as known_as_of
from chalicelib.domain.signal import SIGNALS

Merchant = dict[str, Any]

MODES: Final = ("full", "patch")
ADD, REMOVE, KEEP = "add", "remove", "keep"
# What the column of operations may say; 增 and 改 do the same, for whoever is not there yet is added.
OPS: Final = {
    **dict.fromkeys(("增", "新增", "增加", "添加", "入驻", "add", "added", "insert", "new", "a", "i"), ADD),
    **dict.fromkeys(("改", "修改", "变更", "更新", "change", "changed", "update", "updated", "modify", "c", "u"), ADD),
    **dict.fromkeys(("删", "删除", "移除", "退出", "remove", "removed", "delete", "deleted", "d", "r"), REMOVE),
}
FIELDS: Final = (
    "uscc",
    "uscc_as_given",
    "registration_no",
    "org_code",
    "person",
    "name",
    "shop_name",
    *SIGNALS,
)
LONGEST_ID: Final = 80
# A name whose characters are masked, or of a person alone, is no registered name.
_MASKED: Final = re.compile(r"[*＊]")
# Merchants that were enrolled by a call wait in so many items of a platform.
SLOTS: Final = 256
SLOT: Final = "in:"
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


def kept_fields(identity: Mapping[str, Any]) -> Merchant:
    """What is kept of a merchant, empty fields left out."""
    return {field: identity[field] for field in FIELDS if identity.get(field)}


def applicant(merchant: Mapping[str, Any]) -> Applicant:
    """The merchant as a lookup sees whoever is asked for."""
    return Applicant(
        uscc=merchant.get("uscc", ""),
        uscc_as_given=merchant.get("uscc_as_given", ""),
        registration_no=merchant.get("registration_no", ""),
        org_code=merchant.get("org_code", ""),
        person=merchant.get("person", ""),
        name=merchant.get("name", ""),
        shop_name=merchant.get("shop_name", ""),
        signals={field: merchant[field] for field in SIGNALS if merchant.get(field)},
    )


def known_as(merchant: Mapping[str, Any]) -> str:
    """The id under which a platform's decisions about the merchant are kept, as those about an applicant are."""
    return known_as_of(applicant(merchant))


def exact_ids(identity: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each exact identifier of a merchant or a subject, as a subject's id, with the relation of whoever shares it.

    A code that had to be repaired identifies nobody exactly. A credit code holds an organisation code.
    """
    repaired = identity.get("uscc_as_given", "") not in ("", identity.get("uscc", ""))
    uscc = "" if repaired else identity.get("uscc", "")
    values = {"uscc": uscc, "org_code": identity.get("org_code") or uscc[8:17]}
    for field, prefix, relation in EXACT:
        value = values[field] if field in values else identity.get(field, "")
        if value:
            yield relation, f"{prefix}:{value}"


def hash_of(merchant_id: str) -> int:
    """A number by which merchants are spread evenly: the same for ever."""
    return int.from_bytes(blake2b(merchant_id.encode("utf-8", "replace"), digest_size=4).digest(), "big")


def slot_id(platform_id: str, merchant_id: str) -> str:
    """The item in which a merchant that was enrolled by a call waits for the next run."""
    return f"enrolled#{platform_id}#{hash_of(merchant_id) % SLOTS:02x}"


def state_id(platform_id: str) -> str:
    """The item that says how a platform's roster stands."""
    return f"rosters#{platform_id}"


def news_id(platform_id: str) -> str:
    """The item that says what a platform sent last, and when a call last enrolled a merchant."""
    return f"roster-news#{platform_id}"


def _take(cells: Mapping[str, str] | None, mode: str, digest: Digest) -> tuple[str, Merchant, tuple[str, ...]] | Fault:
    if cells is None:
        return Fault("", "not_a_record", "")
    fault = destroyed(cells) or _bad_id(cells)
    if fault:
        return fault
    said = tidy(cells.get("op", ""))
    op = OPS.get(said.lower(), "")
    if mode == "patch" and not op:
        return Fault("op", "invalid_op" if said else "missing_op", said)
    if op == REMOVE:
        return REMOVE, {"id": id_in(cells)}, ()
    who = identify(cells, digest)
    if isinstance(who, Fault):
        return who
    warnings = list(who.warnings)
    merchant = {"id": id_in(cells), **kept_fields(_fields(cells, who, digest, warnings))}
    if len(merchant) == 1:
        return Fault("uscc", "missing_identity", "")
    return ADD, merchant, tuple(dict.fromkeys(warnings))


def _bad_id(cells: Mapping[str, str]) -> Fault | None:
    text = tidy(cells.get("shop_id", ""))
    if not text:
        return Fault("shop_id", "missing_merchant_id", "")
    return None if id_in(cells) else Fault("shop_id", "invalid_merchant_id", text[:LONGEST_ID])


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
