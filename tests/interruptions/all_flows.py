"""Every flow of the exchange: what platforms, regulators, operators and merchants send, what schedules run.

Each name is the route or the function, and what is done with it; `NOT_HERE` names those that are interrupted elsewhere.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.storage.item_keys import licence_keys
from chalicelib.storage.item_keys.scheduled_job_keys import TASK_CLOCKS_UNTIL
from chalicelib.values.timestamps import iso
from chalicelib.verdicts import detect_bursts
from chalicelib.verdicts.rules.burst_thresholds import BURST_LEAST
from tests.interruptions.flows import CSV, Flow, call, invoke, leases_ended, settled
from tests.recorded.licences import Office
from tests.recorded.stage import Stage, code, name, who
from tests.recorded.story import SERIOUS, serious
from tests.support.builders import listed, reported, uscc
from tests.support.licence_records import COMPANY, licence

# Asked again, it is another lookup, counted once more.
ASKED: Final = ("lookup#", "lookups#", "taken#", "asked-sample#", "lately#")
CHECKED: Final = ("onboarding#", *ASKED)
ENROLLED: Final = {**who(1), "phone": "13800131236", "merchant_id": "m-1"}
PLAIN: Final = {"evicted_on": "2026-11-18", "reason_text": "售假", "evidence_level": "E2"}
ANSWERS: Final = "任务编号,处理结果,说明\n1,已清退,\n2,保留,已整改\n".encode()
MANY: Final = {"outcomes": [{"task_id": "1", "outcome": "closed"}, {"task_id": "2", "outcome": "not_present"}]}
ROSTER: Final = f"商家ID,统一社会信用代码,主体名称\nS-1,{code(1)},{name(1)}\n".encode()
DISPLAY: Final = {"uscc": COMPANY, "shop_id": "s-1", "shop_name": "示例店"}
LINKED: Final = {"shop_name": "新名", "shop_links": [{"name": "店", "url": "https://shop.example/1"}]}
CAMPAIGN: Final = {
    "name": "专项", "reasons": ["QC01"], "starts_on": "2026-11-01", "ends_on": "2026-12-31", "severity_floor": 3,
    "working_days": 0,
}  # fmt: skip
EVIDENCE: Final = {"file_name": "a.pdf", "content_type": "application/pdf"}
TOMORROW: Final = "2026-11-21T18:00:00+00:00"
NOT_SAME: Final = {"subject_id": f"uscc:{code(1)}", "decision": "not_same"}
MAIL: Final = {"topic": "closures", "protocol": "email", "endpoint": "duty@beta.example.org"}
FEED: Final = {"list_type": "penalties", "way": "dropped"}
ASSIGNED: Final = {"task_ids": ["1"], "assignee": "p_1"}
POLICY: Final = {"rows": [{"relation": "name", "severity": 3, "verdict": "inform"}], "why": "内部规则"}


def admitted(stage: Stage) -> None:
    """Admit gamma; an operator whose call was answered by nothing gets a new key for an account that has one."""
    wanted = {"id": "gamma", "name": "gamma", "role": "platform"}
    status, made, _ = stage.world.call("POST", "/v1/platforms", stage.keys["ops"], wanted)
    if status == 409:
        status, made, _ = stage.world.call("POST", "/v1/platforms/gamma/keys", stage.keys["ops"], {})
    assert status == 201, made
    assert stage.world.call("GET", "/v1/platforms/me", made["key"])[0] == 200
    assert stage.world.call("GET", "/v1/subscriptions", made["key"])[0] == 200


def revoked(stage: Stage) -> object:
    """Beta's key is revoked."""
    key_id = stage.keys["beta"].split("_")[1]
    return call("ops", "DELETE", f"/v1/platforms/beta/keys/{key_id}")(stage)


