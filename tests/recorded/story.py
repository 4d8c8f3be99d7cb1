"""What happens before the recording: reports, lists, rosters, tasks, disputes, rules; each state is left by somebody.

The acts stand in the order of their days. Numbers are merchants (`stage.who`); 30 and on belong to `licences.py`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import wiring
from tests.conftest import ENVIRONMENT
from tests.recorded.stage import PLATFORMS, Stage, code, name, who
from tests.support.builders import registration_no, uscc
from tests.support.local_office import Office
from tests.support.local_source import Source
from tests.world import World

SERIOUS = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMEXCPRES_CN,REMDATE\n"
REGISTER = "UNISCID,ENTNAME,曾用名,REGSTATE_CN,ENTTYPE_CN,REGORG_CN,APPRDATE,名称变更日期,原统一社会信用代码,ESTDATE\n"
ABNORMAL = "企业名称,统一社会信用代码/注册号,列入经营异常名录原因,列入日期,作出决定机关(列入),移出日期\n"
PENALTIES = (
    "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,违法行为类型,处罚内容,处罚决定日期,"
    "公示截止期,处罚机关\n"
)
BEIJING = "UNISCID,ENTNAME,SERILLREA_CN,ABNTIME,REMDATE\n"
REPORT = "店铺名称,店铺ID,主体名称,统一社会信用代码,清退时间,清退原因,处理措施,证据等级,电话\n"
ROSTER = "商家ID,统一社会信用代码,主体名称\n"
PDF = b"%PDF-1.7 invented"
REGISTERED = (1, 30, 31, 32, 33, 34, 35, 36, 37, 38)
ON_ROSTER = (1, 2, 7, 8, 9, 12, 28, 40, 41, 50, 51, 52, 53, 57, 58, 59)


def serious(number: int, removed: str = "") -> str:
    """A row of the list of serious violations."""
    why = "已完成信用修复" if removed else ""
    return f"{code(number)},{name(number)},组织虚假交易。情节严重,2025-08-28,{why},{removed}\n"


def register(number: int, status: str = "存续", **more: str) -> str:
    """A row of the register."""
    named, kind = more.get("name", name(number)), more.get("kind", "有限责任公司")
    dates = f"2026-05-05,{more.get('renamed', '')},{more.get('before', '')},{more.get('founded', '2021-03-01')}"
    return f"{code(number)},{named},,{status},{kind},某市场监督管理局,{dates}\n"


def the_register(statuses: Mapping[int, str]) -> str:
    """The whole list of the register as it is last delivered, with these statuses."""
    rows = [register(number, statuses.get(number, "存续")) for number in REGISTERED]
    rows.append(register(47, name="苏州沄熙示例实业有限公司", renamed="2026-11-10"))
    rows.append(register(48, kind="股份有限公司（上市）", founded="2003-03-01"))
    rows.append(register(49, before=uscc(49, "320594", "92")))
    return REGISTER + "".join(rows)


def admit(stage: Stage) -> None:
    """The operator admits everyone else; keys are replaced and revoked."""
    for participant in (*PLATFORMS, "bureau"):
        role = "regulator" if participant == "bureau" else "platform"
        wanted = {"id": participant, "name": f"{participant} 示例", "role": role}
        wanted |= {"aws_account": "123456789012"} if participant == "beta" else {}
        stage.keys[participant] = stage.post("ops", "/v1/platforms", wanted)["key"]
    old = stage.keys["gamma"].split("_")[1]
    made = stage.post("ops", "/v1/platforms/gamma/keys", {"replaces": old, "grace_seconds": 3_600})
    stage.keys["gamma"] = made["key"]
    spare = stage.post("ops", "/v1/platforms/delta/keys")
    stage.call("ops", "DELETE", f"/v1/platforms/delta/keys/{spare['key_id']}")


def subscribe(stage: Stage) -> None:
    """A queue and mail addresses; one subscription is ended."""
    queue = {"protocol": "sqs", "endpoint": stage.world.queue("beta-closures").arn}
    first = stage.post("beta", "/v1/subscriptions", {"topic": "closures", **queue, "filter": {"kind": ["opened"]}})
    stage.kept["subscriptions"] = [first["subscription_id"]]
    for topic in ("own", "closures"):
        mail = {"topic": topic, "protocol": "email", "endpoint": f"{topic}@duty.example.org"}
        made = stage.post("bureau", "/v1/subscriptions", mail)
    stage.call("bureau", "DELETE", f"/v1/subscriptions/{made['subscription_id']}")


def rules(stage: Stage) -> None:
    """Bounds and policies in more than one version; campaigns that run, are planned, are ended."""
    bounds = stage.get("bureau", "/v1/policy-bounds")["rows"]
    for days in (3, 2):
        rows = [{**row, "most_days": min(row["most_days"], days)} for row in bounds]
        stage.call("bureau", "PUT", "/v1/policy-bounds", {"rows": rows, "why": f"不超过 {days} 个工作日"})
    quiet = {"relation": "name", "severity": 3, "verdict": "inform"}
    strict = {"relation": "exact", "severity": 3, "evidence": "E2", "verdict": "block", "working_days": 0}
    for rows in ([quiet], [quiet, strict]):
        stage.call("beta", "PUT", "/v1/platforms/me/policy", {"rows": rows, "why": "内部规则"})
    plain = {"reasons": ["AD01"], "starts_on": "2026-11-01", "ends_on": "2026-12-31", "severity_floor": 3}
    running = stage.post("bureau", "/v1/campaigns", {"name": "广告专项", **plain, "working_days": 0})
    planned = {**plain, "name": "年货专项", "starts_on": "2026-12-20", "ends_on": "2027-01-20"}
    over = {**plain, "name": "秋季专项", "reasons": ["QC02"]}
    stage.post("bureau", "/v1/campaigns", planned)
    ended = stage.post("bureau", "/v1/campaigns", over)
    stage.post("bureau", f"/v1/campaigns/{ended['campaign_id']}/end", {"why": "提前结束"})
    stage.kept["campaigns"] = [running["campaign_id"], ended["campaign_id"]]


def arrange_lists(stage: Stage) -> None:
    """Every way in which a list arrives; one list was taken out again, one cannot be reached."""
    for feed in ("serious_violations", "abnormal_operations", "penalties", "registration"):
        stage.call(
            "ops", "PUT", f"/v1/feeds/{feed}", {"list_type": feed, "way": "dropped", "stale_after_seconds": 2_000_000}
        )
    stage.call("ops", "PUT", "/v1/feeds/gone_list", {"list_type": "penalties", "way": "dropped"})
    stage.call("ops", "DELETE", "/v1/feeds/gone_list")
    stage.drop("serious_violations", SERIOUS + serious(40) + serious(41))
    stage.drop("abnormal_operations", ABNORMAL + f"{name(42)},{code(42)},通过登记的住所无法联系的,2026-8-24,某局,\n")
    stage.drop(
        "penalties",
        PENALTIES + f"{name(43)},企业,{code(43)},苏市监罚〔2026〕1号,价格欺诈,罚款20000元,2026-10-01,,某局\n",
    )
    big = register(48, kind="股份有限公司（上市）", founded="2003-03-01")
    stage.drop("registration", REGISTER + "".join(map(register, (*REGISTERED, 47))) + big)
    with Source() as source, Office() as office, Office("signs the pages") as signed:
        source.body, source.etag = (BEIJING + "".join(serious(n).replace(",,", ",") for n in (44, 45))).encode(), '"v1"'
        office.files["/1.csv"] = (SERIOUS + serious(60)).encode()
        step = {"url": "/1.csv", "version": "1", "sha256": hashlib.sha256(office.files["/1.csv"]).hexdigest()}
        office.files["/manifest.json"] = json.dumps({**step, "deltas": []}).encode()
        row = {"uniscid": code(61), "entname": name(61), "abntime": "2025-08-28"}
        signed.pages = {
            "": {"rows": [row], "next": "c1", "more": False},
            "c1": {"rows": [], "next": "c1", "more": False},
        }
        wiring.client("secretsmanager").create_secret(Name="lianfang/test/feeds/pages", SecretString="signs the pages")
        ways = {
            "beijing_list": {"list_type": "beijing_serious_violations", "address": source.url},
            "manifest_list": {"way": "manifest", "address": f"{office.url}/manifest.json", "delivers": "changes"},
            "pages_list": {
                "way": "pages",
                "address": f"{signed.url}/pages",
                "delivers": "changes",
                "secret": "lianfang/test/feeds/pages",
            },
        }
        for feed, wanted in ways.items():
            stage.call("ops", "PUT", f"/v1/feeds/{feed}", {"list_type": "serious_violations", **wanted})
            stage.invoke("feeds_due", feeds=[feed])
        source.body, source.etag = (BEIJING + serious(44).replace(",,", ",")).encode(), '"v2"'
        stage.invoke("feeds_due", feeds=["beijing_list"])
    hold = stage.get("bureau", "/v1/feeds/beijing_list")["hold"]["hold_id"]
    stage.kept["hold"] = f"/v1/feeds/beijing_list/holds/{hold}"
    stage.drop("penalties", "<html>系统维护</html>")
    hold = stage.get("bureau", "/v1/feeds/penalties")["hold"]["hold_id"]
    stage.post("bureau", f"/v1/feeds/penalties/holds/{hold}/discard", {"why": "不是名单"})
    stage.invoke("feeds_due", feeds=["penalties"])


def rosters(stage: Stage) -> None:
    """Beta sends a roster whole, patches it and enrols by a call; gamma has only names; both were screened."""
    stage.invoke("snapshot_due")
    rows = "".join(f"S-{number},{code(number)},{name(number)}\n" for number in ON_ROSTER)
    broken = f"S-90,{code(90)[:-1]}?,{name(90)}\nS-91,{code(91)[:-1]},{name(91)}\nS-92,,\n"
    broken += f"S-93,{code(93).replace('0', 'O', 1)},{name(93)}\n"
    files = {"Content_Type": "text/csv", "X_File_Name": "roster.csv"}
    first = stage.post("beta", "/v1/rosters/files?mode=full", (ROSTER + rows + broken).encode(), **files)
    stage.settle()
    patch = f"操作,{ROSTER}新增,S-3,{code(3)},{name(3)}\n删除,S-50,,\n".encode()
    again = stage.post("beta", "/v1/rosters/files?mode=patch", patch, **files, Idempotency_Key="patch-1")
    stage.settle()
    form = stage.post("gamma", "/v1/rosters/uploads?mode=full", {"file_name": "g.csv"}, Idempotency_Key="g-1")
    stage.upload(form, f"{ROSTER}G-1,,{name(1)}\nG-8,{code(8)},{name(8)}\n".encode())
    refused = stage.post("delta", "/v1/rosters/files?mode=full", "甲,乙\n1,2\n".encode(), **files)
    stage.settle()
    waiting = stage.post("delta", "/v1/rosters/uploads?mode=full", {"file_name": "d.csv"}, Idempotency_Key="d-1")
    sent = {"beta": [first, again], "gamma": [form], "delta": [refused, waiting]}
    stage.kept["rosters"] = {actor: [roster["roster_id"] for roster in some] for actor, some in sent.items()}
    applicant = {"uscc": code(1), "name": name(1), "phone": "13800138000", "merchant_id": "m-1"}
    stage.kept["receipt"] = stage.post("beta", "/v1/onboarding-checks", applicant)["receipt"]
    stage.post("gamma", "/v1/onboarding-checks", {"name": name(2), "merchant_id": "m-2"})


def ask_before(stage: Stage) -> None:
    """Gamma and delta look merchants up before anything is said of them."""
    for number in (1, 3, 7, 40, 41, 57, 58):
        stage.look_up("gamma", **who(number))
    stage.look_up("delta", uscc=code(12))


def report(stage: Stage) -> None:
    """Alpha reports by call, by file and by form; what cannot be read is rejected, refused, or the same as before."""
    stage.evict("alpha", 1, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 51, shop_id="S-1", shop_name="示例旗舰店")
    stage.evict("alpha", 2, 41, evidence_level="E1")
    stage.evict("alpha", 3, reason_text="虚假宣传", notice_url="https://alpha.example/1")
    stage.answer("gamma", 3, "checked")
    stage.answer("gamma", 3, "closed")
    stage.evict("alpha", 4, reason_text="未亮照")
    stage.evict("alpha", 48, evidence_level="E1", reason_text="哄抬价格")
    stage.evict("alpha", 28, expires_on="2026-11-20")
    stage.evict("alpha", 29, expires_on="2026-12-10")
    plain = {"evicted_on": "2026-11-07", "reason_text": "盗用营业执照", "evidence_level": "E2"}
    person = {"name": "樾小野", "resident_id": "11010519491231002X", "phone": "13812345678"}
    others = [
        {
            **person,
            "legal_representative": "樾小野",
            "address": "苏州工业园区樾野路1号",
            "shop_url": "https://shop.example/1",
        },
        {"name": "苏州楚陌樾行"},
        {"name": "苏州昀柏食品店", "registration_no": registration_no(7), "former_name": "苏州昀柏小吃店"},
        {"name": "苏州泽芃协会", "org_code": code(70)[8:17]},
    ]
    stage.post(
        "alpha", "/v1/reports", {"evictions": [{**plain, **identity} for identity in others]}, Idempotency_Key="call-1"
    )
    stage.settle()
    files = {"Content_Type": "text/csv", "X_File_Name": "%E6%B8%85%E9%80%80.csv"}
    row = f"示例旗舰店,S{{0}},{name(62)},{{1}},2026-10-08,哄抬防疫物资价格,永久清退,E2,\n"
    bad = row.format(2, code(62)[:-1] + "?") + row.format(3, code(62)).replace("2026-10-08", "2026-02-30")
    repaired = row.format(4, code(63).replace("0", "O", 1))
    body = (REPORT + row.format(1, code(62)) + bad + repaired).encode("gb18030")
    first = stage.post("alpha", "/v1/reports/files", body, **files)
    stage.settle()
    forms = [
        stage.post("alpha", "/v1/reports/uploads", {"file_name": "a.csv"}, Idempotency_Key=f"form-{n}")
        for n in (1, 2, 3)
    ]
    stage.upload(forms[0], body)
    stage.upload(forms[1], b"<html></html>")
    stage.settle()
    relayed = stage.post("bureau", "/v1/reports", {"evictions": [{**who(25), **plain}], "on_behalf_of": "alpha"})
    own = [{**who(number), **plain, "document_no": "苏市监罚〔2026〕12号"} for number in (26, 27)]
    enforced = stage.post("bureau", "/v1/reports", {"evictions": own, "enforcement": True})
    stage.settle()
    stage.kept["reports"] = [report["report_id"] for report in (first, *forms, relayed, enforced)]
    path = f"/v1/listings/{stage.listing(27, 'government:enforcement:bureau')}/withdrawal"
    stage.post("bureau", path, {"reason": "决定已撤销"})
    stage.settle()


def bursts(stage: Stage) -> None:
    """Gamma reports so much on one region that it is a burst, on two days; a regulator lifts the first."""
    for day, number, division in (
        ("2026-11-10T06:00:00+00:00", 23, "330106"),
        ("2026-11-11T01:00:00+00:00", 24, "440305"),
    ):
        stage.clock.set(day)
        merchant = {
            "uscc": uscc(number, division),
            "name": name(number),
            "evicted_on": "2026-11-08",
            "reason_text": "售假",
        }
        rows = [{**merchant, "evidence_level": "E2"}] * 100
        stage.post("gamma", "/v1/reports", {"evictions": rows})
        stage.settle()
        guard = stage.get("bureau", "/v1/guards")["bursts"][0]["guard_id"]
        if number == 23:
            stage.post("bureau", f"/v1/guards/{guard}/lift", {"why": "已核实"})
        stage.kept["guard"] = guard


def lists_move(stage: Stage) -> None:
    """The government bears a platform out, takes an entry back, and registers a rename and a successor."""
    stage.drop("serious_violations", SERIOUS + serious(40) + serious(41, "2026-11-11") + serious(2))
    trader = uscc(49, "320594", "92")
    stage.post(
        "alpha",
        "/v1/reports",
        {
            "evictions": [
                {
                    "uscc": trader,
                    "name": "苏州园区曳舟餐饮店",
                    "evicted_on": "2026-11-08",
                    "reason_text": "售假",
                    "evidence_level": "E4",
                }
            ]
        },
    )
    stage.settle()
    rows = register(47, name="苏州沄熙示例实业有限公司", renamed="2026-11-10") + register(49, before=trader)
    big = register(48, kind="股份有限公司（上市）", founded="2003-03-01")
    stage.drop("registration", REGISTER + rows + big + "".join(map(register, REGISTERED)))


def answers(stage: Stage) -> None:
    """Tasks are answered one by one, in a call of many, and by a file; a listing ends, and its merchant is reopened."""
    stage.answer("beta", 1, "seen")
    stage.answer("beta", 1, "closed")
    stage.answer("gamma", 1, "kept", "已整改，另行处置")
    rows = [{"task_id": stage.task("beta", 2), "outcome": "not_present"}, {"task_id": "999", "outcome": "closed"}]
    stage.post("beta", "/v1/tasks/outcomes", {"outcomes": rows})
    table = f"任务编号,处理结果,说明\n{stage.task('beta', 7)},已清退,\n{stage.task('gamma', 7)},x,\n".encode()
    files = {"Content_Type": "text/csv", "X_File_Name": "answers.csv"}
    stage.post("beta", "/v1/tasks/outcomes/files", table, **files)
    stage.answer("beta", 12, "closed")
    stage.post("alpha", f"/v1/listings/{stage.listing(7)}/withdrawal", {"reason": "商户申诉成立"})
    stage.settle()
    stage.answer("beta", 7, "reopened", kind="undo")


def decisions(stage: Stage) -> None:
    """What lookups found, and what people decided on it."""
    near = stage.look_up("gamma", name=name(1).replace("有限公司", "公司"))
    stage.kept["lookup"] = near["lookup_id"]
    for match in near["matches"][:1]:
        decision = {"subject_id": match["subject"]["subject_id"], "decision": "not_same"}
        stage.post("gamma", f"/v1/lookups/{near['lookup_id']}/decisions", decision)
    far = stage.look_up("gamma", name=name(9))
    for decision in ("not_same", "undecided"):
        body = {"subject_id": far["matches"][0]["subject"]["subject_id"], "decision": decision}
        stage.post("gamma", f"/v1/lookups/{far['lookup_id']}/decisions", body)
    batch = [{"uscc": code(3)}, {"name": "樾小野", "phone": "13812345678"}, {"uscc": uscc(49, "320594")}]
    stage.post("delta", "/v1/lookups/batch", {"purpose": "recheck", "applicants": batch})
    stage.get("delta", f"/v1/merchants/{code(12)}")


def disputes(stage: Stage) -> None:
    """Disputes in every state, with evidence that has arrived, is waited for, and is none."""
    opened = stage.dispute("beta", 8, contact="shop@example.com")
    files = [
        ("授权书.pdf", "application/pdf", PDF),
        ("照片.png", "image/png", b"no picture"),
        ("late.pdf", "application/pdf", b""),
    ]
    stage.kept["evidence"] = []
    for place, (file_name, kind, body) in enumerate(files):
        wanted = {"file_name": file_name, "content_type": kind}
        form = stage.post("beta", f"/v1/disputes/{opened}/evidence", wanted, Idempotency_Key=f"file-{place}")
        stage.kept["evidence"].append(form["evidence_id"])
        if body:
            stage.upload(form, body)
    stage.get("bureau", f"/v1/disputes/{opened}")
    answered = stage.dispute("delta", 9, kind="found_otherwise")
    stage.step("alpha", answered, "answer", stand="stand_by", statement="商品经鉴定为假")
    decided = {
        10: {"decision": "uphold"},
        11: {"decision": "amend", "reasons": ["AD04"], "expires_on": "2027-06-01"},
        12: {"decision": "void"},
    }
    closed = []
    for number, decision in decided.items():
        closed.append(stage.dispute("delta", number))
        stage.step("bureau", closed[-1], "decision", statement="见决定书", **decision)
    conceded, taken_back, ended = (stage.dispute("delta", number) for number in (13, 14, 17))
    stage.step("alpha", conceded, "answer", stand="concede", statement="确有误报")
    stage.step("delta", taken_back, "withdrawal", statement="商户已和解")
    stage.post("alpha", f"/v1/listings/{stage.listing(17)}/withdrawal", {"reason": "误报"})
    stage.settle()
    stage.kept["disputes"] = [opened, answered, *closed, conceded, taken_back, ended]


def low_trust(stage: Stage) -> None:
    """Delta's listings are voided so often that what it alone says goes to review; one guard is lifted."""
    stage.evict("delta", 18, 19, 20, 21, 22)
    for number in (18, 19, 20):
        ident = stage.dispute("gamma", number, "platform:delta")
        stage.step("bureau", ident, "decision", decision="void", statement="证据不足")
    path = f"/v1/listings/{stage.listing(21, 'platform:delta')}/guard/lift"
    stage.post("bureau", path, {"why": "证据属实"})
    stage.settle()


