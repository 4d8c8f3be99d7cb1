"""Showing a licence (亮照): a platform makes a display for its merchant, changes, suspends, resumes and deletes it.

A display is one item; its page is put together at each request, so a change shows within the minute of a cached copy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts import permissions, platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.displays import display_store, shop_page_checks
from chalicelib.displays.rules import display_states
from chalicelib.displays.rules.display import DELETED, GIVEN, SHOWN, SUSPENDED, Display, DisplayContent
from chalicelib.displays.rules.platform_supplied_content import content, text
from chalicelib.errors import BadRequest, Conflict, NotFound
from chalicelib.licences import licence_store
from chalicelib.licences.rules.licence import VERIFIED, shown_to
from chalicelib.messages import ErrorCode
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import licence_keys, registry_keys
from chalicelib.values import organisation_codes
from chalicelib.values.keyed_digest import KeyState, ReadKeyState
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog
    from chalicelib.values.keyed_digest import Digest

# A shop's display may be deleted and made anew so often.
MOST_LIVES: Final = 50
TRIES: Final = 5
Change = Callable[[Display], Display]


@dataclass(frozen=True, slots=True)
class Context:
    """What displays are managed with: `displays_log` is a platform's own list, `key_state` of their ids."""

    exchange: "ExchangeTable"
    registry: "RegistryTable"
    displays_log: Callable[[str], "NumberedLog"]
    key_state: ReadKeyState = KeyState


def make(
    context: Context, digest: "Digest", caller: Caller, wanted: Json, base_url: str, now: datetime
) -> tuple[Json, bool]:
    """The display and whether it is new; asked again with the same content it is the same display.

    Raises `Conflict` when the licence is not verified for the caller, or the shop has a display with other content.
    """
    draft = _draft(context, caller, wanted, now)
    shop = draft.shop_id or draft.shop_name
    for life in range(MOST_LIVES):
        name = "|".join((caller.platform_id, draft.uscc, draft.declaration, shop, str(life)))
        display_id = display_store.lasting_id(context.exchange, digest("display", name), context.key_state().is_rotated)
        display = draft.replace(display_id=display_id, url=_url(base_url, display_id))
        before = display_store.put_new_display(context.exchange, display)
        if before and before.state == DELETED:
            continue
        if before and any(getattr(before, field) != getattr(display, field) for field in GIVEN):
            raise Conflict(ErrorCode.DISPLAY_EXISTS, display_id=display_id)
        _index(context, before or display)
        return platform_view(before or display), before is None
    raise Conflict(ErrorCode.DISPLAY_EXISTS, display_id=display_id)


def change(context: Context, caller: Caller, display_id: str, wanted: Json, base_url: str, now: datetime) -> Json:
    """Replace permits, links and names of a display; those that are not given are removed."""
    given, url = content(wanted), _url(base_url, display_id)
    look_on = _next_visit(_own(context, caller, display_id), given, now)

    def changed_content(display: Display) -> Display:
        return _with_content(display, given).replace(url=url, look_on=look_on)

    changed = _update(context, caller, display_id, changed_content, now)
    shop_page_checks.schedule_visit(context.exchange, display_id, look_on)
    return changed


def suspend(context: Context, caller: Caller, display_id: str, why: str, now: datetime) -> Json:
    """Show nothing of the licence until the display is resumed."""
    reason = text(why)
    return _update(context, caller, display_id, lambda display: display.replace(state=SUSPENDED, why=reason), now)


def resume(context: Context, caller: Caller, display_id: str, now: datetime) -> Json:
    """Show the licence again."""
    before = _own(context, caller, display_id)
    look_on = _next_visit(before, before, now)
    resumed = _update(
        context, caller, display_id, lambda display: display.replace(state=SHOWN, why="", look_on=look_on), now
    )
    shop_page_checks.schedule_visit(context.exchange, display_id, look_on)
    return resumed


def delete(context: Context, caller: Caller, display_id: str, why: str, now: datetime) -> Json:
    """End the display for good: its page says that it is gone, and what the platform gave to it is forgotten."""
    before, reason = _own(context, caller, display_id, ended=True), text(why)
    if before.state == DELETED:
        return platform_view(before)

    def deleted(display: Display) -> Display:
        return _with_content(display, DisplayContent()).replace(state=DELETED, why=reason)

    return _update(context, caller, display_id, deleted, now)


def find(context: Context, caller: Caller, display_id: str, now: datetime) -> Json:
    """The display as its platform or a regulator sees it, with the state that the public sees."""
    display = _own(context, caller, display_id, ended=True)
    public = DELETED if display.state == DELETED else display_states.state(_parts(context, display, now))
    return platform_view(display) | {"shown": public}


def list_displays(context: Context, caller: Caller, after: int, limit: int) -> Json:
    """The caller's displays after a number, in the order of their making; deleted ones too."""
    entries = context.displays_log(caller.platform_id).read_on(after, limit)
    displays = display_store.find_displays(context.exchange, [entry["display_id"] for entry in entries])
    return {
        "displays": [platform_view(display) for display in displays],
        "next": str(entries[-1]["number"] if entries else after),
    }


def public_view(context: Context, display_id: str, now: datetime) -> Json:
    """What the public sees; `NotFound` for an id that was never given, state `deleted` for one that is gone."""
    display = display_store.find_display(context.exchange, display_id)
    if display is None:
        raise NotFound(ErrorCode.NOT_FOUND, display_id=display_id[:40])
    if display.state == DELETED:
        return {"state": DELETED, "display_id": display_id, "changed_at": display.changed_at}
    return display_states.public_view(_parts(context, display, now))


