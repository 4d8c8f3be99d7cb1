"""What is asked of the recorded state: every GET route by everyone whom it concerns, then what goes on from there.

A step is a dict: `do` call (actor, method, path, body, headers), invoke (function, event), settle, stream, or at.
"""

from typing import Any
from urllib.parse import urlencode

from tests.recorded.stage import Stage, code, name, who

Step = dict[str, Any]
# A route that lists something, and who reads it here: whose it is, who sees all, who may not.
LISTS = {
    "/v1/platforms": ("ops", "bureau", "beta"),
    "/v1/platforms/me": ("beta", "gamma", "delta", "bureau", "ops"),
    "/v1/listings?expiring_within=30d": ("alpha", "bureau"),
    "/v1/corroboration": ("alpha",),
    "/v1/changes": ("bureau",),
    "/v1/changes?after=20&limit=9": ("beta",),
    "/v1/tasks": ("beta", "gamma", "delta", "bureau"),
    "/v1/tasks?kind=informational": ("delta",),
    "/v1/statistics?days=30": ("beta", "bureau"),
    "/v1/restricted-entries": ("beta",),
    "/v1/disputes": ("delta",),
    "/v1/notices": ("beta",),
    "/v1/notices?state=unacknowledged&limit=5": ("beta", "gamma"),
    "/v1/subscriptions": ("beta", "bureau", "alpha"),
    "/v1/platforms/me/policy": ("beta", "alpha"),
    "/v1/policy-bounds": ("alpha",),
    "/v1/campaigns": ("beta", "bureau"),
    "/v1/guards": ("gamma", "delta", "bureau"),
    "/v1/displays": ("alpha", "beta", "bureau"),
    "/v1/licences?due_within=184d": ("alpha", "beta", "bureau"),
    "/v1/feeds": ("beta", "ops"),
}
ONCE = (
    ("", "/health"),
    ("", "/openapi.json"),
    ("beta", "/v1/methodology"),
    ("", "/.well-known/jwks.json"),
    ("", "/my-record"),
    ("bureau", "/v1/restricted-entries?format=file&after=40"),
    ("bureau", "/v1/notices?after=60&limit=30"),
    ("beta", "/v1/tasks?state=overdue"),
    ("bureau", "/v1/disputes?state=overdue"),
    ("delta", "/v1/notices?state=unpushed"),
    ("beta", "/v1/notices?state=acknowledged"),
    ("bureau", "/v1/platforms/me/policy?platform=beta&version=1"),
    ("alpha", "/v1/policy-bounds?version=1"),
    ("bureau", "/v1/corroboration?state=conflict"),
    ("merchant-16", "/v1/my-record"),
    ("merchant-1", "/v1/my-record"),
)
LISTED = (1, 2, 3, 7, 8, 11, 12, 28, 48, 51)


def call(actor: str, method: str, path: str, body: Any = None, **headers: str) -> Step:
    """A request."""
    step = {"do": "call", "actor": actor, "method": method, "path": path, "body": body, "headers": headers}
    return {field: value for field, value in step.items() if value is not None and (field, value) != ("headers", {})}


def get(actor: str, path: str) -> Step:
    """A GET."""
    return call(actor, "GET", path)


def invoke(function: str, **event: Any) -> Step:
    """A schedule invokes a function of the app."""
    return {"do": "invoke", "function": function, "event": event}


