"""Rosters at the door: files, forms, retries, what is refused, and who sees what."""

import json
from typing import Any

import pytest

from chalicelib import wiring
from tests.conftest import ENVIRONMENT
from tests.support.builders import uscc
from tests.support.roster_files import NAME, done, evict, results, send, snapshot, status
from tests.world import World

CSV = f"商家ID,统一社会信用代码\nS1,{uscc(1)}\n".encode()


def post(world: World, key: str, body: bytes = CSV, query: str = "", **headers: str) -> tuple[int, Any]:
    headers = {"Content_Type": "text/csv", "X_File_Name": "a.csv", **headers}
    return world.call("POST", f"/v1/rosters/files{query}", key, body, **headers)[:2]


@pytest.mark.parametrize(
    ("query", "headers", "code"),
    [
        ("?mode=half", {}, "invalid_request"),
        ("", {"X_File_Name": ""}, "missing_file_name"),
        ("", {"Content_Type": "image/png"}, "unsupported_type"),
    ],
)
def test_what_the_door_does_not_take_is_refused_with_its_reason(
    world: World, query: str, headers: dict[str, str], code: str
) -> None:
    assert post(world, world.admit("beta"), query=query, **headers)[1]["error"]["code"] == code


def test_a_file_over_five_megabytes_is_led_to_the_form(world: World) -> None:
    result, answer = post(world, world.admit("beta"), bytes(5 * 1024 * 1024 + 1))
    assert (result, answer["error"]["code"]) == (413, "too_large")
    assert answer["error"]["details"]["instead"] == "/v1/rosters/uploads"


def test_sent_again_at_once_it_is_the_same_roster_and_later_it_is_a_new_one(world: World) -> None:
    beta = world.admit("beta")
    first = send(world, beta, f"S1,{uscc(1)},")
    assert send(world, beta, f"S1,{uscc(1)},")["roster_id"] == first["roster_id"]
    world.settle()
    assert send(world, beta, f"S1,{uscc(1)},")["roster_id"] == first["roster_id"], "nothing came between"
    done(world, beta, "删,S1,,", mode="patch")
    again = done(world, beta, f"S1,{uscc(1)},")
    assert again["roster_id"] != first["roster_id"]
    assert again["counts"]["added"] == 1


def test_a_key_ties_a_call_to_its_content_and_its_mode(world: World) -> None:
    beta = world.admit("beta")
    first = send(world, beta, f"S1,{uscc(1)},", idempotency_key="monday")
    done(world, beta, f"S2,{uscc(2)},")
    assert send(world, beta, f"S1,{uscc(1)},", idempotency_key="monday")["roster_id"] == first["roster_id"]
    result, answer = post(world, beta, Idempotency_Key="monday")
    assert (result, answer["error"]["code"]) == (409, "idempotency_conflict")


def test_a_roster_belongs_to_its_platform_and_the_regulator_may_look(world: World) -> None:
    beta, gamma, bureau = world.admit("beta"), world.admit("gamma"), world.admit("bureau", "regulator")
    roster = done(world, beta, f"S1,{uscc(1)},", "坏,,")
    for path in ("", "/results", "/rejections", "/warnings"):
        place = f"/v1/rosters/{roster['roster_id']}{path}"
        codes = [world.call("GET", place, key)[0] for key in (beta, gamma, bureau)]
        assert codes == [200, 404, 200], path


def test_results_wait_until_the_roster_is_done(world: World) -> None:
    beta = world.admit("beta")
    roster = send(world, beta, f"S1,{uscc(1)},")
    path = f"/v1/rosters/{roster['roster_id']}/results"
    result, answer, _ = world.call("GET", path, beta)
    assert (result, answer["error"]["code"]) == (409, "roster_not_done")
    world.settle()
    assert world.call("GET", path, beta)[1]["results"] == []
    assert world.call("GET", f"{path}?changed_since=monday", beta)[1]["error"]["code"] == "invalid_request"
    assert world.call("GET", f"{path}?after=x", beta)[1]["error"]["code"] == "invalid_cursor"


