"""What a person types or pastes into the field of the search: which part is a code, a phone, a name.

A pasted licence says itself what each part is (名称：…); what carries no such word is told by its form.

>>> fields_of("91330106MA2GT00116")
{'uscc': '91330106MA2GT00116'}
>>> fields_of("名称：霁川示例（杭州）食品有限公司 统一社会信用代码：91330106MA2GT00116 法定代表人：沈知白")
{'name': '霁川示例(杭州)食品有限公司', 'uscc': '91330106MA2GT00116', 'legal_representative': '沈知白'}
>>> fields_of("霁川示例食品 13912345678")
{'phone': '13912345678', 'name': '霁川示例食品'}
"""

import re
import unicodedata
from typing import Final

from chalicelib.values import organisation_codes, personal_identifiers

# What licences, lists and forms call each part, the longer names first.
LABELS: Final = {
    "统一社会信用代码/注册号": "uscc",
    "统一社会信用代码": "uscc",
    "社会信用代码": "uscc",
    "信用代码": "uscc",
    "注册号": "registration_no",
    "组织机构代码": "org_code",
    "企业名称": "name",
    "公司名称": "name",
    "商户名称": "name",
    "店铺名称": "shop_name",
    "曾用名": "former_name",
    "名称": "name",
    "字号名称": "name",
    "法定代表人": "legal_representative",
    "法人代表": "legal_representative",
    "负责人": "legal_representative",
    "经营者": "legal_representative",
    "投资人": "legal_representative",
    "住所": "address",
    "营业场所": "address",
    "经营场所": "address",
    "地址": "address",
    "联系电话": "phone",
    "电话": "phone",
    "手机": "phone",
}
# Parts of a licence that say nothing which is looked up; they end the part before them.
OTHER_LABELS: Final = (
    "类型", "主体类型", "公司类型", "组成形式", "注册资本", "出资额", "成立日期", "注册日期", "营业期限", "经营期限",
    "经营范围", "登记机关", "核准日期", "登记状态", "发证日期", "有效期",
)  # fmt: skip
_NAMES: Final = "|".join(sorted([*LABELS, *OTHER_LABELS], key=len, reverse=True))
_LABELLED: Final = re.compile(rf"(?:^|(?<=[\s,;。|]))({_NAMES})\s?:")
# Beside parts that are labelled with a colon, one may be labelled with a space or the end of a line alone.
_LOOSELY_LABELLED: Final = re.compile(rf"(?:^|(?<=[\s,;。|]))({_NAMES})(?:\s?:|\s)")
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
_REGISTRATION_NO: Final = re.compile(r"(?<!\d)\d{15}(?!\d)")
_PHONE: Final = re.compile(r"(?<![\d-])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?![\d-])")
_LINK: Final = re.compile(r"https?://\S{1,300}")
_EDGES: Final = " \t\r\n,;。|、:\"'“”"


def fields_of(line: str) -> dict[str, str]:
    """The fields of a lookup in a line of text, in plain width; nothing for an empty line."""
    text = unicodedata.normalize("NFKC", line).strip(_EDGES)
    if not _LABELLED.search(text):
        return _by_form(text)
    labels = list(_LOOSELY_LABELLED.finditer(text))
    fields = _by_form(text[: labels[0].start()])
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        value = text[label.end() : following.start() if following else len(text)].strip(_EDGES)
        field = LABELS.get(label[1])
        if field and value:
            fields.setdefault(field, value)
    return fields


def _by_form(text: str) -> dict[str, str]:
    """The fields of a text without labels: codes, phones and links by their form, the rest as a name."""
    fields: dict[str, str] = {}
    for pattern, field in (
        (_LINK, "shop_url"),
        (_CODE, "uscc"),
        (_REGISTRATION_NO, "registration_no"),
        (_PHONE, "phone"),
    ):
        found = pattern.search(text)
        if found:
            fields[field] = found[0]
            text = text[: found.start()] + " " + text[found.end() :]
    if fields.get("uscc") and personal_identifiers.is_resident_id(personal_identifiers.compact(fields["uscc"])):
        fields["id_no"] = fields.pop("uscc")
    compact = organisation_codes.compact(text)
    if not fields and compact.isascii() and organisation_codes.is_valid_org_code(compact):
        return {"org_code": text}
    rest = " ".join(text.split()).strip(_EDGES)
    return {**fields, "name": rest} if rest else fields
