"""A dispute whose calls die between two writes, are sent again, or meet each other."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.disputes import dispute_steps, evidence_files, read_disputes
from chalicelib.disputes.dispute_steps import Decision, NewDispute
from chalicelib.disputes.evidence_files import Upload
from chalicelib.disputes.rules.dispute_case import Case
from chalicelib.errors import Conflict
from chalicelib.handlers import dependencies
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import Killed, killed_after
from tests.support.builders import listed, uscc
from tests.world import World

BUREAU = "regulator:bureau"
WANTED = NewDispute(listed().listing.listing_id, "for_merchant", "正品", "王")


def opening(key: str = "k") -> Case:
    return dispute_steps.open_dispute(dependencies.disputes(), "platform:beta", WANTED, key, wiring.now())


def answering(ident: str) -> Case:
    return dispute_steps.answer(dependencies.disputes(), "platform:alpha", ident, "stand_by", "属实", wiring.now())


def deciding(ident: str, decision: str = "void", by: str = BUREAU) -> Case:
    return dispute_steps.decide(dependencies.disputes(), by, ident, Decision(decision, "见决定书"), wiring.now())


def asking_for_a_form(ident: str) -> dict[str, Any]:
    case = read_disputes.find_case(dependencies.disputes(), "platform:beta", ident)
    upload = Upload("a.pdf", "application/pdf", idempotency_key="k")
    return evidence_files.open_upload(dependencies.evidence_files(), case, "platform:beta", upload, wiring.now())


def taking_in(ident: str) -> list[dict[str, Any]]:
    return evidence_files.list_files(dependencies.evidence_files(), ident, wiring.now())


def post(form: dict[str, Any]) -> None:
    key = form["upload"]["fields"]["key"]
    wiring.client("s3").put_object(Bucket=ENVIRONMENT["FILES_BUCKET"], Key=key, Body=b"%PDF-1.7")


def current_state() -> tuple[list[str], list[tuple[str, str]]]:
    """The kinds of the listing's history, and the state of each dispute."""
    subject = wiring.registry().subject(f"uscc:{uscc(1)}")
    assert subject is not None
    (listing,) = subject.listings.values()
    disputes = listing.disputes.values()
    ends = [(dispute.state, dispute.closed.result if dispute.closed else "") for dispute in disputes]
    return [event.kind for event in listing.history], ends


def killed_and_sent_again(world: World, step: Callable[[], Any]) -> int:
    """Let the step die after its first write, sent again after its second, and so on until it lives; the deaths."""
    for writes in range(1, 9):
        try:
            with killed_after(world, writes):
                step()
        except Killed:
            continue
        return writes - 1
    raise AssertionError("it never ended")


def test_a_step_that_died_after_any_write_is_finished_by_the_same_call(world: World) -> None:
    wiring.registry().save(listed())
    assert killed_and_sent_again(world, opening) == 2
    ident = opening().dispute.dispute_id
    assert current_state() == (["opened", "disputed"], [("open", "")])
    assert killed_and_sent_again(world, lambda: asking_for_a_form(ident)) == 2
    post(asking_for_a_form(ident))
    assert killed_and_sent_again(world, lambda: taking_in(ident)) == 1
    assert [(entry["state"], entry["bytes"]) for entry in taking_in(ident)] == [("arrived", 8)]
    assert killed_and_sent_again(world, lambda: answering(ident)) == 2
    assert killed_and_sent_again(world, lambda: deciding(ident)) == 2
    case = read_disputes.find_case(dependencies.disputes(), BUREAU, ident)
    assert sorted(read_disputes.read_statements(dependencies.disputes(), case).values()) == ["属实", "见决定书"]
    assert current_state() == (
        ["opened", "disputed", "dispute_answered", "dispute_closed", "voided"],
        [("closed", "voided")],
    )


def test_words_without_a_step_are_shown_to_nobody(world: World) -> None:
    wiring.registry().save(listed())
    ident = opening().dispute.dispute_id
    with killed_after(world, 1), pytest.raises(Killed):
        deciding(ident)
    case = read_disputes.find_case(dependencies.disputes(), BUREAU, ident)
    assert (case.dispute.state, read_disputes.read_statements(dependencies.disputes(), case)) == ("open", {})
    deciding(ident, "uphold")
    case = read_disputes.find_case(dependencies.disputes(), BUREAU, ident)
    assert list(read_disputes.read_statements(dependencies.disputes(), case).values()) == ["见决定书"]


def test_a_dispute_that_its_listing_never_took_is_none(world: World) -> None:
    wiring.registry().save(listed())
    with killed_after(world, 1), pytest.raises(Killed):
        opening()
    (item,) = [
        item for item in world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"] if "listing_id" in item
    ]
    assert read_disputes.list_cases(dependencies.disputes(), [item["dispute_id"]["S"]]) == []
    assert opening().dispute.dispute_id == item["dispute_id"]["S"]


def test_two_at_once_are_one_and_the_second_is_told(world: World) -> None:
    wiring.registry().save(listed())
    opened: list[str] = []

    def somebody_else(**_: Any) -> None:
        # Just before our own save, another call of the same opener goes through.
        events.unregister("before-call.dynamodb.PutItem", unique_id="race")
        opened.append(opening("other").dispute.dispute_id)

    events = wiring.client("dynamodb").meta.events
    events.register("before-call.dynamodb.PutItem", somebody_else, unique_id="race")
    with pytest.raises(Conflict, match="dispute_is_open"):
        opening("mine")
    assert len(opened) == 1
    assert current_state() == (["opened", "disputed"], [("open", "")])


def test_of_two_decisions_at_once_one_counts(world: World) -> None:
    wiring.registry().save(listed())
    ident = opening().dispute.dispute_id

    def somebody_else(**_: Any) -> None:
        events.unregister("before-call.dynamodb.PutItem", unique_id="race")
        deciding(ident, "void", "regulator:other")

    events = wiring.client("dynamodb").meta.events
    events.register("before-call.dynamodb.PutItem", somebody_else, unique_id="race")
    with pytest.raises(Conflict, match="dispute_is_closed"):
        deciding(ident, "uphold")
    assert current_state()[1] == [("closed", "voided")]
