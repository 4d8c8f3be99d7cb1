"""Start the exchange of this process, with demo data where it has none yet."""

from contextlib import suppress
from pathlib import Path

from local import NotSavedError, StartError
from local.stack import STACK_LOCK, Stack, release


def start(
    port: int = 0,
    data: str | Path | None = None,
    seed: bool = True,
    show_notices: bool = False,
    tick: float | None = None,
    months: bool = False,
) -> Stack:
    """Start the exchange on 127.0.0.1:`port` (0 takes a free one); with `data` its state is kept in that directory.

    With `seed`, what was never seeded gets a few participants and an invented data set. `tick` makes schedules run
    every so many seconds. `months`: an exchange that holds nothing gets the six months of an invented city first. One
    stack per process. Raises `StartError` with a line that says why.
    """
    if not STACK_LOCK.acquire(blocking=False):
        raise StartError("a local stack runs in this process already")
    try:
        stack = Stack(port, Path(data) if data else None, show_notices, tick, months)
    except BaseException:
        release()
        raise
    if seed and not stack.keys:
        from local import demo_data

        try:
            demo_data.load_demo_data(stack)
        except BaseException as error:
            reason = stack.persistence.save_now()
            with suppress(NotSavedError):
                stack.stop()
            if reason:
                raise StartError(reason) from error
            raise
    if seed:
        from local import people_of_demo

        people_of_demo.add_people()
    return stack