def replaced(stage: Stage) -> None:
    """Beta gets another key; the old one ends at once, the new one is good."""
    wanted = {"replaces": stage.keys["beta"].split("_")[1], "grace_seconds": 0}
    status, made, _ = stage.world.call("POST", "/v1/platforms/beta/keys", stage.keys["ops"], wanted)
    assert status == 201, made
    assert stage.world.call("GET", "/v1/platforms/me", made["key"])[0] == 200
    assert stage.world.call("GET", "/v1/platforms/me", stage.keys["beta"])[0] == 401


def subscribed(stage: Stage) -> None:
    """Beta subscribes and ends its subscription."""
    made: Any = call("beta", "POST", "/v1/subscriptions", MAIL)(stage)
    call("beta", "DELETE", f"/v1/subscriptions/{made['subscription_id']}")(stage)


def listening(stage: Stage) -> None:
    """Beta has a mailbox for its own notices."""
    made: Any = call("beta", "POST", "/v1/subscriptions", {**MAIL, "topic": "own"})(stage)
    stage.kept["subscription"] = made["subscription_id"]


def verified(_stage: Stage) -> None:
    """A merchant's licence is on record, as a check would leave it."""
    wiring.exchange().put(licence(verified_at="2026-11-20T00:00:00.000Z", due_on="2026-11-22"))
    wiring.exchange().add_to_set(licence_keys.licences_due("2026-11-22"), "usccs", {COMPANY})


def displayed(stage: Stage) -> None:
    """Alpha shows the licence."""
    made: Any = call("alpha", "POST", "/v1/displays", DISPLAY)(stage)
    stage.kept["display"] = made["display_id"]


def shown(stage: Stage) -> None:
    """The licence is on record, and alpha shows it."""
    verified(stage)
    displayed(stage)


def suspended(stage: Stage) -> None:
    """Alpha has suspended what it shows."""
    shown(stage)
    call("alpha", "POST", "/v1/displays/{display}/suspension", {"why": "核查"})(stage)


def acknowledged(stage: Stage) -> None:
    """Beta acknowledges notices by number and by id."""
    page: Any = call("beta", "GET", "/v1/notices")(stage)
    first, second = (entry["notice"]["notice_id"] for entry in page["notices"][:2])
    call("beta", "POST", "/v1/notices/acknowledgements", {"notice_ids": [second]})(stage)
    call("beta", "POST", "/v1/notices/acknowledgements", {"through": 1})(stage)
    assert first


def looked_up(stage: Stage) -> None:
    """Beta finds a merchant by a near name."""
    near = name(1).replace("有限公司", "公司")
    asked: Any = call("beta", "POST", "/v1/lookups", {"purpose": "onboarding", "name": near})(stage)
    stage.kept["lookup"] = asked["lookup_id"]


def campaign(stage: Stage) -> None:
    """A campaign is opened."""
    made: Any = call("bureau", "POST", "/v1/campaigns", CAMPAIGN, Idempotency_Key="c-1")(stage)
    stage.kept["campaign"] = made["campaign_id"]


def dispute(stage: Stage) -> None:
    """Beta disputes a listing of alpha's."""
    wanted = {"listing_id": stage.kept["listing"], "kind": "for_merchant", "statement": "有授权书"}
    made: Any = call("beta", "POST", "/v1/disputes", wanted, Idempotency_Key="d-1")(stage)
    stage.kept["dispute"] = made["dispute_id"]


def evidence(stage: Stage) -> None:
    """A dispute gets a piece of evidence, which its first reader takes in."""
    form: Any = call("beta", "POST", "/v1/disputes/{dispute}/evidence", EVIDENCE, Idempotency_Key="e-1")(stage)
    if "upload" in form:
        stage.upload(form, b"%PDF-1.7 invented")
    call("beta", "GET", "/v1/disputes/{dispute}")(stage)


def taken_back(stage: Stage) -> None:
    """The dispute is withdrawn."""
    call("beta", "POST", "/v1/disputes/{dispute}/withdrawal", {"statement": "已和解"})(stage)


