"""One onboarding check: each part says what it found and what it could not ask; the whole costs three round trips."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from chalicelib import wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.errors import NotFound
from chalicelib.lookups import not_same_decisions
from chalicelib.monitoring import platforms_to_alert
from chalicelib.onboarding import onboarding_check
from chalicelib.onboarding.rules.onboarding_verdicts import PARTS
from chalicelib.registry.rules.subject import Subject
from chalicelib.values.timestamps import iso
from tests.lookups.test_look_up import counted
from tests.support.builders import listed, uscc
from tests.support.onboarding import BETA, NAME, NOW, all_is_known, check, fresh, licence, part, register, save
from tests.world import World

REGULATOR = Caller("bureau", Role.REGULATOR, "k")
OLD = "苏州旧砚商贸有限公司"


def test_everything_known_and_nothing_against_it_is_clear(world: World) -> None:
    all_is_known()
    answer = check()
    assert answer["verdict"] == "clear"
    assert [part["part"] for part in answer["parts"]] == list(PARTS)
    assert answer["not_checked"] == ["penalties", "display_link", "successor_signals"]
    for result in answer["parts"]:
        assert result["why"]["zh"]
        assert result["why"]["en"]
        assert result["verdict"] == ("clear" if result["checked"] else None)
    assert part(answer, "serious_violations")["age_seconds"] == 600
    assert part(answer, "licence")["age_seconds"] == 10 * 86_400
    assert part(answer, "licence")["licence"]["receipt_id"] == "r_1"
    assert "verified_for" not in str(answer), "for whom else it was verified is nobody's business"


def test_a_licence_that_the_holder_showed_to_another_platform_alone_proves_nothing_here(world: World) -> None:
    """The applicant may be anybody who has seen the code; the holder's consent was to the other platform."""
    all_is_known()
    licence(verified_for={"alpha": "2026-02-19T08:00:00.000Z"})
    answer = check()
    assert (answer["verdict"], part(answer, "licence")["outcome"]) == ("unknown", "none")
    assert "r_1" not in str(answer)
    assert check(Caller("alpha", Role.PLATFORM, "k"))["verdict"] == "clear"


def test_on_a_bare_exchange_nothing_is_called_clear(world: World) -> None:
    answer = check()
    assert answer["verdict"] == "unknown"
    verdicts = {part["part"]: part["verdict"] for part in answer["parts"]}
    assert verdicts == {
        "evictions": "clear",
        "serious_violations": "unknown",
        "abnormal_operations": "unknown",
        "penalties": None,
        "registration": "unknown",
        "name_and_uscc": "unknown",
        "licence": "unknown",
        "display_link": None,
        "successor_signals": None,
    }
    assert part(answer, "registration")["sources"] == [
        {"name": "registration", "version": "", "age_seconds": None, "status": "missing"}
    ]
    assert part(answer, "registration")["age_seconds"] is None


@pytest.mark.parametrize("name", ["serious_violations", "abnormal_operations", "registration"])
def test_a_stale_list_makes_its_part_and_the_whole_unknown(world: World, name: str) -> None:
    all_is_known()
    fresh(name, age=90_000)
    answer = check()
    assert (answer["verdict"], part(answer, name)["verdict"]) == ("unknown", "unknown")
    assert part(answer, name)["sources"][0]["status"] == "stale"


