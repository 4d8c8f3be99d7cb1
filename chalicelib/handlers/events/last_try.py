"""What a queue delivers is tried a few times; what fails at each of them ends, and its sender is notified.

A worker that raises is seen at the last try. One that is killed (time, memory) is seen only by the delivery after it.
The message then goes to the dead letters, so that operators are alarmed as well.
"""

from collections.abc import Callable
from typing import Final

from chalicelib import logs
from chalicelib.errors import NotFound

# `maxReceiveCount` of the queues in infra/template.yaml is one more.
MOST_TRIES: Final = 4


class GivenUp(Exception):
    """A message was delivered after its last try: its worker was killed each time, or failed each time."""


def with_last_try(receive_count: int, work: Callable[[], None], give_up: Callable[[], None]) -> None:
    """Do the work; where it fails at the last try, or was killed at each, `give_up` ends what it was about.

    Raises what the work raised, or `GivenUp`, so that the message is kept.
    """
    if receive_count > MOST_TRIES:
        give_up()
        raise GivenUp(f"received {receive_count} times")
    try:
        work()
    except NotFound:
        raise  # nobody sent it
    except Exception as error:
        if receive_count == MOST_TRIES:
            logs.warn("given_up", error=type(error).__name__)
            give_up()
        raise
