"""A private notice as it is numbered in its platform's log."""

from dataclasses import dataclass

from chalicelib.notices.rules.notice import Attributes
from chalicelib.values.records import Json, Record, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedNotice(Record):
    """An entry of the log of one platform's notices; `number` is its place there, 0 until it has one.

    `attributes` are what subscriptions filter on; `pushed_at` is '' until it was pushed; `withheld` says that what it
    said is served no more. `topic` is that of closures for a test of a subscription to it, '' for the platform's own.
    """

    id: str = stored("")
    number: int = stored(0)
    entry_id: str = stored()
    at: str = stored()
    notice: Json = stored()
    attributes: Attributes = stored(factory=dict, always=True)
    pushed_at: str = stored("")
    withheld: bool = stored(False)
    topic: str = stored("")

    @property
    def numbered(self) -> Json:
        """The notice with its number, as it is pushed and read."""
        return {**self.notice, "sequence": self.number}
