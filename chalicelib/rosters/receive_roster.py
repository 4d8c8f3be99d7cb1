"""A roster is received: its bytes are kept, it gets its number, and its platform can ask how far it is.

Unlike a report a roster may be sent again with the same bytes and mean something new: what came between it replaces. So
the number comes from the bytes, the mode and the roster received before, and sending again at once is the same roster.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.reports.idempotency_keys import claim_key_for_content
from chalicelib.reports.receive_report import MOST_UPLOAD, UPLOAD_SECONDS
from chalicelib.reports.rules.report import DONE, RECEIVED, REFUSED
from chalicelib.rosters import list_rosters
from chalicelib.rosters.rules import roster_files
from chalicelib.rosters.rules.roster import RESCREEN, Roster, RosterNews, view
from chalicelib.storage.item_keys import report_keys, roster_keys
from chalicelib.values.file_names import plain_file_name
from chalicelib.values.keyed_digest import KeyState, ReadKeyState
from chalicelib.values.records import Json
from chalicelib.values.timestamps import age_seconds, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A roster that a platform sends: `mode` full or patch; the idempotency key, and that of the API, may be empty."""

    platform_id: str
    file_name: str
    mode: str
    idempotency_key: str = ""
    key_id: str = ""


def receive_roster(
    exchange: "ExchangeTable",
    bucket: "FileBucket",
    sending: Sending,
    body: bytes,
    now: datetime,
    key_state: ReadKeyState = KeyState,
) -> Json:
    """Take the bytes of one roster, full or patch; the roster as its platform sees it. `key_state` is that of the keys
    of the digests."""
    content = f"{sending.mode}|{hashlib.sha256(body).hexdigest()}"
    if sending.idempotency_key:
        scope = f"roster|{sending.idempotency_key}"
        claim_key_for_content(exchange, sending.platform_id, scope, content, now)
        roster = _roster_of_key(exchange, sending, now)
    else:
        roster = _roster_of_content(exchange, sending, content, now, key_state)
    return _store(exchange, bucket, roster, body, content)


def open_upload(
    exchange: "ExchangeTable", bucket: "FileBucket", sending: Sending, now: datetime, back_to: str = ""
) -> Json:
    """A roster whose file will be posted straight to the bucket: the roster, and the form to post it with.

    A browser is sent on to `back_to`, where it is given, with the roster's id behind it.
    """
    unique = sending.idempotency_key or secrets.token_hex(16)
    wanted = new_roster(sending, roster_id_of(sending.platform_id, f"upload|{unique}"), now)
    roster = put_new(exchange, wanted)
    if (roster.file_name, roster.mode) != (wanted.file_name, wanted.mode):
        raise Conflict(ErrorCode.IDEMPOTENCY_CONFLICT, roster_id=wanted.roster_id)
    back = f"{back_to}{roster.roster_id}" if back_to else ""
    form = bucket.upload_form(roster.key, MOST_UPLOAD, UPLOAD_SECONDS, back_to=back)
    expires_at = iso(now + timedelta(seconds=UPLOAD_SECONDS))
    return {**view(roster, now), "upload": {**form, "most_bytes": MOST_UPLOAD, "expires_at": expires_at}}


def find_roster(exchange: "ExchangeTable", roster_id: str, platform_id: str = "") -> Roster:
    """The roster, or `NotFound`; of that platform alone, where one is given."""
    item = exchange.get(roster_keys.roster(roster_id))
    if item is None or (platform_id and item["platform_id"] != platform_id):
        raise NotFound(ErrorCode.NOT_FOUND, roster_id=roster_id)
    return Roster.from_item(item)


def new_roster(sending: Sending, roster_id: str, now: datetime) -> Roster:
    """A roster as it starts: received, nothing done yet."""
    plain = plain_file_name(sending.file_name)
    return Roster(
        id=roster_keys.roster(roster_id),
        roster_id=roster_id,
        platform_id=sending.platform_id,
        mode=sending.mode,
        file_name=plain,
        key=roster_files.incoming_key(sending.platform_id, roster_id, plain),
        received_at=iso(now),
        status=RECEIVED,
        key_id=sending.key_id,
    )


