"""An uploaded licence is read by two people of two participants, neither of whom sees what the other typed."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import wiring
from tests.conftest import ENVIRONMENT
from tests.support.builders import uscc
from tests.support.licence_holders import PICTURE, Holders
from tests.support.licence_issuing import LICENCE
from tests.support.national_office import NationalOffice
from tests.world import World


@pytest.fixture
def holders(world: World) -> Iterator[Holders]:
    with NationalOffice() as national:
        yield Holders(world, national)


@pytest.fixture
def made(holders: Holders) -> dict[str, Any]:
    opened = holders.open("manual")
    holders.upload(opened)
    return opened


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def test_the_challenge_is_a_form_for_one_file(holders: Holders) -> None:
    made = holders.open("manual")
    assert made["upload"]["fields"]["key"] == f"licences/{made['check_id']}"
    assert "qr" not in made
    assert holders.look(made)["reviews"] == 0
    assert code(holders.review(made, holders.key)) == (409, "nothing_uploaded")
    holders.upload(made, b"MZ no picture")
    assert code(holders.review(made, holders.key)) == (409, "no_picture")
    assert code(holders.respond(made, "a.b.c")) == (409, "no_wallet_asked")


@pytest.mark.parametrize("body", [b"%PDF-1.7 x", b"\xff\xd8\xff\xe0 x", PICTURE], ids=["pdf", "jpeg", "png"])
def test_a_reader_gets_a_link_that_is_good_for_five_minutes(holders: Holders, body: bytes) -> None:
    made = holders.open("manual")
    holders.upload(made, body)
    path = f"/v1/licence-checks/{made['check_id']}/document"
    status, answer, _ = holders.world.call("GET", path, holders.readers[0])
    assert status == 200
    assert made["check_id"] in answer["url"]
    assert "attachment" in answer["url"]
    assert "response-content-type=application%2Foctet-stream" in answer["url"]
    assert "licence.jpg" in answer["url"] or "licence.pdf" in answer["url"] or "licence.png" in answer["url"]
    assert answer["good_for_seconds"] == 300
    assert holders.world.call("GET", path, holders.world.admit("beta"))[0] == 404, "another platform reads nothing"


def test_nobody_reviews_twice_not_even_with_another_key(holders: Holders, made: dict[str, Any]) -> None:
    from chalicelib.accounts import api_keys

    another = api_keys.issue_key(wiring.exchange(), "alpha", wiring.now())["key"]
    assert holders.review(made, holders.key)[1]["reviews"] == 1
    for key in (holders.key, another):
        assert code(holders.review(made, key)) == (409, "reviewed_already")
        path = f"/v1/licence-checks/{made['check_id']}/document"
        assert code(holders.world.call("GET", path, key)[:2]) == (409, "reviewed_already")
    assert LICENCE.address not in str(holders.look(made)), "nobody copies what the first one typed"
    assert holders.review(made, holders.world.admit("office", "operator"))[1]["state"] == "verified"


def test_another_platform_reviews_nothing(holders: Holders, made: dict[str, Any]) -> None:
    assert code(holders.review(made, holders.world.admit("beta"))) == (404, "not_found")


@pytest.mark.parametrize(
    "second",
    [
        {"uscc": uscc(2)},
        {"name": "苏州樾野商贸有限公司"},
        {"status": "注销"},
        {"holder_role": "办事人"},
        {"decision": "not_genuine"},
    ],
)
def test_two_readers_who_differ_decide_nothing_good(
    holders: Holders, made: dict[str, Any], second: dict[str, str]
) -> None:
    holders.review(made, holders.readers[0])
    decided = holders.review(made, holders.readers[1], **second)[1]
    assert (decided["state"], decided["reason"]["code"]) == ("failed", "reviews_disagree")


def test_a_picture_exchanged_between_the_readers_is_noticed(holders: Holders, made: dict[str, Any]) -> None:
    holders.review(made, holders.readers[0])
    holders.upload(made, PICTURE + b" of another")
    decided = holders.review(made, holders.readers[1])[1]
    assert decided["reason"]["code"] == "reviews_disagree"


def test_both_say_that_it_is_not_genuine(holders: Holders, made: dict[str, Any]) -> None:
    for key, seen in zip(holders.readers, ("PS 痕迹", ""), strict=True):
        status, decided = holders.review(made, key, decision="not_genuine", uscc="", name="", scope=seen)
        assert status == 200
    assert decided["reason"]["code"] == "licence_not_genuine"


def test_spelling_does_not_count_and_what_differs_is_left_out(holders: Holders, made: dict[str, Any]) -> None:
    holders.review(made, holders.readers[0], name=f"{LICENCE.name} ", uscc=LICENCE.uscc.lower())
    decided = holders.review(made, holders.readers[1], address="樾野路一号")[1]
    assert decided["state"] == "verified"
    assert "address" not in decided["licence"]
    assert decided["licence"]["scope"] == LICENCE.scope


def test_the_picture_is_gone_once_it_is_decided(holders: Holders, made: dict[str, Any]) -> None:
    for key in holders.readers:
        holders.review(made, key)
    listed = holders.world.s3.list_object_versions(Bucket=ENVIRONMENT["FILES_BUCKET"], Prefix="licences/")
    assert not listed.get("Versions")
    assert not listed.get("DeleteMarkers")


def test_a_genuine_licence_is_typed_off(holders: Holders, made: dict[str, Any]) -> None:
    assert code(holders.review(made, holders.key, name="")) == (400, "invalid_request")
    assert code(holders.review(made, holders.key, holder_role="股东")) == (400, "invalid_request")
    assert code(holders.review(holders.open("local"), holders.key)) == (409, "nothing_to_review")


def test_a_week_is_enough(holders: Holders, made: dict[str, Any]) -> None:
    past = {"answer_until": "2026-01-01T00:00:00.000Z"}
    wiring.exchange().set_fields(f"licence_check#{made['check_id']}", past)
    assert code(holders.review(made, holders.key)) == (409, "licence_check_over")
    assert holders.look(made)["state"] == "expired"


def test_what_a_reader_types_by_mistake_is_masked(holders: Holders, made: dict[str, Any]) -> None:
    typed = {"scope": "联系 13812345678", "address": "11010519491231002X"}
    for key in holders.readers:
        holders.review(made, key, **typed)
    stored = holders.world.everything_stored()
    assert "13812345678" not in stored
    assert "11010519491231002X" not in stored