def later(stage: Stage) -> None:
    """The last days: new tasks in every state that is not answered, a dispute that nobody answers, reading."""
    stage.clock.set("2026-11-16T02:00:00+00:00")
    stage.evict("alpha", 15, 17)
    stage.kept["disputes"].append(stage.dispute("delta", 15))
    stage.clock.set("2026-11-20T02:00:00+00:00")
    stage.evict("alpha", 52, 53)
    stage.drop("registration", the_register({36: "吊销，未注销"}))
    stage.clock.set("2026-11-23T17:00:00+00:00")
    for function in ("feeds_due", "clocks_due"):
        stage.invoke(function, feeds=["serious_violations"])
    stage.invoke("snapshot_due")
    stage.clock.set("2026-11-24T01:00:00+00:00")
    stage.evict("alpha", 57, 58, 59)
    stage.answer("beta", 57, "seen")
    stage.answer("beta", 58, "checked")
    page = stage.get("beta", "/v1/notices?limit=9")["notices"]
    stage.post("beta", "/v1/notices/acknowledgements", {"through": 3})
    stage.post("beta", "/v1/notices/acknowledgements", {"notice_ids": [page[5]["notice"]["notice_id"]]})
    stage.kept["tasks"] = {number: stage.task("beta", number) for number in (52, 57, 59)}