def reads(stage: Stage) -> list[Step]:
    """Every GET route; what is somebody's own is asked for by its owner, a regulator and a stranger."""
    kept = stage.kept
    steps = [get(actor, path) for path, actors in LISTS.items() for actor in actors]
    steps += [get(actor, path) for actor, path in ONCE]
    for ident in kept["reports"]:
        steps += [get(actor, f"/v1/reports/{ident}") for actor in ("alpha", "bureau")]
    steps += [get("alpha", f"/v1/reports/{kept['reports'][0]}/{rows}") for rows in ("rejections", "warnings")]
    steps.append(get("alpha", f"/v1/reports/{kept['reports'][0]}/rejections?format=csv"))
    steps.append(get("beta", f"/v1/reports/{kept['reports'][0]}"))
    for actor, rosters in kept["rosters"].items():
        for ident in rosters:
            steps += [get(actor, f"/v1/rosters/{ident}{more}") for more in ("", "/results")]
    steps += [get("beta", f"/v1/rosters/{kept['rosters']['beta'][0]}/{rows}") for rows in ("rejections", "warnings")]
    steps.append(get("bureau", f"/v1/rosters/{kept['rosters']['beta'][1]}/results?changed_since=last"))
    steps.append(get("alpha", f"/v1/rosters/{kept['rosters']['beta'][0]}"))
    for number in LISTED:
        steps.append(get("gamma", f"/v1/merchants/{code(number)}"))
        for actor in ("bureau", "beta"):
            steps.append(get(actor, f"/v1/ledger/{kept['listings'][number]}"))
        steps.append(get("alpha", f"/v1/listings/{kept['listings'][number]}/history"))
    steps += [get("bureau", f"/v1/disputes/{ident}") for ident in kept["disputes"]]
    steps += [get(actor, f"/v1/disputes/{kept['disputes'][0]}") for actor in ("alpha", "beta", "gamma")]
    for evidence in kept["evidence"]:
        steps += [get(actor, f"/v1/disputes/{kept['disputes'][0]}/evidence/{evidence}") for actor in ("alpha", "beta")]
    steps += [get(actor, f"/v1/campaigns/{campaign}") for campaign in kept["campaigns"] for actor in ("bureau", "beta")]
    steps += [get(actor, f"/v1/feeds/{feed}") for feed in ("beijing_list", "penalties") for actor in ("ops", "beta")]
    steps += [get(actor, f"/v1/onboarding-checks/{kept['receipt']}") for actor in ("beta", "bureau", "gamma")]
    return steps + of_licences(kept)


def of_licences(kept: dict[str, Any]) -> list[Step]:
    """The GET routes of licences and displays."""
    steps: list[Step] = []
    for check in [*kept["checks"], kept["pending"][0], *kept["manual"]]:
        steps += [get(actor, f"/v1/licence-checks/{check}") for actor in ("alpha", "bureau")]
    steps += [get("alpha", f"/v1/licence-checks/{check}/document") for check in kept["manual"]]
    for display in kept["displays"]:
        steps += [get(actor, f"/v1/displays/{display}") for actor in ("alpha", "bureau", "beta")]
        steps += [get("", f"/licences/{display}{more}") for more in ("", "/mark.svg", "/qr.svg", "/data.json")]
    return [*steps, get("alpha", f"/v1/identity-reports/{kept['period']}")]


def look_ups() -> list[Step]:
    """Lookups that are answered from what is recorded."""
    asked = [
        ("gamma", {"uscc": code(1)}),
        ("beta", {"uscc": code(8)}),
        ("alpha", {"name": name(1)}),
        ("gamma", {"name": name(1)}),
        ("delta", {"uscc": code(3)}),
        ("beta", {"uscc": code(28)}),
        ("bureau", {"uscc": code(2)}),
        ("alpha", {"uscc": code(22)}),
        ("delta", {"name": "樾小野", "phone": "13812345678"}),
        ("delta", {"uscc": code(49)}),
        ("beta", {"uscc": code(36)}),
        ("beta", {"name": "苏州朔旭商贸有限公司"}),
        ("delta", {"uscc": code(80)}),
    ]
    return [call(actor, "POST", "/v1/lookups", {"purpose": "recheck", **applicant}) for actor, applicant in asked]


def going_on(stage: Stage) -> list[Step]:
    """What is done to what is recorded."""
    return [*_of_reports(stage), *_of_disputes(stage), *_of_rules(stage), *_of_licences(stage), *_of_clocks(stage)]