def platform_view(display: Display) -> Json:
    """A display as its platform sees it, with the line of HTML for its pages."""
    item = display.to_item()
    kept = ("display_id", "platform_id", "uscc", "declaration", "shop_id", *GIVEN, "state", "why", "url")
    seen = {field: item[field] for field in kept if item.get(field)}
    if display.state != DELETED:
        url = display.url
        seen |= {"embed": display_states.embed(url, ""), "mark_url": f"{url}/mark.svg", "qr_url": f"{url}/qr.svg"}
    if display.watch:
        seen["watch"] = item["watch"]
    return seen | {"made_at": display.made_at, "changed_at": display.changed_at, "version": display.version}


def _draft(context: Context, caller: Caller, wanted: Json, now: datetime) -> Display:
    """The display that is wanted, without its id."""
    uscc, declaration = _merchant(context, caller, wanted)
    given = content(wanted)
    return Display(
        display_id="",
        platform_id=caller.platform_id,
        platform_name=platforms.get(context.exchange, caller.platform_id).name,
        shop_id=text(wanted.get("shop_id")),
        uscc=uscc,
        declaration=declaration,
        **{field: getattr(given, field) for field in GIVEN},
        look_on=_first_visit(given, now),
        made_at=iso(now),
        changed_at=iso(now),
    )


def _url(base_url: str, display_id: str) -> str:
    return f"{base_url}/licences/{display_id}"


def _first_visit(given: DisplayContent, now: datetime) -> str:
    """The day on which the shop's pages are first visited: the next, so that the mark can be put there."""
    return china_date(now + timedelta(days=1)) if given.shop_links else ""


def _next_visit(before: Display, given: DisplayContent, now: datetime) -> str:
    """The day that was set, unless it went by while the display was suspended."""
    first = _first_visit(given, now)
    return before.look_on if first and before.look_on >= first else first


def _merchant(context: Context, caller: Caller, wanted: Json) -> tuple[str, str]:
    """The merchant: the code of a licence that was verified for the caller, or the declaration that it needs none."""
    uscc, declaration = organisation_codes.compact(wanted.get("uscc") or ""), str(wanted.get("declaration") or "")
    if bool(uscc) == bool(declaration):
        raise BadRequest(ErrorCode.INVALID_REQUEST, field="uscc", expected="uscc or declaration, not both")
    if declaration:
        return "", declaration
    if not organisation_codes.has_uscc_shape(uscc):
        raise BadRequest(ErrorCode.INVALID_USCC, uscc=uscc[:40])
    licence = shown_to(caller.platform_id, context.exchange.get(licence_keys.licence(uscc)))
    state = licence.state if licence else "missing"
    if state != VERIFIED:
        raise Conflict(ErrorCode.LICENCE_NOT_VERIFIED, uscc=uscc, state=state)
    return uscc, ""


def _index(context: Context, display: Display) -> None:
    """Index the display by its subject, by the day of its next visit, and in its platform's list. Safe to repeat."""
    if display.uscc:
        licence_store.add_display(context.exchange, display.uscc, display.display_id, display.platform_id)
    shop_page_checks.schedule_visit(context.exchange, display.display_id, display.look_on)
    entry = {"entry_id": display.display_id, "display_id": display.display_id}
    context.displays_log(display.platform_id).append(entry)


def _parts(context: Context, display: Display, now: datetime) -> display_states.DisplayParts:
    """The display with its licence and what the register says of its subject, in one read."""
    if not display.uscc:
        return display_states.DisplayParts(display, None, Registration(), china_date(now))
    subject_id = registry_keys.subject_with_uscc(display.uscc)
    page = context.registry.candidates([subject_id], (), [licence_keys.licence(display.uscc)])
    subject = page.subjects.get(subject_id)
    registration = subject.registration if subject else Registration()
    licence = shown_to(display.platform_id, page.others[0] if page.others else None)
    return display_states.DisplayParts(display, licence, registration, china_date(now))


def _own(context: Context, caller: Caller, display_id: str, ended: bool = False) -> Display:
    """The display if it is the caller's or the caller is a regulator; `Conflict` for a deleted one unless `ended`."""
    display = display_store.find_display(context.exchange, display_id)
    if display is None or not permissions.may_see_records_of(caller, display.platform_id):
        raise NotFound(ErrorCode.NOT_FOUND, display_id=display_id[:40])
    if display.state == DELETED and not ended:
        raise Conflict(ErrorCode.DISPLAY_DELETED, display_id=display_id)
    return display


def _with_content(display: Display, given: DisplayContent) -> Display:
    return display.replace(**{field: getattr(given, field) for field in GIVEN})


def _update(context: Context, caller: Caller, display_id: str, change: Change, now: datetime) -> Json:
    """Change a display that nobody else changed meanwhile; nothing is written where nothing is new."""
    for _ in range(TRIES):
        before = _own(context, caller, display_id)
        after = change(before)
        if after == before:
            return platform_view(before)
        after = after.replace(version=before.version + 1, changed_at=iso(now), changed_by=caller.platform_id)
        fields, key = after.changes_since(before), licence_keys.display(display_id)
        if context.exchange.set_fields(key, fields, only_if={"version": before.version}):
            return platform_view(after)
    raise Conflict(ErrorCode.DISPLAY_EXISTS, display_id=display_id)