def uploaded(stage: Stage) -> None:
    """Alpha gets a form for a report and posts the file with it."""
    asked = {"file_name": "a.jsonl"}
    form: Any = call("alpha", "POST", "/v1/reports/uploads", asked, Idempotency_Key="f-1")(stage)
    stage.upload(
        form,
        f'{{"uscc": "{code(6)}", "name": "{name(6)}", "evicted_on": "2026-11-18", "reason_text": "售假"}}'.encode(),
    )


def roster_uploaded(stage: Stage) -> None:
    """Beta gets a form for a roster and posts the file with it."""
    form: Any = call("beta", "POST", "/v1/rosters/uploads?mode=full", {"file_name": "r.csv"}, Idempotency_Key="r-1")(
        stage
    )
    stage.upload(form, ROSTER)


def feed(stage: Stage) -> None:
    """An operator adds a list, sends a file for it, and takes it out."""
    call("ops", "PUT", "/v1/feeds/city", FEED)(stage)
    call("ops", "POST", "/v1/feeds/city/uploads", {"file_name": "a.csv"})(stage)
    call("ops", "DELETE", "/v1/feeds/city")(stage)


def overdue(stage: Stage) -> object:
    """The clocks strike in the hour in which a task of beta's is due."""
    tasks: Any = call("beta", "GET", "/v1/tasks")(stage)
    due = tasks["tasks"][0]["due_at"]
    if stage.clock.now.isoformat() < due:
        before = iso(datetime.fromisoformat(due) - timedelta(hours=1))[:13]
        wiring.exchange().put({"id": TASK_CLOCKS_UNTIL, "hour": before})
    return invoke("clocks_due", at=due)(stage)


def bounded(stage: Stage) -> object:
    """A regulator narrows what platforms may set."""
    bounds: Any = call("bureau", "GET", "/v1/policy-bounds")(stage)
    rows = [{**row, "most_days": min(row["most_days"], 3)} for row in bounds["rows"]]
    return call("bureau", "PUT", "/v1/policy-bounds", {"rows": rows, "why": "不超过三天"})(stage)


def suspected(_stage: Stage) -> None:
    """Alpha reports so many merchants of the region that none of them blocks."""
    many = [listed("alpha", identity={"uscc": uscc(1_000 + each, "320594")}) for each in range(BURST_LEAST)]
    sent = reported(report_id="r_many", received_at=iso(wiring.now()))
    detect_bursts.count_chunk(dependencies.notices(), sent, 1, many, wiring.now())


def held(stage: Stage) -> None:
    """A list has shrunk so much that its delta waits for a regulator."""
    call("ops", "PUT", "/v1/feeds/city", {"list_type": "serious_violations", "way": "dropped"})(stage)
    stage.drop("city", SERIOUS + "".join(map(serious, (10, 11))))
    stage.drop("city", SERIOUS + serious(10))
    stage.kept["hold"] = stage.get("bureau", "/v1/feeds/city")["hold"]["hold_id"]


def released(stage: Stage) -> None:
    """The delta is released, and the next tick applies it."""
    call("bureau", "POST", "/v1/feeds/city/holds/{hold}/release", {"why": "属实"})(stage)
    invoke("feeds_due", feeds=["city"])(stage)


def checked(stage: Stage) -> None:
    """A merchant has a check of its own open, whose holder is about to answer."""
    office = Office(stage)
    made: Any = call("", "POST", "/v1/my-record/checks", {"uscc": code(1)})(stage)
    stage.kept |= {"check": made["check_id"], "claim": made["claim"], "presentation": office.shown(made, 1)}


def answered(stage: Stage) -> object:
    """The holder's wallet answers."""
    shows = {"presentation": stage.kept["presentation"]}
    return call("", "POST", "/v1/licence-checks/{check}/response", shows)(stage)


def proven(stage: Stage) -> None:
    """The holder of a licence has proven who it is."""
    checked(stage)
    answered(stage)