def _of_reports(stage: Stage) -> list[Step]:
    kept = stage.kept
    plain = {"evicted_on": "2026-11-22", "reason_text": "售假", "evidence_level": "E4"}
    files = {"Content_Type": "text/csv", "X_File_Name": "roster.csv"}
    sent = [get("alpha", f"/v1/reports/{report}") for report in kept["reports"][-3:]]
    sent += [
        get(actor, f"/v1/rosters/{kept['rosters'][actor][-1]}{more}")
        for actor in ("beta", "gamma")
        for more in ("", "/results")
    ]
    patch = f"操作,商家ID,统一社会信用代码,主体名称\n新增,S-10,{code(10)},{name(10)}\n删除,S-1,,\n"
    return [
        {"do": "stream"},
        {"do": "settle"},
        *sent,
        # Rows of one report are saved at once, in no order; each of these is a report.
        call("alpha", "POST", "/v1/reports", {"evictions": [{**who(59), **plain}]}),
        {"do": "settle"},
        call("alpha", "POST", "/v1/reports", {"evictions": [{**who(1), **plain, "evicted_on": "2026-11-08"}]}),
        {"do": "settle"},
        call("beta", "POST", "/v1/rosters/files?mode=patch", patch, **files),
        {"do": "settle"},
        get("beta", "/v1/tasks?after=5"),
        get("gamma", "/v1/tasks"),
        get("bureau", "/v1/changes?after=85"),
        call("beta", "POST", f"/v1/tasks/{stage.kept['tasks'][59]}/outcome", {"outcome": "closed"}),
        call("beta", "POST", f"/v1/tasks/{stage.kept['tasks'][57]}/outcome", {"outcome": "kept", "reason": "已整改"}),
        call("beta", "POST", f"/v1/tasks/{stage.kept['tasks'][52]}/outcome", {"outcome": "not_present"}),
        call("alpha", "POST", f"/v1/listings/{kept['listings'][52]}/withdrawal", {"reason": "误报"}),
        call("bureau", "POST", f"/v1/listings/{kept['listings'][26]}/withdrawal", {"reason": "撤销"}),
        call("beta", "POST", "/v1/notices/acknowledgements", {"through": 5}),
        call(
            "gamma",
            "POST",
            f"/v1/lookups/{kept['lookup']}/decisions",
            {"subject_id": f"uscc:{code(1)}", "decision": "undecided"},
        ),
        call("delta", "POST", "/v1/onboarding-checks", {"uscc": code(1), "name": name(1), "merchant_id": "d-9"}),
        {"do": "settle"},
        get("bureau", f"/v1/ledger/{kept['listings'][52]}"),
        get("bureau", "/v1/corroboration"),
    ]


def _of_disputes(stage: Stage) -> list[Step]:
    opened, answered, *_, overdue, merchants = stage.kept["disputes"]
    stand = {"stand": "stand_by", "statement": "商品经鉴定为假"}
    decide = {"statement": "见决定书"}
    new = {"listing_id": stage.kept["listings"][51], "kind": "found_otherwise", "statement": "另有认定"}
    return [
        call("alpha", "POST", f"/v1/disputes/{opened}/answer", stand),
        call("alpha", "POST", f"/v1/disputes/{overdue}/answer", stand),
        call("bureau", "POST", f"/v1/disputes/{answered}/decision", {**decide, "decision": "void"}),
        call("bureau", "POST", f"/v1/disputes/{merchants}/decision", {**decide, "decision": "amend", "severity": 2}),
        call("beta", "POST", f"/v1/disputes/{opened}/withdrawal", {"statement": "商户已和解"}),
        call("delta", "POST", "/v1/disputes", new, Idempotency_Key="again"),
        {"do": "settle"},
        *(
            get(actor, f"/v1/disputes/{dispute}")
            for dispute in (opened, answered, overdue, merchants)
            for actor in ("bureau", "alpha")
        ),
        get("alpha", "/v1/disputes"),
        get("gamma", "/v1/tasks"),
        get("bureau", "/v1/guards"),
        get("merchant-16", "/v1/my-record"),
    ]


