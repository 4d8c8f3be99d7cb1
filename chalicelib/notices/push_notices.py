"""Notices are numbered in a log first and only then pushed; a platform that missed the push reads on by the number.

A push that fails stops no caller: the notice stays unpushed in its log, and the next run of the schedule pushes it
again, log by log, from the number up to which all was pushed. The log of changes is the log of everyone's notices.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib import errors
from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.notices.rules import delivery_test
from chalicelib.notices.rules.notice import (
    Attributes,
    Notice,
    closure_notice,
    fitting,
    part_about_listing,
    withheld_notice,
)
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.notices.rules.numbered_notice import NumberedNotice
from chalicelib.registry.rules import listing as listings
from chalicelib.registry.rules.listing_source import Source
from chalicelib.storage.item_keys import notice_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.notices.change_log import ChangeLog
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

# The audience of the log of changes; no platform can have this id, ids begin with a letter.
CLOSURES: Final = "*"
PAGE: Final = 25
# So many notices of one government entry are served; of an entry with more the oldest are withheld.
MOST_NOTICES: Final = 5_000
Entry = NumberedChange | NumberedNotice


@dataclass(frozen=True, slots=True)
class NoticeSender:
    """What notices are sent with: the log of each platform's notices, and the topics.

    `failed_topics` holds the audiences whose push failed while this sender was in use ("everyone" for all); they are
    left to the schedule, so that an outage of SNS costs one wait and not one for each notice.
    """

    exchange: "ExchangeTable"
    notices: Callable[[str], "NumberedLog"]
    topics: "Topics"
    failed_topics: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Channel:
    """One log and where its entries are pushed to: the topic of a platform, or of `CLOSURES`."""

    sender: NoticeSender
    audience: str
    log: "NumberedLog"

    def read(self, after: int, limit: int) -> list[Entry]:
        kind = NumberedChange if self.audience == CLOSURES else NumberedNotice
        return [kind.from_item(item) for item in self.log.read(after, limit)]


def send_notice(sender: NoticeSender, platform_id: str, notice: Notice, now: datetime) -> int:
    """Number the notice in the platform's log and push it with that number; the number.

    The same notice sent again keeps its number, and is pushed again only while it was never pushed. A push that fails
    is left to `push_unpushed`.
    """
    channel = _Channel(sender, platform_id, sender.notices(platform_id))
    entry = NumberedNotice(
        entry_id=notice.notice_id, notice=notice.to_json(), attributes=notice.attributes, at=notice.at
    )
    numbered = NumberedNotice.from_item(channel.log.append(entry.to_item()))
    _withhold_earlier(channel, numbered.number, notice)
    _push(channel, numbered, now)
    return numbered.number


def send_to_regulators(sender: NoticeSender, notice: Notice, now: datetime) -> None:
    """Send a notice to every regulator."""
    for platform_id in platforms.ids_with_role(sender.exchange, Role.REGULATOR):
        send_notice(sender, platform_id, notice, now)


def send_to_all(sender: NoticeSender, changes: "ChangeLog", change: NumberedChange, now: datetime) -> None:
    """Push the closure notice of a numbered change, unless it was pushed already or is not shared."""
    _push(_Channel(sender, CLOSURES, changes.entries), change, now)


def push_unpushed(
    sender: NoticeSender, changes: "ChangeLog", now: datetime, time_is_left: Callable[[], bool]
) -> dict[str, int]:
    """Push what was never pushed, of each log from where all was pushed; how many, and what still waits.

    A log whose push fails waits as it is, and the others go on.
    """
    channels = [_Channel(sender, CLOSURES, changes.entries)]
    for platform in platforms.find_all(sender.exchange):
        if platform.role != Role.OPERATOR:
            channels.append(_Channel(sender, platform.platform_id, sender.notices(platform.platform_id)))
    cursors = sender.exchange.get_many(notice_keys.push_cursor(channel.audience) for channel in channels)
    counts = {"pushed": 0, "unpushed_feeds": 0, "oldest_seconds": 0}
    for channel in channels:
        if not time_is_left():
            break
        start = int(cursors.get(notice_keys.push_cursor(channel.audience), {}).get("number", 0))
        pushed, waiting = _push_log(channel, start, now, time_is_left)
        counts["pushed"] += pushed
        if waiting:
            counts["unpushed_feeds"] += 1
            counts["oldest_seconds"] = max(counts["oldest_seconds"], age_seconds(waiting.at, now))
    return counts


def _push_log(
    channel: _Channel, start: int, now: datetime, time_is_left: Callable[[], bool]
) -> tuple[int, Entry | None]:
    """Push one log from a number on: how many were pushed, and the first entry that still waits, None for none."""
    # Mostly nothing is new, and a slot that is not there costs as much as one that is.
    done, pushed, waiting, size = start, 0, None, 2
    while waiting is None and time_is_left():
        page = channel.read(done, size)
        for entry in page:
            if not entry.pushed_at and not _push(channel, entry, now):
                waiting = entry
                break
            pushed += not entry.pushed_at and _is_to_push(entry)
            done = entry.number
        if len(page) < size:
            break
        size = PAGE
    if done > start:
        channel.sender.exchange.upsert(notice_keys.push_cursor(channel.audience), {"number": done})
    return pushed, waiting


def _push(channel: _Channel, entry: Entry, now: datetime) -> bool:
    """Push a numbered entry; whether that is done, now or before."""
    sender = channel.sender
    if entry.pushed_at or not _is_to_push(entry):
        return True
    if sender.failed_topics & {channel.audience, "everyone"}:
        return False
    message, attributes = _message(entry)
    try:
        if channel.audience == CLOSURES or _is_test_of_closures(entry):
            sender.topics.publish_closure(message, attributes)
        else:
            sender.topics.publish_private(channel.audience, message, attributes)
    except errors.PushFailed as error:
        sender.failed_topics.add("everyone" if error.everywhere else channel.audience)
        return False
    channel.log.set_fields(entry.number, {"pushed_at": iso(now)})
    return True


def _is_test_of_closures(entry: Entry) -> bool:
    return isinstance(entry, NumberedNotice) and entry.topic == delivery_test.CLOSURES


def _message(entry: Entry) -> tuple[Json, Attributes]:
    """The entry as it is pushed, and what subscriptions filter on."""
    if isinstance(entry, NumberedNotice):
        return fitting(entry.numbered), entry.attributes
    notice = closure_notice(entry)
    return fitting(notice.to_json()), notice.attributes


def _withhold_earlier(channel: _Channel, number: int, notice: Notice) -> None:
    """Once a platform is notified that a government entry has ended, serve no more what earlier notices said of it.

    信用修复管理办法 (NDRC order 36), article 3: what is repaired is neither published nor shared nor used.
    """
    listing = (part_about_listing(notice.content) or {}).get("listing", {})
    if not Source(listing.get("source", "")).is_government:
        return
    item_id = notice_keys.notices_of_listing(channel.audience, listing["listing_id"])
    numbers = channel.sender.exchange.add_to_set(item_id, "numbers", {number})["numbers"]
    if listing.get("state") == listings.ACTIVE:
        numbers = sorted(numbers)[:-MOST_NOTICES]
    for earlier in numbers:
        item = channel.log.at(earlier) if earlier < number else None
        entry = NumberedNotice.from_item(item) if item else None
        if entry and not entry.withheld:
            channel.log.set_fields(earlier, {"notice": withheld_notice(entry.notice), "withheld": True})
    # What is withheld needs no name any more; the notice of the end itself goes with the next end.
    if withheld := {earlier for earlier in numbers if earlier < number}:
        channel.sender.exchange.take_from_set(item_id, "numbers", withheld)


def _is_to_push(entry: Entry) -> bool:
    """Whether it is pushed: of changes those that everyone may see; nothing that was withheld before it was pushed."""
    if isinstance(entry, NumberedNotice):
        return not entry.withheld
    return entry.is_public and not entry.is_withheld
