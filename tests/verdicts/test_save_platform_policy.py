"""Policies and bounds through the API: versions, refusals, dry runs, and what they cost a lookup."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.lookups.update_posting_lists import update_posting_lists
from chalicelib.verdicts import recent_lookups, save_platform_policy
from chalicelib.verdicts.recent_lookups import RecentLookup
from chalicelib.verdicts.rules import platform_policy
from chalicelib.verdicts.rules.platform_policy import Policy, PolicyRow
from tests.lookups.test_look_up import counted
from tests.support import roster_files
from tests.support.builders import listed, uscc
from tests.world import World

NAME = "苏州霁昱商贸有限公司"
BOUNDS = [bound.to_item() for bound in platform_policy.BOUNDS]
REVIEW = {"relation": "exact", "severity": 3, "evidence": "E2", "verdict": "review"}
QUIET = {"relation": "name", "severity": 3, "verdict": "inform"}
ASKED = {"uscc": uscc(1), "purpose": "onboarding"}


@pytest.fixture
def keys(world: World) -> dict[str, str]:
    result = {name: world.admit(name) for name in ("beta", "gamma")}
    return {**result, "bureau": world.admit("bureau", "regulator")}


def save(**fields: Any) -> None:
    saved = wiring.registry().save(listed(**fields))
    assert saved is not None
    update_posting_lists(wiring.registry(), [(None, saved)])


def put(world: World, key: str, *rows: dict[str, Any], path: str = "/v1/platforms/me/policy") -> tuple[int, Any]:
    status, body, _ = world.call("PUT", path, key, {"rows": list(rows), "why": "内部规则"})
    return status, body


def test_a_policy_moves_the_lookups_of_its_platform_and_says_which_row_did(world: World, keys: dict[str, str]) -> None:
    save()
    status, first = put(world, keys["beta"], QUIET, REVIEW)
    assert (status, first["version"], first["set_by"], first["why"]) == (200, 1, "beta", "内部规则")
    answer = world.call("POST", "/v1/lookups", keys["beta"], ASKED)[1]
    (listing,) = answer["matches"][0]["listings"]
    assert (answer["verdict"], listing["verdict"]) == ("review", "review")
    assert listing["decided_by"] == {"step": "policy", "version": 1, "row": 2}
    assert world.call("GET", f"/v1/merchants/{uscc(1)}", keys["beta"])[1]["verdict"] == "review"
    for other in ("gamma", "bureau"):
        assert world.call("POST", "/v1/lookups", keys[other], ASKED)[1]["verdict"] == "block"
        assert world.call("GET", f"/v1/merchants/{uscc(1)}", keys[other])[1]["verdict"] == "block"


def test_each_version_is_kept_and_the_same_table_is_the_same_version(world: World, keys: dict[str, str]) -> None:
    path = "/v1/platforms/me/policy"
    assert world.call("GET", path, keys["beta"])[1] == {"platform_id": "beta", "version": 0, "rows": []}
    assert [put(world, keys["beta"], *rows)[1]["version"] for rows in ([QUIET], [QUIET], [REVIEW], [])] == [1, 1, 2, 3]
    assert world.call("GET", path, keys["beta"])[1]["rows"] == []
    kept = world.call("GET", f"{path}?version=1", keys["beta"])[1]
    assert [row["verdict"] for row in kept["rows"]] == ["inform"]
    assert (kept["set_by"], kept["set_at"] > "2026", len(kept["key_id"])) == ("beta", True, 12)
    assert world.call("GET", f"{path}?version=9", keys["beta"])[0] == 404
    assert world.call("GET", f"{path}?platform=beta&version=2", keys["bureau"])[1]["rows"][0]["verdict"] == "review"
    assert world.call("GET", path, keys["bureau"])[0] == 400
    assert world.call("GET", f"{path}?platform=beta", keys["gamma"])[1]["platform_id"] == "gamma", "only its own"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**QUIET, "verdict": "block"}, "policy_never_blocks"),
        ({**REVIEW, "evidence": "E1", "verdict": "block"}, "policy_never_blocks"),
        ({**REVIEW, "verdict": "inform"}, "policy_out_of_bounds"),
        ({**REVIEW, "working_days": 2}, "policy_clock_too_long"),
        ({**QUIET, "verdict": "clear"}, "invalid_request"),
        ({**QUIET, "colour": 1}, "unknown_field"),
    ],
)
def test_a_table_that_cannot_stand_is_refused_and_changes_nothing(
    world: World, keys: dict[str, str], row: dict[str, Any], code: str
) -> None:
    put(world, keys["beta"], REVIEW)
    status, body = put(world, keys["beta"], row)
    assert (status, body["error"]["code"]) == (400, code)
    if code.startswith("policy"):
        assert body["error"]["details"]["problems"][0]["row"] == 1
    dry = world.call("POST", "/v1/platforms/me/policy/dry-run", keys["beta"], {"rows": [row]})
    assert dry[1]["error"]["code"] == code
    assert save_platform_policy.get_policy(wiring.exchange(), "beta").version == 1


def test_the_regulators_bounds_hold_from_the_next_lookup_on(world: World, keys: dict[str, str]) -> None:
    save()
    asked = {"name": NAME, "purpose": "onboarding"}
    put(world, keys["beta"], QUIET)
    assert world.call("POST", "/v1/lookups", keys["beta"], asked)[1]["verdict"] == "inform"
    default = world.call("GET", "/v1/policy-bounds", keys["beta"])[1]
    assert (default["version"], default["rows"]) == (0, BOUNDS)
    narrow = [{**row, "mildest": "review"} if row["relation"] == "name" else row for row in default["rows"]]
    status, body = put(world, keys["bureau"], *narrow, path="/v1/policy-bounds")
    assert (status, body["version"], body["set_by"]) == (200, 1, "bureau")
    assert world.call("POST", "/v1/lookups", keys["beta"], asked)[1]["verdict"] == "review"
    assert save_platform_policy.get_policy(wiring.exchange(), "beta").version == 1, "the policy itself was not changed"
    assert put(world, keys["gamma"], QUIET)[1]["error"]["code"] == "policy_out_of_bounds"
    assert put(world, keys["bureau"], *narrow[1:3], path="/v1/policy-bounds")[1]["error"]["code"] == "bounds_incomplete"
    loose = [{**row, "gravest": "block"} for row in default["rows"]]
    assert put(world, keys["bureau"], *loose, path="/v1/policy-bounds")[1]["error"]["code"] == "policy_never_blocks"
    assert world.call("GET", "/v1/policy-bounds?version=1", keys["gamma"])[1]["rows"] == narrow


def test_a_dry_run_shows_what_would_change_among_the_latest_lookups_and_saves_nothing(
    world: World, keys: dict[str, str]
) -> None:
    save()
    save(identity={"uscc": uscc(2), "name": "武汉朔序医疗器械有限公司"})
    for number in (1, 2, 9):
        world.call("POST", "/v1/lookups", keys["beta"], {"uscc": uscc(number), "purpose": "onboarding"})
    world.call("POST", "/v1/lookups", keys["beta"], {"name": NAME, "purpose": "recheck"})
    world.call("POST", "/v1/lookups", keys["gamma"], ASKED)
    proposed = {"rows": [{**REVIEW, "corroboration": "platform_only", "working_days": 0}]}
    status, run, _ = world.call("POST", "/v1/platforms/me/policy/dry-run", keys["beta"], proposed)
    lookups = run["lookups"]
    assert (status, run["version"]) == (200, 1)
    assert (lookups["looked_at"], lookups["changed"], lookups["moves"]) == (3, 2, {"block -> review": 2})
    newest = lookups["changes"][0]
    assert newest["subject"]["uscc"] == uscc(2), "the newest first"
    assert newest["verdict"] == {"now": "block", "then": "review"}
    assert newest["listings"][0]["decided_by"] == {"step": "policy", "version": 1, "row": 1}
    assert newest["listings"][0]["answer_days"] == {"now": None, "then": 0}
    assert run["roster"] == {"looked_at": 0, "changed": 0, "moves": {}, "changes": []}
    assert save_platform_policy.get_policy(wiring.exchange(), "beta").version == 0
    put(world, keys["beta"], *proposed["rows"])
    again = world.call("POST", "/v1/platforms/me/policy/dry-run", keys["beta"], proposed)[1]
    assert again["lookups"]["changed"] == 0, "what is in force changes nothing"


def test_a_dry_run_takes_matches_of_a_roster_as_well(world: World) -> None:
    from chalicelib.verdicts import policy_dry_run

    save()
    results = [
        {
            "merchant_id": f"M{number}",
            "matches": [{"subject": {"subject_id": f"uscc:{uscc(number)}"}, "relation": "same_uscc"}],
        }
        for number in (1, 2)
    ]
    roster = policy_dry_run.matches_of_results([*results, {"merchant_id": "M3"}])
    rows = [PolicyRow("exact", 3, "review", "E2")]
    caller = Caller("beta", Role.PLATFORM, "k")
    context = policy_dry_run.Context(wiring.registry(), wiring.exchange())
    run = policy_dry_run.dry_run(context, caller, rows, roster, wiring.now()).view()
    (change,) = run["roster"]["changes"]
    assert (change["merchant_id"], run["roster"]["looked_at"]) == ("M1", 2)


def test_a_dry_run_reads_the_roster_as_it_was_last_screened(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    roster_files.evict(world, alpha)
    roster_files.snapshot(world)
    roster_files.done(world, beta, f"S1,{uscc(1)},{roster_files.NAME}", f"S2,{uscc(2)},杭州云栖谷示例服饰有限公司")
    proposed = {"rows": [{**REVIEW, "corroboration": "platform_only"}]}
    run = world.call("POST", "/v1/platforms/me/policy/dry-run", beta, proposed)[1]["roster"]
    assert (run["looked_at"], run["moves"]) == (1, {"block -> review": 1})
    assert run["changes"][0]["merchant_id"] == "S1"


def test_only_so_many_lookups_are_kept_at_hand_and_the_oldest_make_room(world: World) -> None:
    now = wiring.now()
    for number in range(recent_lookups.MOST_RECENT + 3):
        lookup = RecentLookup(lookup_id=f"k_{number}", at="2026-01-01")
        recent_lookups.keep_lookup(wiring.exchange(), "beta", lookup, now)
    kept = [lookup.lookup_id for lookup in recent_lookups.recent_lookups(wiring.exchange(), "beta", now)]
    assert kept == [f"k_{number}" for number in reversed(range(3, recent_lookups.MOST_RECENT + 3))]
    assert recent_lookups.recent_lookups(wiring.exchange(), "gamma", now) == []


def test_a_policy_adds_no_round_trip_to_a_lookup(world: World, keys: dict[str, str]) -> None:
    save()
    calls: dict[str, list[list[str]]] = {}
    for when in ("without", "with"):
        calls[when] = []
        for asked in (ASKED, {"name": NAME, "purpose": "recheck"}, {"uscc": uscc(9), "purpose": "onboarding"}):
            with counted(world) as made:
                world.call("POST", "/v1/lookups", keys["beta"], asked)
            calls[when].append(made)
        put(world, keys["beta"], REVIEW)
        put(world, keys["bureau"], *BOUNDS, path="/v1/policy-bounds")
    # What is written does not wait for each other.
    reads = [[call[:3] for call in made] for made in calls.values()]
    writes = [[sorted(call[3:]) for call in made] for made in calls.values()]
    assert reads[0] == reads[1]
    assert writes[0] == writes[1]
    # The key, the batch; the day's figures, then who asked and the lookup itself.
    assert calls["with"][2][:3] == ["GetItem", "BatchGetItem", "UpdateItem"]
    assert writes[1][2] == ["UpdateItem", "UpdateItem"]
    # Of what found something: that the platform was given it, with who asked; and its place among the latest.
    assert writes[1][0] == ["PutItem", "UpdateItem", "UpdateItem", "UpdateItem"]


@pytest.mark.parametrize("died_after", ["the version was claimed", "a later one came into force"])
def test_a_version_whose_writer_died_is_brought_into_force_by_the_next(world: World, died_after: str) -> None:
    exchange, result = wiring.exchange(), Caller("beta", Role.PLATFORM, "k")
    rows = [PolicyRow("weak", 3, "review")]
    save_platform_policy.put_policy(exchange, result, rows, "", wiring.now())
    orphan = Policy(version=2, rows=(PolicyRow("weak", 2, "review"),), set_by="beta")
    exchange.put_new({"id": "policy#beta#current#000002", **orphan.to_item()})
    third = save_platform_policy.put_policy(exchange, result, [PolicyRow("weak", 1, "review")], "", wiring.now())
    assert third.version == 3
    assert save_platform_policy.get_policy(exchange, "beta", 2) == orphan
    if died_after == "a later one came into force":
        # Its writer wakes up late, and finds that there is a newer one.
        save_platform_policy.enforce(exchange, save_platform_policy.policy_place("beta"), orphan)
    assert save_platform_policy.get_policy(exchange, "beta").version == 3
