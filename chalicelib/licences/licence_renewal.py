"""Watching licences: what is due is verified again by the register or lapses, and platforms are told and asked.

The run goes by an index by day (`licences_due#<day>`), which may lead to what has changed since; the licence decides.
Killed anywhere, it does the same day again, and nothing is told or asked twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.government_lists.rules.company_register_row import ENDED
from chalicelib.licences import check_receipts
from chalicelib.licences.rules import licence_renewal_tasks, licence_validity
from chalicelib.licences.rules.licence_validity import places_id
from chalicelib.monitoring import platforms_to_alert
from chalicelib.notices.push_notices import NoticeSender, send_notice
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

Item = Mapping[str, Any]
TimeLeft = Callable[[], bool]
REVIEWED_ID: Final = "licences-reviewed-until"
# How far back the first run of all looks, and how long what lapsed stays in the preview.
LOOK_BACK: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Context:
    """What watching works with; `months`: how long a verification holds; `register_is_fresh`: asked once a run."""

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    sender: NoticeSender
    ledger: Callable[[str], "NumberedLog"]
    months: int
    register_is_fresh: Callable[[], bool]


def review(context: Context, now: datetime, time_is_left: TimeLeft) -> dict[str, Any]:
    """Verify by the register whatever is due, and let lapse what it does not bear out; counts, and how far it got."""
    fresh, counts = context.register_is_fresh(), {"renewed": 0, "lapsed": 0}

    def one_day(day: str) -> bool:
        for uscc in sorted((context.exchange.get(licence_validity.due_id(day)) or {}).get("usccs", ())):
            done = _review_one(context, uscc, day, fresh, now)
            if done:
                counts[done] += 1
            if not time_is_left():
                return False
        return True

    done_until = each_day(context.exchange, REVIEWED_ID, now, one_day)
    return {**counts, "done_until": done_until}


def follow(context: Context, images: Iterable[tuple[Item | None, Item]], now: datetime) -> int:
    """Ask each platform that verified or shows a merchant whom the register ends or renames; how many were asked.

    Whoever the register ends may sell no more anywhere, so platforms that have it on their rosters are asked too. What
    becomes of the licence itself is `licensing.follow`'s. May be done again after a kill.
    """
    asked = 0
    for old, new in images:
        is_now, was = new.get("registration", {}), (old or {}).get("registration", {})
        over = is_now.get("status") in ENDED and is_now.get("status") != was.get("status")
        renamed = bool(was.get("name")) and is_now.get("name") != was["name"]
        if not new.get("uscc") or not (over or renamed):
            continue
        licence = context.exchange.get(licence_validity.item_id(new["uscc"]))
        if over:
            known = licence or {"uscc": new["uscc"], "name": is_now.get("name", ""), "status": is_now["status"]}
            key = f"{is_now['status']}.{new['uscc']}.{is_now['at']}"
            asked += _ask_all(context, licence_renewal_tasks.REVOKED, known, key, now, _on_rosters(context, new, now))
        elif licence and licence_renewal_tasks.is_renamed(licence, is_now):
            asked += _ask_all(
                context, licence_renewal_tasks.OUTDATED, licence, f"renamed.{new['uscc']}.{is_now['at']}", now
            )
    return asked


def open_task(context: Context, platform_id: str, task: Item, now: datetime) -> None:
    """Number the task in the platform's ledger and tell of it; done twice, it is done once."""
    numbered = context.ledger(platform_id).append(task)
    if "told_at" not in numbered:
        send_notice(context.sender, platform_id, *licence_renewal_tasks.task_notice(numbered, platform_id), now)
        context.ledger(platform_id).set_fields(numbered["number"], {"told_at": iso(now)})


def each_day(exchange: "ExchangeTable", done_id: str, now: datetime, one_day: Callable[[str], bool]) -> str:
    """Do each day since the last that was done, today's as far as it is; the day up to which all is done.

    Today stays open: what is filed under it during the day is found by the next stroke.
    """
    today = china_date(now)
    done = (exchange.get(done_id) or {}).get("day") or china_date(now - LOOK_BACK)
    while done < today:
        day = (date.fromisoformat(done) + timedelta(days=1)).isoformat()
        if not one_day(day) or day == today:
            break
        exchange.put({"id": done_id, "day": day})
        done = day
    return str(done)


def said(licence: Item) -> dict[str, Any]:
    """What a task says of the licence."""
    fields = ("uscc", "name", "state", "status", "due_on", "verified_at")
    return {field: licence[field] for field in fields if licence.get(field)}


