"""The whole loop as its users live it: report, listing, lookup, notice, withdrawal."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib import wiring
from tests.support.builders import uscc
from tests.world import World

HEADER = ["店铺名称", "店铺ID", "主体名称", "统一社会信用代码", "清退时间", "清退原因", "处理措施", "证据等级"]
SCHEMA = Path(__file__).parent.parent.parent / "docs" / "schemas" / "notice-1.json"


def row(number: int, **changes: str) -> dict[str, str]:
    plain = {
        "店铺名称": f"樾野{number}旗舰店",
        "店铺ID": f"S{number}",
        "主体名称": f"苏州樾野{number}商贸有限公司",
        "统一社会信用代码": uscc(number, "320594"),
        "清退时间": "2025-10-08",
        "清退原因": "哄抬防疫物资价格",
        "处理措施": "永久清退",
        "证据等级": "E2",
    }
    return {**plain, **changes}


def gb18030_file(length: int = 40) -> bytes:
    """Rows of a platform's export, five of forty bad in five ways, in the bytes of Chinese Excel."""
    rows = [row(number) for number in range(1, 41)]
    rows[6]["统一社会信用代码"] = rows[6]["统一社会信用代码"][:-1] + "?"
    rows[11] |= {"统一社会信用代码": "", "主体名称": ""}
    rows[18]["清退时间"] = ""
    rows[22]["清退原因"] = ""
    rows[30]["清退时间"] = "2025-02-30"
    rows[4]["证据等级"] = ""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows(rows[:length])
    return out.getvalue().encode("gb18030")


def send(world: World, key: str, body: bytes, name: str = "%E6%B8%85%E9%80%80.csv") -> dict[str, Any]:
    status, sent, _ = world.call("POST", "/v1/reports/files", key, body, Content_Type="text/csv", X_File_Name=name)
    assert status == 202, sent
    return dict(sent)


