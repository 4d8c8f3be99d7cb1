"""How fresh each government list is when a lookup searches it: ok, stale, or missing.

The state of every list that a lookup needs lies in one small item, because each lookup reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.values.records import Json
from chalicelib.values.timestamps import age_seconds

# The fields of the item that lookups read, one for each list.
ENTRY: Final = "feed:"
# What stands in the place of a list that is not pulled any more.
REMOVED: Final = ""


@dataclass(frozen=True, slots=True)
class ListSource:
    """A government list as lookups know it; no `confirmed_at`: it was never pulled."""

    list_type: str
    version: str = ""
    confirmed_at: str = ""
    stale_after_seconds: int = 0

    def to_item(self) -> Json:
        """What is stored of it."""
        pulled = {"version": self.version, "confirmed_at": self.confirmed_at}
        kept = {name: value for name, value in pulled.items() if value}
        return {**kept, "stale_after_seconds": self.stale_after_seconds, "list_type": self.list_type}


def read_sources(item: Json | None, defaults: Iterable[str]) -> dict[str, ListSource]:
    """Every list that is searched, by name; the lists of `defaults` too, as long as nothing is stored of them."""
    sources = {name: ListSource(name) for name in defaults}
    for field, entry in (item or {}).items():
        if not field.startswith(ENTRY):
            continue
        name = field.removeprefix(ENTRY)
        if entry == REMOVED:
            sources.pop(name, None)
        else:
            sources[name] = ListSource(
                entry.get("list_type", name),
                entry.get("version", ""),
                entry.get("confirmed_at", ""),
                entry.get("stale_after_seconds", 0),
            )
    return dict(sorted(sources.items()))


def source_statuses(sources: Mapping[str, ListSource], now: datetime) -> list[Json]:
    """How each list stands for an answer: name, version, age in seconds, and status ok, stale or missing."""
    return [_status(name, source, now) for name, source in sources.items()]


def list_types(sources: Mapping[str, ListSource]) -> dict[str, str]:
    """The kind of list that each feed delivers, by the feed's name."""
    return {name: source.list_type for name, source in sources.items()}


def _status(name: str, source: ListSource, now: datetime) -> Json:
    if not source.confirmed_at:
        return {"name": name, "version": "", "age_seconds": None, "status": "missing"}
    age = age_seconds(source.confirmed_at, now)
    status = "stale" if age > source.stale_after_seconds else "ok"
    return {"name": name, "version": source.version, "age_seconds": age, "status": status}
