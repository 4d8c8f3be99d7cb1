"""A record reads what it wrote, keeps what it does not know, and leaves out what is at its default."""

from dataclasses import dataclass

import pytest

from chalicelib.values.records import Record, fields_that_are, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Record):
    at: str = stored()
    why: str = stored("", private=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Record):
    case_id: str = stored(identity=True)
    state: str = stored("open", always=True, public=True)
    reasons: tuple[str, ...] = stored((), many="values", public=True)
    steps: tuple[Step, ...] = stored((), record=Step, many="list")
    parties: dict[str, Step] = stored(factory=dict, record=Step, many="map")
    last: Step | None = stored(None, record=Step)


STORED = {
    "case_id": "c1",
    "state": "open",
    "reasons": ["fake"],
    "steps": [{"at": "2026", "later": 1}],
    "parties": {"a": {"at": "2027", "why": "x"}},
    "added_later": {"by": "a newer version"},
}


def test_a_record_writes_the_item_that_it_was_read_from() -> None:
    case = Case.from_item(STORED)
    assert case.reasons == ("fake",)
    assert case.steps[0].at == "2026"
    assert case.parties["a"].why == "x"
    assert case.to_item() == STORED


def test_what_a_newer_version_stored_survives_a_change() -> None:
    changed = Case.from_item(STORED).replace(state="closed")
    assert changed.to_item() == {**STORED, "state": "closed"}


def test_what_is_at_its_default_is_left_out_unless_always() -> None:
    assert Case(case_id="c2").to_item() == {"case_id": "c2", "state": "open"}
    assert Case.from_item({"case_id": "c2"}).to_item() == {"case_id": "c2", "state": "open"}


def test_a_missing_field_without_a_default_is_an_error() -> None:
    with pytest.raises(TypeError, match="case_id"):
        Case.from_item({})


def test_what_a_field_is_is_declared_with_it() -> None:
    assert fields_that_are(Case, "public") == ("state", "reasons")
    assert fields_that_are(Case, "identity") == ("case_id",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed(Record):
    kind: str = stored(name="task")
    pause: str = stored("", name="paused_at")
    steps: tuple[Step, ...] = stored((), record=Step, many="list")


def test_a_field_may_be_stored_under_another_name() -> None:
    renamed = Renamed.from_item({"task": "check", "kind": "of a newer version"})
    assert renamed.kind == "check"
    assert renamed.to_item() == {"task": "check", "kind": "of a newer version"}
    assert renamed.unknown == {"kind": "of a newer version"}


def test_changes_are_in_their_stored_form_and_name_what_went_back_to_its_default() -> None:
    before = Renamed(kind="check", pause="2026")
    after = before.replace(pause="", steps=(Step(at="2027"),))
    assert after.changes_since(before) == {"paused_at": "", "steps": [{"at": "2027"}]}
    assert after.changes_since(after) == {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied(Record):
    review: Step | None = stored(None, record=Step, empty="", always=True)
    facts: Step | None = stored(None, record=Step, empty={})


def test_a_nested_record_that_is_none_is_stored_in_its_empty_form() -> None:
    assert Emptied.from_item({"review": "", "facts": {}}) == Emptied()
    assert Emptied().to_item() == {"review": ""}
    assert Emptied().stored_fields("review", "facts") == {"review": "", "facts": {}}
    full = {"review": {"at": "2027"}, "facts": {"at": "2028"}}
    assert Emptied.from_item(full).to_item() == full
    assert Emptied.from_item(full).stored_fields("facts") == {"facts": {"at": "2028"}}