def own_record(stage: Stage) -> None:
    """A merchant opens a session, disputes a listing, takes a statement, and ends the session."""
    made: Any = call("", "POST", "/v1/my-record/sessions", {"claim": stage.kept["claim"]})(stage)
    stage.keys["merchant"] = made.get("token", "")
    wanted = {"listing_id": stage.kept["listing"], "statement": "检验报告证明为正品"}
    call("merchant", "POST", "/v1/my-record/disputes", wanted)(stage)
    call("merchant", "POST", "/v1/my-record/statement", {})(stage)
    call("merchant", "DELETE", "/v1/my-record/sessions")(stage)


def rebuilt(stage: Stage) -> None:
    """Everything that is derived is derived again."""
    import app

    for event in ({"sweep": True}, {}):
        start = "x"
        while start:
            answer = app.rebuild({**event, "start": "" if start == "x" else start}, None)
            start = answer["next"]


DUE: Final = invoke("licences_due", at="2026-11-22T18:00:00+00:00", work=["review"])
LIMITS: Final = {"requests_per_minute": 600, "merchants_per_minute": 600, "merchants_per_day": 9_000}
ONBOARDED: Final = {"uscc": code(1), "name": name(1), "purpose": "onboarding", "method": "local"}
REPORT: Final = {"evictions": [{"uscc": code(5), **PLAIN}, {"name": "无日期"}]}
FLOWS: Final[Mapping[str, Flow]] = {
    "POST /v1/tasks/{task_id}/outcome": Flow(call("beta", "POST", "/v1/tasks/1/outcome", {"outcome": "closed"})),
    "POST /v1/tasks/outcomes": Flow(call("beta", "POST", "/v1/tasks/outcomes", MANY)),
    "POST /v1/tasks/{task_id}/assignment": Flow(call("beta", "POST", "/v1/tasks/1/assignment", {"assignee": "p_1"})),
    "POST /v1/tasks/assignments": Flow(call("beta", "POST", "/v1/tasks/assignments", ASSIGNED)),
    "POST /v1/tasks/{task_id}/notes": Flow(call("beta", "POST", "/v1/tasks/1/notes", {"text": "已电话核实"})),
    "POST /v1/tasks/outcomes/files": Flow(call("beta", "POST", "/v1/tasks/outcomes/files", ANSWERS, **CSV)),
    "POST /v1/platforms": Flow(admitted, aside=("credential#", "platform#gamma")),
    "POST /v1/platforms/{platform_id}/keys": Flow(replaced, aside=("credential#", "platform#beta")),
    "DELETE /v1/platforms/{platform_id}/keys/{key_id}": Flow(revoked),
    "POST /v1/subscriptions": Flow(call("beta", "POST", "/v1/subscriptions", MAIL)),
    "DELETE /v1/subscriptions/{subscription_id}": Flow(subscribed),
    "POST /v1/subscriptions/{subscription_id}/test": Flow(
        call("beta", "POST", "/v1/subscriptions/{subscription}/test", {}), before=listening
    ),
    "POST /v1/notices/acknowledgements": Flow(acknowledged),
    "POST /v1/displays": Flow(displayed, before=verified),
    "PUT /v1/displays/{display_id}": Flow(call("alpha", "PUT", "/v1/displays/{display}", LINKED), before=shown),
    "POST /v1/displays/{display_id}/suspension": Flow(
        call("alpha", "POST", "/v1/displays/{display}/suspension", {"why": "核查"}), before=shown
    ),
    "DELETE /v1/displays/{display_id}/suspension": Flow(
        call("alpha", "DELETE", "/v1/displays/{display}/suspension"), before=suspended
    ),
    "POST /v1/displays/{display_id}/deletion": Flow(
        call("alpha", "POST", "/v1/displays/{display}/deletion", {"why": "退出"}), before=shown
    ),
    "POST /v1/onboarding-checks": Flow(call("beta", "POST", "/v1/onboarding-checks", ENROLLED), aside=CHECKED),
    "POST /v1/onboarding-checks of a renamed merchant": Flow(
        call("beta", "POST", "/v1/onboarding-checks", {**ENROLLED, "name": name(2)}),
        before=call("beta", "POST", "/v1/onboarding-checks", ENROLLED),
        aside=CHECKED,
    ),
    "POST /v1/lookups": Flow(call("beta", "POST", "/v1/lookups", {"purpose": "recheck", **who(3)}), aside=ASKED),
    "POST /v1/lookups/batch": Flow(
        call("beta", "POST", "/v1/lookups/batch", {"purpose": "recheck", "applicants": [who(3), who(4)]}), aside=ASKED
    ),
    "POST /v1/lookups/{lookup_id}/decisions": Flow(
        call("beta", "POST", "/v1/lookups/{lookup}/decisions", NOT_SAME), before=looked_up
    ),
    "POST /v1/reports": Flow(call("alpha", "POST", "/v1/reports", REPORT, Idempotency_Key="j-1")),
    "POST /v1/reports/uploads": Flow(uploaded),
    "POST /v1/listings/{listing_id}/withdrawal": Flow(
        settled(call("alpha", "POST", "/v1/listings/{listing}/withdrawal", {"reason": "误报"}))
    ),
    "POST /v1/rosters/files": Flow(
        call("beta", "POST", "/v1/rosters/files?mode=full", ROSTER, Idempotency_Key="r-2", **CSV)
    ),
    "POST /v1/rosters/uploads": Flow(roster_uploaded),
    "PUT /v1/platforms/me/policy": Flow(call("beta", "PUT", "/v1/platforms/me/policy", POLICY)),
    "POST /v1/campaigns": Flow(campaign),
    "POST /v1/campaigns/{campaign_id}/end": Flow(
        call("bureau", "POST", "/v1/campaigns/{campaign}/end", {"why": "结束"}), before=campaign
    ),
    "POST /v1/disputes": Flow(dispute),
    "POST /v1/disputes/{dispute_id}/evidence": Flow(evidence, before=settled(dispute)),
    "POST /v1/disputes/{dispute_id}/answer": Flow(
        call("alpha", "POST", "/v1/disputes/{dispute}/answer", {"stand": "stand_by", "statement": "属实"}),
        before=settled(dispute),
    ),
    "POST /v1/disputes/{dispute_id}/decision": Flow(
        call("bureau", "POST", "/v1/disputes/{dispute}/decision", {"decision": "void", "statement": "证据不足"}),
        before=settled(dispute),
    ),
    "POST /v1/disputes/{dispute_id}/withdrawal": Flow(settled(taken_back), before=settled(dispute)),
    "PUT /v1/feeds/{name}": Flow(feed),
    "POST /v1/feeds/{name}/holds/{hold_id}/release": Flow(
        # A delta that was applied is no news to the pull that comes again.
        released,
        again=leases_ended(released),
        before=held,
        aside=("feed#",),
    ),
    "POST /v1/feeds/{name}/holds/{hold_id}/discard": Flow(
        call("bureau", "POST", "/v1/feeds/city/holds/{hold}/discard", {"why": "误"}), before=held
    ),
    "PUT /v1/policy-bounds": Flow(bounded),
    "PUT /v1/probing/rule": Flow(call("bureau", "PUT", "/v1/probing/rule", {"slows": True})),
    "PUT /v1/platforms/{platform_id}/purposes": Flow(
        call("ops", "PUT", "/v1/platforms/beta/purposes", {"purposes": ["investigation"]})
    ),
    "PUT /v1/platforms/{platform_id}/aws-account": Flow(
        call("ops", "PUT", "/v1/platforms/beta/aws-account", {"aws_account": "210987654321"})
    ),
    "PUT /v1/platforms/{platform_id}/limits": Flow(call("ops", "PUT", "/v1/platforms/beta/limits", LIMITS)),
    "POST /v1/listings/{listing_id}/guard/lift": Flow(
        settled(call("bureau", "POST", "/v1/listings/{listing}/guard/lift", {"why": "属实"})), before=suspected
    ),
    "POST /v1/licence-checks": Flow(
        call("alpha", "POST", "/v1/licence-checks", ONBOARDED), before=Office, aside=("licence_check#",)
    ),
    "POST /v1/licence-checks/{check_id}/response": Flow(answered, before=checked),
    "POST /v1/my-record/sessions": Flow(own_record, before=proven),
    "notices_due": Flow(invoke("notices_due")),
    "feeds_due": Flow(invoke("feeds_due", at=TOMORROW, feeds=["none"])),
    "clocks_due": Flow(overdue, again=leases_ended(overdue)),
    "snapshot_due": Flow(invoke("snapshot_due", at=TOMORROW), again=leases_ended(invoke("snapshot_due"))),
    "licences_due": Flow(DUE, before=shown),
    "rebuild": Flow(rebuilt),
}

