"""Two people decide the same act at the same moment: one decision counts, and the act is done at most once."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import errors, wiring
from chalicelib.people.duties import Duty
from chalicelib.second_person import pending_decisions
from chalicelib.second_person.pending_decision import PendingDecision
from chalicelib.second_person.pending_decisions import Context, Wanted
from chalicelib.storage.numbered_log import NumberedLog
from tests.people.persons import add_person
from tests.world import World


class Overtaken(NumberedLog):
    """A log whose reader is overtaken between its read and its write, once."""

    meanwhile: Callable[[], Any] | None = None

    def at(self, number: int) -> Any:
        item = super().at(number)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return item


@pytest.mark.parametrize("is_refused", [True, False])
def test_of_two_decisions_at_the_same_moment_the_first_counts(world: World, is_refused: bool) -> None:
    asking, first, second = (add_person(world, "ops", Duty.ADMINISTER, role="operator") for _ in range(3))
    context = Context(wiring.exchange(), wiring.numbered_log)
    wanted = Wanted("issueKey", "administer", {"platform_id": "alpha"}, {})
    held = pending_decisions.hold(context, asking.caller, wanted, wiring.now())
    assert held is not None
    ident = f"ops.{held.number}"

    def decide() -> PendingDecision:
        if is_refused:
            return pending_decisions.refuse(context, first.caller, ident, "no", wiring.now())
        return pending_decisions.take(context, first.caller, ident, wiring.now())

    log = Overtaken(wiring.exchange(), context.log("ops")._name)
    log.meanwhile = decide
    with pytest.raises(errors.Conflict) as over:
        pending_decisions.take(Context(wiring.exchange(), lambda _name: log), second.caller, ident, wiring.now())
    assert over.value.code == "decision_over"
    decision = pending_decisions.get(context, asking.caller, ident)
    assert decision.decided_by == first.caller.signature
    assert decision.state == ("refused" if is_refused else "taken")
