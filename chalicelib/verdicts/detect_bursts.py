"""Detect bursts: count what each platform files by day, trade and region; a burst counts until a regulator lifts it.

A chunk is counted with its mark in one write before it is saved, and the mark is removed once the report itself is
marked as having the chunk. So a chunk that comes twice is counted once, and after the last one the bursts in force are
those that the counters bear out, in whatever order the chunks came.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from chalicelib.notices import push_notices
from chalicelib.notices.push_notices import NoticeSender
from chalicelib.registry.rules.subject_changes import Listed
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.timestamps import CHINA, china_date, iso
from chalicelib.verdicts import load_rules
from chalicelib.verdicts.bursts_in_force import put_in_force, standing_bursts
from chalicelib.verdicts.load_rules import BURST
from chalicelib.verdicts.request_recheck import of_platform, request_recheck
from chalicelib.verdicts.rules import burst_thresholds
from chalicelib.verdicts.rules.burst_notice import burst_notice
from chalicelib.verdicts.rules.burst_thresholds import Burst, Filings

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


class FiledReport(Protocol):
    """What is counted of a report: its sender, when it was received, how many of its rows were accepted so far."""

    @property
    def report_id(self) -> str:
        """The id of the report."""

    @property
    def platform_id(self) -> str:
        """The platform that sent it."""

    @property
    def received_at(self) -> str:
        """When it was received."""

    @property
    def accepted(self) -> int:
        """How many of its rows were accepted; 0 until its file was read."""

    @property
    def is_own(self) -> bool:
        """Whether the platform reports for itself."""


@dataclass(frozen=True, slots=True)
class FilingDay:
    """A day on which a platform filed listings."""

    platform_id: str
    day: str

    @property
    def item_id(self) -> str:
        """The key of the counters of the day."""
        return verdict_keys.filings(self.platform_id, self.day)

    def burst_field(self, key: str) -> str:
        """The field of the rules in force that holds a burst of the day."""
        return f"{BURST}{self.platform_id}:{self.day}:{key}"

    def before(self) -> list["FilingDay"]:
        """The days with which it is compared."""
        day = date.fromisoformat(self.day)
        back = range(1, burst_thresholds.BURST_DAYS + 1)
        return [FilingDay(self.platform_id, (day - timedelta(days=days)).isoformat()) for days in back]


@dataclass(frozen=True, slots=True)
class DayFiled:
    """How much a platform filed on a day: of what a burst is about (`filed`), in all, and in each hour in China.

    `hours` is empty where nothing was filed, and for a day of which earlier versions did not count the hours.
    """

    day: str
    filed: int
    in_all: int
    hours: Mapping[int, int]


def count_chunk(
    sender: NoticeSender, report: FiledReport, number: int, changes: Sequence[Listed], now: datetime
) -> None:
    """Count what a chunk files, and start or end bursts by it. What a regulator files is not counted."""
    if not report.is_own:
        return
    identities = [change.identity for change in changes]
    amounts = burst_thresholds.count_keys(identities)
    day = _day(report)
    hour = f"{burst_thresholds.HOUR}{datetime.fromisoformat(report.received_at).astimezone(CHINA):%H}"
    expires_at = int((datetime.fromisoformat(report.received_at) + verdict_keys.FILINGS_KEPT).timestamp())
    item = sender.exchange.count_once(
        day.item_id, {"in_all": len(identities), **amounts, hour: len(identities)}, _mark(report, number), expires_at
    )
    filings = Filings.from_item(item)
    # The whole report counts from its first chunk on, so that a file sorted by region is no burst.
    in_all = max(filings.in_all, report.accepted)
    for key in sorted({*amounts, *filings.standing}):
        _update_burst(sender, day, replace(filings, in_all=in_all), key, now)


def forget_chunk(exchange: "ExchangeTable", report: FiledReport, number: int) -> None:
    """Remove the mark of a chunk that its report is marked as having."""
    if report.is_own:
        exchange.take_from_set(_day(report).item_id, "marks", {_mark(report, number)})


def current_bursts(exchange: "ExchangeTable") -> list[Burst]:
    """The bursts in force, by platform and day."""
    return [standing.burst for standing in standing_bursts(exchange)]


def platforms_of_low_trust(exchange: "ExchangeTable") -> list[str]:
    """The platforms whose lone reports go to review."""
    return sorted(load_rules.read_alarms(exchange.get(verdict_keys.RULING) or {}).low)


def filed_around(exchange: "ExchangeTable", burst: Burst) -> list[DayFiled]:
    """What the platform of a burst filed on the days before it and on its own, the oldest first.

    Days whose counters are gone (they are kept 60 days) have none; one item is read for each day.
    """
    first, last = date.fromisoformat(burst.day), date.fromisoformat(burst.until or burst.day)
    count = min((last - first).days + 1 + burst_thresholds.BURST_DAYS, verdict_keys.FILINGS_KEPT.days)
    days = [(last - timedelta(days=back)).isoformat() for back in reversed(range(count))]
    ids = {day: FilingDay(burst.platform_id, day).item_id for day in days}
    items = exchange.get_many(ids.values())
    filings = {day: Filings.from_item(items.get(ids[day], {})) for day in days}
    return [DayFiled(day, each.counts.get(burst.key, 0), each.in_all, each.hours) for day, each in filings.items()]


def _update_burst(sender: NoticeSender, day: FilingDay, filings: Filings, key: str, now: datetime) -> None:
    """Start or end the burst of one trade or region, by the filings of its day."""
    filed, in_force = filings.counts.get(key, 0), key in filings.standing
    may_be = burst_thresholds.may_be_burst(filed, filings.in_all) and key not in filings.lifted
    if may_be and not in_force:
        before = _days_before(sender.exchange, day, key)
        if burst_thresholds.is_burst(filed, filings.in_all, before):
            _start_burst(sender, day, _burst(day, key, filings, before, now), now)
    elif in_force and not may_be:
        sender.exchange.remove_field(verdict_keys.RULING, day.burst_field(key))
        request_recheck(sender.exchange, of_platform(day.platform_id, day.day))
        sender.exchange.take_from_set(day.item_id, "standing", {key})


def _start_burst(sender: NoticeSender, day: FilingDay, burst: Burst, now: datetime) -> None:
    put_in_force(sender.exchange, burst, now)
    # What the day's reports opened before they were many is held back from now on.
    request_recheck(sender.exchange, of_platform(day.platform_id, day.day))
    push_notices.send_to_regulators(sender, burst_notice(burst), now)
    # Last, so that the next call after a death in between does all of it again.
    sender.exchange.add_to_set(day.item_id, "standing", {burst.key})


def _burst(day: FilingDay, key: str, filings: Filings, before: Sequence[int], now: datetime) -> Burst:
    name = f"{day.platform_id}|{day.day}|{key}"
    return Burst(
        guard_id="g_" + hashlib.sha256(name.encode()).hexdigest()[:16],
        platform_id=day.platform_id,
        day=day.day,
        key=key,
        filed=filings.counts[key],
        in_all=filings.in_all,
        busiest_before=max(before, default=0),
        at=iso(now),
    )


def _days_before(exchange: "ExchangeTable", day: FilingDay, key: str) -> list[int]:
    """How much was filed under the key on each day before."""
    items = exchange.get_many(earlier.item_id for earlier in day.before()).values()
    return [Filings.from_item(item).counts.get(key, 0) for item in items]


def _day(report: FiledReport) -> FilingDay:
    return FilingDay(report.platform_id, china_date(datetime.fromisoformat(report.received_at)))


def _mark(report: FiledReport, number: int) -> str:
    return f"{report.report_id}.{number}"
