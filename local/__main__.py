"""`make run`: start the exchange, say how to use it, stay up until told to stop."""

import os
import signal
import sys
import threading
import time

from local import StartError


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 0 when stopped so, 1 when it cannot start."""
    began = time.perf_counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stack = None
    try:
        port, tick = _port(os.environ.get("PORT", "")), _tick(os.environ.get("TICK", ""))
        data = os.environ.get("DATA") or None
        print(f"Lianfang starts on http://127.0.0.1:{port or '(a free port)'} ...", flush=True)
        from local import seeds
        from local.stack import start

        stack = start(port, data, show_notices=True, tick=tick)
        print(seeds.welcome(stack, time.perf_counter() - began, data), flush=True)
        threading.Event().wait()
    except StartError as reason:
        print(f"local: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # a terminal sends it to make and to us, and make sends it on
        signal.signal(signal.SIGTERM, lambda *_: os._exit(1))
        print("\nLianfang stops ...", flush=True)
        if stack:
            stack.stop()
    return 0


def _port(text: str) -> int:
    if not text:
        return 8000
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise StartError(f"PORT must be a number from 0 to 65535 (0 takes a free port), not {text!r}")
    return int(text)


def _tick(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 86400:
        raise StartError(f"TICK must be a number of seconds from 0.1 to 86400, not {text!r}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
