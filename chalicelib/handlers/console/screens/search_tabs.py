"""The parts of the search, as tabs above each of them."""

from typing import Final

from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

TABS: Final = (
    ("search", "查询", "Search"),
    ("lookups", "查询记录", "Lookups made"),
)


def search_tabs(visit: Visit) -> list[Json]:
    """The tabs, the current one marked."""
    return [{"path": path, "label": visit.t(zh, en), "current": visit.entry == path} for path, zh, en in TABS]
