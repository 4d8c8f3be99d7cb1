"""Told apart by one platform: for that platform alone, before ranking, through renames, and never against a code."""

from typing import Any

from tests.support.builders import uscc
from tests.world import World

NAME = "苏州霁昱商贸有限公司"


def evict(world: World, key: str, **changes: Any) -> None:
    eviction = {"uscc": uscc(1), "name": NAME, "evicted_on": "2026-01-02", "reason_text": "售假", **changes}
    world.call("POST", "/v1/reports", key, {"evictions": [eviction]})
    world.settle()


def look_up(world: World, key: str, **asked: Any) -> dict[str, Any]:
    status, answer, _ = world.call("POST", "/v1/lookups", key, {"purpose": "onboarding", **asked})
    assert status == 200
    return dict(answer)


def decide(world: World, key: str, lookup: str, subject: str, decision: str = "not_same") -> tuple[int, Any]:
    status, body, _ = world.call(
        "POST", f"/v1/lookups/{lookup}/decisions", key, {"subject_id": subject, "decision": decision}
    )
    return status, body


def test_what_is_told_apart_stays_away_from_that_platform_alone(world: World) -> None:
    alpha, beta, gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
    evict(world, alpha)
    asked = {"uscc": uscc(2), "name": NAME}
    first = look_up(world, beta, **asked)
    subject = first["matches"][0]["subject"]["subject_id"]
    assert first["verdict"] == "review"
    assert decide(world, beta, first["lookup_id"], subject)[0] == 200
    again = look_up(world, beta, **asked)
    assert (again["verdict"], again["matches"], again["told_apart"]) == ("clear", [], [subject])
    assert look_up(world, beta, uscc=uscc(2), name="苏州霁昱商贸有限公司（新）")["matches"] == [], (
        "a rename changes nothing"
    )
    assert look_up(world, gamma, **asked)["verdict"] == "review"
    assert look_up(world, beta, uscc=uscc(3), name=NAME)["verdict"] == "review", "another applicant is another question"
    assert decide(world, beta, first["lookup_id"], subject, "undecided")[0] == 200
    assert look_up(world, beta, **asked)["verdict"] == "review"


def test_an_exact_identifier_cannot_be_decided_away(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    result = look_up(world, beta, uscc=uscc(1))
    subject = result["matches"][0]["subject"]["subject_id"]
    status, body = decide(world, beta, result["lookup_id"], subject)
    assert (status, body["error"]["code"]) == (409, "not_decidable")
    assert look_up(world, beta, uscc=uscc(1))["verdict"] == "review"


def test_only_ones_own_lookups_and_their_matches_are_decided(world: World) -> None:
    alpha, beta, gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
    evict(world, alpha)
    result = look_up(world, beta, name=NAME)
    subject = result["matches"][0]["subject"]["subject_id"]
    assert decide(world, gamma, result["lookup_id"], subject)[0] == 404
    assert decide(world, beta, "k_none", subject)[0] == 404
    assert decide(world, beta, result["lookup_id"], "uscc:nobody")[0] == 404


def test_a_lookup_that_was_decided_costs_no_further_call(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    result = look_up(world, beta, name=NAME)
    decide(world, beta, result["lookup_id"], result["matches"][0]["subject"]["subject_id"])
    calls: list[str] = []
    event = "before-call.dynamodb.BatchGetItem"
    world.dynamodb.meta.events.register(event, lambda **_: calls.append("call"), unique_id="decided")
    try:
        look_up(world, beta, name=NAME)
    finally:
        world.dynamodb.meta.events.unregister(event, unique_id="decided")
    assert len(calls) == 1


def test_a_new_shell_with_two_of_the_old_signals_is_reviewed_with_the_path(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha, legal_representative="樾小野", phone="13812345678", address="苏州工业园区樾溪路1号")
    asked = {"uscc": uscc(5), "name": "无锡朔序服饰有限公司"}
    shell = look_up(world, beta, **asked, legal_representative="樾 小野", phone="+86 138-1234-5678")
    (match,) = shell["matches"]
    assert (match["relation"], match["verdict"]) == ("successor_of", "review")
    assert {reason["field"] for reason in match["reasons"]} >= {"legal_representative", "phone"}
    assert match["listings"][0]["listed_on"] == "2026-01-02"
    assert all(reason["says"]["zh"] and reason["says"]["en"] for reason in match["reasons"])
    result = {reason["field"]: reason["candidate"] for reason in match["reasons"]}
    assert (result["legal_representative"], result["phone"]) == ("樾*", "***")
    assert look_up(world, beta, **asked, phone="13812345678")["matches"] == [], "one signal is no path"


def test_a_bank_account_and_a_shop_link_are_signals_too(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    url = "https://www.shop.example/樾野?id=7"
    evict(world, alpha, shop_url=url, phone="13812345678")
    asked = {"name": "无锡朔序服饰有限公司", "shop_url": "shop.example/樾野?id=7", "phone": "13812345678"}
    assert look_up(world, beta, **asked)["matches"][0]["relation"] == "successor_of"
    header = "主体名称,清退时间,清退原因,法定代表人,银行账号"
    body = f"{header}\n苏州樾川食品有限公司,2026-01-02,售假,樾小川,6222 0200 1234 5678\n".encode()
    world.call("POST", "/v1/reports/files", alpha, body, Content_Type="text/csv", X_File_Name="a.csv")
    world.settle()
    asked = {"name": "无锡朔序服饰有限公司", "legal_representative": "樾小川", "bank_account": "6222020012345678"}
    assert look_up(world, beta, **asked)["matches"][0]["relation"] == "successor_of"
    stored = world.everything_stored().replace(" ", "")
    assert "6222020012345678" not in stored
    assert "13812345678" not in stored


def test_an_office_and_a_call_centre_that_five_hundred_firms_share_fire_nothing(world: World) -> None:
    from chalicelib import wiring
    from chalicelib.matching import matching_signals

    alpha, beta = world.admit("alpha"), world.admit("beta")
    address, phone = "苏州工业园区樾溪路1号", "13812345678"
    shared = {"address": address, "phone": phone}
    evict(world, alpha, **shared)
    asked = {"name": "无锡朔序服饰有限公司", **shared}
    assert look_up(world, beta, **asked)["verdict"] == "review", "two firms that share both are worth a look"
    signals = {"address": address, "phone": wiring.digest()("phone", phone)}
    keys = matching_signals.signal_keys(signals)
    for number in range(2, 502):
        wiring.registry().add_postings(f"uscc:{uscc(number)}", 1, {key: {} for key in keys})
    assert look_up(world, beta, **asked)["matches"] == [], "past its cap a value says nothing of anybody"


def test_the_method_is_served_whole(world: World) -> None:
    status, method, _ = world.call("GET", "/v1/methodology", world.admit("beta"))
    assert status == 200
    assert {rule["verdict"] for rule in method["rules"]} == {"block", "review", "inform"}
    for part in ("relations", "name_features", "signals", "reasons"):
        for entry in method[part]:
            (texts,) = [value for value in entry.values() if isinstance(value, dict)]
            assert texts["zh"], entry
            assert texts["en"], entry
