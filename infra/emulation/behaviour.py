"""What an emulated account does besides what moto does: how long changes take, what it refuses, its quotas."""

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Patch = Callable[[Callable[..., Any]], Callable[..., Any]]


class Countdown:
    """Counts down, for each key, how many more answers show a change as unfinished."""

    def __init__(self) -> None:
        self._left: dict[Hashable, int] = {}
        self._lock = threading.Lock()

    def start(self, key: Hashable, answers: int) -> None:
        """From now on, so many answers show the change as unfinished."""
        with self._lock:
            self._left[key] = answers

    def running(self, key: Hashable) -> bool:
        """Whether the change is unfinished, without counting."""
        return self._left.get(key, 0) > 0

    def unfinished(self, key: Hashable) -> bool:
        """Whether this answer shows the change as unfinished; counts it."""
        with self._lock:
            left = self._left.get(key, 0)
            if left:
                self._left[key] = left - 1
            return left > 0

    def stop(self, key: Hashable) -> None:
        """The change is finished."""
        with self._lock:
            self._left.pop(key, None)


@dataclass(slots=True)
class Behaviour:
    """How the emulated account behaves; the defaults are those of the rehearsal.

    `busy_answers`: answers in which a mapping, stack, table or function shows as changing. `role_refusals`: first uses
    of a new role that are refused. `throttled`: share of calls that are refused with a throttling error, chosen by a
    generator that starts at `seed`. `concurrency` and `memory_mb`: quotas, of a new account by default. `failing`:
    resources of a template whose creation or update fails, with the reason. `refused_after`: so many calls of Lambda
    are let through, all others refused, as if the deploy's credentials had run out; None: no limit.
    """

    seed: int = 1
    throttled: float = 0.01
    busy_answers: int = 2
    role_refusals: int = 1
    concurrency: int = 10
    memory_mb: int = 3_008
    failing: dict[str, str] = field(default_factory=dict)
    refused_after: int | None = None
    changing: Countdown = field(default_factory=Countdown)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A method of moto and the patch that replaces it."""

    owner: Any
    method: str
    patch: Patch

    @property
    def name(self) -> str:
        """How tests and messages name it."""
        return f"{self.owner.__name__}.{self.method}"


@contextmanager
def patched(replacements: Sequence[Replacement]) -> Iterator[None]:
    """Methods replaced by what their patches make of them, until the block ends; later ones wrap earlier ones."""
    own = []
    for each in replacements:
        own.append((each, each.owner.__dict__.get(each.method)))
        setattr(each.owner, each.method, each.patch(getattr(each.owner, each.method, _absent)))
    try:
        yield
    finally:
        for each, attribute in reversed(own):
            if attribute is None:
                delattr(each.owner, each.method)
            else:
                setattr(each.owner, each.method, attribute)


def _absent(*_: Any, **__: Any) -> Any:
    """What a patch receives for a method that moto does not have."""
    raise NotImplementedError
