"""Evidence: a form with its limits, a file taken in once, links for two and for minutes."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib import wiring
from chalicelib.disputes import evidence_files
from chalicelib.disputes.rules import evidence_file
from chalicelib.storage.item_keys import dispute_keys
from chalicelib.values.file_names import plain_file_name
from tests.conftest import ENVIRONMENT
from tests.disputes.dispute_calls import act, dispute, evict
from tests.world import World

PDF = b"%PDF-1.7\n" + b"x" * 100


class Stage:
    """A dispute of beta over a listing of alpha."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alpha, self.beta, self.gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
        self.bureau = world.admit("bureau", "regulator")
        self.ident = dispute(world, self.beta, evict(world, self.alpha))[1]["dispute_id"]
        world.deliver_stream()

    def ask(self, key: str = "", idempotency: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        wanted = {"file_name": "授权书.pdf", "content_type": "application/pdf", **more}
        sent = {"Idempotency_Key": idempotency} if idempotency else {}
        path = f"/v1/disputes/{self.ident}/evidence"
        status, body, _ = self.world.call("POST", path, key or self.beta, wanted, **sent)
        return status, body

    def put(self, form: dict[str, Any], body: bytes) -> None:
        """As S3 does with a posted form."""
        key = form["upload"]["fields"]["key"]
        self.world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=body)

    def listed(self) -> list[dict[str, Any]]:
        return list(self.world.call("GET", f"/v1/disputes/{self.ident}", self.alpha)[1]["evidence"])

    def link(self, key: str, evidence_id: str) -> tuple[int, dict[str, Any]]:
        path = f"/v1/disputes/{self.ident}/evidence/{evidence_id}"
        status, body, _ = self.world.call("GET", path, key)
        return status, body


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def test_the_form_holds_size_type_and_place(stage: Stage) -> None:
    status, form = stage.ask()
    assert (status, form["state"], form["upload"]["most_bytes"]) == (202, "waiting", 20 * 1024 * 1024)
    fields = form["upload"]["fields"]
    assert fields["key"] == f"evidence/{stage.ident}/{form['evidence_id']}/授权书.pdf"
    conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert ["content-length-range", 0, evidence_file.MOST_BYTES] in conditions
    assert {"Content-Type": "application/pdf"} in conditions
    assert {"key": fields["key"]} in conditions
    assert fields["Content-Type"] == "application/pdf"


def test_a_file_is_listed_once_it_has_arrived(stage: Stage) -> None:
    form = stage.ask()[1]
    assert [entry["state"] for entry in stage.listed()] == ["waiting"]
    stage.put(form, PDF)
    (result,) = stage.listed()
    assert (result["state"], result["bytes"], result["sha256"]) == (
        "arrived",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
    )
    assert (result["by"], result["file_name"], result["content_type"]) == (
        "platform:beta",
        "授权书.pdf",
        "application/pdf",
    )
    assert "url" not in result, "a link is asked for by itself"


def test_many_files_are_taken_in_by_several_reads(stage: Stage) -> None:
    for number in range(evidence_files.RECORDED_AT_ONCE + 2):
        stage.put(stage.ask(idempotency=str(number))[1], PDF)
    assert [entry["state"] for entry in stage.listed()].count("waiting") == 2
    assert {entry["state"] for entry in stage.listed()} == {"arrived"}


def test_the_reporter_and_the_regulator_read_it_and_nobody_else(stage: Stage) -> None:
    form = stage.ask()[1]
    assert stage.link(stage.alpha, form["evidence_id"])[1]["error"]["code"] == "evidence_not_there"
    stage.put(form, PDF)
    for key in (stage.beta, stage.gamma):
        assert stage.link(key, form["evidence_id"])[0] == 404, "not even who sent it"
    for key in (stage.alpha, stage.bureau):
        status, body = stage.link(key, form["evidence_id"])
        parts = parse_qs(urlsplit(body["url"]).query)
        assert (status, parts["X-Amz-Expires"]) == (200, ["300"])
        assert requests.get(body["url"], timeout=10).content == PDF
        assert parts["versionId"], "that very version"
        assert parts["response-content-disposition"][0].startswith("attachment;")
    assert stage.link(stage.alpha, "e_nothing")[0] == 404


