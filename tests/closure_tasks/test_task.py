"""A task moves by its table and no other way, and every step is kept."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.closure_tasks.rules import task, task_deadlines
from chalicelib.registry.rules import listing
from tests.support.builders import AT, listed, subject

ANSWERS = {"check": ("closed", "not_present", "kept"), "undo": ("reopened", "not_present", "kept")}


def made(asked: str = "check") -> dict[str, Any]:
    change = listed("alpha")
    entry = {"number": 7, "at": AT, "subject": {"subject_id": "uscc:x"}, "listing": {**change.listing, "revision": 1}}
    return {
        **task.opened(asked, "beta", entry, 1, task_deadlines.clock_for(asked, 3), {"by": "lookup"}, AT),
        "number": 1,
    }


class Ledger(RuleBasedStateMachine):
    """A task beside the simplest account of what should become of it."""

    def __init__(self) -> None:
        super().__init__()
        self.task = made()
        self.answered = ""
        self.lifted = False
        self.struck = False
        self.moves = 1

    def step(self, what: str, why: str = "") -> None:
        fields = task.step(self.task, what, "platform:beta#1", AT, why)
        if fields is not None:
            before = self.task["state"]
            self.task = {**self.task, **fields}
            self.moves += 1
            assert self.task["history"][-1]["before"] == before

    @rule(what=st.sampled_from(["seen", "checked"]))
    def looks(self, what: str) -> None:
        self.step(what)

    @rule(what=st.sampled_from(ANSWERS["check"]), why=st.sampled_from(["", "合规整改完成"]))
    def answers(self, what: str, why: str) -> None:
        self.step(what, why)
        self.answered = what

    @rule()
    def is_struck(self) -> None:
        self.step("overdue")
        self.struck = self.struck or not (self.answered or self.lifted)

    @rule()
    def is_lifted(self) -> None:
        self.step("lifted")
        self.lifted = self.lifted or not self.answered

    @rule()
    def refuses_the_answer_of_the_other_kind(self) -> None:
        with pytest.raises(ValueError, match="reopened"):
            task.step(self.task, "reopened", "platform:beta#1", AT)

    @precondition(lambda self: self.moves > 1)
    @rule()
    def a_step_that_comes_twice_changes_nothing(self) -> None:
        last = self.task["history"][-1]
        what = last.get("step", last["after"])
        assert task.step(self.task, what, "x", AT, last.get("why", "")) is None

    @invariant()
    def the_state_is_what_happened(self) -> None:
        state = self.task["state"]
        if self.answered:
            assert state == self.answered == self.task["outcome"]
        elif self.lifted:
            assert state == "lifted"
        elif self.struck:
            assert state == "overdue"
        else:
            assert state in ("told", "seen", "checked")

    @invariant()
    def every_step_is_in_the_history_and_follows_the_one_before(self) -> None:
        history = self.task["history"]
        assert len(history) == self.task["steps"] == self.moves
        assert [one["before"] for one in history[1:]] == [one["after"] for one in history[:-1]]
        assert all(one["after"] in task.STATES for one in history)


TestLedger = Ledger.TestCase


def test_the_table_names_only_states_and_steps_that_exist() -> None:
    for (state, step), after in task.TRANSITIONS.items():
        assert state in task.STATES
        assert step in task.STEPS
        assert after in task.STATES
    assert {state for state, _ in task.TRANSITIONS} == set(task.STATES)


@pytest.mark.parametrize(
    ("fields", "blocks"),
    [
        ({}, True),
        ({"evidence_level": "E1"}, False),
        ({"severity": 2}, False),
        ({"expires_on": "2026-03-01"}, False),
        ({"expires_on": "2026-03-02"}, True),
    ],
)
def test_what_blocks_is_what_a_lookup_would_block_for(fields: dict[str, Any], blocks: bool) -> None:
    who = subject(listed("alpha", **fields))
    (one,) = who["listings"].values()
    assert task.blocks(who, one, "2026-03-01") is blocks
    assert not task.blocks(who, {**one, "state": "withdrawn"}, "2026-03-01")


def test_one_opening_of_a_listing_is_one_spell() -> None:
    one = listing.merge(None, listed("alpha").listing, AT) or {}
    one = listing.merge(one, {**one, "evidence_level": "E3", "reported_at": "2026-01-06T00:00:00.000Z"}, AT) or {}
    one = listing.end(one, "withdrawn", "2026-01-07T00:00:00.000Z", "platform:alpha") or {}
    one = listing.merge(one, {**listed("alpha").listing, "reported_at": "2026-01-08T00:00:00.000Z"}, AT) or {}
    assert [event["kind"] for event in one["history"]] == ["opened", "amended", "withdrawn", "reopened"]
    assert [task.spell(one, revision) for revision in (1, 2, 3, 4)] == [1, 1, 1, 4]
