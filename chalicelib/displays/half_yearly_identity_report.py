"""Making the half-yearly report of identity data, one file for each platform, in parts that survive any kill.

The item `identity#<platform>#<period>` says how far it is: each hundred displays are a part in the bucket; the parts
become one file at the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts import platforms as admitting
from chalicelib.displays.rules import identity_report_rows
from chalicelib.displays.rules.display_states import DELETED
from chalicelib.errors import NotFound
from chalicelib.licences.rules import licence_validity
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.notices.rules.notice import SCHEMA, notice_id
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.numbered_log import NumberedLog

Item = dict[str, Any]
BUILDING, DONE = "building", "done"
LINK_SECONDS: Final = 900
SHOWN: Final = ("platform_id", "period", "state", "rows", "asked_at", "done_at")


@dataclass(frozen=True, slots=True)
class Context:
    """What the reports are made with. `numbered`: each platform's list of its displays; `part`: how many at once.

    Without `post` nobody is told that a report is done: whoever asked for it by a call sees that.
    """

    exchange: "ExchangeTable"
    bucket: "FileBucket"
    numbered: Callable[[str], "NumberedLog"]
    sender: NoticeSender | None
    part: int = 100


def ask(context: Context, platform_id: str, period: str, again: bool, now: datetime) -> Item:
    """The report of that half-year, begun unless it was; `again`: made anew from what is there now."""
    fresh = {"platform_id": platform_id, "period": period, "state": BUILDING, "after": 0, "parts": 0, "rows": 0}
    item: Item = {"id": _id(platform_id, period), **fresh, "run": iso(now), "asked_at": iso(now)}
    known = context.exchange.put_new(item)
    if known and again and known["state"] == DONE:
        context.exchange.put(item)
        return item
    return known or item


def build(context: Context, item: Item, now: datetime, time_is_left: Callable[[], bool]) -> Item:
    """Go on with a report as far as time allows; the report as it then stands."""
    while item["state"] == BUILDING:
        entries = context.numbered(item["platform_id"]).read(item["after"], context.part)
        rows = _rows(context, [entry["display_id"] for entry in entries], now)
        number = item["parts"] + 1
        context.bucket.put(_part_key(item, number), identity_report_rows.lines(rows).encode())
        step = {"parts": number, "rows": item["rows"] + len(rows)}
        step["after"] = entries[-1]["number"] if entries else item["after"]
        if not context.exchange.set_fields(item["id"], step, only_if={"parts": item["parts"], "run": item["run"]}):
            # Somebody else goes on with it.
            return context.exchange.get(item["id"]) or item
        item = {**item, **step}
        if len(entries) < context.part:
            return _finish(context, item, now)
        if not time_is_left():
            break
    return item


def go_on(context: Context, now: datetime, time_is_left: Callable[[], bool]) -> dict[str, int]:
    """Begin what is due in January and July, and go on with what was begun; how many are done and still building."""
    period = identity_report_rows.period(now)
    platforms = [one["platform_id"] for one in admitting.everyone(context.exchange) if one["role"] == "platform"]
    known = context.exchange.get_many(_id(one, period) for one in platforms)
    counts = {DONE: 0, BUILDING: 0}
    for platform_id in platforms:
        item = known.get(_id(platform_id, period))
        if item is None and identity_report_rows.is_month_of_report(now):
            item = ask(context, platform_id, period, False, now)
        if item and item["state"] == BUILDING:
            counts[build(context, item, now, time_is_left)["state"]] += 1
        if not time_is_left():
            break
    return counts


def find(context: Context, platform_id: str, period: str) -> Item:
    """The report, with a link to its file once it is done; `NotFound` for one that nobody asked for."""
    item = context.exchange.get(_id(platform_id, period))
    if item is None:
        raise NotFound("not_found", period=period)
    return view(context, item)


def view(context: Context, item: Item) -> Item:
    """A report as its platform sees it."""
    seen: Item = {field: item[field] for field in SHOWN if field in item}
    if item["state"] == DONE:
        seen["url"] = context.bucket.link(item["file"], LINK_SECONDS, "text/csv; charset=utf-8")
    return seen


def _rows(context: Context, idents: list[str], now: datetime) -> list[dict[str, str]]:
    items = context.exchange.get_many(f"display#{ident}" for ident in idents)
    there = [item for ident in idents if (item := items.get(f"display#{ident}")) and item["state"] != DELETED]
    licences = context.exchange.get_many(licence_validity.item_id(one["uscc"]) for one in there if one["uscc"])
    today = china_date(now)
    return [
        identity_report_rows.row(one, licences.get(licence_validity.item_id(one["uscc"]), {}), today) for one in there
    ]


def _finish(context: Context, item: Item, now: datetime) -> Item:
    """Put the parts into one file, say that it is there, and only then call the report done."""
    parts = (context.bucket.get(_part_key(item, number)) or b"" for number in range(1, item["parts"] + 1))
    key = f"results/identity/{item['platform_id']}/{item['period']}/{_run(item)}.csv"
    context.bucket.put(key, identity_report_rows.header().encode() + b"".join(parts), "text/csv; charset=utf-8")
    done = {"state": DONE, "done_at": iso(now), "file": key}
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{item['id']}.{item['run']}", item["platform_id"]),
        "kind": "identity_report_done",
        "at": iso(now),
        "identity_report": {"period": item["period"], "rows": item["rows"]},
    }
    if context.sender:
        send_notice(context.sender, item["platform_id"], notice, {"kind": "identity_report_done"}, now)
    context.exchange.set_fields(item["id"], done, only_if={"run": item["run"]})
    return {**item, **done}


def _id(platform_id: str, period: str) -> str:
    return f"identity#{platform_id}#{period}"


def _part_key(item: Item, number: int) -> str:
    return f"results/identity/{item['platform_id']}/{item['period']}/{_run(item)}/part-{number:06d}.csv"


def _run(item: Item) -> str:
    return str(item["run"]).replace(":", "").replace(".", "")
