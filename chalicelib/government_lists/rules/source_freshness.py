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


@dataclass(frozen=True, slots=True)
class SourceState:
    """How fresh a source of an answer is: its version, its age in seconds (None: it never arrived), and whether it is
    ok, stale or missing."""

    name: str
    version: str = ""
    age_seconds: int | None = None
    status: str = "missing"

    def view(self) -> Json:
        """The source as answers name it."""
        return {
            "name": self.name,
            "version": self.version,
            "age_seconds": self.age_seconds,
            "status": self.status,
        }


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


def source_states(sources: Mapping[str, ListSource], now: datetime) -> list[SourceState]:
    """How fresh each list is for an answer."""
    return [_state(name, source, now) for name, source in sources.items()]


def list_types(sources: Mapping[str, ListSource]) -> dict[str, str]:
    """The kind of list that each feed delivers, by the feed's name."""
    return {name: source.list_type for name, source in sources.items()}


def _state(name: str, source: ListSource, now: datetime) -> SourceState:
    if not source.confirmed_at:
        return SourceState(name)
    age = age_seconds(source.confirmed_at, now)
    return SourceState(name, source.version, age, "stale" if age > source.stale_after_seconds else "ok")
