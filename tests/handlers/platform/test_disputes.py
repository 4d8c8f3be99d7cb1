"""Disputes through the API: who may do what, what is refused and why, and what is kept of what was said."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers import dependencies
from tests.disputes.dispute_calls import STATEMENT, act, dispute, evict, look_up
from tests.support.builders import listed, uscc
from tests.world import World


class Stage:
    """A listing of alpha, and everyone who plays a part."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alpha, self.beta, self.gamma = (world.admit(name) for name in ("alpha", "beta", "gamma"))
        self.bureau = world.admit("bureau", "regulator")
        self.listing = evict(world, self.alpha)

    def open(self, key: str = "", **more: Any) -> str:
        status, body = dispute(self.world, key or self.beta, self.listing, **more)
        assert status == 201, body
        self.world.deliver_stream()
        return str(body["dispute_id"])


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def test_a_dispute_from_its_opening_to_its_end(world: World, stage: Stage) -> None:
    assert look_up(world, stage.gamma)["verdict"] == "block"
    ident = stage.open(contact="13812345678")
    result = look_up(world, stage.gamma)
    assert (result["verdict"], result["matches"][0]["listings"][0]["disputed"]) == ("review", True)
    assert "a dispute over it is open" in result["matches"][0]["listings"][0]["why"]["en"]
    assert world.call("GET", f"/v1/merchants/{uscc(1)}", stage.gamma)[1]["verdict"] == "review"

    path = f"/v1/disputes/{ident}"
    body = world.call("GET", path, stage.alpha)[1]
    assert (body["state"], body["statement"], body["kind"]) == ("open", STATEMENT, "for_merchant")
    assert (body["origin"], body["opened_by"]) == ("platform", "platform:beta")
    assert body["answer_due"] > body["opened_at"]
    assert "contact" not in body, "the reporter has no business with it"
    assert world.call("GET", path, stage.bureau)[1]["contact"] == "1****78"

    status, body = act(world, stage.alpha, ident, "answer", stand="stand_by", statement="商品经鉴定为假")
    assert (status, body["state"], body["answer"]["statement"]) == (200, "answered", "商品经鉴定为假")
    status, body = act(world, stage.bureau, ident, "decision", decision="uphold", statement="证据充分")
    assert (status, body["closed"]["outcome"], body["closed"]["statement"]) == (200, "upheld", "证据充分")
    assert look_up(world, stage.gamma)["verdict"] == "block"


def test_what_is_said_keeps_no_number_of_a_person(world: World, stage: Stage) -> None:
    number = "13812345678"
    ident = stage.open(statement=f"请联系 {number}", contact=number)
    act(world, stage.alpha, ident, "answer", stand="stand_by", statement=f"已致电 {number}")
    act(world, stage.bureau, ident, "decision", decision="uphold", statement=f"核实电话 {number}")
    body = world.call("GET", f"/v1/disputes/{ident}", stage.bureau)[1]
    result = [body["statement"], body["answer"]["statement"], body["closed"]["statement"]]
    assert all("138****5678" in entry for entry in result)
    assert number not in world.everything_stored()


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("shop@example.com", "s***@example.com"), ("13812345678", "1****78"), ("王小明", "王****"), (" ", "")],
)
def test_a_contact_is_shown_so_that_one_knows_ones_own(contact: str, shown: str) -> None:
    from chalicelib.disputes.rules.dispute_case import masked_contact

    assert masked_contact(contact) == shown


def test_voided_it_stops_matching_at_once_and_for_good(world: World, stage: Stage) -> None:
    ident = stage.open()
    status, body = act(world, stage.bureau, ident, "decision", decision="void", statement="证据不足")
    assert (status, body["closed"]["outcome"], body["listing"]["state"]) == (200, "voided", "voided")
    assert look_up(world, stage.gamma)["verdict"] == "clear"
    evict(world, stage.alpha, measure="关店")
    assert look_up(world, stage.gamma)["verdict"] == "clear", "the same eviction, reported again"
    later = f"{wiring.now() + timedelta(hours=8):%Y-%m-%d}"
    evict(world, stage.alpha, evicted_on=later)
    result = look_up(world, stage.gamma)
    assert result["verdict"] == "review", "of the day of the void: a person must look"


def test_a_reporter_that_concedes_voids_its_listing_itself(world: World, stage: Stage) -> None:
    ident = stage.open()
    status, body = act(world, stage.alpha, ident, "answer", stand="concede", statement="确有误报")
    assert (status, body["closed"]["outcome"], body["closed"]["by"]) == (200, "conceded", "platform:alpha")
    assert look_up(world, stage.gamma)["verdict"] == "clear"