def _of_rules(stage: Stage) -> list[Step]:
    kept = stage.kept
    row = {"relation": "name", "severity": 2, "verdict": "inform"}
    campaign = {
        "name": "新专项",
        "reasons": ["DR02"],
        "starts_on": "2026-11-24",
        "ends_on": "2026-12-24",
        "working_days": 0,
    }
    guard = f"/v1/listings/{kept['listings'][22]}/guard/lift"
    return [
        call("beta", "POST", "/v1/platforms/me/policy/dry-run", {"rows": [row]}),
        call("beta", "PUT", "/v1/platforms/me/policy", {"rows": [row], "why": "放宽"}),
        get("beta", "/v1/platforms/me/policy"),
        get("beta", "/v1/platforms/me/policy?version=2"),
        call("bureau", "POST", "/v1/campaigns", campaign),
        call("bureau", "POST", f"/v1/campaigns/{kept['campaigns'][0]}/end", {"why": "结束"}),
        call("bureau", "POST", f"/v1/guards/{kept['guard']}/lift", {"why": "已核实"}),
        call("bureau", "POST", guard, {"why": "证据属实"}),
        {"do": "settle"},
        get("bureau", "/v1/guards"),
        get("gamma", "/v1/campaigns"),
        get("bureau", f"/v1/campaigns/{kept['campaigns'][0]}"),
        call("bureau", "POST", kept["hold"] + "/release", {"why": "确有批量移出"}),
        invoke("feeds_due", feeds=["abnormal_operations"]),
        get("ops", "/v1/feeds/beijing_list"),
        get("ops", "/v1/feeds/abnormal_operations"),
        get("bureau", f"/v1/merchants/{code(64)}"),
        get("bureau", f"/v1/merchants/{code(45)}"),
        call("ops", "PUT", "/v1/feeds/penalties", {"list_type": "penalties", "way": "dropped", "every_minutes": 30}),
        call("ops", "DELETE", "/v1/feeds/pages_list"),
        get("ops", "/v1/feeds"),
        call("ops", "POST", "/v1/platforms", {"id": "epsilon", "name": "epsilon 示例"}),
        call("ops", "DELETE", f"/v1/platforms/alpha/keys/{stage.keys['alpha'].split('_')[1]}"),
        get("alpha", "/v1/platforms/me"),
        get("ops", "/v1/platforms"),
        get("beta", "/v1/platforms/me"),
        *(call("beta", "DELETE", f"/v1/subscriptions/{subscription}") for subscription in kept["subscriptions"]),
        get("beta", "/v1/subscriptions"),
    ]


def _of_licences(stage: Stage) -> list[Step]:
    kept = stage.kept
    check, result = kept["pending"]
    review = {**kept["typed"], "uscc": code(38), "name": name(38), "decision": "genuine"}
    first = kept["displays"][0]
    forms = {"Content_Type": "application/x-www-form-urlencoded"}
    return [
        call("", "POST", f"/v1/licence-checks/{check}/response", {"presentation": result}),
        get("beta", f"/v1/licence-checks/{check}"),
        call("ops", "POST", f"/v1/licence-checks/{kept['manual'][1]}/reviews", review),
        get("bureau", f"/v1/licence-checks/{kept['manual'][1]}"),
        call("beta", "POST", "/v1/displays", {"uscc": code(31), "shop_id": "b-2", "shop_name": "新店"}),
        get("beta", "/v1/displays"),
        get("bureau", "/v1/licences?due_within=184d"),
        call("beta", "POST", "/v1/identity-reports", {}),
        call("beta", "POST", "/v1/statements/check", {"statement": kept["statement"]}),
        call("", "POST", "/v1/my-record/sessions", {"claim": kept["claim"]}),
        call("merchant-16", "POST", "/v1/my-record/statement", {}),
        call("", "POST", "/my-record/checks", urlencode({"uscc": "91"}), **forms),
        call("merchant-16", "DELETE", "/v1/my-record/sessions"),
        get("merchant-16", "/v1/my-record"),
        get("", f"/licences/{first}"),
    ]


def _of_clocks(stage: Stage) -> list[Step]:
    return [
        {"do": "at", "at": "2026-11-24T17:00:00+00:00"},
        invoke("clocks_due"),
        invoke("feeds_due", feeds=["nothing"]),
        invoke("licences_due", work=["review", "reports"]),
        invoke("snapshot_due"),
        invoke("notices_due"),
        *(get("beta", f"/v1/{route}") for route in ("tasks?after=15", "notices?after=40", "statistics?days=5")),
        *(get("bureau", f"/v1/{route}") for route in ("notices?after=100", "statistics?days=5", "changes?after=80")),
        get("beta", f"/v1/rosters/{stage.kept['rosters']['beta'][0]}"),
    ]
