"""Showing a licence (亮照): a platform makes a display for its merchant, changes, suspends, resumes and deletes it.

A display is one item of the exchange table; a page is put together from it at each request, so every change shows as
soon as the copy of a page that somebody holds has run out (a minute).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.displays import shop_page_checks
from chalicelib.displays.rules import display_states, displayed_fields
from chalicelib.displays.rules.platform_supplied_content import content, text
from chalicelib.errors import BadRequest, Conflict, NotFound
from chalicelib.licences.rules import licence_validity
from chalicelib.values import organisation_codes
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog
    from chalicelib.values.keyed_digest import Digest

Item = dict[str, Any]
# A shop's display may be deleted and made anew so often.
MOST_LIVES: Final = 50
GIVEN: Final = ("shop_name", "permits", "shop_links", "rules_url", "over_limit")
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Context:
    """What displaying works with; `numbered` is each platform's own list of its displays."""

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    numbered: Callable[[str], "NumberedLog"]


def make(
    context: Context, digest: "Digest", caller: Caller, wanted: Mapping[str, Any], base_url: str, now: datetime
) -> tuple[Item, bool]:
    """The display and whether it is new; asked again with the same content it is the same display.

    Raises `Conflict` when the licence is not verified, or the shop has a display with other content.
    """
    who = _who(context, wanted)
    given = content(wanted)
    shop = text(wanted.get("shop_id")) or given["shop_name"]
    for life in range(MOST_LIVES):
        said = "|".join((caller.platform_id, who["uscc"], who["declaration"], shop, str(life)))
        ident = display_states.display_id(digest("display", said))
        item: Item = {
            "id": f"display#{ident}",
            "display_id": ident,
            "platform_id": caller.platform_id,
            "platform_name": platforms.find(context.exchange, caller.platform_id)["name"],
            "shop_id": text(wanted.get("shop_id")),
            **who,
            **given,
            "state": display_states.SHOWN,
            "url": f"{base_url}/licences/{ident}",
            "look_on": _first_look(given, now),
            "version": 1,
            "made_at": iso(now),
            "changed_at": iso(now),
        }
        known = context.exchange.put_new(item)
        if known and known["state"] == display_states.DELETED:
            continue
        if known and any(known[field] != given[field] for field in GIVEN):
            raise Conflict("display_exists", display_id=ident)
        _file(context, known or item)
        return outside(known or item), known is None
    raise Conflict("display_exists", display_id=ident)


def _first_look(given: Mapping[str, Any], now: datetime) -> str:
    """The day on which the shop's pages are first looked at: the next, so that the mark can be put there."""
    return china_date(now + timedelta(days=1)) if given["shop_links"] else ""


def _next_look(known: Item, given: Mapping[str, Any], now: datetime) -> str:
    """The day that was set, unless it went by while the display was suspended."""
    first, before = _first_look(given, now), str(known.get("look_on", ""))
    return before if first and before >= first else first


def _who(context: Context, wanted: Mapping[str, Any]) -> dict[str, str]:
    """Whose display it is to be: a verified licence, or the declaration of somebody who needs none."""
    uscc, declaration = organisation_codes.compact(wanted.get("uscc") or ""), wanted.get("declaration") or ""
    if bool(uscc) == bool(declaration):
        raise BadRequest("invalid_request", field="uscc", expected="uscc or declaration, not both")
    if declaration:
        return {"uscc": "", "declaration": declaration}
    if not organisation_codes.is_valid_uscc(uscc):
        raise BadRequest("invalid_uscc", uscc=uscc[:40])
    licence = context.exchange.get(licence_validity.item_id(uscc)) or {}
    if licence.get("state") != displayed_fields.VERIFIED:
        raise Conflict("licence_not_verified", uscc=uscc, state=licence.get("state", "missing"))
    return {"uscc": uscc, "declaration": ""}


def _file(context: Context, item: Item) -> None:
    """Let the display be found: by its subject, and in its platform's own list. Safe to repeat."""
    if item["uscc"]:
        context.exchange.upsert(licence_validity.places_id(item["uscc"]), {item["display_id"]: item["platform_id"]})
    shop_page_checks.file(context.exchange, item)
    context.numbered(item["platform_id"]).append({"entry_id": item["display_id"], "display_id": item["display_id"]})


def change(
    context: Context, caller: Caller, ident: str, wanted: Mapping[str, Any], base_url: str, now: datetime
) -> dict[str, Any]:
    """Put other permits, links and names into a display; what is not given is taken out."""
    given = content(wanted)
    url = f"{base_url}/licences/{ident}"
    known = _own(context, caller, ident)
    look_on = _next_look(known, given, now)
    changed = _set(context, caller, ident, {**given, "url": url, "look_on": look_on}, now)
    shop_page_checks.file(context.exchange, {"display_id": ident, "look_on": look_on})
    return changed


