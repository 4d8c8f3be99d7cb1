"""The parts of a regulator's overview, as tabs above each of them."""

from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

TABS: Final = (
    ("overview", "总览", "Overview"),
    ("lists", "名单", "Lists"),
    ("corroboration", "比对印证", "Corroboration"),
    ("findings", "发现", "Findings"),
)


def oversight_tabs(visit: Visit) -> list[Json]:
    """The tabs, the current one marked; an operator sees the lists alone, so none."""
    if visit.caller.role != Role.REGULATOR:
        return []
    return [{"path": path, "label": visit.t(zh, en), "current": visit.entry == path} for path, zh, en in TABS]
