"""Values that are built once per container, which a test can forget all together, and values that are read again."""

import threading
import time
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Final, Generic, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
# A secret is read again so often: a new key counts soon, and no stream of requests is a stream of calls.
KEPT_SECONDS: Final = 300.0
# After a read that failed, the next is tried so much later.
RETRY_SECONDS: Final = 30.0
cached_functions: list[Any] = []


def once_per_container(function: F) -> F:
    """Call the function once for each of its arguments in the life of a container; `clear` forgets the results."""
    cached = cache(function)
    cached_functions.append(cached)
    return cached  # type: ignore[return-value]


def clear(keep: Collection[Callable[..., Any]] = ()) -> None:
    """Forget what every such function returned, but for those in `keep`."""
    for function in cached_functions:
        if function not in keep:
            function.cache_clear()


class ReadAgain(Generic[T]):
    """A value that is read again after a while; where that fails, the earlier one is kept, and somebody is told."""

    def __init__(
        self,
        read: Callable[[], T],
        tell: Callable[[Exception], None],
        seconds: float = KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._tell = tell
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._held: list[T] = []
        self._due = 0.0

    def __call__(self) -> T:
        """The value, at most so many seconds old; raises only where there was never any."""
        if self._held and self._clock() < self._due:
            return self._held[0]
        # While another thread reads, the earlier value serves; only the first value is waited for.
        if self._lock.acquire(blocking=not self._held):
            try:
                if not self._held or self._clock() >= self._due:
                    self._read_now()
            finally:
                self._lock.release()
        return self._held[0]

    def _read_now(self) -> None:
        try:
            self._held = [self._read()]
            self._due = self._clock() + self._seconds
        except Exception as error:
            if not self._held:
                raise
            self._due = self._clock() + RETRY_SECONDS
            self._tell(error)