def test_both_parties_lay_files_before_it_and_nobody_else(stage: Stage) -> None:
    assert stage.ask(stage.alpha)[0] == 202
    assert stage.ask(stage.gamma)[0] == 404
    assert stage.ask(stage.bureau)[0] == 403
    act(stage.world, stage.beta, stage.ident, "withdrawal")
    status, body = stage.ask()
    assert (status, body["error"]["code"]) == (409, "dispute_is_closed")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"content_type": "application/x-msdownload"}, 415, "unsupported_type"),
        ({"bytes": evidence_file.MOST_BYTES + 1}, 413, "too_large"),
        ({"file_name": ""}, 400, "invalid_request"),
        ({"bytes": -1}, 400, "invalid_request"),
        ({"path": "../x"}, 400, "unknown_field"),
    ],
)
def test_what_will_not_be_taken_is_refused_before_it_is_sent(
    stage: Stage, more: dict[str, Any], status: int, code: str
) -> None:
    got, body = stage.ask(**more)
    assert (got, body["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"MZ\x90\x00 a program", "evidence_other_type"), (b"", "empty_file")],
)
def test_a_file_that_is_not_what_it_said_is_listed_as_refused_and_never_linked(
    stage: Stage, body: bytes, code: str
) -> None:
    form = stage.ask()[1]
    stage.put(form, body)
    (result,) = stage.listed()
    assert (result["state"], result["refused"]) == ("refused", code)
    status, answer = stage.link(stage.bureau, form["evidence_id"])
    assert (status, answer["error"]["code"], answer["error"]["details"]["state"]) == (
        409,
        "evidence_not_there",
        "refused",
    )


def test_a_file_past_the_limit_is_not_even_read(stage: Stage) -> None:
    form = stage.ask()[1]
    stage.put(form, PDF + b"x" * evidence_file.MOST_BYTES)
    (result,) = stage.listed()
    assert (result["state"], result["refused"]) == ("refused", "too_large")
    assert "sha256" not in result


def test_what_is_posted_over_it_later_counts_for_nothing(stage: Stage) -> None:
    form = stage.ask()[1]
    stage.put(form, PDF)
    first = stage.listed()
    stage.put(form, PDF + b"changed")
    assert stage.listed() == first
    url = stage.link(stage.bureau, form["evidence_id"])[1]["url"]
    version = parse_qs(urlsplit(url).query)["versionId"][0]
    key = form["upload"]["fields"]["key"]
    kept = stage.world.s3.get_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, VersionId=version)
    assert kept["Body"].read() == PDF


def test_the_same_call_again_is_the_same_file(stage: Stage) -> None:
    first, again = stage.ask(idempotency="k1")[1], stage.ask(idempotency="k1")[1]
    assert first["evidence_id"] == again["evidence_id"]
    status, body = stage.ask(idempotency="k1", file_name="别的.pdf")
    assert (status, body["error"]["code"]) == (409, "idempotency_conflict")
    assert stage.ask(stage.alpha, "k1")[1]["evidence_id"] != first["evidence_id"], "each party has keys of its own"


def test_a_dispute_holds_so_many_files_and_no_more(stage: Stage) -> None:
    for number in range(evidence_file.MOST_FILES):
        assert stage.ask(idempotency=str(number))[0] == 202
    status, body = stage.ask(idempotency="one more")
    assert (status, body["error"]["code"]) == (409, "too_many_files")
    assert stage.ask(idempotency="0")[0] == 202, "one that is there is not one more"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\证据\\照片.jpg", "照片.jpg"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("..", "file"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_no_way_anywhere(given: str, plain: str) -> None:
    assert plain_file_name(given) == plain


