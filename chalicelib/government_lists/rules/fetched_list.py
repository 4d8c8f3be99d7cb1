"""What a government source delivered this time, whatever the method of delivery."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chalicelib.government_lists.rules.feed import Feed
from chalicelib.values.records import Json


@dataclass(frozen=True, slots=True)
class FetchedList:
    """Files in the order in which they count, whether they are the whole list or changes to it, and the cursor with
    which to ask the next time.

    `sha256` names the delivery. `rows` is how many rows the source promised, -1 where it promised nothing. `problem`
    is a key of `HOLD_REASONS` that is known before anything is read.
    """

    parts: tuple[Path, ...]
    whole: bool
    cursor: Json
    sha256: str
    rows: int = -1
    problem: str = ""


class DeliveryMethod(Protocol):
    """A method of delivery; there is one class for each, and none knows of any list."""

    def fetch(self, feed: Feed, cursor: Json, folder: Path) -> FetchedList | None:
        """What the source has since `cursor`, in files under `folder`; None when nothing is new.

        Raises `FeedUnreachable`.
        """
        ...