def put_new(exchange: "ExchangeTable", roster: Roster) -> Roster:
    """Write the roster unless its number is taken; the roster that is stored then.

    What a platform sent is entered into the list of its day; a screening without a file is not.
    """
    if roster.mode == RESCREEN:
        existing = exchange.put_new(roster.to_item())
        return Roster.from_item(existing) if existing else roster
    item = exchange.get(roster.id)
    if item is None:
        roster = roster.replace(place=list_rosters.draw_place(exchange, roster))
        item = exchange.put_new(roster.to_item())
    stored = Roster.from_item(item) if item else roster
    # The call that wrote the item may have died before it entered it into the list.
    if stored.status == RECEIVED and stored.place:
        list_rosters.enter_place(exchange, stored)
    return stored


def update_roster(exchange: "ExchangeTable", before: Roster, after: Roster) -> None:
    """Write what has changed of a roster, and nothing else of it."""
    if changes := after.changes_since(before):
        exchange.set_fields(before.id, changes)


def roster_id_of(platform_id: str, sent: str) -> str:
    """The number of what a platform sent."""
    return "m_" + hashlib.sha256(f"{platform_id}|{sent}".encode()).hexdigest()[:24]


def record_last_received(exchange: "ExchangeTable", platform_id: str, roster_id: str, content: str) -> None:
    """Remember what the platform sent last."""
    exchange.upsert(roster_keys.roster_news(platform_id), {"last": roster_id, "last_content": content})


def answers_for_content(roster: Roster, news: RosterNews, key_state: ReadKeyState) -> bool:
    """Whether the same content sent again is this roster: nothing was sent and no call came after it, it was not
    refused, and the key of the digests has not been rotated since, to which its merchants then move."""
    if news.last != roster.roster_id or roster.status == REFUSED:
        return False
    if roster.status != DONE:
        return True
    return news.enrolled_at <= roster.received_at and roster.received_at >= key_state().moves_before


def read_news(exchange: "ExchangeTable", platform_id: str) -> RosterNews:
    """What the platform sent last, and when a call last enrolled a merchant."""
    return RosterNews.from_item(exchange.get(roster_keys.roster_news(platform_id)) or {})


def _roster_of_content(
    exchange: "ExchangeTable", sending: Sending, content: str, now: datetime, key_state: ReadKeyState
) -> Roster:
    """The roster received last where it answers for this content, else a new one that comes after it."""
    news = read_news(exchange, sending.platform_id)
    if news.last_content == content:
        last = find_roster(exchange, news.last, sending.platform_id)
        if answers_for_content(last, news, key_state):
            return last
    return new_roster(sending, roster_id_of(sending.platform_id, f"{content}|{news.last}"), now)


def _roster_of_key(exchange: "ExchangeTable", sending: Sending, now: datetime) -> Roster:
    """The roster of that Idempotency-Key; a key that was used more than seven days ago may be used for another."""
    this_week = now.toordinal() // report_keys.IDEMPOTENCY_KEPT.days
    for week in (this_week, this_week - 1):
        item = exchange.get(roster_keys.roster(_id_of_key(sending, week)))
        roster = Roster.from_item(item) if item else None
        if roster and age_seconds(roster.received_at, now) < report_keys.IDEMPOTENCY_KEPT.total_seconds():
            return roster
    return new_roster(sending, _id_of_key(sending, this_week), now)


def _id_of_key(sending: Sending, week: int) -> str:
    return roster_id_of(sending.platform_id, f"key|{sending.idempotency_key}|{week}")


def _store(exchange: "ExchangeTable", bucket: "FileBucket", wanted: Roster, body: bytes, content: str) -> Json:
    roster = put_new(exchange, wanted)
    # Received but never processed: the caller that wrote the item may have died before it wrote the file.
    if roster.status == RECEIVED:
        bucket.put(roster.key, body)
        record_last_received(exchange, roster.platform_id, roster.roster_id, content)
    return view(roster, datetime.fromisoformat(roster.received_at))