def test_rejections_and_warnings_are_served_as_those_of_reports_are(world: World) -> None:
    beta = world.admit("beta")
    misread = uscc(2).replace("0", "O", 1)
    roster = done(world, beta, "S1,坏码,", f"S2,{misread},")
    path = f"/v1/rosters/{roster['roster_id']}"
    text = world.call("GET", f"{path}/rejections", beta, Accept="text/csv")[1]
    assert text.splitlines()[1].startswith("1,统一社会信用代码,invalid_uscc,")
    (warned,) = world.call("GET", f"{path}/warnings", beta)[1]["warnings"]
    assert (warned["row"], warned["warnings"][0]["code"]) == (2, "uscc_repaired")
    assert (roster["rejected"], roster["warnings"]) == (1, 1)


def test_a_form_posts_a_roster_and_used_twice_makes_two(world: World) -> None:
    beta = world.admit("beta")
    opened = world.call("POST", "/v1/rosters/uploads?mode=patch", beta, {"file_name": "名册.csv"})[1]
    key = opened["upload"]["fields"]["key"]
    assert key == f"rosters/incoming/beta/{opened['roster_id']}/名册.csv"
    bucket = ENVIRONMENT["FILES_BUCKET"]
    world.s3.put_object(Bucket=bucket, Key=key, Body=f"操作,商家ID,统一社会信用代码\n增,S1,{uscc(1)}".encode())
    world.settle()
    world.s3.put_object(Bucket=bucket, Key=key, Body=f"操作,商家ID,统一社会信用代码\n增,S2,{uscc(2)}".encode())
    world.settle()
    assert status(world, beta, opened)["counts"]["added"] == 1
    state = wiring.exchange().get("rosters#beta") or {}
    assert (state["merchants"], state["current"] != opened["roster_id"]) == (2, True)


def test_a_form_asked_for_again_with_its_key_is_the_same_and_in_another_mode_a_conflict(world: World) -> None:
    beta, ask = world.admit("beta"), {"file_name": "a.csv"}
    first = world.call("POST", "/v1/rosters/uploads", beta, ask, Idempotency_Key="k")[1]
    assert (
        world.call("POST", "/v1/rosters/uploads", beta, ask, Idempotency_Key="k")[1]["roster_id"]
        == (first["roster_id"])
    )
    result, answer, _ = world.call("POST", "/v1/rosters/uploads?mode=patch", beta, ask, Idempotency_Key="k")
    assert (result, answer["error"]["code"]) == (409, "idempotency_conflict")


def test_json_lines_are_a_roster_too(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    snapshot(world)
    rows = [{"merchant_id": "S1", "uscc": uscc(1)}, {"merchant_id": "S2", "name": NAME}]
    body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    sent = post(world, beta, body, Content_Type="application/x-ndjson")[1]
    world.settle()
    assert results(world, beta, sent["roster_id"]) == {"S1": "block", "S2": "review"}


def test_how_far_a_roster_is_shows_while_it_is_at_work(world: World) -> None:
    from chalicelib.rosters.receive_roster import Sending, new_roster
    from chalicelib.rosters.rules.roster import view

    now = wiring.now()
    received = new_roster(Sending(platform_id="beta", file_name="a.csv", mode="full"), "m_1", now)
    half = received.replace(
        status="processing", started_at="2026-03-01T00:00:00.000Z", chunks=4, chunks_done=("0:2500", "1:2500"),
        accepted=10_000, rows=10_000,
    )  # fmt: skip
    then = now.replace(year=2026, month=3, day=1, hour=0, minute=0, second=50, microsecond=0)
    answer = view(half, then)
    assert (answer["merchants_done"], answer["merchants_a_second"], answer["seconds_left"]) == (5_000, 100.0, 50)