# Interrupted in a test of their own, or writing nothing of their own.
ELSEWHERE: Final[Mapping[str, str]] = {
    "POST /v1/guards/{guard_id}/lift": "tests/verdicts/test_killed_rule_changes.py",
    "POST /v1/licence-checks/{check_id}/reviews": "tests/licences/test_killed_licence_checks.py",
    "POST /v1/identity-reports": "tests/displays/test_half_yearly_identity_report.py",
    "POST /v1/reports/files": "tests/reports/test_killed_while_saving.py",
    "subject_indexed": "tests/reports/test_killed_while_saving.py",
    "subject_announced": "tests/reports/test_killed_while_saving.py",
    "report_file_arrived": "tests/reports/test_killed_while_saving.py",
    "report_chunk_arrived": "tests/reports/test_killed_while_saving.py",
    "roster_file_arrived": "tests/rosters/test_killed_roster_runs.py",
    "roster_chunk_arrived": "tests/rosters/test_killed_roster_runs.py",
    "DELETE /v1/feeds/{name}": "part of PUT /v1/feeds/{name}",
    "POST /v1/feeds/{name}/uploads": "part of PUT /v1/feeds/{name}",
    "POST /v1/my-record/checks": "one write",
    "POST /v1/my-record/statement": "part of POST /v1/my-record/sessions",
    "POST /v1/my-record/disputes": "part of POST /v1/my-record/sessions",
    "DELETE /v1/my-record/sessions": "part of POST /v1/my-record/sessions",
    "POST /my-record/checks": "as POST /v1/my-record/checks",
    "POST /my-record/statement": "as POST /v1/my-record/statement",
    "POST /my-record/disputes": "as POST /v1/my-record/disputes",
    "POST /my-record/end": "as DELETE /v1/my-record/sessions",
    "POST /console/sign-out": "one write",
    "POST /v1/pending-decisions/{decision_id}/approval": "tests/second_person/test_pending_decisions.py",
    "POST /v1/pending-decisions/{decision_id}/refusal": "one write",
    "PUT /v1/second-person": "one write",
    "POST /v1/people": "tests/people/test_sessions.py",
    "PUT /v1/people/{person_id}/duties": "one write",
    "DELETE /v1/people/{person_id}": "one write",
    "DELETE /v1/people/{person_id}/sessions": "one write",
    "DELETE /v1/probing/slowed-keys/{key_id}": "one write",
    "POST /v1/queues/{queue}/dead-letters/redrive": "tests/dead_letters/test_dead_letter_queues.py",
    "POST /v1/queues/{queue}/dead-letters/discard": "tests/dead_letters/test_dead_letter_queues.py",
    "POST /v1/licence-links/check": "reads",
    "POST /v1/person-records": "reads",
    "POST /v1/platforms/me/policy/dry-run": "reads",
    "POST /v1/statements/check": "reads",
}