@pytest.mark.parametrize(
    ("name", "entry", "verdict"),
    [
        ("evictions", {}, "block"),
        ("evictions", {"evidence_level": "E1"}, "review"),
        ("serious_violations", {"source": "government:serious_violations", "reasons": ["GX11"]}, "block"),
        ("serious_violations", {"source": "government:old", "reasons": ["GX10"], "severity": 1}, "inform"),
        ("abnormal_operations", {"source": "government:x", "reasons": ["GX04"], "severity": 1}, "inform"),
        ("penalties", {"source": "government:fines", "reasons": ["QC01"]}, "block"),
        ("penalties", {"source": "government:gone", "reasons": ["AD02"], "severity": 2}, "review"),
    ],
)  # fmt: skip
def test_each_listing_speaks_in_its_own_part(world: World, name: str, entry: dict[str, Any], verdict: str) -> None:
    all_is_known()
    fresh("fines", "penalties")
    result = listed(**{"evidence_level": "E4", **entry})
    save(result)
    answer = check()
    assert (answer["verdict"], part(answer, name)["verdict"]) == (verdict, verdict)
    assert part(answer, name)["listings"] == [result.listing.listing_id]
    others = [part["verdict"] for part in answer["parts"] if part["part"] != name and part["checked"]]
    assert set(others) == {"clear"}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("operating", "clear"),
        ("moved_out", "inform"),
        ("suspended", "review"),
        ("deregistered", "block"),
        ("licence_revoked", "block"),
        ("registration_annulled", "block"),
        ("", "unknown"),
    ],
)
def test_the_register_decides_whether_it_may_trade(world: World, status: str, verdict: str) -> None:
    all_is_known(2)
    register(1, status=status)
    licence(1)
    answer = check()
    assert (answer["verdict"], part(answer, "registration")["verdict"]) == (verdict, verdict)


@pytest.mark.parametrize(
    ("name", "outcome", "verdict"),
    [
        ("苏州霁昱商贸有限公司", "same_name", "clear"),
        ("苏州霁昱商贸（有限公司）", "same_name", "clear"),
        (OLD, "former_name", "inform"),
        ("苏州霁昱贸易有限公司", "similar_name", "review"),
        ("武汉朔序医疗器械有限公司", "other_name", "review"),
        ("", "same_name", "clear"),
    ],
)
def test_the_name_must_be_the_codes(world: World, name: str, outcome: str, verdict: str) -> None:
    for serious_violation in ("serious_violations", "abnormal_operations", "registration"):
        fresh(serious_violation)
    register(former_names=[OLD])
    licence()
    answer = check(name=name)
    result = part(answer, "name_and_uscc")
    assert (result["outcome"], result["verdict"], answer["verdict"]) == (outcome, verdict, verdict)


def test_where_the_register_is_silent_the_licence_names_the_merchant(world: World) -> None:
    licence()
    result = part(check(), "name_and_uscc")
    assert (result["outcome"], result["verdict"], result["age_seconds"]) == ("licence_name", "clear", 10 * 86_400)
    assert part(check(name=OLD), "name_and_uscc")["verdict"] == "review"
    assert part(check(name=""), "name_and_uscc")["outcome"] == "nothing_to_compare"
    licence(state="lapsed")
    assert part(check(), "name_and_uscc")["outcome"] == "nothing_to_compare"


def test_a_repaired_code_is_asked_for_again(world: World) -> None:
    all_is_known()
    answer = check(uscc_as_given=uscc(1).replace("0", "O", 1))
    assert part(answer, "name_and_uscc")["outcome"] == "repaired_code"
    assert answer["verdict"] == "review"


@pytest.mark.parametrize(
    ("fields", "outcome", "verdict"),
    [
        ({}, "current", "clear"),
        ({"state": "lapsed"}, "due", "unknown"),
        ({"due_on": "2026-02-28"}, "due", "unknown"),
        ({"state": "revoked"}, "revoked", "block"),
    ],
)
def test_the_licence_as_it_was_last_verified(world: World, fields: dict[str, Any], outcome: str, verdict: str) -> None:
    all_is_known()
    licence(**fields)
    answer = check()
    assert (part(answer, "licence")["outcome"], answer["verdict"]) == (outcome, verdict)


def licence_check(**fields: Any) -> dict[str, Any]:
    made = {
        "id": "licence_check#k_1",
        "check_id": "k_1",
        "platform_id": "beta",
        "uscc": uscc(1),
        "state": "verified",
        "purpose": "onboarding",
        "outage": "",
        "answer_until": iso(NOW + timedelta(minutes=1)),
        "expires_at": int((NOW + timedelta(days=360)).timestamp()),
        **fields,
    }
    wiring.exchange().put(made)
    return made


