"""What the use cases of closure tasks work with: the tables, the logs and the clocks, handed in as one record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.notices.push_notices import NoticeSender
from chalicelib.verdicts import campaign_figures

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog


Subject = Mapping[str, Any]


Change = Mapping[str, Any]


Task = dict[str, Any]


# The numbered tasks of a platform.
Ledger = Callable[[str], "NumberedLog"]


# What tightens a clock: platform id, what is asked, the subject, the listing, now -> overlays for `clocks.clock_for`.
Overlays = Callable[[str, str, Subject, Mapping[str, Any], datetime], Iterable[Mapping[str, Any]]]


def no_overlays(*_: Any) -> Iterable[Mapping[str, Any]]:
    """The clocks of the table as they are."""
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that telling and the ledger work with; `restricted` numbers what may ever have blocked."""

    exchange: "ExchangeTable"
    changes: "NumberedLog"
    ledger: Ledger
    sender: NoticeSender
    restricted: "NumberedLog"
    feeds: campaign_figures.CampaignLogs
    overlays: Overlays = no_overlays


def ledger_id(listing_id: str) -> str:
    """Where it stands which tasks a listing has opened."""
    return f"ledger#{listing_id}"
