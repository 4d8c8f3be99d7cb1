"""`make run`: start the exchange, print how to use it, run until a signal stops it."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local import NotSavedError, StartError

if TYPE_CHECKING:
    from local.stack import Stack


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 0 when stopped so, 1 when it cannot start."""
    began = time.perf_counter()
    running, stopped = threading.Event(), threading.Event()
    _handle_signals(running, stopped)
    stack = None
    try:
        port, tick = _port(os.environ.get("PORT", "")), _tick(os.environ.get("TICK", ""))
        data = os.environ.get("DATA") or None
        print(f"Lianfang starts on 127.0.0.1, port {port or 'of its choice'} ...", flush=True)
        from local import demo_data
        from local.launch import start

        months = _months(os.environ.get("DEMO", ""))
        stack = start(port, data, show_notices=True, tick=tick, months=months)
        _write_env_file(stack)
        print(demo_data.banner(stack, time.perf_counter() - began, data), flush=True)
        running.set()
        while not stopped.wait(0.5):
            pass  # a signal that another thread took in is acted on when this thread runs again
        return _stop(stack)
    except StartError as reason:
        print(f"local: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _stop(stack)


def _write_env_file(stack: "Stack") -> None:
    from local import env_file

    try:
        env_file.write(stack, Path(os.environ.get("ENV_FILE") or env_file.DEFAULT))
    except OSError as error:
        print(f"local: the keys for the shell could not be written: {error}", file=sys.stderr, flush=True)


def _stop(stack: "Stack | None") -> int:
    """Stop, and say so; 1 when the last changes could not be written."""
    try:
        if stack:
            stack.stop()
    except NotSavedError as reason:
        print(f"local: {reason}; what was not answered with a success is lost", file=sys.stderr)
        return 1
    print("Lianfang has stopped.", flush=True)
    return 0


def _handle_signals(running: threading.Event, stopped: threading.Event) -> None:
    """The first Ctrl-C or SIGTERM stops cleanly; one that comes a second or more later stops at once."""
    first: list[float] = []

    def stop_on_signal(_signal: int, _frame: object) -> None:
        if not first:
            first.append(time.monotonic())
            print("\nLianfang stops ... (again to stop at once)", flush=True)
            if running.is_set():
                # An exception that is raised inside a destructor is swallowed; an event is not.
                stopped.set()
            else:
                raise KeyboardInterrupt
        if time.monotonic() - first[0] > 1:  # make passes on what the terminal has sent to us as well
            os._exit(1)

    signal.signal(signal.SIGINT, stop_on_signal)
    signal.signal(signal.SIGTERM, stop_on_signal)


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


def _months(text: str) -> bool:
    if text not in ("", "small", "months"):
        raise StartError(f"DEMO must be small or months, not {text!r}")
    return text == "months"


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A function that still runs now asks a cloud that is gone, again and again; the interpreter would wait for it.
    os._exit(code)
