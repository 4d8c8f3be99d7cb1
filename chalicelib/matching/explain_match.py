"""Why a match was made, in words: each reason as one sentence in Chinese and English."""

from typing import Final

from chalicelib.matching.name_scoring import FIELDS, PART_RELATIONS, RELATIONS, Reason

IDENTIFIER_FIELDS: Final = {
    "uscc": ("统一社会信用代码", "credit code"),
    "registration_no": ("注册号", "registration number"),
    "org_code": ("组织机构代码", "organisation code"),
    "resident_id": ("居民身份证号", "resident ID"),
    "permit": ("通行证或护照号码", "permit or passport"),
    "personal_account": ("本人银行账户", "bank account of the person"),
}
SIGNAL_FIELDS: Final = {
    "legal_representative": ("法定代表人", "legal representative"),
    "phone": ("联系电话", "phone"),
    "bank_account": ("银行账户", "bank account"),
    "address": ("地址", "address"),
    "domain": ("网站域名", "domain"),
    "shop_url": ("店铺链接", "shop link"),
}
IDENTIFIER_RELATIONS: Final = {
    "same_uscc": ("统一社会信用代码完全一致", "the credit codes are the same"),
    "same_registration_no": ("注册号完全一致", "the registration numbers are the same"),
    "same_org_code": ("组织机构代码完全一致", "the organisation codes are the same"),
    "same_resident_id": ("居民身份证号一致", "the resident IDs are the same"),
    "same_permit": ("同类证件号码一致", "the numbers of their documents of one kind are the same"),
    "same_bank_account": ("自然人的银行账户一致", "the bank accounts of the natural persons are the same"),
    "repaired_uscc": ("代码经唯一纠错后一致", "the credit codes are the same after the one repair that fits"),
    "unverified_uscc": (
        "代码一致，但校验不通过",
        "the codes are the same, but the check character fails",
    ),
    "carries_on": ("由被清退主体转型而来（登记机关记载）", "a listed subject turned into it, by the register"),
    "shares_signal": ("与被清退主体共享一项信息，不足以认定", "shares one signal with an evicted subject, no proof"),
    "successor_of": ("与被清退主体共享两项以上独立信息", "shares two independent signals with an evicted subject"),
}
# What is said of one identifier beside its name.
_OF_IDENTIFIERS: Final = {
    **dict.fromkeys(IDENTIFIER_RELATIONS, ("完全一致", "exactly the same")),
    "repaired_uscc": ("经唯一纠错后一致", "the same after the one repair that fits"),
    "unverified_uscc": ("一致，但校验不通过", "the same, but the check character fails"),
    "different": ("不一致，是两个主体", "different, so these are two subjects"),
}
_PREDECESSOR: Final = {"registered": ("登记机关记载由其转型（个转企）", "the register says that it carries on from it")}
_FORMER: Final = {
    "reported_former": ("报送平台所报的曾用名（于所示日期）", "a former name by a platform's report of the day shown"),
    "asked_former": ("由查询方提供的曾用名认出", "recognised by a former name that the asker gave"),
    "former": ("登记机关记载的曾用名（至所示日期）", "a former name by the register, until the day shown"),
}
_FIELD_NAMES: Final = {
    "predecessor": ("前身", "predecessor"),
    "former_name": ("曾用名", "former name"),
    **FIELDS,
    **IDENTIFIER_FIELDS,
    **SIGNAL_FIELDS,
}
RELATION_NAMES: Final = {**PART_RELATIONS, **RELATIONS, **IDENTIFIER_RELATIONS, **_PREDECESSOR, **_FORMER}


def sentence(why: Reason) -> dict[str, str]:
    """One reason in words: the field, how the two values relate, and the values."""
    field_zh, field_en = _FIELD_NAMES[why.field]
    zh, en = (_OF_IDENTIFIERS if why.field in IDENTIFIER_FIELDS else RELATION_NAMES)[why.relation]
    return {
        "zh": f"{field_zh}：{zh}（查询“{why.query}”，名单“{why.candidate}”）",
        "en": f"{field_en}: {en.rstrip('.')} (asked “{why.query}”, listed “{why.candidate}”)",
    }