@pytest.mark.parametrize(
    ("fields", "outcome", "verdict"),
    [
        ({}, "current", "clear"),
        ({"state": "pending"}, "pending", "unknown"),
        ({"state": "pending", "outage": "register_unreachable"}, "unreachable", "unknown"),
        ({"state": "pending", "answer_until": iso(NOW - timedelta(minutes=1))}, "expired", "unknown"),
        ({"state": "failed", "reason": "other_name"}, "failed", "review"),
        ({"uscc": uscc(7)}, "other_code", "review"),
    ],
)
def test_a_licence_check_that_is_named_counts(world: World, fields: dict[str, Any], outcome: str, verdict: str) -> None:
    all_is_known()
    licence_check(**fields)
    answer = check(licence_check_id="k_1")
    assert (part(answer, "licence")["outcome"], part(answer, "licence")["verdict"]) == (outcome, verdict)
    assert answer["verdict"] == verdict


def test_another_platforms_licence_check_is_not_found(world: World) -> None:
    all_is_known()
    licence_check(platform_id="alpha")
    for ident in ("k_1", "k_2"):
        with pytest.raises(NotFound):
            check(licence_check_id=ident)


def test_the_display_link_is_read_and_never_called_confirmed(world: World) -> None:
    all_is_known()
    bad = part(check(display_link="http://example.com/licence"), "display_link")
    assert (bad["outcome"], bad["verdict"], bad["link_confirmed"]) == ("malformed", "review", False)
    assert {"link_not_https", "link_wrong_host"} <= {problem["code"] for problem in bad["problems"]}


def test_whoever_carries_signals_of_an_evicted_one_is_reviewed(world: World) -> None:
    all_is_known()
    shared = {"phone": "p" * 40, "bank_account": "b" * 40}
    save(listed(identity={"uscc": uscc(5), "name": "武汉朔序医疗器械有限公司", **shared}))
    answer = check(signals=shared)
    assert (answer["verdict"], part(answer, "successor_signals")["verdict"]) == ("review", "review")
    assert part(answer, "successor_signals")["subjects"] == [f"uscc:{uscc(5)}"]
    assert part(answer, "evictions")["verdict"] == "clear"
    assert part(check(signals={"phone": "q" * 40}), "successor_signals")["outcome"] == "nothing"


def test_a_natural_person_has_no_register_and_no_licence(world: World) -> None:
    all_is_known()
    answer = check(uscc="", person="d" * 40, name="")
    verdicts = {part["part"]: part["verdict"] for part in answer["parts"]}
    assert (verdicts["registration"], verdicts["name_and_uscc"], verdicts["licence"]) == ("inform", None, None)
    assert check(uscc="", name=NAME)["verdict"] == "unknown", "leaving the code out is no way around the register"


@contextmanager
def in_one_go(world: World) -> Iterator[list[int]]:
    """How many writes were under way at once, as each began; each lasts long enough to be met by the others."""
    under_way, seen, lock = [0], [], threading.Lock()
    met = threading.Event()

    def begin(model: Any, **_: Any) -> None:
        if model.name not in ("PutItem", "UpdateItem"):
            return
        with lock:
            under_way[0] += 1
            seen.append(under_way[0])
        met.wait(0.05)

    events = world.dynamodb.meta.events
    events.register("before-call.dynamodb", begin, unique_id="in_one_go")
    try:
        yield seen
    finally:
        events.unregister("before-call.dynamodb", unique_id="in_one_go")


def test_a_check_waits_for_the_store_three_times_at_most(world: World) -> None:
    all_is_known()
    with counted(world) as calls:
        check(merchant_id="m1")
    assert [name for name in calls if "Get" in name] == ["BatchGetItem"]
    save(listed(identity={"uscc": uscc(5), "name": NAME}))
    with counted(world) as calls:
        check(merchant_id="m2")
    assert [name for name in calls if "Get" in name] == ["BatchGetItem", "BatchGetItem"]
    writes = [name for name in calls if "Get" not in name]
    # The receipt and its line in the list of the day, with its number; who asked; who was told of the match; two of the
    # roster; one for each of code, organisation code and name.
    assert sorted(writes) == ["PutItem", "PutItem", *["UpdateItem"] * 8]
    with counted(world) as calls:
        check(merchant_id="m2")
    # A call before it may have died with half of them written.
    assert sorted(call for call in calls if "Get" not in call) == ["PutItem", "PutItem", *["UpdateItem"] * 8]
    with counted(world) as calls:
        check()
    writes = sorted(call for call in calls if "Get" not in call)
    assert writes == ["PutItem", "PutItem", *["UpdateItem"] * 3], "not enrolled"


