"""Evidence in its place: drawn by a link whose type was checked, on request alone, with one entry in the audit log."""

import hashlib
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import wiring
from chalicelib.accounts.roles import Role
from chalicelib.disputes.rules import evidence_file
from chalicelib.people.duties import Duty
from chalicelib.values.file_names import SHOWN_TYPES
from tests.conftest import ENVIRONMENT
from tests.disputes.dispute_calls import dispute, evict
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.world import World

FILES = {
    "合同.png": ("image/png", b"\x89PNG\r\n\x1a\n" + b"x" * 90),
    "照片.jpg": ("image/jpeg", b"\xff\xd8\xff" + b"x" * 90),
    "裁决.pdf": ("application/pdf", b"%PDF-1.7\n" + b"x" * 90),
    "录像.mp4": ("video/mp4", b"\x00\x00\x00\x18ftypmp42" + b"x" * 90),
}
# A page with a script that a browser would run, were it told that it is one.
PAGE = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


class Case:
    """A dispute of beta over a listing of alpha, with files of beta by their names."""

    def __init__(self, world: World) -> None:
        self.world = world
        alpha, self.beta = world.admit("alpha"), world.admit("beta")
        self.auditor = world.admit("bureau", "regulator")
        self.dispute_id = dispute(world, self.beta, evict(world, alpha))[1]["dispute_id"]
        world.deliver_stream()
        self.ids = {name: self.add(name, kind, body) for name, (kind, body) in FILES.items()}

    def add(self, name: str, kind: str, body: bytes) -> str:
        path = f"/v1/disputes/{self.dispute_id}/evidence"
        form = self.world.call("POST", path, self.beta, {"file_name": name, "content_type": kind})[1]
        key = form["upload"]["fields"]["key"]
        self.world.s3.put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=body)
        return str(form["evidence_id"])

    def path(self, name: str) -> str:
        return f"/console/disputes/{self.dispute_id}/evidence/{self.ids[name]}"

    def visitor(self, organisation: str, role: str = Role.PLATFORM) -> Visitor:
        return signed_in(self.world, add_person(self.world, organisation, Duty.READ, role=role))[0]

    def entries(self) -> list[dict[str, str]]:
        entries = self.world.call("GET", "/v1/audit?action=getEvidence", self.auditor)[1]
        return list(entries["entries"])


@pytest.fixture
def case(world: World) -> Case:
    return Case(world)


def test_each_type_is_shown_as_browsers_do_it_safely_and_is_one_entry(case: Case) -> None:
    regulator = case.visitor("bureau", Role.REGULATOR)
    store = wiring.bucket().origin()
    for name, (kind, body) in FILES.items():
        status, text = regulator.get(case.path(name))
        assert status == 200
        policy = regulator.headers["Content-Security-Policy"]
        assert f"img-src 'self' data: {store}; media-src {store};" in policy
        assert "default-src 'none'" in policy
        assert regulator.headers["Cache-Control"] == "no-store"
        drawn = {tag: f"<{tag} " in text for tag in ("img", "video", "iframe", "object", "embed")}
        wanted = {"image/png": "img", "image/jpeg": "img", "video/mp4": "video"}.get(kind, "")
        assert [tag for tag, is_there in drawn.items() if is_there] == ([wanted] if wanted else [])
        assert hashlib.sha256(body).hexdigest() in text
        _links_are_of_the_checked_type(text, kind, store)
    assert [entry["outcome"] for entry in case.entries()] == ["done"] * len(FILES)


def _links_are_of_the_checked_type(text: str, kind: str, store: str) -> None:
    """Whatever leads to the store either saves the file, or shows it as the type that its bytes bear."""
    links = {unescape(link) for link in re.findall(r'(?:href|src)="(http[^"]+)"', text)}
    assert {f"{urlsplit(link).scheme}://{urlsplit(link).netloc}" for link in links} == {store}
    answers = {}
    for link in links:
        query = parse_qs(urlsplit(link).query)
        assert query["versionId"]
        assert (query["X-Amz-Expires"], query["x-by"]) == (["300"], ["regulator:bureau"])
        how = query["response-content-disposition"][0].partition(";")[0]
        answers[how] = (query["response-content-type"][0], query.get("response-cache-control", [""])[0])
    assert answers == {"attachment": ("application/octet-stream", ""), "inline": (kind, "private, no-store")}


def test_the_file_of_a_dispute_loads_no_evidence_before_it_is_asked_for(case: Case) -> None:
    reporter = case.visitor("alpha")
    text = reporter.get(f"/console/disputes/{case.dispute_id}")[1]
    assert text.count('hx-select="#viewer"') == len(FILES)
    assert "<img" not in text
    assert wiring.bucket().origin() not in text
    assert wiring.bucket().origin() in reporter.headers["Content-Security-Policy"]
    assert case.entries() == []
    opener = case.visitor("beta")
    text = opener.get(f"/console/disputes/{case.dispute_id}")[1]
    assert all(name in text and path not in text for name, path in ((name, case.path(name)) for name in FILES))
    assert wiring.bucket().origin() not in opener.headers["Content-Security-Policy"]
    assert opener.get(case.path("合同.png"))[0] == 404
    assert case.visitor("gamma").get(case.path("合同.png"))[0] == 404


def test_a_file_that_is_not_of_its_type_is_neither_shown_nor_saved(case: Case) -> None:
    case.ids["假.png"] = case.add("假.png", "image/png", PAGE)
    reporter = case.visitor("alpha")
    for _ in range(2):
        text = reporter.get(f"/console/disputes/{case.dispute_id}")[1]
    assert "格式不符" in text
    assert case.path("假.png")[1:] not in text
    assert reporter.get(case.path("假.png"))[0] == 409


def test_no_type_that_may_hold_a_script_of_a_page_is_shown() -> None:
    assert set(SHOWN_TYPES) <= set(evidence_file.TYPES)
    assert not [kind for kind in SHOWN_TYPES if "html" in kind or "xml" in kind or "svg" in kind]


def test_a_file_is_handed_in_by_one_form_and_its_type_is_that_of_its_bytes(case: Case) -> None:
    visitor, session = signed_in(case.world, add_person(case.world, "beta", Duty.READ, Duty.REPORT))
    path, fields = f"/console/disputes/{case.dispute_id}/evidence", {"key": session.csrf_key}
    body = FILES["合同.png"][1] + b"more"
    for _ in range(2):
        assert visitor.send(path, fields, body, "扫描件.exe")[0] == 303
    assert visitor.headers["Location"].endswith(f"disputes/{case.dispute_id}#evidence")
    shown = case.world.call("GET", f"/v1/disputes/{case.dispute_id}", case.beta)[1]["evidence"]
    (file,) = [each for each in shown if each["file_name"] == "扫描件.png"]
    assert (file["content_type"], file["by"]) == ("image/png", "platform:beta")
    for sent, name, sentence in ((PAGE, "a.png", 415), (b"", "", 400)):
        status, text = visitor.send(path, fields, sent, name)
        assert (status, 'id="w-file"' in text) == (sentence, True)
    regulator, session = signed_in(case.world, add_person(case.world, "bureau", *Duty, role=Role.REGULATOR))
    assert regulator.send(path, {"key": session.csrf_key}, body, "a.png")[0] == 403
    reader, session = signed_in(case.world, add_person(case.world, "beta", Duty.READ))
    assert reader.send(path, {"key": session.csrf_key}, body, "a.png")[0] == 403
