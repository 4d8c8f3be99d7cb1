"""The parts of the search, as tabs above each of them."""

from typing import Final

from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

TABS: Final = (
    ("search", "查询", "Search"),
    ("search/batch", "批量查询", "Batch"),
    ("lookups", "查询记录", "Lookups made"),
)


def search_tabs(visit: Visit) -> list[Json]:
    """The tabs, the current one marked."""
    here = visit.here.partition("?")[0].removeprefix("console/") + "/"
    current = max((path for path, _zh, _en in TABS if here.startswith(path + "/")), key=len, default="")
    return [{"path": path, "label": visit.t(zh, en), "current": path == current} for path, zh, en in TABS]
