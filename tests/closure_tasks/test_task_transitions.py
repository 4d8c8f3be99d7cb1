"""A task moves by its table and no other way, and every step is kept."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.closure_tasks.rules import task_deadlines
from chalicelib.closure_tasks.rules.task import CHECK, STATES, Assignee, KnownBy, Task, new_task
from chalicelib.closure_tasks.rules.task_transitions import MOST_STEPS, STEPS, TRANSITIONS, take_step
from chalicelib.notices.rules.numbered_change import NumberedChange
from tests.support.builders import AT, listed

ANSWERS = {"check": ("closed", "not_present", "kept"), "undo": ("reopened", "not_present", "kept")}


def made() -> Task:
    listing = listed("alpha").listing.replace(revision=1)
    subject = {"subject_id": "uscc:x"}
    change = NumberedChange(number=7, entry_id="x.1", kind="opened", at=AT, subject=subject, listing=listing)
    assignee = Assignee("beta", KnownBy(by="lookup"), task_deadlines.clock_for(CHECK, 3))
    return new_task(CHECK, assignee, change, "1", AT).replace(number=1)


class Ledger(RuleBasedStateMachine):
    """A task beside the simplest account of what should become of it."""

    def __init__(self) -> None:
        super().__init__()
        self.task = made()
        self.answered = ""
        self.lifted = False
        self.is_late = False
        self.moves = 1

    def step(self, what: str, why: str = "") -> None:
        moved = take_step(self.task, what, "platform:beta#1", AT, why)
        if moved is not None:
            before, self.task = self.task.state, moved
            self.moves += 1
            assert self.task.history[-1].before == before

    @rule(what=st.sampled_from(["seen", "checked"]))
    def looks(self, what: str) -> None:
        self.step(what)

    @rule(what=st.sampled_from(ANSWERS["check"]), why=st.sampled_from(["", "合规整改完成"]))
    def answers(self, what: str, why: str) -> None:
        self.step(what, why)
        self.answered = what

    @rule()
    def misses_its_deadline(self) -> None:
        self.step("overdue")
        self.is_late = self.is_late or not (self.answered or self.lifted)

    @rule()
    def is_cancelled(self) -> None:
        self.step("lifted")
        self.lifted = self.lifted or not self.answered

    @rule()
    def refuses_the_answer_of_the_other_kind(self) -> None:
        with pytest.raises(ValueError, match="reopened"):
            take_step(self.task, "reopened", "platform:beta#1", AT)

    @precondition(lambda self: self.moves > 1)
    @rule()
    def a_step_that_comes_twice_changes_nothing(self) -> None:
        last = self.task.history[-1]
        assert take_step(self.task, last.step or last.after, "x", AT, last.why) is None

    @invariant()
    def the_state_is_what_happened(self) -> None:
        state = self.task.state
        if self.answered:
            assert state == self.answered == self.task.outcome
        elif self.lifted:
            assert state == "lifted"
        elif self.is_late:
            assert state == "overdue"
        else:
            assert state in ("told", "seen", "checked")

    @invariant()
    def every_step_is_in_the_history_and_follows_the_one_before(self) -> None:
        history = self.task.history
        assert self.task.steps == self.moves
        assert len(history) == min(self.moves, MOST_STEPS + 1), "the first, and the newest"
        assert [line.before for line in history[2:]] == [line.after for line in history[1:-1]]
        assert all(line.after in STATES for line in history)


TestLedger = Ledger.TestCase


def test_the_table_names_only_states_and_steps_that_exist() -> None:
    for (state, step), after in TRANSITIONS.items():
        assert state in STATES
        assert step in STEPS
        assert after in STATES
    assert {state for state, _ in TRANSITIONS} == set(STATES)
