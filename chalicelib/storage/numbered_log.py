"""A numbered log: entries 1, 2, 3 … without a gap, each once. All changes are one log, each platform's tasks another.

An entry takes the next number by a conditional put into that number's slot, so there is no counter to lose. Beside the
slot stands a record by entry id, by which an entry that comes twice keeps its number. A writer that finds a slot taken
first writes that record for the other writer, which may have died between the two writes, and only then looks at the
next slot. So the head, which is only a hint of where the log ends, never points past an unrecorded slot.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import numbered_log_keys

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable, Item

PAGE: Final = 100
# So many slots are looked at past the head, which a writer that has died did not move.
PAST_HEAD: Final = 1


class NumberedLog:
    """Numbers entries and reads them back in order; `name` distinguishes the logs."""

    def __init__(self, exchange: "ExchangeTable", name: str) -> None:
        self._exchange = exchange
        self._name = name
        self._head_id = numbered_log_keys.head(name)

    def append(self, entry: Mapping[str, Any]) -> "Item":
        """The entry as numbered: with the number that its `entry_id` had already, or the next free one."""
        # The head before the record: a writer that numbered this entry at or before that head had written its record
        # by then, and one that numbers it meanwhile is met on the way from there. In the other order it could get two
        # numbers.
        number = self.head() + 1
        earlier = self.find(entry["entry_id"])
        if earlier:
            return earlier
        while True:
            slot = {**entry, "id": self._slot_id(number), "number": number}
            taken = self._exchange.put_new(slot)
            holder = taken or slot
            self._exchange.put_new({"id": self._record_id(holder["entry_id"]), "number": number})
            if holder["entry_id"] == entry["entry_id"]:
                self._advance(number)
                return holder
            number += 1

    def read(self, after: int, limit: int = PAGE) -> "list[Item]":
        """The entries numbered `after`+1 and on, in order, at most `limit` (100 or fewer are two calls).

        Absent slots cost as much as full ones, so no more are asked for than the head and a few past it: a reader that
        has read everything pays for two items. The head may lag behind, so full slots are followed past it.
        """
        return self._read_with_head(after, limit)[0]

    def _read_with_head(self, after: int, limit: int) -> "tuple[list[Item], int]":
        first = range(after + 1, after + 1 + min(limit, PAST_HEAD))
        found = self._exchange.get_many([self._head_id, *(self._slot_id(number) for number in first)])
        head = int(found[self._head_id]["number"]) if self._head_id in found else 0
        entries = list(self._unbroken(found, first))
        asked = len(first)
        while len(entries) == asked < limit:
            until = min(limit, max(head - after, asked) + PAST_HEAD)
            numbers = range(after + 1 + asked, after + 1 + until)
            more = self._exchange.get_many(self._slot_id(number) for number in numbers)
            entries += self._unbroken(more, numbers)
            asked += len(numbers)
        return entries, head

    def read_on(self, after: int, limit: int = PAGE) -> "list[Item]":
        """The same for a cursor that a reader sent; `BadRequest` for one past the end of the log.

        An empty page there would hide for ever that the reader's log is another one, as after a restore.
        """
        entries, head = self._read_with_head(after, limit)
        if not entries and after > head and self.at(after) is None:
            raise BadRequest(ErrorCode.INVALID_CURSOR, after=str(after), end=str(self.end()))
        return entries

    def at(self, number: int) -> "Item | None":
        """The entry of that number; None past the end of the log."""
        return self._exchange.get(self._slot_id(number))

    def find(self, entry_id: str) -> "Item | None":
        """The entry of that id; None when it was never numbered."""
        record = self._exchange.get(self._record_id(entry_id))
        return self._exchange.get(self._slot_id(record["number"])) if record else None

    def numbers(self, entry_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those of the entries that were numbered, by id."""
        ids = {self._record_id(entry_id): entry_id for entry_id in entry_ids}
        return {ids[item_id]: int(record["number"]) for item_id, record in self._exchange.get_many(ids).items()}

    def end(self) -> int:
        """The number of the last entry; 0 for an empty log."""
        last = self.head()
        while page := self.read(last, 10):
            last = int(page[-1]["number"])
        return last

    def set_fields(self, number: int, fields: Mapping[str, Any], only_if: Mapping[str, Any] | None = None) -> bool:
        """Set fields of a numbered entry; whether it still had the values of `only_if`."""
        return self._exchange.set_fields(self._slot_id(number), fields, only_if)

    def head(self) -> int:
        """A number at or before the end of the log; never past it."""
        item = self._exchange.get(self._head_id)
        return int(item["number"]) if item else 0

    def _advance(self, number: int) -> None:
        if self._exchange.put_new({"id": self._head_id, "number": number}) is None:
            return
        before = self.head()
        while before < number and not self._exchange.set_fields(
            self._head_id, {"number": number}, only_if={"number": before}
        ):
            before = self.head()

    def _unbroken(self, entries: "Mapping[str, Item]", numbers: range) -> "Iterator[Item]":
        for number in numbers:
            if self._slot_id(number) not in entries:
                return
            yield entries[self._slot_id(number)]

    def _slot_id(self, number: int) -> str:
        return numbered_log_keys.slot(self._name, number)

    def _record_id(self, entry_id: str) -> str:
        return numbered_log_keys.entry_number(self._name, entry_id)
