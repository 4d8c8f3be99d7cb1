"""Whether this container can do its work: settings, an item, a secret, the bucket. The deploy and an alarm ask it."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from chalicelib import logs, wiring
from chalicelib.container_cache import once_per_container

# Anybody may ask: within so many seconds the earlier answer is given, so that asking often costs nothing.
FRESH_SECONDS: Final = 10.0
_lock = threading.Lock()


@once_per_container
def _last_answer() -> list[tuple[float, tuple[str, ...]]]:
    """When this container last asked, and what failed; empty before."""
    return []


def failing_parts(clock: Callable[[], float] = time.monotonic) -> tuple[str, ...]:
    """The parts that cannot be reached, by name; empty when the container is ready. Never raises."""
    with _lock:
        last = _last_answer()
        if not last or clock() - last[0][0] >= FRESH_SECONDS:
            last[:] = [(clock(), tuple(name for name, check in CHECKS.items() if not _passes(name, check)))]
            logs.measure({"NotReady": len(last[0][1])})
        return last[0][1]


def _passes(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:
        logs.failed("not_ready", part=name)
        return False
    return True


# The prefix is one that the function may read; there need not be such an object.
CHECKS: Final[Mapping[str, Callable[[], object]]] = {
    "settings": wiring.settings,
    "exchange_table": lambda: wiring.exchange().get("ready"),
    "secrets": lambda: wiring.secret(wiring.settings().digest_key_secret),
    "files_bucket": lambda: wiring.bucket().has("trust/ready"),
}
