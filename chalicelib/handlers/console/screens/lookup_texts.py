"""What pages say of lookups: the fields of an applicant, a lookup that was made as a row, and its receipt as text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import VERDICTS, verdict_state
from chalicelib.handlers.console.texts.value_texts import exact, grouped
from chalicelib.handlers.console.visit import Visit
from chalicelib.lookups import list_lookups
from chalicelib.lookups.rules.stored_lookup import StoredLookup
from chalicelib.values.records import Json

# The fields of the long form, in its order, with their names in zh and en.
FIELDS: Final = (
    ("name", "名称", "Name"),
    ("uscc", "统一社会信用代码", "Credit code (USCC)"),
    ("registration_no", "注册号", "Registration number"),
    ("org_code", "组织机构代码", "Organisation code"),
    ("former_name", "曾用名", "Former name"),
    ("shop_name", "店铺名称", "Shop name"),
    ("legal_representative", "法定代表人", "Legal representative"),
    ("phone", "电话", "Phone"),
    ("address", "地址", "Address"),
    ("id_no", "证件号码", "Number of an identity document"),
    ("bank_account", "银行账户", "Bank account"),
    ("shop_url", "店铺链接", "Shop link"),
)
NAMES: Final = {name: (zh, en) for name, zh, en in FIELDS}
PURPOSES: Final = (
    ("onboarding", "入驻审核", "onboarding"),
    ("recheck", "存量复核", "recheck of a merchant here"),
    ("investigation", "调查", "investigation"),
)
# A field that only programs send.
_OF_PROGRAMS: Final = {"resident_id": ("居民身份证号码", "Resident ID")}
# By which a merchant is recognised in a list, the best first.
_SHOWN: Final = ("name", "shop_name", "former_name", "uscc", "registration_no", "org_code")


def field_name(visit: Visit, field: str) -> str:
    """A field of an applicant in words; as it is called by the API where it has none."""
    return visit.t(*{**_OF_PROGRAMS, **NAMES}.get(field, (field, field)))


def lookup_row(visit: Visit, lookup: StoredLookup, people: Mapping[str, str]) -> Json:
    """A lookup as a row of a list, with what was asked as it is kept: masked. `people` are names by id."""
    view = list_lookups.summary(lookup)
    asked: dict[str, str] = view["asked"]
    shown = next((name for name in _SHOWN if asked.get(name, "***") != "***"), "")
    others = [field_name(visit, name) for name in asked if name not in (shown, "uscc")]
    purposes = {name: (zh, en) for name, zh, en in PURPOSES}
    return {
        "lookup_id": lookup.lookup_id,
        "at": lookup.at,
        "verdict": verdict_state(visit, lookup.verdict),
        "who": asked.get(shown, "") or visit.t("（未留存名称）", "(no name is kept)"),
        "uscc": asked.get("uscc", "").replace("***", "") if shown != "uscc" else "",
        "others": visit.t("、", ", ").join(others),
        "asked": [(field_name(visit, name), value) for name, value in asked.items()],
        "purpose": visit.t(*purposes.get(lookup.purpose, (lookup.purpose, lookup.purpose))),
        "by": people.get(lookup.by, "") or (visit.t("接口密钥", "an API key") if lookup.by[:2] != "p_" else ""),
        "matches": len(lookup.relations),
    }


def receipt(visit: Visit, made: Json, asked: Iterable[tuple[str, str]], matches: Sequence[Sequence[str]]) -> str:
    """A lookup as text for a colleague: its number, time and verdict, by what was asked, and each match line by line.

    `made` has `lookup_id`, `looked_up_at` and `verdict`.
    """
    verdict, t = VERDICTS[made["verdict"]], visit.t
    head = [
        t("联防查询回执", "Lianfang: receipt of a lookup"),
        t("编号：", "Lookup: ") + made["lookup_id"],
        t("时间：", "At: ") + exact(made["looked_up_at"]),
        t("机构：", "By: ") + organisations.name_of(visit.caller.platform_id),
        t("结论：", "Verdict: ") + t(*verdict.word),
        t(*verdict.to_do),
        t("查询内容：", "Asked by: ")
        + t("；", "; ").join(f"{name}{t('：', ': ')}{grouped(value)}" for name, value in asked),
    ]
    body = [line for lines in matches for line in ("", *lines)]
    return "\n".join([*head, *(body or [t("没有相符的记录。", "No record fits.")])])
