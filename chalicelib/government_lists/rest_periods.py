"""How long a source outside is left alone that was too slow several times in a row.

Each slow answer costs its whole deadline, which the sources after it lack; a rest that grows lets them have it.
"""

from datetime import timedelta
from typing import Final

# So often in a row a source is slow before it rests.
SLOW_BEFORE_REST: Final = 3


def rest_after(slow: int, first: timedelta, most: timedelta) -> timedelta:
    """The rest after so many slow answers in a row: none before the third, then `first`, and twice as long each time,
    `most` at most."""
    if slow < SLOW_BEFORE_REST:
        return timedelta()
    # More than thirty doublings are past any bound.
    return min(first * (1 << min(slow - SLOW_BEFORE_REST, 30)), most)
