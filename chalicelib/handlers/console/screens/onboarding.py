"""The onboarding check (入驻核验): one form, the verdict part by part, and its receipt to copy and print."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from chalicelib import errors, wiring
from chalicelib.accounts.permissions import one_platform
from chalicelib.accounts.quotas import MERCHANTS
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.licences import checks, licence_texts
from chalicelib.handlers.console.screens.lookup_texts import FIELDS, NAMES
from chalicelib.handlers.console.texts.listing_texts import (
    VERDICTS,
    Fields,
    State,
    age_in_words,
    listing_row,
    source_row,
    verdict_state,
)
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.routing import perform
from chalicelib.onboarding import list_onboarding_checks, onboarding_check
from chalicelib.values.records import Json

TITLE: Final = ("入驻核验", "Onboarding check")
PAGE: Final = 20
DAYS: Final = 31
# The fields of this form beside those of the search, with their names in zh and en.
OWN: Final = (
    ("merchant_id", "本平台商户编号", "Your id of the merchant"),
    ("licence_check_id", "执照核验编号", "Licence check"),
    ("display_link", "亮照链接", "Display link"),
)
# The fields of the form by what they are about; who is meant comes first.
GROUPS: Final = (
    ("主体（至少填写名称或代码）", "The business (a name or a code at least)",
     ("uscc", "name", "registration_no", "org_code", "former_name")),
    ("负责人与联系方式", "Its people and contacts",
     ("legal_representative", "phone", "address", "id_no", "bank_account")),
    ("店铺与亮照", "Its shop and its licence",
     ("shop_name", "shop_url", "merchant_id", "licence_check_id", "display_link")),
)  # fmt: skip
PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "evictions": ("平台清退记录", "Evictions by platforms"),
    "serious_violations": ("严重违法失信名单", "Serious violations"),
    "abnormal_operations": ("经营异常名录", "Abnormal operations"),
    "penalties": ("行政处罚", "Penalties"),
    "registration": ("登记状态", "Registration"),
    "name_and_uscc": ("名称与代码", "Name and code"),
    "licence": ("营业执照", "Licence"),
    "display_link": ("亮照链接", "Display link"),
    "successor_signals": ("换壳再入驻", "Signals of a successor"),
}


def form(visit: Visit) -> Reply:
    """The form, and the latest checks of the platform. One read unit for each of 31 days, two for each check."""
    return _form(visit, {})


def start(visit: Visit) -> Reply:
    """The form with the fields that a search carries over: in the body, for an address would keep them."""
    return _form(visit, {name: value for name, _zh, _en in FIELDS if (value := visit.field(name, 4_000))})


def check(visit: Visit) -> Reply:
    """Check an applicant, and lead to the receipt; where something does not fit, the form again."""
    typed = {name: value for name, _zh, _en in (*FIELDS, *OWN) if (value := visit.field(name, 4_000))}
    enrol = visit.field("enrol") == "yes"
    try:
        visit.request.allowance.take({MERCHANTS: 1})
        answer = perform("createOnboardingCheck", visit.request, {**typed, "enrol": enrol}, {})
    except (errors.BadRequest, errors.NotFound, errors.Conflict) as error:
        return _form(visit, {**typed, "enrol": "yes" if enrol else ""}, error)
    return console_frame.go_to(visit, f"onboarding/{answer['receipt']}")


def receipt(visit: Visit, receipt: str) -> Reply:
    """What a check said, word for word as it was kept: the verdict, each part, the matches. One item."""
    answer = onboarding_check.read_receipt(wiring.exchange(), visit.caller, receipt, wiring.now())
    shown = VERDICTS[answer["verdict"]]
    return console_frame.page(
        visit,
        "onboarding_receipt.html",
        ("入驻核验回执", "Receipt of an onboarding check"),
        answer=Fields(answer),
        shown=shown,
        word=visit.t(*shown.word),
        to_do=visit.t(*shown.to_do),
        asked=[visit.t(*NAMES[name]) for name in answer.get("asked", {}) if name in NAMES],
        parts_of=[_part(visit, part) for part in answer["parts"]],
        matches=[_match(visit, match) for match in answer["matches"]],
        sources=[source_row(visit, source) for source in answer["sources"]],
    )


def _form(visit: Visit, typed: Mapping[str, str], error: errors.LianfangError | None = None) -> Reply:
    rows, following = _latest(visit)
    return console_frame.page(
        visit,
        "onboarding.html",
        TITLE,
        error.status if error else 200,
        tabs=licence_texts.tabs(visit, "onboarding"),
        groups=_groups(visit),
        typed=Fields(typed),
        enrol=typed.get("enrol", "yes") == "yes",
        wrong=Fields(_wrong(visit, error) if error else {}),
        may_check=may_check(visit),
        rows=rows,
        pages=checks.pages(visit, "onboarding", len(rows), following, {}),
        csv=f"{visit.root}onboarding.csv?{urlencode({'platform': visit.query('platform')})}",
    )


def _groups(visit: Visit) -> list[Json]:
    names = {name: visit.t(zh, en) for name, zh, en in (*FIELDS, *OWN)}
    own = {name for name, _zh, _en in OWN}
    return [
        {
            "title": visit.t(zh, en),
            "fields": [(name, names[name], 4_000 if name in own else 200) for name in fields],
        }
        for zh, en, fields in GROUPS
    ]


def export(visit: Visit) -> Reply:
    """The latest 200 checks, as CSV."""

    rows, _following = _latest(visit, 200)
    names = ("receipt", "checked_at", "verdict", "uscc", "merchant_id", "matches", "enrolled")
    lines = [[row["raw"][name] for name in names] for row in rows]
    return console_frame.csv_table([names, *lines], "onboarding-checks.csv")


def may_check(visit: Visit) -> bool:
    """Whether the person checks applicants and licences for a platform."""
    return visit.caller.role == Role.PLATFORM and checks.may_act(visit)


def _latest(visit: Visit, limit: int = PAGE) -> tuple[list[Json], str]:
    """The latest checks of the platform, and the cursor; for a regulator those of the platform that it names."""
    if visit.caller.role == Role.REGULATOR and not visit.query("platform"):
        return [], ""
    owner = one_platform(visit.caller, visit.query("platform"))
    span = checks.span(DAYS, checks.after_of(visit))
    listed = list_onboarding_checks.list_onboarding_checks(wiring.exchange(), owner, "", span, limit)
    rows = [
        {"raw": Fields(each.view()), "verdict": verdict_state(visit, each.receipt.verdict)} for each in listed.checks
    ]
    return rows, listed.next


def _wrong(visit: Visit, error: errors.LianfangError) -> dict[str, str]:
    """What is wrong by field; '' is the whole form."""
    known = {name for name, _zh, _en in (*FIELDS, *OWN)}
    problems = {
        field if (field := str(each.get("field", ""))) in known else "": each["message"][visit.language]
        for each in error.details.get("problems", ())
    }
    named = str(error.details.get("field", ""))
    quoted = named if named in known else next((name for name in sorted(known) if name in error.details), "")
    return problems or {quoted: visit.says(error.code)}


def _part(visit: Visit, part: Json) -> Json:
    age = part.get("age_seconds")
    unchecked = State(visit.t("未核验", "not checked"), "")
    return {
        "name": visit.t(*PARTS[part["part"]]),
        "state": verdict_state(visit, part["verdict"]) if part.get("verdict") else unchecked,
        "why": part["why"][visit.language],
        "starts": part["part"] == "licence" and part["outcome"] in ("none", "due", "expired") and may_check(visit),
        "age": "—" if age is None else age_in_words(visit, age),
    }


def _match(visit: Visit, match: Json) -> Json:
    subject = match["subject"]
    said = [reason["says"][visit.language] for reason in match["reasons"] if reason.get("says")]
    return {
        "name": subject.get("name") or subject.get("uscc") or subject["subject_id"],
        "uscc": subject.get("uscc", ""),
        "verdict": verdict_state(visit, match["verdict"]),
        "reasons": said,
        "listings": [listing_row(visit, listing) for listing in match["listings"]],
    }
