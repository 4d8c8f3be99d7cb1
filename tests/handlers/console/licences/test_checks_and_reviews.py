"""Licence checks at the console: started, shown once, read by two organisations with the picture beside the form."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from chalicelib import wiring
from chalicelib.handlers.console.screens.licences import licence_texts
from chalicelib.licences import list_licence_checks
from chalicelib.licences.rules.licence_check import METHODS, PURPOSES
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from tests.handlers.visitor import Visitor
from tests.people.persons import add_person, signed_in
from tests.support.licence_holders import PICTURE, Holders
from tests.support.licence_issuing import LICENCE
from tests.support.national_office import NationalOffice
from tests.world import World

TYPED = {name: value for name, value in asdict(LICENCE).items() if name in licence_texts.LICENCE_FIELDS}


@pytest.fixture
def holders(world: World) -> Iterator[Holders]:
    with NationalOffice() as national:
        yield Holders(world, national)


def officer(world: World, organisation: str, role: str = "platform", *duties: Duty) -> tuple[Visitor, str]:
    visitor, session = signed_in(world, add_person(world, organisation, *(duties or Duty), role=role))
    return visitor, session.csrf_key


def test_a_check_is_started_and_shows_its_code_once(holders: Holders) -> None:
    visitor, key = officer(holders.world, "alpha")
    fields = {"key": key, "uscc": LICENCE.uscc, "purpose": "onboarding", "method": "local"}
    status, text = visitor.post("/console/licences/checks", fields)
    assert status == 200, text
    assert "<svg role" in text
    assert "本页只显示一次" in text
    check_id = re.search(r"k_[0-9a-f]{32}", text)
    assert check_id is not None
    assert 'hx-trigger="every 5s"' in text
    status, text = visitor.get(f"/console/licences/checks/{check_id[0]}")
    assert (status, "<svg role" in text) == (200, False)
    assert check_id[0] in visitor.get("/console/licences?state=pending")[1]
    assert "没有核验" in visitor.get("/console/licences?state=failed")[1]
    assert check_id[0] in visitor.get("/console/licences.csv")[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"uscc": "9133"}, "统一社会信用代码"),
        ({"method": "manual"}, ErrorCode.NOTHING_UPLOADED.zh),
        ({"purpose": "my_record"}, "没有发起核验"),
        ({"method": "none"}, "没有发起核验"),
    ],
)
def test_what_does_not_fit_starts_no_check(holders: Holders, change: dict[str, str], words: str) -> None:
    visitor, key = officer(holders.world, "alpha")
    fields = {"key": key, "uscc": LICENCE.uscc, "purpose": "onboarding", "method": "local", **change}
    status, text = visitor.post("/console/licences/checks", fields)
    assert (status in (400, 409), words in text) == (True, True), text
    assert "没有核验" in visitor.get("/console/licences")[1]


def test_an_uploaded_licence_is_sent_with_the_form(holders: Holders) -> None:
    visitor, key = officer(holders.world, "alpha")
    fields = {"key": key, "uscc": LICENCE.uscc, "purpose": "recheck", "method": "manual"}
    assert visitor.send("/console/licences/checks", fields, b"MZ no picture", "a.jpg")[0] == 409
    assert visitor.send("/console/licences/checks", fields, PICTURE, "a.jpg")[0] == 303
    check_id = visitor.headers["Location"].rpartition("/")[2].partition("?")[0]
    assert wiring.bucket().get(f"licences/{check_id}") == PICTURE
    assert visitor.get(f"/console/licences/reviews/{check_id}")[0] == 200


def test_two_organisations_read_an_uploaded_licence_beside_its_picture(holders: Holders) -> None:
    made = holders.open("manual")
    holders.upload(made)
    path = f"/console/licences/reviews/{made['check_id']}"
    for organisation, role in (("alpha", "platform"), ("ops", "operator")):
        visitor, key = officer(holders.world, organisation, role)
        assert path.removeprefix("/console/") in visitor.get("/console/licences/reviews")[1]
        status, text = visitor.get(path)
        assert status == 200, text
        source = re.search(r'<img src="([^"]+)"', text)
        assert source is not None
        origin = "/".join(source[1].split("/")[:3])
        assert f"img-src 'self' data: {origin};" in visitor.headers["Content-Security-Policy"]
        status, text = visitor.post(path, {"key": key, "decision": "genuine", **TYPED, "name": ""})
        assert (status, "没有提交" in text) == (400, True)
        assert TYPED["address"] in text
        assert visitor.post(path, {"key": key, "decision": "genuine", **TYPED})[0] == 303
        assert "已提交核对结果" in visitor.get("/console/licences/reviews?read=1")[1]
        assert path.removeprefix("/console/") not in visitor.get("/console/licences/reviews")[1]
    assert holders.look(made)["state"] == "verified"
    assert LICENCE.name in officer(holders.world, "alpha")[0].get(f"/console/licences/checks/{made['check_id']}")[1]
    _status, audit, _headers = holders.world.call("GET", "/v1/audit", holders.world.admit("board", "regulator"))
    acts = [entry["action"] for entry in audit["entries"]]
    assert acts.count("getLicenceDocument") >= 2
    assert acts.count("reviewLicence") == 4


def test_a_licence_that_nobody_has_uploaded_yet_is_waited_for(holders: Holders) -> None:
    made = holders.open("manual")
    visitor, _key = officer(holders.world, "ops", "operator")
    status, text = visitor.get(f"/console/licences/reviews/{made['check_id']}")
    assert (status, "执照还没有上传" in text, "<img" in text) == (200, True, False)


def test_who_has_read_a_licence_is_not_led_to_it_again(holders: Holders) -> None:
    made = holders.open("manual")
    holders.upload(made)
    visitor, key = officer(holders.world, "alpha")
    page, reading = (f"/console/licences/{part}/{made['check_id']}" for part in ("checks", "reviews"))
    assert "核对这份执照" in visitor.get(page)[1]
    assert visitor.post(reading, {"key": key, "decision": "genuine", **TYPED})[0] == 303
    assert "核对这份执照" not in visitor.get(page)[1]


def test_an_operator_sees_only_what_people_read(holders: Holders) -> None:
    holders.open("local")
    manual = holders.open("manual")
    visitor, _key = officer(holders.world, "ops", "operator", Duty.READ)
    _status, text = visitor.get("/console/licences")
    shown = [licence_texts.METHODS[method][0] in text for method in ("manual", "local")]
    assert shown == [True, False]
    # Only the platform and regulators open a check.
    assert manual["check_id"] not in text
    assert visitor.get(f"/console/licences/reviews/{manual['check_id']}")[0] == 403


def test_a_reader_of_another_platform_sees_nothing(holders: Holders) -> None:
    made = holders.open("manual")
    holders.upload(made, PICTURE)
    visitor, _key = officer(holders.world, "beta")
    assert visitor.get(f"/console/licences/reviews/{made['check_id']}")[0] == 404
    assert visitor.get(f"/console/licences/checks/{made['check_id']}")[0] == 404


def test_every_state_method_and_purpose_has_its_words() -> None:
    assert set(licence_texts.METHODS) == set(METHODS)
    assert set(licence_texts.PURPOSES) == set(PURPOSES)
    assert list_licence_checks.MANUAL in licence_texts.METHODS