def test_amended_it_counts_as_amended(world: World, stage: Stage) -> None:
    ident = stage.open()
    status, body = act(
        world, stage.bureau, ident, "decision", decision="amend", statement="定性有误", reasons=["AD04"],
        expires_on="2099-01-01",
    )  # fmt: skip
    listing = body["listing"]
    assert (status, listing["severity"], listing["reasons"]) == (200, 2, ["AD04"]), "as grave as its reasons"
    assert listing["expires_on"] == "2099-01-01"
    assert look_up(world, stage.gamma)["verdict"] == "review"
    [entry] = [
        change for change in world.call("GET", "/v1/changes", stage.gamma)[1]["changes"] if change["kind"] == "amended"
    ]
    assert entry["before"] == {"severity": 3, "reasons": ["QC01"]}


def test_the_opener_takes_its_dispute_back(world: World, stage: Stage) -> None:
    ident = stage.open()
    assert act(world, stage.gamma, ident, "withdrawal")[0] == 404
    assert act(world, stage.alpha, ident, "withdrawal")[0] == 404, "a party, but not the opener"
    assert act(world, stage.beta, ident, "withdrawal", statement="商户已和解")[1]["closed"]["outcome"] == "withdrawn"
    assert act(world, stage.beta, ident, "withdrawal", statement="商户已和解")[0] == 200, "twice is once"
    assert look_up(world, stage.gamma)["verdict"] == "block"


def test_the_same_call_again_is_the_same_dispute(world: World, stage: Stage) -> None:
    wanted = {"listing_id": stage.listing, "kind": "found_otherwise", "statement": STATEMENT}
    first = world.call("POST", "/v1/disputes", stage.beta, wanted, Idempotency_Key="k1")
    again = world.call("POST", "/v1/disputes", stage.beta, wanted, Idempotency_Key="k1")
    assert (first[0], again[0], again[1]["dispute_id"]) == (201, 201, first[1]["dispute_id"])
    other = world.call("POST", "/v1/disputes", stage.beta, {**wanted, "statement": "别的"}, Idempotency_Key="k1")
    assert (other[0], other[1]["error"]["code"]) == (409, "idempotency_conflict")
    third = world.call("POST", "/v1/disputes", stage.beta, wanted, Idempotency_Key="k2")
    assert (third[0], third[1]["error"]["code"]) == (409, "dispute_is_open")
    assert third[1]["error"]["details"]["disputes"] == [first[1]["dispute_id"]]
    assert dispute(world, stage.gamma, stage.listing)[0] == 201, "another opener may"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "merchant"},
        {"kind": "x"},
        {"statement": ""},
        {"statement": "长" * 4_001},
        {"contact": "x" * 201},
        {"colour": "red"},
        {"listing_id": ""},
    ],
)
def test_a_dispute_that_does_not_fit_is_refused_by_field(world: World, stage: Stage, change: dict[str, str]) -> None:
    status, body = dispute(world, stage.beta, stage.listing, **change)
    assert (status, body["error"]["code"]) == (400, "unknown_field" if "colour" in change else "invalid_request")
    assert body["error"]["details"]["problems"][0]["field"] == next(iter(change))


def test_what_cannot_be_disputed_says_why(world: World, stage: Stage) -> None:
    def code(key: str, listing_id: str) -> tuple[int, str]:
        status, body = dispute(world, key, listing_id)
        return status, body["error"]["code"]

    assert code(stage.alpha, stage.listing) == (409, "own_listing")
    assert code(stage.beta, "l_uscc-nobody_0123456789abcdef") == (404, "not_found")
    assert code(stage.beta, "nonsense") == (404, "not_found")
    government = listed(
        source="government:serious_violations", identity={"uscc": uscc(2), "name": "苏州樾野商贸有限公司"}
    )
    wiring.registry().save(government)
    assert code(stage.beta, government.listing.listing_id) == (409, "not_disputable")
    unshared = listed("alpha", identity={"uscc": uscc(3), "name": "苏州霁野商贸有限公司"}, severity=1)
    wiring.registry().save(unshared)
    assert code(stage.beta, unshared.listing.listing_id) == (404, "not_found"), "nobody else may know of it"
    world.call("POST", f"/v1/listings/{stage.listing}/withdrawal", stage.alpha, {})
    assert code(stage.beta, stage.listing) == (409, "listing_not_active")


def test_a_merchant_speaks_for_itself_and_for_nobody_else(world: World, stage: Stage) -> None:
    from chalicelib.disputes import dispute_steps
    from chalicelib.errors import NotFound

    wanted = dispute_steps.NewDispute(stage.listing, "", STATEMENT)
    with pytest.raises(NotFound):
        dispute_steps.open_dispute(dependencies.disputes(), f"merchant:uscc:{uscc(2)}", wanted, "", wiring.now())
    case = dispute_steps.open_dispute(dependencies.disputes(), f"merchant:uscc:{uscc(1)}", wanted, "", wiring.now())
    world.deliver_stream()
    ident = case.dispute.dispute_id
    body = world.call("GET", f"/v1/disputes/{ident}", stage.alpha)[1]
    assert (body["origin"], body["kind"]) == ("merchant", "merchant")
    assert world.call("GET", f"/v1/disputes/{ident}", stage.beta)[0] == 404
    again = dispute_steps.withdraw(dependencies.disputes(), f"merchant:uscc:{uscc(1)}", ident, "", wiring.now())
    assert again.dispute.closed is not None
    assert again.dispute.closed.result == "withdrawn"