def test_evicted_by_one_platform_found_by_the_other_and_cleared_again(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    topics = wiring.topics()
    everyone, for_alpha, for_beta = (
        world.listen(arn)
        for arn in (
            wiring.settings().closures_topic_arn,
            topics.platform_arn("alpha"),
            topics.platform_arn("beta"),
        )
    )

    report = send(world, alpha, gb18030_file())
    world.settle()
    status, done, _ = world.call("GET", f"/v1/reports/{report['report_id']}", alpha)
    assert (done["status"], done["rows"], done["accepted"], done["rejected"]) == ("done", 40, 35, 5)
    assert done["file_name"] == "清退.csv"
    rejections = world.call("GET", f"/v1/reports/{report['report_id']}/rejections", alpha)[1]["rejections"]
    assert {rejection["row"]: rejection["code"] for rejection in rejections} == {
        7: "invalid_uscc",
        12: "missing_identity",
        19: "missing_date",
        23: "missing_reason",
        31: "invalid_date",
    }
    assert all(rejection["message"]["zh"] and rejection["message"]["en"] for rejection in rejections)

    # Proven: blocked. The platform's own finding alone: a person must look. Unknown: clear.
    for number, verdict in ((1, "block"), (5, "review"), (41, "clear")):
        asked = {"uscc": uscc(number, "320594"), "purpose": "onboarding"}
        status, answer, _ = world.call("POST", "/v1/lookups", beta, asked)
        assert (status, answer["verdict"]) == (200, verdict), number
    # A bad row is nowhere.
    assert world.call("GET", f"/v1/merchants/{uscc(19, '320594')}", beta)[0] == 404

    notices = world.heard(everyone)
    assert len(notices) == 35
    assert {notice["kind"] for notice in notices} == {"opened"}
    assert sorted(notice["change"] for notice in notices) == list(range(1, 36))
    result = world.heard(for_alpha)
    assert [(notice["kind"], notice["report"]["accepted"]) for notice in result] == [("report_done", 35)]
    assert world.heard(for_beta) == []
    schema = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for notice in [*notices, *result]:
        schema.validate(notice)

    first = world.call("GET", f"/v1/merchants/{uscc(1, '320594')}", alpha)[1]["listings"][0]
    path = f"/v1/listings/{first['listing_id']}/withdrawal"
    assert world.call("POST", path, beta, {})[0] == 404, "only the reporter takes it back"
    status, ended, _ = world.call("POST", path, alpha, {"reason": "商户申诉成立"})
    assert (status, ended["state"]) == (200, "withdrawn")
    asked = {"uscc": uscc(1, "320594"), "name": "苏州樾野1商贸有限公司", "purpose": "recheck"}
    status, answer, _ = world.call("POST", "/v1/lookups", beta, asked)
    assert uscc(1, "320594") not in [match["subject"]["uscc"] for match in answer["matches"]], "ended with its save"
    world.settle()
    (withdrawn,) = world.heard(everyone)
    assert (withdrawn["kind"], withdrawn["listing"]["listing_id"]) == ("withdrawn", first["listing_id"])
    schema.validate(withdrawn)
    assert world.call("POST", path, alpha, {})[1]["state"] == "withdrawn", "twice is fine"
    world.settle()
    assert world.heard(everyone) == []

    page = world.call("GET", "/v1/changes?after=0", beta)[1]
    assert [change["change"] for change in page["changes"]] == list(range(1, 37))
    assert page["changes"][-1]["kind"] == "withdrawn"
    assert world.call("GET", f"/v1/changes?after={page['next']}", beta)[1] == {"changes": [], "next": "36"}


def test_the_same_bytes_are_one_report_and_a_repeat_opens_nothing_again(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    first = send(world, alpha, gb18030_file(8))
    world.settle()
    again = send(world, alpha, gb18030_file(8))
    assert again["report_id"] == first["report_id"]
    assert again["status"] == "done"
    world.settle()
    assert len(world.call("GET", "/v1/changes", beta)[1]["changes"]) == 7
    other = send(world, beta, gb18030_file(8))
    assert other["report_id"] != first["report_id"], "another platform's report of the same file is its own"


def test_a_platform_sees_its_own_reports_only_and_the_regulator_sees_all(world: World) -> None:
    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", "regulator")
    report = send(world, alpha, gb18030_file(8))
    world.settle()
    for suffix in ("", "/rejections"):
        path = f"/v1/reports/{report['report_id']}{suffix}"
        assert world.call("GET", path, beta)[0] == 404
        assert world.call("GET", path, bureau)[0] == 200


def test_severity_one_is_never_shared_as_an_eviction(world: World) -> None:
    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", "regulator")
    everyone = world.listen(wiring.settings().closures_topic_arn)
    eviction = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "未亮照"}
    status, report, _ = world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    assert status == 202
    world.settle()
    assert world.call("GET", f"/v1/reports/{report['report_id']}", alpha)[1]["accepted"] == 1
    assert world.heard(everyone) == []
    asked = {"uscc": uscc(1), "purpose": "onboarding"}
    verdicts = [world.call("POST", "/v1/lookups", key, asked)[1]["verdict"] for key in (alpha, beta, bureau)]
    assert verdicts == ["inform", "clear", "inform"]
    seen = [len(world.call("GET", "/v1/changes", key)[1]["changes"]) for key in (alpha, beta, bureau)]
    assert seen == [1, 0, 1]
    assert world.call("GET", "/v1/changes", beta)[1]["next"] == "1", "the cursor passes what is withheld"


def test_a_subscription_hears_only_what_its_filter_lets_through(world: World) -> None:
    alpha = world.admit("alpha")
    closures = wiring.settings().closures_topic_arn
    grave = world.listen(closures, {"severity": ["3"], "reasons": ["PR01"]})
    elsewhere = world.listen(closures, {"region": ["440305"]})
    for number, reason in ((1, "哄抬价格"), (2, "虚假宣传"), (3, "售假")):
        eviction = {"uscc": uscc(number, "320594"), "evicted_on": "2026-01-02", "reason_text": reason}
        world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    assert [notice["subject"]["uscc"] for notice in world.heard(grave)] == [uscc(1, "320594")]
    assert world.heard(elsewhere) == []


@pytest.mark.parametrize("field", ["resident_id", "phone", "legal_representative"])
def test_nothing_personal_is_stored_or_answered_in_clear(world: World, field: str) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    secret = {"resident_id": "11010519491231002X", "phone": "13812345678", "legal_representative": "樾小野"}[field]
    eviction = {
        "name": "樾野小店",
        field: secret,
        "evicted_on": "2026-01-02",
        "reason_text": f"盗用营业执照，联系 {secret}" if field != "legal_representative" else "盗用营业执照",
    }
    world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    _, answer, _ = world.call("POST", "/v1/lookups", beta, {field: secret, "name": "樾野小店", "purpose": "recheck"})
    assert answer["verdict"] in ("review", "block")
    assert secret not in json.dumps(answer, ensure_ascii=False)
    assert secret not in world.everything_stored()
