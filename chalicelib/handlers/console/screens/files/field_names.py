"""What the columns of files are called on pages, by field."""

from collections.abc import Mapping
from typing import Final

from chalicelib.handlers.console.visit import Visit

NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("名称", "Name"),
    "uscc": ("统一社会信用代码", "Credit code (USCC)"),
    "uscc_or_regno": ("信用代码或注册号", "USCC or registration number"),
    "registration_no": ("注册号", "Registration number"),
    "org_code": ("组织机构代码", "Organisation code"),
    "id_type": ("证件类型", "Type of document"),
    "id_no": ("证件号码", "Number of an identity document"),
    "passport_no": ("护照号", "Passport"),
    "hk_macau_permit_no": ("港澳通行证", "Permit, Hong Kong and Macau"),
    "taiwan_permit_no": ("台胞证", "Permit, Taiwan"),
    "foreign_permit_no": ("外国人永久居留身份证", "Foreign permanent resident card"),
    "legal_representative": ("法定代表人", "Legal representative"),
    "representative_id_no": ("法定代表人证件号码", "Representative's document"),
    "former_name": ("曾用名", "Former name"),
    "short_name": ("简称", "Short name"),
    "shop_name": ("店铺名称", "Shop name"),
    "shop_id": ("店铺 ID", "Shop id"),
    "shop_url": ("店铺链接", "Shop link"),
    "shop_address": ("店铺地址", "Shop address"),
    "phone": ("电话", "Phone"),
    "bank_account": ("银行账户", "Bank account"),
    "address": ("地址", "Address"),
    "entity_type": ("主体类型", "Type of subject"),
    "evicted_on": ("清退日期", "Evicted on"),
    "reasons": ("原因代码", "Reason codes"),
    "reason_text": ("清退原因", "Reason"),
    "measure": ("处理措施", "Measure"),
    "evidence_level": ("证据等级", "Evidence level"),
    "document_no": ("决定书文号", "Document number"),
    "notice_url": ("公示链接", "Public notice"),
    "expires_on": ("有效期至", "Ends on"),
    "decided_on": ("处罚决定日期", "Decided on"),
    "op": ("增删改标志", "Operation"),
    "shop_state": ("店铺状态", "Shop state"),
    "platform": ("平台", "Platform"),
}
# The columns that say who, when and why come first.
ORDER: Final = tuple(NAMES)


def field_name(visit: Visit, field: str) -> str:
    """What a field is called; its own name where it is a rare one."""
    zh, en = NAMES.get(field, (field, field))
    return visit.t(zh, en)


def in_order(fields: Mapping[str, object]) -> list[str]:
    """The fields in the order in which pages show them."""
    return sorted(fields, key=lambda field: ORDER.index(field) if field in ORDER else len(ORDER))
