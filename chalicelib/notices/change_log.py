"""The log of changes: every change of a listing, numbered in one order, read and written as records."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.notices.rules.numbered_change import NumberedChange

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog


class ChangeLog:
    """The numbered changes of listings; `entries` is the log of their items."""

    def __init__(self, entries: "NumberedLog") -> None:
        self.entries = entries

    def append(self, change: NumberedChange) -> NumberedChange:
        """The change with its number: the next free one, or the one that its `entry_id` had already."""
        return NumberedChange.from_item(self.entries.append(change.to_item()))

    def read(self, after: int, limit: int) -> list[NumberedChange]:
        """The changes numbered `after`+1 and on, in order, at most `limit` (100 or fewer are one call)."""
        return [NumberedChange.from_item(item) for item in self.entries.read(after, limit)]

    def read_on(self, after: int, limit: int) -> list[NumberedChange]:
        """The same for a cursor that a reader sent; `BadRequest` for one past the end of the log."""
        return [NumberedChange.from_item(item) for item in self.entries.read_on(after, limit)]

    def find(self, entry_id: str) -> NumberedChange | None:
        """The change of that id; None when it was never numbered."""
        item = self.entries.find(entry_id)
        return NumberedChange.from_item(item) if item else None

    def numbers(self, entry_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those of the changes that were numbered, by id."""
        return self.entries.numbers(entry_ids)

    def update(self, before: NumberedChange, after: NumberedChange) -> NumberedChange:
        """Write the fields that differ; the change as it is now in memory."""
        changes = after.changes_since(before)
        if changes:
            self.entries.set_fields(before.number, changes)
        return after