def test_only_who_takes_part_sees_a_dispute_and_its_listings_history(world: World, stage: Stage) -> None:
    ident = stage.open()
    for key, status in ((stage.alpha, 200), (stage.beta, 200), (stage.bureau, 200), (stage.gamma, 404)):
        assert world.call("GET", f"/v1/disputes/{ident}", key)[0] == status
        assert world.call("GET", f"/v1/listings/{stage.listing}/history", key)[0] == status
        page = world.call("GET", "/v1/disputes", key)[1]
        assert [dispute["dispute_id"] for dispute in page["disputes"]] == ([ident] if status == 200 else [])
        assert page["next"] == ("1" if status == 200 else "0")
    act(world, stage.bureau, ident, "decision", decision="void", statement="证据不足")
    events = world.call("GET", f"/v1/listings/{stage.listing}/history", stage.beta)[1]["history"]
    assert [(event["kind"], event["by"]) for event in events] == [
        ("opened", "platform:alpha"),
        ("disputed", "platform:beta"),
        ("dispute_closed", "regulator:bureau"),
        ("voided", "regulator:bureau"),
    ]
    assert (events[-1]["before"], events[-1]["after"]) == ({"state": "active"}, {"state": "voided"})


def test_the_list_is_read_by_cursor_and_by_state(world: World, stage: Stage) -> None:
    first = stage.open()
    second = evict(world, stage.alpha, uscc=uscc(2))
    assert dispute(world, stage.gamma, second)[0] == 201
    world.deliver_stream()
    act(world, stage.beta, first, "withdrawal")

    def page(query: str) -> tuple[list[str], str]:
        body = world.call("GET", f"/v1/disputes?{query}", stage.bureau)[1]
        return [dispute["state"] for dispute in body["disputes"]], body["next"]

    assert page("limit=1") == (["closed"], "1")
    assert page("after=1") == (["open"], "2")
    assert page("state=open") == (["open"], "2")
    assert page("state=overdue") == ([], "2")
    assert world.call("GET", "/v1/disputes?state=lost", stage.bureau)[1]["error"]["code"] == "invalid_request"
    assert world.call("GET", "/v1/disputes?after=x", stage.bureau)[1]["error"]["code"] == "invalid_cursor"


def test_who_may_answer_and_who_decides(world: World, stage: Stage) -> None:
    ident = stage.open()
    words = {"stand": "stand_by", "statement": "属实"}
    assert act(world, stage.beta, ident, "answer", **words)[0] == 404, "a party, but not the reporter"
    assert act(world, stage.gamma, ident, "answer", **words)[0] == 404
    assert act(world, stage.alpha, ident, "decision", decision="uphold", statement="x")[0] == 403
    assert act(world, stage.alpha, ident, "answer", **words)[0] == 200
    assert act(world, stage.alpha, ident, "answer", **words)[0] == 200, "the same again is the same"
    again = act(world, stage.alpha, ident, "answer", stand="stand_by", statement="另说")
    assert (again[0], again[1]["error"]["code"]) == (409, "already_answered")
    assert act(world, stage.alpha, ident, "answer", stand="concede", statement="仍是误报")[0] == 200, "it may give in"
    late = act(world, stage.bureau, ident, "decision", decision="uphold", statement="证据充分")
    assert (late[0], late[1]["error"]["code"]) == (409, "dispute_is_closed")


def test_a_decision_with_a_wrong_code_is_answered_with_the_nearest(world: World, stage: Stage) -> None:
    ident = stage.open()
    _, answer = act(world, stage.bureau, ident, "decision", decision="amend", statement="x", reasons=["PR1", "NO99"])
    (problem,) = answer["error"]["details"]["problems"]
    assert problem.pop("message") == {"zh": "没有这些原因代码：PR1, NO99", "en": "no such codes: PR1, NO99"}
    assert problem == {"field": "reasons", "problem": "no such codes: PR1, NO99", "nearest": {"PR1": ["PR01"]}}


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "amend", "statement": "x"},
        {"decision": "void", "statement": "x", "severity": 2},
        {"decision": "amend", "statement": "x", "severity": 4},
        {"decision": "amend", "statement": "x", "reasons": ["NO99"]},
        {"decision": "amend", "statement": "x", "reasons": []},
        {"decision": "amend", "statement": "x", "expires_on": "2026-13-01"},
        {"decision": "amend", "statement": "x", "expires_on": "2020-01-01"},
        {"decision": "pardon", "statement": "x"},
        {"decision": "uphold"},
    ],
)
def test_a_decision_that_does_not_fit_decides_nothing(world: World, stage: Stage, body: dict[str, Any]) -> None:
    ident = stage.open()
    status, answer = act(world, stage.bureau, ident, "decision", **body)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")
    assert world.call("GET", f"/v1/disputes/{ident}", stage.bureau)[1]["state"] == "open"
