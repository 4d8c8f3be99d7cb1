"""One contract for everybody who verifies licences, and what follows from a verified one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chalicelib import wiring
from chalicelib.licences import follow_company_register, licence_check_receipts, licence_checks, licence_store
from chalicelib.licences.rules import licence_check, licence_lapse, licence_validity
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.registry.rules.subject import Registration, Subject
from chalicelib.values.timestamps import china_date, iso
from tests.support import builders, licence_issuing
from tests.support.builders import uscc
from tests.support.licence_holders import METHODS, Holders
from tests.support.licence_issuing import LICENCE, NAME
from tests.support.national_office import NationalOffice
from tests.world import World

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "notice-1.json"


@pytest.fixture
def holders(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Holders]:
    with NationalOffice() as national:
        monkeypatch.setenv("NATIONAL_LICENCES_URL", national.url)
        wiring.reset(keep_clients=True)
        yield Holders(world, national)


def register(status: str, name: str = NAME, at: str = "2026-01-05T02:00:00.000Z") -> None:
    change = builders.registered({"uscc": LICENCE.uscc, "name": name}, {"name": name, "status": status}, at)
    wiring.registry().save(change)


def kept() -> VerifiedLicence:
    licence = licence_store.find_licence(wiring.exchange(), LICENCE.uscc)
    assert licence is not None
    return licence


@pytest.mark.parametrize("method", METHODS)
def test_a_licence_that_is_shown_is_verified_and_only_a_receipt_is_kept(holders: Holders, method: str) -> None:
    register("operating")
    made = holders.open(method, name=NAME)
    assert (made["state"], made["method"], made["uscc"]) == ("pending", method, LICENCE.uscc)
    assert len(made["nonce"]) >= 32
    assert made["session"]
    assert made["expires_at"] > iso(wiring.now())
    assert holders.look(made)["state"] == "pending"
    holders.show(made)
    seen = holders.look(made)
    assert (seen["state"], seen["remarks"], seen["holder_role"]) == ("verified", [], "法定代表人")
    licence = kept()
    assert {field: getattr(licence, field) for field in ("uscc", "name", "address", "scope", "registered_capital")} == {
        "uscc": LICENCE.uscc,
        "name": NAME,
        "address": LICENCE.address,
        "scope": LICENCE.scope,
        "registered_capital": LICENCE.registered_capital,
    }
    assert (licence.state, licence.status, licence.verified_by) == ("verified", "operating", method)
    assert licence.name_confirmed is True
    assert licence.verified_for == {"alpha": licence.verified_at}
    assert seen["licence"] == {field: getattr(licence, field) for field in seen["licence"]}
    assert licence.due_on == licence_lapse.months_later(china_date(wiring.now()), 6)
    assert licence_store.licences_due_on(wiring.exchange(), [licence.due_on]) == [(licence.due_on, LICENCE.uscc)]
    (line,) = wiring.verified_licence_log("alpha").read(0)
    assert (line["uscc"], line["check_id"]) == (LICENCE.uscc, made["check_id"])
    receipt = wiring.exchange().get(f"receipt#{licence.receipt_id}")
    assert receipt is not None
    assert (receipt["state"], receipt["uscc"], receipt["platform_id"]) == ("verified", LICENCE.uscc, "alpha")
    assert len(receipt["proof"]) == 64
    assert receipt["expires_at"] > wiring.now().timestamp() + 3 * 365 * 86_400
    check = wiring.exchange().get(f"licence_check#{made['check_id']}")
    assert check is not None
    assert check["facts"] == {}, "the licence itself is not kept with the check"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("says", "code"),
    [
        ({"uscc": uscc(2)}, "other_uscc"),
        ({"uscc": uscc(1)[:-1]}, "invalid_uscc"),
        ({"name": "苏州樾野商贸有限公司"}, "other_name"),
        ({"status": "注销"}, "not_operating"),
    ],
)
def test_a_licence_that_says_something_else_fails(
    holders: Holders, method: str, says: dict[str, str], code: str
) -> None:
    register("operating")
    made = holders.open(method)
    holders.show(made, **says)
    seen = holders.look(made)
    assert (seen["state"], seen["reason"]["code"]) == ("failed", code)
    assert seen["reason"]["message"]["zh"]
    assert seen["reason"]["message"]["en"]
    assert licence_store.find_licence(wiring.exchange(), LICENCE.uscc) is None
    assert "licence" not in seen
    receipt = wiring.exchange().get(f"receipt#{seen['receipt_id']}")
    assert receipt is not None
    assert (receipt["state"], receipt["reason"]) == ("failed", code)


@pytest.mark.parametrize("method", METHODS)
def test_what_proves_nothing_fails(holders: Holders, method: str) -> None:
    made = holders.open(method)
    for _ in range(licence_checks.MOST_UNPROVED + 1):
        code = holders.forge(made)
        if method == "manual":
            break
    seen = holders.look(made)
    assert (seen["state"], seen["reason"]["code"]) == ("failed", code)


@pytest.mark.parametrize("method", ["local", "national"])
def test_what_anybody_could_have_sent_does_not_use_up_the_check(holders: Holders, method: str) -> None:
    """The code stands on a screen that others see."""
    made = holders.open(method)
    for answer in ("a.b.c", "", "\ud800.b.c", licence_issuing.present_licence(holders.open("local"))):
        status, answered = holders.respond(made, answer)
        assert (status, answered.get("state", "pending")) in ((200, "pending"), (400, "pending")), answer
    holders.forge(made)
    assert holders.look(made)["state"] == "pending"
    holders.show(made)
    assert holders.look(made)["state"] == "verified"


@pytest.mark.parametrize("method", METHODS)
def test_a_check_has_one_outcome(holders: Holders, method: str) -> None:
    made = holders.open(method)
    holders.show(made, name="苏州樾野商贸有限公司")
    first = holders.look(made)
    assert first["state"] == "verified", "the register says nothing of a name yet"
    assert [remark["code"] for remark in first["remarks"]] == ["name_unconfirmed"]
    if method == "manual":
        status, body = holders.review(made, holders.world.admit("office", "operator"))
    else:
        challenge = made if method == "local" else {**made, "method": "local"}
        text = (
            licence_issuing.present_licence(challenge)
            if method == "local"
            else holders.national.statement(made["session"])
        )
        status, body = holders.respond(made, text)
    assert (status, body["error"]["code"]) == (409, "licence_check_over")
    assert holders.look(made) == first


@pytest.mark.parametrize("method", METHODS)
def test_only_the_platform_that_asked_and_regulators_see_a_check(holders: Holders, method: str) -> None:
    made = holders.open(method)
    path = f"/v1/licence-checks/{made['check_id']}"
    assert holders.world.call("GET", path, holders.world.admit("beta"))[0] == 404
    assert holders.world.call("GET", path, holders.readers[0])[0] == 200
    assert holders.world.call("GET", "/v1/licence-checks/k_unknown", holders.key)[0] == 404


@pytest.mark.parametrize("method", ["local", "national"])
def test_annotated_licences_and_agents_for_ones_own_record(holders: Holders, method: str) -> None:
    made = holders.open(method)
    holders.show(made, annotations=["吊销"])
    assert holders.look(made)["reason"]["code"] == "licence_annotated"
    made = holders.open(method)
    holders.show(made, holder_role="股东")
    assert holders.look(made)["reason"]["code"] == "wrong_holder_role"


def test_an_outage_is_unknown_until_somebody_answers(holders: Holders) -> None:
    made = holders.open("national")
    holders.national.failures = [500] * 3
    seen = holders.look(made)
    assert (seen["state"], seen["reason"]["code"]) == ("unknown", "national_unreachable")
    assert licence_store.find_licence(wiring.exchange(), LICENCE.uscc) is None
    holders.show(made)
    assert holders.look(made)["state"] == "verified"


def test_a_check_whose_verifier_is_switched_off_waits_and_goes_on(
    holders: Holders, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = holders.open("national")
    with monkeypatch.context() as switched_off:
        switched_off.setenv("NATIONAL_LICENCES_URL", "")
        wiring.reset(keep_clients=True)
        seen = holders.look(made)
        assert (seen["state"], seen["reason"]["code"]) == ("unknown", "verifier_off")
    wiring.reset(keep_clients=True)
    holders.show(made)
    assert holders.look(made)["state"] == "verified"


def test_the_session_elsewhere_is_asked_every_other_second_at_most(holders: Holders) -> None:
    made = holders.open("national")
    before = holders.national.asked
    for _ in range(3):
        holders.look(made, soon=True)
    assert holders.national.asked == before + 1


def test_without_anchors_no_check_is_opened_and_without_lists_nothing_is_known(world: World) -> None:
    from chalicelib.licences.adapters.trust_store import LICENCES, TrustStore

    key = world.admit("alpha")
    wanted = {"uscc": LICENCE.uscc, "purpose": "onboarding"}
    status, body, _ = world.call("POST", "/v1/licence-checks", key, wanted)
    assert (status, body["error"]["code"]) == (503, "trust_missing")
    TrustStore(wiring.bucket(), LICENCES).write(licence_issuing.office().anchors(), b"")
    made = world.call("POST", "/v1/licence-checks", key, wanted)[1]
    path = f"/v1/licence-checks/{made['check_id']}"
    text = licence_issuing.present_licence(made)
    answered = world.call("POST", f"{path}/response", "", {"presentation": text})[1]
    assert (answered["state"], answered["reason"]["code"]) == ("unknown", "revocation_list_missing")
    licence_issuing.publish_trust()
    assert world.call("POST", f"{path}/response", "", {"presentation": text})[1]["state"] == "verified"


def test_a_presentation_serves_one_check_only(holders: Holders) -> None:
    first, second = holders.open("local"), holders.open("local")
    text = licence_issuing.present_licence(first)
    assert holders.respond(first, text)[1]["state"] == "verified"
    assert holders.respond(first, text) == (200, {"check_id": first["check_id"], "state": "verified"}), "a retry"
    status, answered = holders.respond(second, text)
    assert (status, answered["state"], answered["reason"]["code"]) == (200, "pending", "presentation_replayed")


def test_a_challenge_ends(holders: Holders) -> None:
    made = holders.open("local")
    past = "2026-01-01T00:00:00.000Z"
    wiring.exchange().set_fields(f"licence_check#{made['check_id']}", {"answer_until": past})
    assert holders.look(made)["state"] == "expired"
    status, body = holders.respond(made, licence_issuing.present_licence(made))
    assert (status, body["error"]["code"], body["error"]["details"]["state"]) == (409, "licence_check_over", "expired")


def test_what_the_register_says_while_the_holder_answers_counts(holders: Holders) -> None:
    """Between the reading of the register and the writing of the licence the register may end the merchant."""
    register("licence_revoked", at=iso(wiring.now()))
    check = {
        **licence_issuing.stored_check(wiring.now()),
        "state": "verified",
        "remarks": [],
        "decided_at": iso(wiring.now()),
        "decided_on": china_date(wiring.now()),
        "facts": licence_validity.facts(LICENCE).to_item(),
    }
    wiring.exchange().put(check)
    licence_check_receipts.record_decision(
        wiring.exchange(),
        wiring.registry(),
        wiring.verified_licence_log("alpha"),
        LicenceCheck.from_item(check),
        6,
        wiring.now(),
    )
    assert kept().state == "revoked"


def test_a_holder_proves_itself_to_our_own_doors_for_a_quarter_of_an_hour(holders: Holders) -> None:
    from datetime import timedelta

    from chalicelib.handlers import dependencies

    asked = licence_checks.CheckRequest(LICENCE.uscc, "my_record", method="local")
    made = licence_checks.start(dependencies.licence_checks(), asked, "MY-RECORD", "https://127.0.0.1", wiring.now())
    exchange = wiring.exchange()
    assert licence_checks.find_holder(exchange, made["check_id"], "my_record", wiring.now()) is None
    assert holders.respond(made, licence_issuing.present_licence(made))[1]["state"] == "verified"
    proved = licence_checks.find_holder(exchange, made["check_id"], "my_record", wiring.now())
    assert proved is not None
    assert (proved.uscc, proved.name, proved.holder_role) == (LICENCE.uscc, NAME, "法定代表人")
    assert licence_checks.find_holder(exchange, made["check_id"], "onboarding", wiring.now()) is None
    assert (
        licence_checks.find_holder(exchange, made["check_id"], "my_record", wiring.now() + timedelta(minutes=16))
        is None
    )
    assert kept().verified_for == {}, "nobody is told of what a merchant asked for itself"
    register("licence_revoked", at=iso(wiring.now()))
    holders.world.settle()
    assert kept().state == "revoked"
    assert licence_checks.find_holder(exchange, made["check_id"], "my_record", wiring.now()) is None
    register("operating", at=iso(wiring.now()))
    made = licence_checks.start(dependencies.licence_checks(), asked, "MY-RECORD", "https://127.0.0.1", wiring.now())
    answered = holders.respond(made, licence_issuing.present_licence(made, holder_role=licence_check.AGENT))[1]
    assert answered["reason"]["code"] == "wrong_holder_role"


def test_the_licence_follows_the_register_and_whoever_verified_it_is_told(holders: Holders) -> None:
    world = holders.world
    ears = {
        name: world.listen(f"arn:aws-cn:sns:cn-north-1:123456789012:lianfang-platform-test-{name}")
        for name in ("alpha", "bureau")
    }
    register("operating")
    world.settle()
    made = holders.open("local")
    holders.show(made)
    world.settle()
    register("licence_revoked", at="2026-02-01T00:00:00.000Z")
    world.settle()
    assert kept().state == "revoked"
    changed, asked = world.heard(ears["alpha"])
    assert (asked["kind"], asked["licence_task"]["task"]) == ("licence_task_opened", "licence_revoked")
    assert (changed["kind"], changed["licence"]["state"], changed["licence"]["status"]) == (
        "licence_changed",
        "revoked",
        "licence_revoked",
    )
    assert world.heard(ears["bureau"]) == []
    assert holders.look(made)["licence"]["state"] == "revoked"
    # Delivered again, nobody is told again.
    import app

    app.subject_announced({"Records": world.stream_records()}, None)
    assert (kept().state, world.heard(ears["alpha"])) == ("revoked", [])
    register("operating", at="2026-03-01T00:00:00.000Z")
    world.settle()
    assert kept().state == "verified"
    (restored,) = world.heard(ears["alpha"])
    assert restored["licence"]["state"] == "verified"
    schema = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    schema.validate(changed)
    schema.validate(restored)


def test_a_task_can_be_hung_on_the_end_of_a_licence(holders: Holders) -> None:
    from chalicelib.handlers import dependencies

    holders.show(holders.open("local"))
    opened: list[tuple[str, str]] = []
    registration = Registration(status="deregistered", at="2026-02-01T00:00:00.000Z")
    image = Subject(subject_id=f"uscc:{LICENCE.uscc}", uscc=LICENCE.uscc, registration=registration)
    for _ in range(2):
        follow_company_register.update_licences(
            wiring.exchange(),
            dependencies.notices(),
            [(None, image)],
            wiring.now(),
            lambda platform, licence, _now: opened.append((platform, licence.state)),
        )
    assert opened == [("alpha", "revoked")] * 2, "whoever opens tasks does it idempotently, for a kill repeats it"
