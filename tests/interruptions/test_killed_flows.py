"""Killed after any of its writes and done again, every flow ends as if nothing had happened."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.interruptions.all_flows import ELSEWHERE, FLOWS
from tests.interruptions.flows import START, Flow, end_state, prepare
from tests.interruptions.interruption import process_killed_after
from tests.interruptions.saved_world import SavedWorld
from tests.recorded import state
from tests.recorded.stage import Stage
from tests.world import World, aws_clients

pytestmark = pytest.mark.slow
Prepared = tuple[Stage, SavedWorld]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Prepared]:
    """The exchange on which each flow is done, and how it was before."""
    from moto import mock_aws

    with mock_aws(), state.stopped_at(START) as clock:
        stage = prepare(World(aws_clients()), clock)
        yield stage, SavedWorld(stage.world)


def ready(prepared: Prepared, flow: Flow) -> Prepared:
    """The exchange right before the flow."""
    stage, saved = prepared
    saved.restore()
    stage.clock.set(START)
    stage.clock.move(3_600)
    flow.before(stage)
    return stage, SavedWorld(stage.world)


def differences(undisturbed: Any, ended: Any) -> tuple[list[str], list[str]]:
    """What is missing, and what is more than there should be."""
    first, second = (
        Counter(map(str, part.items() if isinstance(part, dict) else part)) for part in (undisturbed, ended)
    )
    return [*(first - second).elements()], [*(second - first).elements()]


def _entries(part: Any) -> Any:
    return part.items() if isinstance(part, dict) else part


def finish(stage: Stage, flow: Flow) -> dict[str, Any]:
    """Everything that waits is delivered, and the next tick pushes what was not pushed."""
    stage.settle()
    stage.world.push_due()
    return end_state(stage, flow.aside)


@pytest.mark.long
@pytest.mark.parametrize("name", FLOWS)
def test_killed_after_each_write_and_done_again_it_ends_the_same(prepared: Prepared, name: str) -> None:
    flow = FLOWS[name]
    stage, saved = ready(prepared, flow)
    at = stage.clock.now.isoformat()
    with process_killed_after(stage.world, 0) as written:
        flow.do(stage)
    undisturbed = finish(stage, flow)
    assert written, "it changes something"
    for kill in range(1, len(written) + 1):
        saved.restore()
        stage.clock.set(at)
        with process_killed_after(stage.world, kill):
            flow.do(stage)
        (flow.again or flow.do)(stage)
        ended = finish(stage, flow)
        for part in undisturbed:
            lost, more = differences(undisturbed[part], ended[part])
            assert (lost, more) == ([], []), f"{part} after write {kill} ({written[kill - 1]})"
    stage.world.close()


def test_every_flow_is_killed_somewhere() -> None:
    """A new route or function gets a flow, or its place in `ELSEWHERE`."""
    import app
    from chalicelib.handlers.routing import DECLARED

    routes = {f"{route.method} {route.path}" for route in DECLARED if route.method not in ("GET", "HEAD")}
    functions = {function.name for function in app.app.pure_lambda_functions}
    functions |= {source.name for source in app.app.event_sources if hasattr(source, "name")}
    killed = {name.partition(" of ")[0] for name in FLOWS} | ELSEWHERE.keys()
    assert killed == routes | functions