def due(context: Context, caller: Caller, days: int, after: str, limit: int, now: datetime) -> dict[str, Any]:
    """The licences due within so many days, those that lapsed within a month before them, by day; `next` leads on.

    A platform sees those that were verified for it or that it shows; a regulator sees all.
    """
    start = now - LOOK_BACK
    asked = [china_date(start + timedelta(days=one)) for one in range(LOOK_BACK.days + days + 1)]
    found = context.exchange.get_many(licence_validity.due_id(day) for day in asked)
    entries = [
        (day, uscc) for day in asked for uscc in sorted(found.get(licence_validity.due_id(day), {}).get("usccs", ()))
    ]
    entries = [one for one in entries if f"{one[0]}.{one[1]}" > after]
    seen: list[dict[str, Any]] = []
    for place in range(0, len(entries), 50):
        some = entries[place : place + 50]
        items = context.exchange.get_many(
            ident for _, uscc in some for ident in (licence_validity.item_id(uscc), places_id(uscc))
        )
        for day, uscc in some:
            view = _due_view(items, uscc, day, caller)
            if view:
                seen.append(view)
            if len(seen) >= limit:
                return {"licences": seen, "next": f"{day}.{uscc}"}
    return {"licences": seen, "next": ""}


def _due_view(items: Mapping[str, Item], uscc: str, day: str, caller: Caller) -> dict[str, Any] | None:
    licence = items.get(licence_validity.item_id(uscc))
    places = {one: who for one, who in items.get(places_id(uscc), {}).items() if one != "id"}
    if licence is None or licence["due_on"] != day or licence["state"] == licence_validity.REVOKED:
        return None
    if caller.role != "regulator":
        if caller.platform_id not in licence["verified_for"] and caller.platform_id not in places.values():
            return None
        places = {one: who for one, who in places.items() if who == caller.platform_id}
    return {**licence_validity.view(licence), "displays": sorted(places)}


def _review_one(context: Context, uscc: str, day: str, fresh: bool, now: datetime) -> str:
    licence = context.exchange.get(licence_validity.item_id(uscc))
    today = china_date(now)
    if licence is None or licence["due_on"] != day or licence["state"] == licence_validity.REVOKED:
        return ""
    subject: Item = (context.registry.subject(f"uscc:{uscc}") or {}) if fresh else {}
    due_on = licence_validity.months_later(today, context.months)
    registration = subject.get("registration", {})
    if licence_renewal_tasks.rechecked(licence, registration, due_on, iso(now), today):
        # The index first: an entry that leads nowhere does no harm, a licence that nothing leads to is forgotten.
        context.exchange.add_to_set(licence_validity.due_id(due_on), "usccs", {uscc})
        check_receipts.amend(
            context.exchange,
            uscc,
            lambda known: (
                licence_renewal_tasks.rechecked(known, registration, due_on, iso(now), today) if known else None
            ),
        )
        return "renewed"
    lapsed = check_receipts.amend(
        context.exchange, uscc, lambda known: licence_validity.lapsed(known, today) if known else None
    )
    if lapsed is None or lapsed["state"] != licence_validity.LAPSED or lapsed["due_on"] != day:
        return ""
    for platform_id in _platforms(context, lapsed):
        send_notice(
            context.sender, platform_id, *licence_renewal_tasks.lapse_notice(lapsed, platform_id, iso(now)), now
        )
    _ask_all(context, licence_renewal_tasks.OUTDATED, lapsed, f"due.{uscc}.{day}", now)
    return "lapsed"


def _ask_all(context: Context, finding: str, licence: Item, key: str, now: datetime, also: Iterable[str] = ()) -> int:
    platforms = sorted({*_platforms(context, licence), *also})
    for platform_id in platforms:
        open_task(
            context, platform_id, licence_renewal_tasks.task(finding, platform_id, said(licence), key, iso(now)), now
        )
    return len(platforms)


def _platforms(context: Context, licence: Item) -> list[str]:
    """Whoever had the licence verified, and whoever shows it."""
    places = context.exchange.get(places_id(licence["uscc"])) or {}
    return sorted({*licence.get("verified_for", ()), *(who for one, who in places.items() if one != "id")})


def _on_rosters(context: Context, subject: Item, now: datetime) -> list[str]:
    """The platforms that have exactly this subject on their rosters; a name alone says too little."""
    known = platforms_to_alert.recipients(context.exchange, subject, now).values()
    return [one.platform_id for one in known if one.by == "roster" and one.relation != "same_name"]