def test_the_writes_leave_together(world: World) -> None:
    all_is_known()
    with in_one_go(world) as seen:
        check(merchant_id="m1")
    assert max(seen) == 9


@pytest.mark.parametrize("place", range(9))
def test_a_write_that_fails_gives_no_answer_and_the_same_call_again_makes_all_good(world: World, place: int) -> None:
    all_is_known()
    count = [0]

    def fail(model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "UpdateItem"):
            count[0] += 1
            if count[0] - 1 == place:
                raise ConnectTimeoutError(endpoint_url="https://aws")

    events = world.dynamodb.meta.events
    events.register("before-call.dynamodb", fail, unique_id="fail")
    with pytest.raises(ConnectTimeoutError):
        check(merchant_id="m1")
    events.unregister("before-call.dynamodb", unique_id="fail")
    answer = check(merchant_id="m1")
    assert onboarding_check.read_receipt(wiring.exchange(), BETA, answer["receipt"], NOW)["verdict"] == "clear"
    subject = Subject(subject_id=f"uscc:{uscc(1)}", uscc=uscc(1), names=(NAME,))
    (recipient,) = platforms_to_alert.recipients(wiring.exchange(), subject, NOW).values()
    assert (recipient.by, recipient.merchants, recipient.relation) == ("roster", ("m1",), "same_uscc")


def test_the_receipt_says_the_same_for_three_years_whatever_happens(world: World) -> None:
    all_is_known()
    result = check(merchant_id="m1")
    assert result["verdict"] == "clear"
    save(listed(evidence_level="E4"))
    assert check()["verdict"] == "block"
    for caller in (BETA, REGULATOR):
        for days in (0, 360, 1_095):
            view = onboarding_check.read_receipt(
                wiring.exchange(), caller, result["receipt"], NOW + timedelta(days=days)
            )
            assert view == {**result, "platform_id": "beta"}
    with pytest.raises(NotFound):
        onboarding_check.read_receipt(wiring.exchange(), BETA, result["receipt"], NOW + timedelta(days=1_097))
    for caller, number in (
        (Caller("alpha", Role.PLATFORM, "k"), result["receipt"]),
        (BETA, "o_" + "0" * 24),
        (BETA, "k_1"),
    ):
        with pytest.raises(NotFound):
            onboarding_check.read_receipt(wiring.exchange(), caller, number, NOW)


def test_a_match_of_a_check_can_be_told_apart_by_its_receipt(world: World) -> None:
    all_is_known()
    save(listed(identity={"uscc": uscc(5), "name": "苏州霁昱贸易有限公司"}))
    answer = check()
    (match,) = answer["matches"]
    not_same_decisions.decide_match(
        wiring.exchange(), "beta", answer["receipt"], match["subject"]["subject_id"], "not_same", NOW
    )
    again = check()
    assert (again["matches"], again["told_apart"]) == ([], [match["subject"]["subject_id"]])


def test_nothing_typed_of_somebody_without_a_code_is_kept(world: World) -> None:
    all_is_known()
    save(listed(identity={"name": "顾霁昱小铺商行"}))
    answer = check(uscc="", name="顾霁昱小铺商行")
    assert "顾霁昱小铺商行" in str(answer["matches"][0]["reasons"])
    kept = onboarding_check.read_receipt(wiring.exchange(), BETA, answer["receipt"], NOW)
    assert "query" not in str(kept)
    assert kept["verdict"] == answer["verdict"]


def test_whoever_asked_is_remembered_to_be_told_later(world: World) -> None:
    all_is_known()
    check(enrol=False)
    subject = Subject(subject_id=f"uscc:{uscc(1)}", uscc=uscc(1))
    assert set(platforms_to_alert.recipients(wiring.exchange(), subject, NOW)) == {"beta"}
