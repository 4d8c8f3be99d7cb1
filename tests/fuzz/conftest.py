"""The exchange that the fuzz tests of the API ask."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.fuzz.served import Exchange, recorded
from tests.recorded import state
from tests.world import World, aws_clients


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    """The recorded exchange at the moment of its recording: loading it costs more than hundreds of requests.

    In the end everything that was sent is delivered, and what was stored is held against the declared kinds.
    """
    with mock_aws(), state.stopped_at(recorded("answers")["at"]):
        world = World(aws_clients())
        world.dead_queues()
        result = Exchange(world)
        yield result
        result.settle()
        assert result.unfinished() == []
        world.close()
