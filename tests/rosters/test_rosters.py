"""A platform's roster: replaced, patched, screened, monitored; and what every run over it leaves behind."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.monitoring import platforms_to_alert, roster_index
from chalicelib.monitoring.rules.monitored_merchant import Merchant
from chalicelib.rosters import roster_run_queue, split_roster
from tests.conftest import ENVIRONMENT
from tests.support.builders import registration_no, uscc
from tests.support.roster_files import NAME, current, done, evict, monitored, results, send, snapshot, status, tasks
from tests.world import World

SCHEMA = Path(__file__).parent.parent.parent / "docs" / "schemas" / "notice-1.json"
OTHER = "杭州云栖谷示例服饰有限公司"


def test_a_roster_is_screened_and_its_platform_told(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    snapshot(world)
    mailbox = world.listen(wiring.topics().platform_arn("beta"))
    roster = done(world, beta, f"S1,{uscc(1)},{NAME}", f"S2,{uscc(2)},{OTHER}", f"S3,,{NAME}")
    same = ("status", "rows", "accepted", "rejected", "screened", "rest", "merchants_done")
    assert {field: roster[field] for field in same} == {
        "status": "done", "rows": 3, "accepted": 3, "rejected": 0, "screened": True, "rest": "clear",
        "merchants_done": 3,
    }  # fmt: skip
    counts = roster["counts"]
    assert (counts["merchants"], counts["added"], counts["block"], counts["review"]) == (3, 3, 1, 1)
    assert results(world, beta, roster["roster_id"]) == {"S1": "block", "S3": "review"}
    notices = world.heard(mailbox)
    assert sorted(notice["kind"] for notice in notices) == ["roster_done", "task_opened"]
    schema = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for notice in notices:
        schema.validate(notice)
    assert tasks(world, beta) == [("check", uscc(1))]
    left = world.s3.list_objects_v2(Bucket=ENVIRONMENT["FILES_BUCKET"])["Contents"]
    assert not [item["Key"] for item in left if item["Key"].startswith(("chunks/", "rosters/incoming/"))]


def test_the_links_lead_to_all_results_and_pages_to_the_same(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    snapshot(world)
    roster = done(world, beta, *(f"=S{number},{uscc(1)},{NAME}" for number in range(7)))
    path, seen, after = f"/v1/rosters/{roster['roster_id']}/results?limit=3", [], "0"
    while page := world.call("GET", f"{path}&after={after}", beta)[1]:
        if not page["results"]:
            break
        seen += page["results"]
        after = page["next"]
    assert page["links"]["jsonl"].startswith("https://")
    bucket, place = wiring.bucket(), f"results/beta/{roster['roster_id']}"
    assert [json.loads(line) for line in bucket.lines(f"{place}/results.jsonl")] == seen
    assert len(seen) == 7
    text = (bucket.get(f"{place}/results.csv") or b"").decode("utf-8-sig")
    assert len(text.splitlines()) == 8
    assert all(line.startswith("S") or line.startswith("'=S") for line in text.splitlines()[1:])
    assert uscc(1) in text


def test_a_new_listing_finds_the_platforms_that_have_the_merchant_without_a_scan(world: World) -> None:
    alpha, beta, gamma, delta = (world.admit(name) for name in ("alpha", "beta", "gamma", "delta"))
    snapshot(world)
    done(world, beta, f"S1,{uscc(1)},{NAME}", f"S2,{uscc(1)},{NAME}")
    done(world, gamma, f"G1,,{NAME}")
    done(world, delta, f"D1,{uscc(7)},{NAME}", f"D2,{uscc(2)},{OTHER}")
    evict(world, alpha)
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    recipients = platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())
    assert {
        recipient.platform_id: (recipient.by, recipient.merchants, recipient.relation)
        for recipient in recipients.values()
    } == {
        "beta": ("roster", ("S1", "S2"), "same_uscc"),
        "gamma": ("roster", ("G1",), "same_name"),
    }, "a credit code of its own says that the merchant of delta is another"
    assert tasks(world, beta) == [("check", uscc(1))]
    assert tasks(world, delta) == []


def test_a_listing_by_name_alone_finds_merchants_with_and_without_a_code(world: World) -> None:
    world.admit("beta")
    snapshot(world)
    done(world, world.admit("gamma"), f"G1,{uscc(1)},{NAME}", f"G2,,{NAME}")
    evict(world, world.admit("alpha"), uscc=None)
    subject = wiring.registry().all_subjects()[0][0]
    recipients = platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())
    assert {key: (recipient.merchants, recipient.relation) for key, recipient in recipients.items()} == {
        "gamma": (("G2", "G1"), "same_name")
    }


def test_who_was_told_apart_is_not_known_any_more(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    asked = world.call("POST", "/v1/lookups", beta, {"name": NAME, "purpose": "onboarding"})[1]
    snapshot(world)
    first = done(world, beta, f"S1,,{NAME}", f"S2,{uscc(1)},")
    assert results(world, beta, first["roster_id"]) == {"S1": "review", "S2": "block"}
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    assert platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())["beta"].merchants == ("S2", "S1")
    decision = {"subject_id": f"uscc:{uscc(1)}", "decision": "not_same"}
    world.call("POST", f"/v1/lookups/{asked['lookup_id']}/decisions", beta, decision)
    assert platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())["beta"].merchants == ("S2",)
    again = done(world, beta, f"改,S1,,{NAME}", mode="patch")
    assert results(world, beta, again["roster_id"]) == {"S2": "block"}
    decision["decision"] = "undecided"
    world.call("POST", f"/v1/lookups/{asked['lookup_id']}/decisions", beta, decision)
    assert platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())["beta"].merchants == ("S2", "S1")


def test_a_patch_adds_changes_and_removes_and_a_full_roster_replaces(world: World) -> None:
    beta = world.admit("beta")
    snapshot(world)
    done(world, beta, f"S1,{uscc(1)},{NAME}", f"S2,{uscc(2)},{OTHER}")
    patched = done(world, beta, f"增,S3,{uscc(3)},", f"改,S2,{uscc(4)},", "删,S1,,", mode="patch")
    same = ("merchants", "added", "changed", "removed")
    assert [patched["counts"][field] for field in same] == [2, 1, 1, 1]
    assert {subject_id for subject_id in monitored(world, "beta") if subject_id.startswith("uscc")} == {
        f"uscc:{uscc(n)}" for n in (3, 4)
    }
    replaced = done(world, beta, f"S3,{uscc(3)},", f"S9,{uscc(9)},")
    assert [replaced["counts"][field] for field in same] == [2, 1, 0, 1]
    assert {subject_id for subject_id in monitored(world, "beta") if subject_id.startswith("uscc")} == {
        f"uscc:{uscc(n)}" for n in (3, 9)
    }
    removed = done(world, beta, "删除,S9", mode="patch", header="操作类型,商家编号")
    assert removed["counts"]["removed"] == 1


def test_only_merchants_that_changed_cost_writes(world: World) -> None:
    beta = world.admit("beta")
    snapshot(world)
    rows = [f"S{number},{uscc(number)},{OTHER}{number}" for number in range(1, 9)]
    done(world, beta, *rows)
    written: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        written.append(str(params.get("body", b"")))

    world.dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", note, unique_id="note")
    done(world, beta, *rows[:-1], f"S8,{uscc(18)},{OTHER}8")
    world.dynamodb.meta.events.unregister("before-call.dynamodb.UpdateItem", unique_id="note")
    assert sum("known#" in body for body in written) == 6, "two identifiers and the name of one merchant, off and on"


def test_a_row_that_cannot_be_read_does_not_take_its_merchant_off(world: World) -> None:
    beta = world.admit("beta")
    snapshot(world)
    done(world, beta, f"S1,{uscc(1)},{NAME}", f"S2,{uscc(2)},{OTHER}")
    again = done(world, beta, "S1,9.13302E+17,", ",,无编号的商家", f"S2,{uscc(2)},{OTHER}")
    assert (again["rejected"], again["counts"]["removed"], again["counts"]["merchants"]) == (2, 0, 2)
    rejected = world.call("GET", f"/v1/rosters/{again['roster_id']}/rejections", beta)[1]["rejections"]
    assert [(rejection["row"], rejection["column"], rejection["code"]) for rejection in rejected] == [
        (1, "统一社会信用代码", "damaged_uscc"),
        (2, "商家ID", "missing_merchant_id"),
    ]
    assert f"uscc:{uscc(1)}" in monitored(world, "beta")


def test_after_a_new_snapshot_rosters_are_screened_again_and_only_changes_told(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    snapshot(world)
    first = done(world, beta, f"S1,{uscc(1)},{NAME}", "S2,,苏州霁昱商贸有限责任公司", f"S3,{uscc(3)},{OTHER}")
    assert results(world, beta, first["roster_id"]) == {}
    mailbox = world.listen(wiring.topics().platform_arn("beta"))
    evict(world, alpha)
    world.heard(mailbox)
    snapshot(world)
    (notice,) = world.heard(mailbox)
    assert (notice["kind"], notice["roster"]["counts"]["outcomes_changed"]) == ("roster_rescreened", 2)
    run = notice["roster"]["roster_id"]
    verdicts = results(world, beta, run)
    assert verdicts == results(world, beta, run, "?changed_since=last")
    assert (verdicts["S1"], sorted(verdicts)) == ("block", ["S1", "S2"])
    assert tasks(world, beta) == [("check", uscc(1))], "opened by the listing itself, and not once more"
    snapshot(world)
    assert (world.heard(mailbox), current("beta")) == ([], run), "nothing has changed, so nothing is screened"
    evict(world, alpha, uscc=uscc(50), name="无锡鼋渚示例商贸有限公司")
    world.heard(mailbox)
    snapshot(world)
    assert (world.heard(mailbox), current("beta") != run) == ([], True), "screened, and nothing found that is new"
    assert results(world, beta, current("beta"), "?changed_since=last") == {}
    assert results(world, beta, current("beta")) == verdicts
    listing = next(iter((wiring.registry().subject(f"uscc:{uscc(1)}") or {}).listings))
    world.call("POST", f"/v1/listings/{listing}/withdrawal", alpha, {})
    world.settle()
    snapshot(world)
    assert results(world, beta, current("beta")) == {}
    assert results(world, beta, current("beta"), "?changed_since=last") == {"S1": "clear", "S2": "clear"}


def test_without_a_snapshot_nobody_is_clear_until_there_is_one(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    roster = done(world, beta, f"S1,{uscc(1)},{NAME}")
    assert (roster["status"], roster["screened"], roster["rest"]) == ("done", False, "unknown")
    assert results(world, beta, roster["roster_id"]) == {}
    snapshot(world)
    assert results(world, beta, current("beta")) == {"S1": "block"}
    assert tasks(world, beta) == [("check", uscc(1))]


def test_enrolled_by_a_call_a_merchant_is_monitored_at_once_and_stays_through_a_full_roster(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    snapshot(world)
    now = wiring.now()
    roster_index.add_to_roster(wiring.exchange(), "beta", Merchant(id="S5", uscc=uscc(1), name=NAME), now)
    evict(world, alpha)
    assert tasks(world, beta) == [("check", uscc(1))]
    roster = done(world, beta, f"S1,{uscc(2)},{OTHER}")
    assert (roster["counts"]["merchants"], roster["counts"]["kept_enrolled"]) == (2, 1)
    snapshot(world)
    assert results(world, beta, current("beta")) == {"S5": "block"}
    roster_index.remove_from_roster(wiring.exchange(), "beta", "S5", wiring.now())
    assert f"uscc:{uscc(1)}" in monitored(world, "beta"), "what it is known by is read at the next run"
    wiring.exchange().set_fields("rosters#beta", {"screened_at": "2026-01-01T00:00:00.000Z"})
    snapshot(world)
    assert f"uscc:{uscc(1)}" not in monitored(world, "beta")
    assert results(world, beta, current("beta")) == {}


def test_a_platform_without_any_roster_is_screened_by_what_it_enrolled(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    evict(world, alpha)
    roster_index.add_to_roster(wiring.exchange(), "beta", Merchant(id="S5", uscc=uscc(1)), wiring.now())
    roster_index.add_to_roster(wiring.exchange(), "beta", Merchant(id="S6", uscc=uscc(6)), wiring.now())
    roster_index.remove_from_roster(wiring.exchange(), "beta", "S6", wiring.now())
    assert monitored(world, "beta") == {f"uscc:{uscc(1)}", f"org:{uscc(1)[8:17]}"}
    snapshot(world)
    assert results(world, beta, current("beta")) == {"S5": "block"}


def test_rosters_of_one_platform_take_turns_and_the_newest_word_counts(world: World) -> None:
    beta = world.admit("beta")
    snapshot(world)
    early = send(world, beta, f"S1,{uscc(1)},{NAME}", f"S2,{uscc(2)},{OTHER}")
    late = send(world, beta, "删,S1,,", f"增,S3,{uscc(3)},", mode="patch")
    keys = [item["Key"] for item in world.s3.list_objects_v2(Bucket=ENVIRONMENT["FILES_BUCKET"])["Contents"]]
    by_roster = {key.split("/")[2 + 1]: key for key in keys if key.startswith("rosters/incoming/")}
    for roster in (late, early):
        split_roster.take_file(dependencies.rosters(), by_roster[roster["roster_id"]], wiring.now())
    assert status(world, beta, early).get("started_at") is None, "the other one is at work"
    world.settle()
    assert status(world, beta, early)["counts"]["merchants"] == 2
    assert {subject_id for subject_id in monitored(world, "beta") if subject_id.startswith("uscc")} == {
        f"uscc:{uscc(n)}" for n in (2, 3)
    }


def test_a_roster_that_grows_is_spread_over_more_shards_and_loses_nobody(world: World) -> None:
    beta = world.admit("beta")
    evict(world, world.admit("alpha"))
    snapshot(world)
    done(world, beta, *(f"S{number},{uscc(number)}," for number in range(1, 30)))
    state = wiring.exchange().get("rosters#beta") or {}
    # As if the platform had many more: the next run takes four shards.
    wiring.exchange().set_fields("rosters#beta", {"merchants": 18_000})
    grown = done(world, beta, f"增,S99,{uscc(99)},", mode="patch")
    assert ((wiring.exchange().get("rosters#beta") or {})["shards"], state["shards"]) == (4, 1)
    assert (grown["counts"]["merchants"], grown["counts"]["added"]) == (30, 1)
    assert results(world, beta, grown["roster_id"]) == {"S1": "block"}
    patched = done(world, beta, "删,S99,,", mode="patch")
    assert (patched["counts"]["merchants"], patched["counts"]["removed"]) == (29, 1)
    assert patched["merchants_done"] < 29, "only the shard that was touched"
    assert results(world, beta, patched["roster_id"]) == {"S1": "block"}
    base = roster_run_queue.read_generation(dependencies.rosters(), "beta", patched["roster_id"])
    assert set(base.holders.values()) == {grown["roster_id"], patched["roster_id"]}


def test_every_kind_of_identifier_is_monitored_and_personal_values_are_digests(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    snapshot(world)
    person, phone = "11010519491231002X", "13812345678"
    header = "店铺ID,统一社会信用代码,注册号,经营者身份证号,企业名称,联系电话,法定代表人,银行账号"
    rows = f"S1,,{registration_no(1)},,,,,", f"S2,,,{person},张三,{phone},张三,6222021234567890128"
    done(world, beta, *rows, header=header)
    evict(world, alpha, uscc=None, registration_no=registration_no(1))
    evict(world, alpha, uscc=None, name=None, resident_id=person)
    assert len(tasks(world, beta)) == 2
    stored = world.everything_stored()
    assert not [value for value in (person, phone, "张三", "6222021234567890128") if value in stored]


def test_an_unknown_or_empty_file_is_refused_and_the_roster_stays(world: World) -> None:
    beta = world.admit("beta")
    done(world, beta, f"S1,{uscc(1)},{NAME}")
    mailbox = world.listen(wiring.topics().platform_arn("beta"))
    refused = done(world, beta, "1,2", header="甲,乙")
    assert (refused["status"], refused["refused"]["code"]) == ("refused", "unknown_columns")
    assert [notice["kind"] for notice in world.heard(mailbox)] == ["roster_refused"]
    assert f"uscc:{uscc(1)}" in monitored(world, "beta")


def test_many_shops_of_one_firm_are_named_up_to_a_cap_and_then_known_to_be_more(world: World) -> None:
    beta = world.admit("beta")
    rows = [f"S{number},{uscc(1)},{NAME}" for number in range(roster_index.MOST_MERCHANTS + 5)]
    done(world, beta, *rows)
    evict(world, world.admit("alpha"))
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    recipient = platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())["beta"]
    assert (len(recipient.merchants), recipient.more) == (roster_index.MOST_MERCHANTS, True)


def test_a_lookup_by_name_is_remembered_of_a_subject_listed_by_code(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    world.call("POST", "/v1/lookups", beta, {"name": NAME, "purpose": "onboarding"})
    evict(world, alpha)
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    recipient = platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())["beta"]
    assert (recipient.by, recipient.relation) == ("lookup", "same_name")
    later = datetime.now(UTC) + timedelta(days=361)
    assert platforms_to_alert.recipients(wiring.exchange(), subject, later) == {}


@pytest.mark.parametrize("name", ["beta", "gamma"])
def test_one_call_to_the_store_finds_them_all(world: World, name: str) -> None:
    world.call("POST", "/v1/lookups", world.admit(name), {"uscc": uscc(1), "purpose": "onboarding"})
    evict(world, world.admit("alpha"))
    subject = wiring.registry().subject(f"uscc:{uscc(1)}") or {}
    calls: list[str] = []
    world.dynamodb.meta.events.register("before-call", lambda model, **_: calls.append(model.name), unique_id="count")
    assert list(platforms_to_alert.recipients(wiring.exchange(), subject, wiring.now())) == [name]
    world.dynamodb.meta.events.unregister("before-call", unique_id="count")
    assert calls == ["BatchGetItem"]


def test_a_roster_says_which_column_a_header_with_a_slip_may_mean(world: World) -> None:
    beta = world.admit("beta")
    snapshot(world)
    answer = done(world, beta, f"S1,{uscc(1)},{NAME}", header="商家ID,统一社会信用代码,企业名秤")
    assert (answer["accepted"], answer["nearest"]) == (1, {"企业名秤": "企业名称"})
    assert "nearest" not in done(world, beta, f"S1,{uscc(1)},{NAME}")
