"""Reports as they are sent: JSON, files, presigned uploads, retries, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from tests.conftest import ENVIRONMENT
from tests.support.builders import registration_no, uscc
from tests.world import World

EVENTS = Path(__file__).parents[2] / "events"
EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假"}


def send_file(world: World, key: str, body: bytes, **headers: str) -> tuple[int, Any]:
    headers = {"Content_Type": "text/csv", "X_File_Name": "a.csv", **headers}
    status, answer, _ = world.call("POST", "/v1/reports/files", key, body, **headers)
    return status, answer


def csv_of(*reasons: str) -> bytes:
    lines = (f"{uscc(number)},2026-01-02,{reason}" for number, reason in enumerate(reasons, 1))
    return "\n".join(("统一社会信用代码,清退时间,清退原因", *lines)).encode()


def test_the_answer_to_a_report_names_it_and_its_status(world: World) -> None:
    alpha = world.admit("alpha")
    status, sent, _ = world.call("POST", "/v1/reports", alpha, {"evictions": [EVICTION]})
    assert (status, sent["status"]) == (202, "received")
    world.settle()
    status, done, _ = world.call("GET", f"/v1/reports/{sent['report_id']}", alpha)
    assert {field: done[field] for field in ("status", "rows", "accepted", "rejected", "warnings")} == {
        "status": "done",
        "rows": 1,
        "accepted": 1,
        "rejected": 0,
        "warnings": 0,
    }
    assert world.call("GET", f"/v1/reports/{sent['report_id']}/rejections", alpha)[1] == {"rejections": [], "next": ""}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"evictions": []}, "invalid_request"),
        ({"evictions": [{**EVICTION, "colour": "red"}]}, "unknown_field"),
        ({"evictions": [EVICTION] * 1001}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_a_report_that_does_not_fit_is_refused_whole(world: World, body: Any, code: str) -> None:
    status, answer, _ = world.call("POST", "/v1/reports", world.admit("alpha"), body)
    assert (status, answer["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.4 binary", "unreadable_file"),
        ("甲,乙,丙\n1,2,3\n".encode(), "unknown_columns"),
        (b"", "empty_file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_its_reporter_told(world: World, body: bytes, code: str) -> None:
    alpha = world.admit("alpha")
    ear = world.listen(wiring.topics().platform_arn("alpha"))
    status, sent = send_file(world, alpha, body)
    assert status == 202
    world.settle()
    status, report, _ = world.call("GET", f"/v1/reports/{sent['report_id']}", alpha)
    assert (report["status"], report["refused"]["code"]) == ("refused", code)
    assert report["refused"]["message"]["zh"]
    assert [notice["kind"] for notice in world.heard(ear)] == ["report_refused"]


def test_a_file_needs_a_name_and_fits_five_megabytes(world: World) -> None:
    alpha = world.admit("alpha")
    assert send_file(world, alpha, b"x", X_File_Name="")[1]["error"]["code"] == "missing_file_name"
    status, answer = send_file(world, alpha, bytes(5 * 1024 * 1024 + 1))
    assert (status, answer["error"]["code"]) == (413, "too_large")
    assert answer["error"]["details"]["instead"] == "/v1/reports/uploads"


def test_a_retry_with_its_key_is_the_same_report_and_another_body_is_a_conflict(world: World) -> None:
    alpha = world.admit("alpha")
    first = send_file(world, alpha, csv_of("售假"), Idempotency_Key="monday")[1]
    again = send_file(world, alpha, csv_of("售假"), Idempotency_Key="monday")[1]
    assert again["report_id"] == first["report_id"]
    status, answer = send_file(world, alpha, csv_of("刷单"), Idempotency_Key="monday")
    assert (status, answer["error"]["code"]) == (409, "idempotency_conflict")
    assert send_file(world, world.admit("beta"), csv_of("刷单"), Idempotency_Key="monday")[0] == 202


def test_rejections_come_page_by_page_and_as_csv_for_excel(world: World) -> None:
    alpha = world.admit("alpha")
    body = csv_of("", "=HYPERLINK(1)", "", "")
    report = send_file(world, alpha, body.replace(b"2026-01-02,=", b"=1+1,="))[1]["report_id"]
    world.settle()
    path = f"/v1/reports/{report}/rejections"
    page = world.call("GET", f"{path}?limit=2", alpha)[1]
    assert ([rejection["row"] for rejection in page["rejections"]], page["next"]) == ([1, 2], "2")
    rest = world.call("GET", f"{path}?limit=2&after={page['next']}", alpha)[1]
    assert [rejection["row"] for rejection in rest["rejections"]] == [3, 4]
    assert rest["next"] == ""
    _, text, headers = world.call("GET", path, alpha, Accept="text/csv")
    assert headers["Content-Type"].startswith("text/comma-separated-values")
    lines = text.splitlines()
    assert len(lines) == 5
    assert lines[1].startswith("1,清退原因,missing_reason,")
    assert lines[2].endswith(",'=1+1"), "no cell that Excel would run"
    assert world.call("GET", f"{path}?limit=x", alpha)[1]["error"]["code"] == "invalid_request"


def test_warnings_say_which_row_and_what_of_it(world: World) -> None:
    alpha = world.admit("alpha")
    misread = uscc(1).replace("0", "O", 1)
    body = f"统一社会信用代码,清退时间,清退原因\n{uscc(2)},2026-01-02,售假\n{misread},2026-01-02,售假\n".encode()
    report = send_file(world, alpha, body)[1]["report_id"]
    world.settle()
    assert world.call("GET", f"/v1/reports/{report}", alpha)[1]["warnings"] == 1
    answer = world.call("GET", f"/v1/reports/{report}/warnings", alpha)[1]
    assert [(entry["row"], [warning["code"] for warning in entry["warnings"]]) for entry in answer["warnings"]] == [
        (2, ["uscc_repaired"])
    ]
    assert answer["warnings"][0]["warnings"][0]["message"]["zh"]
    assert world.call("GET", f"/v1/reports/{report}/warnings", world.admit("beta"))[0] == 404


def test_an_upload_form_is_for_one_key_and_two_hundred_megabytes(world: World) -> None:
    alpha = world.admit("alpha")
    status, opened, _ = world.call("POST", "/v1/reports/uploads", alpha, {"file_name": "清退 名单.csv"})
    assert (status, opened["status"]) == (202, "received")
    form = opened["upload"]
    assert form["most_bytes"] == 200 * 1024 * 1024
    key = form["fields"]["key"]
    assert key == f"reports/alpha/{opened['report_id']}/清退 名单.csv"
    world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=csv_of("售假", ""))
    world.settle()
    report = world.call("GET", f"/v1/reports/{opened['report_id']}", alpha)[1]
    assert (report["status"], report["accepted"], report["rejected"]) == ("done", 1, 1)


def test_uploaded_bytes_that_came_before_point_at_the_first_report(world: World) -> None:
    alpha = world.admit("alpha")
    first = send_file(world, alpha, csv_of("售假", ""))[1]["report_id"]
    world.settle()
    opened = world.call("POST", "/v1/reports/uploads", alpha, {"file_name": "a.csv"})[1]
    key = opened["upload"]["fields"]["key"]
    world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=csv_of("售假", ""))
    world.settle()
    report = world.call("GET", f"/v1/reports/{opened['report_id']}", alpha)[1]
    assert (report["status"], report["same_as"], report["rejected"]) == ("done", first, 1)
    rejected = world.call("GET", f"/v1/reports/{opened['report_id']}/rejections", alpha)[1]["rejections"]
    assert [entry["code"] for entry in rejected] == ["missing_reason"]


def test_an_upload_asked_for_again_with_its_key_is_the_same_report(world: World) -> None:
    alpha = world.admit("alpha")
    ask = {"file_name": "a.csv"}
    first = world.call("POST", "/v1/reports/uploads", alpha, ask, Idempotency_Key="k")[1]
    again = world.call("POST", "/v1/reports/uploads", alpha, ask, Idempotency_Key="k")[1]
    other = world.call("POST", "/v1/reports/uploads", alpha, ask)[1]
    assert first["report_id"] == again["report_id"] != other["report_id"]


def test_a_form_used_twice_makes_two_reports_and_loses_no_row(world: World) -> None:
    alpha = world.admit("alpha")
    opened = world.call("POST", "/v1/reports/uploads", alpha, {"file_name": "a.csv"})[1]
    key = opened["upload"]["fields"]["key"]
    bucket = ENVIRONMENT["FILES_BUCKET"]
    world.s3.put_object(Bucket=bucket, Key=key, Body=csv_of("售假"))
    world.deliver_queue("report_file_arrived")
    world.s3.put_object(Bucket=bucket, Key=key, Body=csv_of("", "刷单"))
    world.settle()
    asked = {"purpose": "recheck", "applicants": [{"uscc": uscc(1)}, {"uscc": uscc(2)}]}
    answers = world.call("POST", "/v1/lookups/batch", world.admit("beta"), asked)[1]["lookups"]
    assert [answer["verdict"] for answer in answers] == ["review", "review"]


def test_a_file_under_a_chinese_name_with_a_space_is_found_from_the_event_that_s3_sends(world: World) -> None:
    import app

    event = json.loads((EVENTS / "sqs_s3_object_created.json").read_text("utf-8"))
    key = "reports/alpha/r_0123456789abcdef01234567/清退 名单.csv"
    report = {"report_id": "r_0123456789abcdef01234567", "platform_id": "alpha", "file_name": "清退 名单.csv"}
    received = {"key": key, "received_at": "2026-03-01T08:00:00.000Z", "status": "received"}
    wiring.exchange().put({"id": f"report#{report['report_id']}", **report, **received})
    wiring.topics().open_platform("alpha", "")
    world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=csv_of("售假"))
    app.report_file_arrived(event, None)
    assert (wiring.exchange().get(f"report#{report['report_id']}") or {})["accepted"] == 1


def test_the_first_message_of_a_new_notification_is_no_file(world: World) -> None:
    import app
    from tests.world import sqs_event

    app.report_file_arrived(sqs_event(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})), None)


def test_a_file_nobody_announced_raises_so_that_it_ends_among_the_dead_letters(world: World) -> None:
    from chalicelib.errors import NotFound

    world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key="reports/alpha/r_unknown/a.csv", Body=b"x")
    with pytest.raises(NotFound):
        world.deliver_queue("report_file_arrived")


def test_every_field_of_the_json_report_reaches_the_listing(world: World) -> None:
    alpha, bureau = world.admit("alpha"), world.admit("bureau", "regulator")
    eviction = {
        "uscc": uscc(1),
        "registration_no": registration_no(1),
        "name": "苏州樾野商贸有限公司",
        "former_name": "苏州樾川商贸有限公司",
        "shop_name": "樾野旗舰店",
        "shop_id": "S1",
        "shop_url": "https://shop.example/S1",
        "evicted_on": "2026年1月2日",
        "reason_text": "详见公告",
        "reasons": ["PR01", "QC01"],
        "measure": "永久清退",
        "evidence_level": "E3",
        "document_no": "京朝市监罚〔2026〕1号",
        "notice_url": "https://alpha.example/notice/1",
        "expires_on": "2036-01-02",
    }
    status, sent, _ = world.call("POST", "/v1/reports", alpha, {"evictions": [eviction]})
    world.settle()
    report = world.call("GET", f"/v1/reports/{sent['report_id']}", alpha)[1]
    assert (status, report["accepted"], report["warnings"]) == (202, 1, 0)
    answer = world.call("GET", f"/v1/merchants/{uscc(1)}", bureau)[1]
    (listing,) = answer["listings"]
    same = ("shop_name", "shop_id", "shop_url", "reason_text", "measure", "evidence_level", "document_no", "notice_url")
    assert {field: listing[field] for field in same} == {field: eviction[field] for field in same}
    assert (listing["listed_on"], listing["expires_on"]) == ("2026-01-02", "2036-01-02")
    assert sorted(listing["reasons"]) == ["PR01", "QC01"]
    assert answer["subject"]["registration_no"] == registration_no(1)
    assert answer["subject"]["other_names"] == ["苏州樾川商贸有限公司"]


def test_every_field_of_the_json_report_is_a_column_that_files_may_have_too() -> None:
    from chalicelib.handlers.requests.reports import Eviction
    from chalicelib.table_files.rules.match_headers import field_of

    fields = list(Eviction.model_fields)
    # A file calls the resident ID by another name inside, because it never leaves the row.
    assert [field_of(field) for field in fields if field != "resident_id"] == [f for f in fields if f != "resident_id"]
    assert field_of("resident_id") == "id_no"


def test_a_report_says_which_column_a_header_with_a_slip_may_mean(world: World) -> None:
    alpha = world.admit("alpha")
    body = f"统一社会信用代码,企业名称,清退日其,清退原因,备注\n{uscc(1)},甲,2026-01-02,售假,无\n".encode()
    report = send_file(world, alpha, body)[1]["report_id"]
    whole = send_file(world, alpha, csv_of("售假"))[1]["report_id"]
    world.settle()
    answer = world.call("GET", f"/v1/reports/{report}", alpha)[1]
    assert (answer["rejected"], answer["nearest"]) == (1, {"清退日其": "清退日期"})
    assert "nearest" not in world.call("GET", f"/v1/reports/{whole}", alpha)[1]


def test_a_file_refused_for_its_header_says_which_columns_were_perhaps_meant(world: World) -> None:
    alpha = world.admit("alpha")
    report = send_file(world, alpha, f"统一社会信用代吗;清推日期\n{uscc(1)};2026-01-02\n".encode())[1]["report_id"]
    world.settle()
    refused = world.call("GET", f"/v1/reports/{report}", alpha)[1]["refused"]
    assert refused["code"] == "unknown_columns"
    assert refused["details"]["nearest"] == {"统一社会信用代吗": "统一社会信用代码", "清推日期": "清退日期"}


def test_a_mistyped_code_of_a_reason_rejects_the_row_with_the_nearest(world: World) -> None:
    alpha = world.admit("alpha")
    given = (["QC1"], ["XX77"], ["PR99"], ["PR01", "QCO1"], ["pr-01"], ["ＰＲ０１"])
    evictions = [{**EVICTION, "uscc": uscc(n), "reasons": codes} for n, codes in enumerate(given, 1)]
    report = world.call("POST", "/v1/reports", alpha, {"evictions": evictions})[1]["report_id"]
    world.settle()
    rows = world.call("GET", f"/v1/reports/{report}/rejections", alpha)[1]["rejections"]
    assert [(row["row"], row["column"], row["code"], row["value"]) for row in rows] == [
        (1, "reasons", "unknown_reason", "QC1"),
        (2, "reasons", "unknown_reason", "XX77"),
        (3, "reasons", "unknown_reason", "PR99"),
        (4, "reasons", "unknown_reason", "QCO1"),
    ]
    nearest = [row.get("nearest") for row in rows]
    assert (nearest[0], nearest[1], nearest[3]) == ({"QC1": ["QC01"]}, None, {"QCO1": ["QC01"]})
    assert nearest[2]
    assert all(code.startswith("PR") for code in nearest[2]["PR99"])
    assert world.call("GET", f"/v1/reports/{report}", alpha)[1]["accepted"] == 2


@pytest.mark.parametrize(
    ("codes", "words", "code"),
    [
        ("PR1", "售假", "unknown_reason"),
        ("", "PR1", "unknown_reason"),
        ("PR01,PR99", "", "unknown_reason"),
        ("PR 01、QC01", "", ""),
        ("", "A4 纸上的广告", ""),
        ("", "3C 认证造假", ""),
    ],
)
def test_a_cell_that_is_plainly_meant_as_a_code_is_none_of_words(
    world: World, codes: str, words: str, code: str
) -> None:
    alpha = world.admit("alpha")
    body = f"统一社会信用代码\t清退时间\t原因代码\t清退原因\n{uscc(1)}\t2026-01-02\t{codes}\t{words}\n".encode()
    report = send_file(world, alpha, body)[1]["report_id"]
    world.settle()
    rows = world.call("GET", f"/v1/reports/{report}/rejections", alpha)[1]["rejections"]
    assert [row["code"] for row in rows] == ([code] if code else [])
