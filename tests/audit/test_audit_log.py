"""The audit log: written around each act, read newest first, masked, by organisation, object and day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.audit import read_audit_log, record_acts
from chalicelib.audit.read_audit_log import Asked, Filter
from chalicelib.audit.record_acts import Act, Changes
from chalicelib.audit.rules.audit_entry import Outcome, kept_fields
from tests.conftest import ENVIRONMENT
from tests.handlers.test_outages import failing
from tests.interruptions.interruption import process_killed_after
from tests.world import World

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
REGULATOR = Caller("bureau", Role.REGULATOR, "0" * 12)
ALPHA = Caller("alpha", Role.PLATFORM, "a" * 12)
# A place whose entry the store has forgotten.
GONE = {"entry": "audit:gone:2026-11#000000000001", "at": "2026-11-01T00:00:00.000Z", "expires_at": 1_888_185_600}
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "op")


def act(caller: Caller, action: str, now: datetime = NOW, object_name: str = "") -> None:
    begun = record_acts.begin(wiring.numbered_log, Act(caller, action, object_name, request_id="r"), now)
    record_acts.end(wiring.numbered_log, begun, Outcome.DONE, Changes())


def read(caller: Caller, limit: int = 100, after: str = "", **wanted: str) -> tuple[list[str], str]:
    page = read_audit_log.read_page(
        wiring.exchange(), wiring.numbered_log, caller, Asked(Filter(**wanted), limit, after), NOW
    )
    return [entry.action for entry in page.entries], page.next


def pages(caller: Caller, limit: int, **wanted: str) -> list[str]:
    actions, after = read(caller, limit, **wanted)
    while after:
        more, after = read(caller, limit, after, **wanted)
        actions += more
    return actions


def test_entries_are_read_newest_first_over_months_without_loss_at_any_page_size(world: World) -> None:
    moments = [NOW - timedelta(days=day) for day in (200, 90, 61, 60, 31, 30, 1, 0, 0)]
    for place, moment in enumerate(moments):
        act(ALPHA, f"act{place}", moment)
    newest_first = [f"act{place}" for place in reversed(range(len(moments)))]
    for limit in (1, 2, 4, 100):
        assert pages(ALPHA, limit) == newest_first
        assert pages(REGULATOR, limit) == newest_first
    assert read(ALPHA, 100, "2026-11.1")[0] == ["act5", "act4", "act3", "act2", "act1", "act0"]


def test_a_page_looks_at_so_many_and_then_says_where_to_read_on(world: World) -> None:
    for _ in range(read_audit_log.LOOKED_AT + 5):
        wiring.numbered_log("audit-all:2026-11").add(GONE)
    act(ALPHA, "issueKey")
    for place in range(3):
        act(ALPHA, f"other{place}")
    assert read(REGULATOR, action="issueKey")[0] == ["issueKey"]


def test_who_sees_what(world: World) -> None:
    beta, ops = Caller("beta", Role.PLATFORM, "b" * 12), Caller("ops", Role.OPERATOR, "c" * 12)
    second = Caller("ops-2", Role.OPERATOR, "d" * 12)
    act(ALPHA, "createReport")
    act(beta, "answerTask")
    act(ops, "issueKey")
    act(second, "putFeed")
    act(REGULATOR, "grantPurposes")
    act(REGULATOR, "decideDispute")
    assert set(pages(REGULATOR, 100)) == {
        "createReport", "answerTask", "issueKey", "putFeed", "grantPurposes", "decideDispute",
    }  # fmt: skip
    assert pages(ALPHA, 100) == ["createReport"]
    assert pages(ops, 100) == ["grantPurposes", "putFeed", "issueKey"]
    assert pages(ops, 100, organisation="alpha") == []
    assert pages(REGULATOR, 100, organisation="beta") == ["answerTask"]


def test_filters(world: World) -> None:
    person = Caller("alpha", Role.PLATFORM, "p_1", "p_1")
    act(person, "withdrawListing", object_name="listing:l_1")
    act(ALPHA, "withdrawListing", object_name="listing:l_2")
    act(Caller("beta", Role.PLATFORM, "b" * 12), "openDispute", object_name="listing:l_1")
    assert pages(REGULATOR, 100, object_name="listing:l_1") == ["openDispute", "withdrawListing"]
    assert pages(ALPHA, 1, object_name="listing:l_1") == ["withdrawListing"]
    assert pages(ALPHA, 100, person_id="p_1") == ["withdrawListing"]
    assert pages(REGULATOR, 100, action="openDispute") == ["openDispute"]


def test_a_day_is_a_day_in_china(world: World) -> None:
    for place, moment in enumerate(
        (
            datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
            datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 25, 16, 0, tzinfo=UTC),
            datetime(2026, 11, 26, 1, 0, tzinfo=UTC),
        )
    ):
        act(ALPHA, f"act{place}", moment)
    assert pages(ALPHA, 1, day="2026-11-25") == ["act2", "act1"]
    assert pages(REGULATOR, 100, day="2026-11-24") == ["act0"]
    assert pages(REGULATOR, 100, day="2026-10-24") == []


def test_a_worker_that_dies_before_the_end_leaves_an_entry_that_says_begun(world: World) -> None:
    begun = record_acts.begin(wiring.numbered_log, Act(ALPHA, "withdrawListing", "listing:l_1"), NOW)
    page = read_audit_log.read_page(wiring.exchange(), wiring.numbered_log, ALPHA, Asked(Filter(), 10), NOW)
    assert [(entry.id, entry.outcome) for entry in page.entries] == [(begun.id, "begun")]


def test_a_worker_that_is_killed_after_any_write_leaves_no_act_without_its_entry(world: World) -> None:
    operator = world.admit("ops", "operator")
    world.admit("alpha")
    path, granted, taken_back = "/v1/platforms/alpha/purposes", {"purposes": ["investigation"]}, {"purposes": []}
    with process_killed_after(world, 0, with_audit_log=True) as all_writes:
        world.call("PUT", path, operator, granted)
    assert len(all_writes) > 7
    for kill in range(1, len(all_writes) + 1):
        world.call("PUT", path, operator, taken_back)
        before = len(pages(REGULATOR, 100, action="grantPurposes"))
        with process_killed_after(world, kill, with_audit_log=True):
            world.call("PUT", path, operator, granted)
        is_done = bool((wiring.exchange().get("platform#alpha") or {}).get("purposes"))
        assert len(pages(REGULATOR, 100, action="grantPurposes")) - before >= is_done, f"after write {kill}"


def test_no_personal_value_is_kept() -> None:
    kept = kept_fields(
        {
            "id_no": "11990019000101001X",
            "name": "李示例",
            "email": "li@example.com",
            "legal_representative": "李示例",
            "why": "身份证 119900190001010028，电话 138 1234 5678",
            "outcome": "closed",
            "duties": ("read", "audit"),
            "evictions": [{"name": "李示例"}] * 3,
            "permits": {"x": "李示例"},
            "enforcement": False,
            "severity": 2,
            "reason": "",
        }
    )
    assert kept == {
        "id_no": "***",
        "name": "***",
        "email": "***",
        "legal_representative": "***",
        "why": kept["why"],
        "outcome": "closed",
        "duties": "audit, read",
        "evictions": 3,
        "permits": "***",
        "enforcement": False,
        "severity": 2,
    }
    assert "0001010028" not in str(kept["why"])
    assert "1234" not in str(kept["why"])


def entries(world: World, key: str, query: str = "") -> list[dict[str, Any]]:
    status, body, _ = world.call("GET", f"/v1/audit{query}", key)
    assert status == 200
    return list(body["entries"])


def test_each_write_of_a_key_is_in_the_log_with_its_end_and_reads_are_not(world: World) -> None:
    operator = world.admit("ops", "operator")
    alpha = world.admit("alpha")
    wanted = {"requests_per_minute": 77}
    _, _, headers = world.call("PUT", "/v1/platforms/alpha/limits", operator, wanted)
    assert world.call("POST", "/v1/platforms/nobody/keys", operator, {})[0] == 404
    world.call("GET", "/v1/platforms/me", alpha)
    lookup = {"uscc": "91110105MA0000015F", "purpose": "onboarding"}
    assert world.call("POST", "/v1/lookups", alpha, lookup)[0] == 200
    refused, limits = entries(world, operator)
    assert limits["action"] == "setLimits"
    assert (limits["object"], limits["outcome"], limits["by"]) == ("platform:alpha", "done", "operator:ops")
    assert limits["key_id"] == operator.split("_")[1]
    assert limits["after"]["requests_per_minute"] == 77
    assert limits["request_id"] == headers["X-Request-Id"]
    assert (refused["action"], refused["outcome"], refused["error"]) == ("issueKey", "refused", "not_found")
    assert entries(world, alpha) == []


def test_a_write_is_refused_while_the_log_cannot_be_written(world: World, clients: dict[str, Any]) -> None:
    operator = world.admit("ops", "operator")
    world.admit("alpha")
    before = wiring.exchange().get("platform#alpha")
    with failing(clients["dynamodb"], "PutItem", THROTTLED):
        assert world.call("PUT", "/v1/platforms/alpha/purposes", operator, {"purposes": ["investigation"]})[0] == 503
    assert wiring.exchange().get("platform#alpha") == before


def test_a_report_of_persons_leaves_nothing_personal_in_the_log(world: World) -> None:
    alpha = world.admit("alpha")
    row = {"name": "李示例", "id_type": "身份证", "id_no": "11990019000101001X", "entity_type": "自然人"}
    more = {"evicted_on": "2026-01-02", "reason_text": "售假", "evidence_level": "E2"}
    status, made, _ = world.call("POST", "/v1/reports", alpha, {"evictions": [{**row, **more}]})
    assert status == 202
    (entry,) = entries(world, alpha)
    assert (entry["action"], entry["object"]) == ("createReport", f"report:{made['report_id']}")
    assert entry["after"] == {"evictions": 1, "enforcement": False}
    stored = world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
    assert "李示例" not in str([item for item in stored if item["id"]["S"].startswith("audit")])


def test_a_platform_asks_for_its_own_log_alone_and_takes_it_as_csv(world: World) -> None:
    alpha, operator = world.admit("alpha"), world.admit("ops", "operator")
    world.call("PUT", "/v1/platforms/alpha/purposes", operator, {"purposes": []})
    status, body, _ = world.call("GET", "/v1/audit?organisation=ops", alpha)
    assert (status, body["error"]["code"]) == (403, "not_your_audit_log")
    status, text, headers = world.call("GET", "/v1/audit?format=csv", operator)
    assert status == 200
    assert "X-Next" not in headers
    heading, line = text.strip().splitlines()
    assert heading.startswith("时间,参与方,角色")
    assert ",ops,operator,," + operator.split("_")[1] + ",grantPurposes,platform:alpha,done," in line


@pytest.mark.parametrize("query", ["after=2026-13.1", "after=x", "day=2026-02-30", "person=wang", "limit=201"])
def test_what_does_not_fit_is_refused(world: World, query: str) -> None:
    status, body, _ = world.call("GET", f"/v1/audit?{query}", world.admit("alpha"))
    assert (status, body["error"]["code"]) == (400, "invalid_request")