def suspend(context: Context, caller: Caller, ident: str, why: str, now: datetime) -> dict[str, Any]:
    """Show nothing of the licence until the display is resumed."""
    return _set(context, caller, ident, {"state": displayed_fields.SUSPENDED, "why": text(why)}, now)


def resume(context: Context, caller: Caller, ident: str, now: datetime) -> dict[str, Any]:
    """Show the licence again."""
    known = _own(context, caller, ident)
    look_on = _next_look(known, known, now)
    resumed = _set(context, caller, ident, {"state": display_states.SHOWN, "why": "", "look_on": look_on}, now)
    shop_page_checks.file(context.exchange, {"display_id": ident, "look_on": look_on})
    return resumed


def delete(context: Context, caller: Caller, ident: str, why: str, now: datetime) -> dict[str, Any]:
    """End the display for good: its page says that it is gone, and what the platform gave to it is forgotten."""
    emptied = {**content({}), "state": display_states.DELETED, "why": text(why)}
    known = _own(context, caller, ident, ended=True)
    return outside(known) if known["state"] == display_states.DELETED else _set(context, caller, ident, emptied, now)


def find(context: Context, caller: Caller, ident: str, now: datetime) -> dict[str, Any]:
    """The display as its platform or a regulator sees it, with the state that the public sees."""
    item = _own(context, caller, ident, ended=True)
    return outside(item) | {"shown": _state(context, item, now)}


def page_of(context: Context, caller: Caller, after: int, limit: int) -> dict[str, Any]:
    """The caller's displays after a number, in the order of their making; deleted ones too."""
    entries = context.numbered(caller.platform_id).read(after, limit)
    items = context.exchange.get_many(f"display#{entry['display_id']}" for entry in entries)
    found = [items[f"display#{entry['display_id']}"] for entry in entries]
    return {
        "displays": [outside(item) for item in found],
        "next": str(entries[-1]["number"] if entries else after),
    }


def look(context: Context, ident: str, now: datetime) -> dict[str, Any]:
    """What the public sees; `NotFound` for an id that was never given, state `deleted` for one that is gone."""
    item = context.exchange.get(f"display#{ident}")
    if item is None:
        raise NotFound("not_found", display_id=ident[:40])
    if item["state"] == display_states.DELETED:
        return {"state": display_states.DELETED, "display_id": ident, "changed_at": item["changed_at"]}
    return display_states.view(item, *_behind(context, item), china_date(now))


def outside(item: Mapping[str, Any]) -> dict[str, Any]:
    """A display as its platform sees it, with the line of HTML for its pages."""
    kept = ("display_id", "platform_id", "uscc", "declaration", "shop_id", *GIVEN, "state", "why", "url")
    seen = {field: item[field] for field in kept if item.get(field)}
    if item["state"] != display_states.DELETED:
        url = item["url"]
        seen |= {"embed": display_states.embed(url, ""), "mark_url": f"{url}/mark.svg", "qr_url": f"{url}/qr.svg"}
    if item.get("watch"):
        seen["watch"] = item["watch"]
    return seen | {field: item[field] for field in ("made_at", "changed_at", "version")}


def _state(context: Context, item: Item, now: datetime) -> str:
    if item["state"] == display_states.DELETED:
        return display_states.DELETED
    return display_states.state(item, *_behind(context, item), china_date(now))


def _behind(context: Context, item: Item) -> tuple[Item, Item]:
    """The licence behind a display and what the register says of its subject."""
    if not item["uscc"]:
        return {}, {}
    who, ident = f"uscc:{item['uscc']}", licence_validity.item_id(item["uscc"])
    found = context.registry.candidates([who], (), [ident])
    subject: Item = found.subjects.get(who) or {}
    return next(iter(found.others), {}), subject.get("registration", {})


def _own(context: Context, caller: Caller, ident: str, ended: bool = False) -> Item:
    item = context.exchange.get(f"display#{ident}")
    theirs = item is not None and (caller.role == "regulator" or item["platform_id"] == caller.platform_id)
    if item is None or not theirs:
        raise NotFound("not_found", display_id=ident[:40])
    if item["state"] == display_states.DELETED and not ended:
        raise Conflict("display_deleted", display_id=ident)
    return item


def _set(context: Context, caller: Caller, ident: str, fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Set fields of a display that nobody else changed meanwhile; nothing is written where nothing is new."""
    for _ in range(TRIES):
        item = _own(context, caller, ident)
        if all(item.get(field) == value for field, value in fields.items()):
            return outside(item)
        changed = {**fields, "version": item["version"] + 1, "changed_at": iso(now), "changed_by": caller.platform_id}
        if context.exchange.set_fields(item["id"], changed, only_if={"version": item["version"]}):
            return outside({**item, **changed})
    raise Conflict("display_exists", display_id=ident)
