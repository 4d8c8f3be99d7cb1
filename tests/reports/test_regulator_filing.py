"""A regulator files for a platform, or of its own enforcement: whose listing it is, who sees it, who takes it back."""

from typing import Any

import pytest

from chalicelib import wiring
from tests.support.builders import uscc
from tests.world import World

EVICTION = {"uscc": uscc(1), "evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E2"}
ASKED = {"uscc": uscc(1), "purpose": "onboarding"}


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    result = {name: world.admit(name) for name in ("alpha", "beta")}
    return {**result, **{name: world.admit(name, "regulator") for name in ("bureau", "office")}}


def file(world: World, key: str, changed: dict[str, Any] | None = None, **more: Any) -> tuple[int, Any]:
    body = {"evictions": [{**EVICTION, **(changed or {})}], **more}
    status, answer, _ = world.call("POST", "/v1/reports", key, body)
    world.settle()
    return status, answer


def listings(world: World, key: str) -> list[dict[str, Any]]:
    matches = world.call("POST", "/v1/lookups", key, ASKED)[1]["matches"]
    return [listing for match in matches for listing in match["listings"]]


def test_filed_for_a_platform_it_is_the_platforms_and_says_who_filed_it(world: World, keys: dict[str, str]) -> None:
    ear = world.listen(wiring.topics().platform_arn("alpha"))
    status, report = file(world, keys["bureau"], on_behalf_of="alpha")
    assert (status, report["on_behalf_of"]) == (202, "alpha")
    (listing,) = listings(world, keys["beta"])
    assert (listing["source"], listing["filed_by"], listing["verdict"]) == (
        "platform:alpha",
        "regulator:bureau",
        "block",
    )
    assert "report_done" in [notice["kind"] for notice in world.heard(ear)], (
        "the platform hears of what was filed for it"
    )
    path = f"/v1/reports/{report['report_id']}"
    answers = {name: world.call("GET", path, key)[0] for name, key in keys.items()}
    assert answers == {"alpha": 200, "beta": 404, "bureau": 200, "office": 200}
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    (kept,) = subject.listings.values()
    assert kept.history[0].by == "regulator:bureau"
    # The platform files the same itself: it is the same listing.
    file(world, keys["alpha"], {"notice_url": "https://alpha.example/1"})
    (listing,) = listings(world, keys["beta"])
    assert (listing["filed_by"], listing["revision"], listing["notice_url"]) == (
        "regulator:bureau",
        2,
        "https://alpha.example/1",
    )


@pytest.mark.parametrize("who", ["alpha", "bureau"])
def test_either_takes_back_what_was_filed_for_a_platform_and_nobody_else(
    world: World, keys: dict[str, str], who: str
) -> None:
    file(world, keys["bureau"], on_behalf_of="alpha")
    (listing,) = listings(world, keys["beta"])
    path = f"/v1/listings/{listing['listing_id']}/withdrawal"
    for other in ("beta", "office"):
        assert world.call("POST", path, keys[other], {})[0] == 404
    assert world.call("POST", path, keys[who], {"reason": "误报"})[1]["state"] == "withdrawn"
    assert listings(world, keys["beta"]) == []


def test_own_enforcement_is_governments_and_bears_out_what_platforms_say(world: World, keys: dict[str, str]) -> None:
    file(world, keys["alpha"], {"evidence_level": "E1"})
    assert [listing["verdict"] for listing in listings(world, keys["beta"])] == ["review"]
    changed = {"evidence_level": "E1", "document_no": "杭市监罚〔2026〕12号"}
    _, report = file(world, keys["bureau"], changed, enforcement=True)
    assert report["enforcement"] is True
    result = {listing["source"]: listing for listing in listings(world, keys["beta"])}
    official = result["government:enforcement:bureau"]
    assert (official["evidence_level"], official["verdict"]) == ("E4", "block")
    assert result["platform:alpha"]["verdict"] == "block", "the platform's own finding is borne out"
    path = f"/v1/listings/{official['listing_id']}/withdrawal"
    for other in ("alpha", "office"):
        assert world.call("POST", path, keys[other], {})[0] == 404
    ended = world.call("POST", path, keys["bureau"], {"reason": "撤销"})[1]
    assert (ended["state"], ended["ended_because"]) == ("removed", "revoked")
    match = world.call("POST", "/v1/lookups", keys["beta"], ASKED)[1]["matches"][0]
    assert (match["verdict"], match["corroboration"]["finding"]) == ("review", "government_took_back")


def test_a_judgment_stays_one_and_what_is_not_grave_is_told_to_all(world: World, keys: dict[str, str]) -> None:
    file(world, keys["bureau"], {"evidence_level": "E5", "reason_text": "店铺装修不美观"}, enforcement=True)
    (listing,) = listings(world, keys["beta"])
    assert (listing["severity"], listing["evidence_level"], listing["verdict"]) == (1, "E5", "inform")


@pytest.mark.parametrize(
    ("who", "more", "status", "code"),
    [
        ("bureau", {}, 400, "relay_unclear"),
        ("bureau", {"on_behalf_of": "alpha", "enforcement": True}, 400, "relay_unclear"),
        ("bureau", {"on_behalf_of": "nobody"}, 400, "unknown_platform"),
        ("bureau", {"on_behalf_of": "office"}, 400, "unknown_platform"),
        ("alpha", {"on_behalf_of": "beta"}, 403, "not_a_relay"),
        ("alpha", {"enforcement": True}, 403, "not_a_relay"),
    ],
)
def test_whoever_files_says_for_whom(
    world: World, keys: dict[str, str], who: str, more: dict[str, Any], status: int, code: str
) -> None:
    answered, body = file(world, keys[who], None, **more)
    assert (answered, body["error"]["code"]) == (status, code)
    upload = world.call("POST", "/v1/reports/uploads", keys[who], {"file_name": "a.csv", **more})
    assert (upload[0], upload[1]["error"]["code"]) == (status, code)
    assert listings(world, keys["beta"]) == []


def test_the_same_file_for_two_platforms_is_two_reports(world: World, keys: dict[str, str]) -> None:
    body = "统一社会信用代码,清退日期,清退原因\n".encode() + f"{uscc(1)},2026-01-02,售假\n".encode()
    sent = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    answer = [
        world.call("POST", "/v1/reports/files", keys["bureau"], body, **sent, **more)[1]["report_id"]
        for more in (
            {"X_On_Behalf_Of": "alpha"},
            {"X_On_Behalf_Of": "beta"},
            {"X_Enforcement": "yes"},
            {"X_On_Behalf_Of": "alpha"},
        )
    ]
    assert (len(set(answer)), answer[3]) == (3, answer[0])
    world.settle()
    assert {listing["source"] for listing in listings(world, keys["bureau"])} == {
        "platform:alpha",
        "platform:beta",
        "government:enforcement:bureau",
    }


def test_by_the_upload_form_as_well(world: World, keys: dict[str, str]) -> None:
    body = "统一社会信用代码,清退日期,清退原因\n".encode() + f"{uscc(1)},2026-01-02,售假\n".encode()
    opened = world.call("POST", "/v1/reports/uploads", keys["bureau"], {"file_name": "a.csv", "on_behalf_of": "alpha"})[
        1
    ]
    wiring.bucket().put(opened["upload"]["fields"]["key"], body)
    world.settle()
    (listing,) = listings(world, keys["beta"])
    assert (listing["source"], listing["filed_by"]) == ("platform:alpha", "regulator:bureau")
    assert world.call("GET", f"/v1/reports/{opened['report_id']}", keys["alpha"])[1]["accepted"] == 1