@pytest.mark.parametrize(
    ("given", "content_type", "saved"),
    [
        ("申诉材料.pdf", "application/pdf", "申诉材料.pdf"),
        ("申诉材料.PDF", "application/pdf", "申诉材料.PDF"),
        ("申诉材料.pdf.hta", "application/pdf", "申诉材料.pdf"),
        ("申诉材料.hta", "application/pdf", "申诉材料.pdf"),
        ("申诉材料.pdf.exe.scr", "application/pdf", "申诉材料.pdf.exe.pdf"),
        ("申诉材料", "application/pdf", "申诉材料.pdf"),
        ("第2.1条 说明", "application/pdf", "第2.1条 说明.pdf"),
        ("照片\u202egpj.exe", "image/jpeg", "照片gpj.jpg"),
        ("照片.jpeg", "image/jpeg", "照片.jpeg"),
        ("照片.svg", "image/png", "照片.png"),
        ("现场.html", "video/mp4", "现场.mp4"),
        ("长" * 300 + ".js", "application/pdf", "长" * 115 + ".pdf"),
        ("", "application/pdf", "file.pdf"),
    ],
)
def test_a_file_is_saved_by_the_type_of_its_bytes(given: str, content_type: str, saved: str) -> None:
    name = evidence_file.safe_name(given, content_type)
    assert name == saved
    assert evidence_file.safe_name(name, content_type) == name
    assert len(name) <= 120


def test_a_file_named_by_an_older_version_is_delivered_as_what_it_is(stage: Stage) -> None:
    form = stage.ask()[1]
    stage.put(form, PDF)
    stage.link(stage.bureau, form["evidence_id"])
    stored_as = dispute_keys.evidence_file(stage.ident, form["evidence_id"])
    wiring.exchange().set_fields(stored_as, {"file_name": "材料.pdf.hta"})
    query = parse_qs(urlsplit(stage.link(stage.bureau, form["evidence_id"])[1]["url"]).query)
    assert query["response-content-disposition"][0].endswith("%E6%9D%90%E6%96%99.pdf")
    assert query["response-content-type"] == ["application/octet-stream"]


def test_a_link_says_who_asked_for_it_and_in_which_request(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    form = stage.ask()[1]
    stage.put(form, PDF)
    path = f"/v1/disputes/{stage.ident}/evidence/{form['evidence_id']}"
    for key, by in ((stage.bureau, "regulator:bureau"), (stage.alpha, "platform:alpha")):
        _, body, headers = stage.world.call("GET", path, key)
        query = parse_qs(urlsplit(body["url"]).query)
        assert (query["x-by"], query["x-request"]) == ([by], [headers["X-Request-Id"]])
        assert requests.get(body["url"], timeout=10).content == PDF
        logged = vars(next(line for line in reversed(caplog.records) if line.message == "evidence_linked"))
        assert (logged["by"], logged["request_id"]) == (by, headers["X-Request-Id"])
    assert "x-by" not in wiring.bucket().link("evidence/another", 60)


def test_a_bucket_that_does_not_answer_is_said_so_and_loses_nothing(stage: Stage) -> None:
    form = stage.ask()[1]
    stage.put(form, PDF)

    def refuse(**_: Any) -> None:
        from botocore.exceptions import ReadTimeoutError

        raise ReadTimeoutError(endpoint_url="s3")

    events = wiring.client("s3").meta.events
    events.register("before-call.s3.GetObject", refuse, unique_id="refuse")
    try:
        status, body, _ = stage.world.call("GET", f"/v1/disputes/{stage.ident}", stage.alpha)
    finally:
        events.unregister("before-call.s3.GetObject", unique_id="refuse")
    assert (status, body["error"]["code"]) == (503, "store_unavailable")
    assert [entry["state"] for entry in stage.listed()] == ["arrived"]
