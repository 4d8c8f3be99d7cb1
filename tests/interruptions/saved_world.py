"""A world as it was at a moment, to which a test comes back as often as it likes.

Preparing a world costs more than the step that a test interrupts; moto keeps everything in memory, so a copy of that
memory is the world.
"""

import copy
import copyreg
import threading
from collections.abc import Iterator
from typing import Any

from tests.world import World

SERVICES = ("dynamodb", "dynamodbstreams", "s3", "sqs", "sns", "secretsmanager")
LOCKS = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
    threading.Condition: threading.Condition,
}


class SavedWorld:
    """What moto and the world hold now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._moto = _copied({place: vars(backend) for place, backend in _backends()})
        self._state = _state(world)

    def restore(self) -> World:
        """The world as it was when this was made; nothing that was done since is left, nor any adapter."""
        from chalicelib import wiring

        wiring.reset(keep_clients=True)
        # Now: a request reads the environment that the test client of Chalice makes from the project's own settings,
        # in which counts are shared by threads.
        wiring.settings()
        held = _copied(self._moto)
        for place, backend in _backends():
            vars(backend).clear()
            vars(backend).update(held[place])
        vars(self._world).update(copy.deepcopy(self._state))
        return self._world


def _state(world: World) -> dict[str, Any]:
    """What the world remembers beside its clients: where it is in the stream, how many ears it has."""
    return {name: copy.copy(value) for name, value in vars(world).items() if isinstance(value, int | str | list)}


def _backends() -> Iterator[tuple[str, Any]]:
    from moto.backends import get_backend

    for service in SERVICES:
        for account, regions in get_backend(service).items():
            for region in list(regions):
                yield f"{service} {account} {region}", regions[region]


def _copied(state: dict[str, Any]) -> dict[str, Any]:
    """A copy in which what refers to a backend still refers to it, and each lock is a new one."""
    before = dict(copyreg.dispatch_table)
    for kind, made in LOCKS.items():
        copyreg.pickle(kind, lambda _lock, made=made: (made, ()))  # type: ignore[misc]
    try:
        return copy.deepcopy(state, {id(backend): backend for _, backend in _backends()})
    finally:
        copyreg.dispatch_table.clear()
        copyreg.dispatch_table.update(before)