def listings(stage: Stage) -> None:
    """The ids of the listings that are asked for."""
    own = {22: "platform:delta", 26: "government:enforcement:bureau"}
    numbers = (1, 2, 3, 7, 8, 11, 12, 22, 26, 28, 48, 51, 52)
    stage.kept["listings"] = {number: stage.listing(number, own.get(number, "platform:alpha")) for number in numbers}


def in_flight(stage: Stage) -> None:
    """What is under way when the version changes: files, chunks, rosters, a list, a snapshot, a stream record."""
    form = stage.post("ops", "/v1/feeds/abnormal_operations/uploads", {"file_name": "list.csv"})
    rows = "".join(f"{name(n)},{code(n)},通过登记的住所无法联系的,2026-8-24,某局,\n" for n in (42, 64))
    stage.upload(form, (ABNORMAL + rows).encode())
    with subjects_away(stage.world), suppress(ExceptionGroup):
        stage.invoke("feeds_due", feeds=["abnormal_operations"])
    stage.clock.move(1_200)
    stage.invoke("snapshot_due", left=1)
    plain = {"evicted_on": "2026-11-22", "reason_text": "售假", "evidence_level": "E4"}
    sent = stage.post("alpha", "/v1/reports", {"evictions": [{**who(55), **plain}]})
    stage.world.deliver_queue("report_file_arrived")
    while stage.world.deliver_queue("report_chunk_arrived"):
        pass
    later = stage.post("alpha", "/v1/reports", {"evictions": [{**who(56), **plain}]})
    stage.world.deliver_queue("report_file_arrived")
    last = stage.post("alpha", "/v1/reports", {"evictions": [{**who(54), **plain}]})
    stage.kept["reports"] += [report["report_id"] for report in (sent, later, last)]
    files = {"Content_Type": "text/csv", "X_File_Name": "roster.csv"}
    patch = f"操作,{ROSTER}新增,S-55,{code(55)},{name(55)}\n".encode()
    for actor in ("beta", "gamma"):
        roster = stage.post(actor, "/v1/rosters/files?mode=patch", patch, **files)
        stage.kept["rosters"][actor].append(roster["roster_id"])
        if actor == "beta":
            stage.world.deliver_queue("roster_file_arrived")


@contextmanager
def subjects_away(world: World) -> Iterator[None]:
    """No subject can be saved for the length of a `with` block."""

    def refuse(params: dict[str, Any], **_: Any) -> None:
        if params["TableName"] == ENVIRONMENT["SUBJECTS_TABLE"]:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "PutItem")

    events = world.dynamodb.meta.events
    events.register("before-parameter-build.dynamodb.PutItem", refuse, unique_id="subjects away")
    try:
        yield
    finally:
        events.unregister("before-parameter-build.dynamodb.PutItem", unique_id="subjects away")
