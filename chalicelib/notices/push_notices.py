"""Notices: each is numbered in a feed first, and only then pushed; whoever missed the push reads on by the number.

A push that fails stops nobody: the notice stays unpushed in its feed, and the next stroke of the clock pushes it
again, feed by feed, from the number up to which all was pushed. The feed of changes is the feed of everyone's notices.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors
from chalicelib.accounts import platforms
from chalicelib.accounts.roles import Role
from chalicelib.notices.rules import notice as notices
from chalicelib.registry.rules import listing as listings
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

Notice = Mapping[str, Any]
Attributes = Mapping[str, Any]
# The feed of changes beside the platforms' own; no platform can be called so, ids begin with a letter.
CLOSURES: Final = "*"
# SNS takes 256 KB with attributes; what is longer goes out as its envelope, and is read from the feed.
MOST_BYTES: Final = 240_000
PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class NoticeSender:
    """Where notices go: the numbered feed of each platform, and the topics.

    `silent` holds the topics that failed while this post was in use; they are left to the clock, so that an outage of
    SNS costs one wait and not one for each notice.
    """

    exchange: "ExchangeTable"
    notices: Callable[[str], "NumberedLog"]
    topics: "Topics"
    silent: set[str] = field(default_factory=set)


def send_notice(sender: NoticeSender, platform_id: str, notice: Notice, attributes: Attributes, now: datetime) -> int:
    """Number the notice in the platform's feed and push it with that number; the number.

    The same notice told again keeps its number, and is pushed again only while nobody has pushed it. A push that fails
    is left to `push_unpushed`.
    """
    feed = sender.notices(platform_id)
    known = {**attributes, **notices.attributes_of(notice)}
    numbered = feed.append(
        {"entry_id": notice["notice_id"], "notice": dict(notice), "attributes": known, "at": notice["at"]}
    )
    number = int(numbered["number"])
    _withhold_earlier(sender, platform_id, feed, number, notice)
    _push(sender, platform_id, feed, numbered, now)
    return number


def send_to_regulators(sender: NoticeSender, notice: Notice, attributes: Attributes, now: datetime) -> None:
    """Tell every regulator."""
    for platform_id in platforms.ids_with_role(sender.exchange, Role.REGULATOR):
        send_notice(sender, platform_id, notice, attributes, now)


def send_to_all(sender: NoticeSender, changes: "NumberedLog", change: Mapping[str, Any], now: datetime) -> None:
    """Push the closure notice of a numbered change, unless it was pushed already or is not shared."""
    _push(sender, CLOSURES, changes, change, now)


def push_unpushed(
    sender: NoticeSender, changes: "NumberedLog", now: datetime, time_is_left: Callable[[], bool]
) -> dict[str, int]:
    """Push what nobody has pushed, of each feed from where all was pushed; how many, and what still waits.

    A feed whose push fails waits as it is, and the others go on.
    """
    feeds = {CLOSURES: changes}
    for platform in platforms.find_all(sender.exchange):
        if platform.role != Role.OPERATOR:
            feeds[platform.platform_id] = sender.notices(platform.platform_id)
    known = sender.exchange.get_many(_cursor_id(audience) for audience in feeds)
    counts = {"pushed": 0, "unpushed_feeds": 0, "oldest_seconds": 0}
    for audience, feed in feeds.items():
        if not time_is_left():
            break
        start = int(known.get(_cursor_id(audience), {}).get("number", 0))
        waiting = _push_feed(sender, audience, feed, start, now, time_is_left, counts)
        if waiting:
            counts["unpushed_feeds"] += 1
            counts["oldest_seconds"] = max(counts["oldest_seconds"], age_seconds(waiting["at"], now))
    return counts


def _push_feed(
    sender: NoticeSender,
    audience: str,
    feed: "NumberedLog",
    start: int,
    now: datetime,
    time_is_left: Callable[[], bool],
    counts: dict[str, int],
) -> Mapping[str, Any] | None:
    """Push one feed from a number on; the first entry that still waits, None when all is pushed."""
    # Mostly nothing is new, and a slot that is not there costs as much as one that is.
    done, waiting, size = start, None, 2
    while waiting is None and time_is_left():
        page = feed.read(done, size)
        for entry in page:
            if "pushed_at" not in entry and not _push(sender, audience, feed, entry, now):
                waiting = entry
                break
            counts["pushed"] += "pushed_at" not in entry and _is_to_push(audience, entry)
            done = entry["number"]
        if len(page) < size:
            break
        size = PAGE
    if done > start:
        sender.exchange.upsert(_cursor_id(audience), {"number": done})
    return waiting


def _push(sender: NoticeSender, audience: str, feed: "NumberedLog", entry: Mapping[str, Any], now: datetime) -> bool:
    """Push a numbered entry; whether that is done, now or before."""
    if "pushed_at" in entry or not _is_to_push(audience, entry):
        return True
    if sender.silent & {audience, "everyone"}:
        return False
    try:
        if audience == CLOSURES:
            notice, attributes = notices.closure_notice(entry)
            sender.topics.publish_closure(fitting(notice), attributes)
        else:
            notice = {**entry["notice"], "sequence": entry["number"]}
            sender.topics.publish_private(audience, fitting(notice), entry.get("attributes", {}))
    except errors.PushFailed as error:
        sender.silent.add("everyone" if error.everywhere else audience)
        return False
    feed.set_fields(int(entry["number"]), {"pushed_at": iso(now)})
    return True


def _withhold_earlier(sender: NoticeSender, platform_id: str, feed: "NumberedLog", number: int, notice: Notice) -> None:
    """Once a platform is told that a government entry has ended, serve it no more what earlier notices said of it.

    信用修复管理办法 (NDRC order 36), article 3: what is repaired is neither published nor shared nor used.
    """
    listing = (notices.about(notice) or {}).get("listing", {})
    if not str(listing.get("source", "")).startswith("government:"):
        return
    told = sender.exchange.add_to_set(f"told#{platform_id}#{listing['listing_id']}", "numbers", {number})
    if listing.get("state") == listings.ACTIVE:
        return
    for earlier in told["numbers"]:
        entry = feed.read(earlier - 1, 1)[0]
        if earlier < number and "withheld" not in entry:
            feed.set_fields(earlier, {"notice": notices.withheld_notice(entry["notice"]), "withheld": True})


def _is_to_push(audience: str, entry: Mapping[str, Any]) -> bool:
    """Of changes those that everyone may hear; nothing that was withheld before it was pushed."""
    if audience != CLOSURES:
        return "withheld" not in entry
    return notices.is_public(entry) and not notices.is_withheld(entry["listing"])


def fitting(notice: Notice) -> Notice:
    """The notice, or what SNS still takes of one that is too long: who, when and which, to be read from its feed."""
    if len(json.dumps(notice, ensure_ascii=False).encode()) <= MOST_BYTES:
        return notice
    kept = ("schema", "notice_id", "kind", "at", "sequence", "change")
    return {**{name: notice[name] for name in kept if name in notice}, "shortened": True}


def _cursor_id(audience: str) -> str:
    return f"pushed#{audience}"
