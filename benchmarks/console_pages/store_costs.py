"""What an answer cost: time, bytes, and the calls and read units of the store."""

from dataclasses import dataclass
from typing import Any, Final

from local.aws.item_size import item_bytes

BLOCK: Final = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """One answer: seconds of the clock, of the process and of the page's thread, bytes, calls and read units."""

    wall: float
    cpu: float
    own: float
    size: int
    calls: int
    units: float


class Store:
    """Counts the calls to DynamoDB and the read units that they take."""

    def __init__(self, client: Any) -> None:
        self.calls, self.units = 0, 0.0
        client.meta.events.register("provide-client-params.dynamodb", self._remember)
        client.meta.events.register("after-call.dynamodb", self._count)

    def _remember(self, params: Any, context: Any, **_: Any) -> None:
        context["asked"] = params

    def _count(self, parsed: Any, context: Any, **_: Any) -> None:
        self.calls += 1
        asked = context["asked"]
        if "Item" in parsed or set(asked) >= {"Key", "ConsistentRead"}:
            self.units += _units([parsed.get("Item", {})], 1, asked.get("ConsistentRead", False))
        for table, entry in asked.get("RequestItems", {}).items():
            items = parsed.get("Responses", {}).get(table, [])
            self.units += _units(items, len(entry.get("Keys", ())), entry.get("ConsistentRead", False))


def _units(items: list[Any], count: int, is_consistent: bool) -> float:
    """Read units of items that were there, and of those of `count` that were not."""
    blocks = sum(max(1, -(-item_bytes(item) // BLOCK)) for item in items) + count - len(items)
    return blocks if is_consistent else blocks / 2
