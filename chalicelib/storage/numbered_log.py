"""A numbered log: entries at places 1, 2, 3 … without a gap, each once. All changes are one log, each platform's tasks
another.

An entry takes the next place by a conditional put into that slot, so there is no counter to lose. Beside the
slot stands a record by entry id, by which an entry that comes twice keeps its number. A writer that finds a slot taken
first writes that record for the other writer, which may have died between the two writes, and only then looks at the
next slot. So the head, which is only a hint of where the log ends, never points past an unrecorded slot.

Each restore of the exchange to an earlier moment begins an epoch. A number carries the epoch in which it was given
(`EPOCH` times it, plus the place), so a place that is taken again has another number, and a cursor of the time that was
lost is seen to be one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.errors import BadRequest, Conflict
from chalicelib.messages import ErrorCode
from chalicelib.storage.item_keys import numbered_log_keys
from chalicelib.storage.item_keys.numbered_log_keys import EPOCH, place
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable, Item

PAGE: Final = 100
# So many slots are looked at past the head, which a writer that has died did not move.
PAST_HEAD: Final = 1


class NumberedLog:
    """Numbers entries and reads them back in order; `name` distinguishes the logs of an exchange."""

    def __init__(self, exchange: "ExchangeTable", name: str) -> None:
        self._exchange = exchange
        self._name = name
        self._epoch = exchange.epoch
        self._head_id = numbered_log_keys.head(name)

    def append(self, entry: Mapping[str, Any]) -> "Item":
        """The entry as numbered: with the number that its `entry_id` had already, or the next free one."""
        # The head before the record: a writer that numbered this entry at or before that head had written its record
        # by then, and one that numbers it meanwhile is met on the way from there. In the other order it could get two
        # numbers.
        at = self.head() + 1
        earlier = self.find(entry["entry_id"])
        if earlier:
            return earlier
        while True:
            slot = {**entry, "id": self._slot_id(at), "number": self.number_at(at)}
            taken = self._exchange.put_new(slot)
            holder = taken or slot
            self._exchange.put_new({"id": self._record_id(holder["entry_id"]), "number": int(holder["number"])})
            if holder["entry_id"] == entry["entry_id"]:
                self._advance(at)
                return holder
            at += 1

    def number_at(self, at: int) -> int:
        """The number of an entry that takes that place now; as a cursor it is good for any place that there is."""
        return self._epoch * EPOCH + at

    def add(self, entry: Json) -> "Item":
        """The entry with the next free place as its number, of an entry that comes once alone: added twice, it has two.

        No reader outside keeps a cursor of such a log, so its numbers do not carry the epoch.
        """
        before = self.head()
        number = before + 1
        while self._exchange.put_new(numbered := {**entry, "id": self._slot_id(number), "number": number}):
            number += 1
        if not before or not self._exchange.set_fields(self._head_id, {"number": number}, only_if={"number": before}):
            self._advance(number)
        return numbered

    def read(self, after: int, limit: int = PAGE) -> "list[Item]":
        """The entries behind the place of the number `after`, in order, at most `limit` (100 or fewer are two calls).

        Absent slots cost as much as full ones, so no more are asked for than the head and a few past it: a reader that
        has read everything pays for two items. The head may lag behind, so full slots are followed past it.
        """
        return self._read_with_head(place(after), limit)[0]

    def _read_with_head(self, after: int, limit: int) -> "tuple[list[Item], Item]":
        first = range(after + 1, after + 1 + min(limit, PAST_HEAD))
        found = self._exchange.get_many([self._head_id, *(self._slot_id(number) for number in first)])
        head: Item = found.get(self._head_id) or {"number": 0}
        entries = list(self._unbroken(found, first))
        asked = len(first)
        while len(entries) == asked < limit:
            until = min(limit, max(int(head["number"]) - after, asked) + PAST_HEAD)
            numbers = range(after + 1 + asked, after + 1 + until)
            more = self._exchange.get_many(self._slot_id(number) for number in numbers)
            entries += self._unbroken(more, numbers)
            asked += len(numbers)
        return entries, head

    def read_on(self, after: int, limit: int = PAGE) -> "list[Item]":
        """The same for a cursor that a reader sent.

        `Conflict` for one of the time that a restore lost, with the cursor to read on from; `BadRequest` for one past
        the end of the log. An empty page, or one of other entries, would hide for ever that they are not the reader's.
        """
        epoch, at = divmod(after, EPOCH)
        entries, head = self._read_with_head(at, limit)
        if epoch < self._epoch:
            kept = min(int(head.get("cuts", {}).get(str(each), 0)) for each in range(epoch + 1, self._epoch + 1))
            if at > kept:
                details = {"after": str(after), "read_after": str(self.number_at(kept))}
                raise Conflict(ErrorCode.RESTORED, **details)
        is_past_end = not entries and at > int(head["number"]) and self._exchange.get(self._slot_id(at)) is None
        if epoch > self._epoch or is_past_end:
            raise BadRequest(ErrorCode.INVALID_CURSOR, after=str(after), end=str(self.end()))
        return entries

    def at(self, number: int) -> "Item | None":
        """The entry of that number; None past the end of the log, and for a number that a restore lost."""
        item = self._exchange.get(self._slot_id(number))
        return item if item and item["number"] == number else None

    def at_place(self, at: int) -> "Item | None":
        """The entry at that place; None past the end of the log."""
        return self._exchange.get(self._slot_id(at))

    def at_places(self, places: Iterable[int]) -> "dict[int, Item]":
        """The entries at those of the places that are not past the end of the log, by place."""
        slots = {self._slot_id(at): at for at in places}
        return {slots[key]: item for key, item in self._exchange.get_many(slots).items()}

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
        at, last = self.head(), None
        while page := self.read(at, 10):
            last = page[-1]
            at = place(int(last["number"]))
        last = last or (self.at_place(at) if self._epoch else None)
        return int(last["number"]) if last else at

    def length(self) -> int:
        """How many entries the log has."""
        return place(self.end())

    def cut(self, epoch: int) -> int:
        """Note in the head where the log ends now that a restore begins that epoch; the place. Safe to repeat."""
        at = self.length()
        if at:
            self._advance(at)
            head = self._exchange.get(self._head_id) or {}
            cuts = {str(epoch): at, **head.get("cuts", {})}
            self._exchange.set_fields(self._head_id, {"cuts": cuts})
        return at

    def set_fields(self, number: int, fields: Mapping[str, Any], only_if: Mapping[str, Any] | None = None) -> bool:
        """Set fields of a numbered entry; whether it still had the values of `only_if`."""
        return self._exchange.set_fields(self._slot_id(number), fields, only_if)

    def head(self) -> int:
        """A place at or before the end of the log; never past it."""
        item = self._exchange.get(self._head_id)
        return int(item["number"]) if item else 0

    def _advance(self, at: int) -> None:
        if self._exchange.put_new({"id": self._head_id, "number": at}) is None:
            return
        before = self.head()
        while before < at and not self._exchange.set_fields(self._head_id, {"number": at}, only_if={"number": before}):
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
