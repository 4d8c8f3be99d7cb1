"""Visits to shop pages: does each carry the mark, on a computer and on a phone, as the law wants?

A display with shop links is in the index of the day of its next visit (`shops_due#<day>`); its own field `look_on`
decides. It moves to the next day before the pages are visited, so that a shop whose pages hold the function to its end
does not hold up the others; such a visit is made again on the next day, and opens no task twice.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from chalicelib.displays.display_store import find_display
from chalicelib.displays.rules import shop_page_findings
from chalicelib.displays.rules.display import SHOWN, Display, PageVisit, ShopVisit
from chalicelib.displays.rules.resting_hosts import RestingHosts
from chalicelib.licences import licence_store, licence_tasks
from chalicelib.licences.licence_renewal import run_each_day
from chalicelib.licences.licence_tasks import Context, Occasion
from chalicelib.licences.rules.licence_renewal_tasks import TASKS, TaskLicence, task_licence
from chalicelib.storage.item_keys import licence_keys, scheduled_job_keys
from chalicelib.storage.set_aside import SetAside, setting_aside
from chalicelib.storage.sharded_set import ShardedSet
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

JOB: Final = "shop_visits"
# The displays to be visited on a day.
VISITS: Final = ShardedSet(
    field="displays",
    key=licence_keys.shop_visits_due_part,
    parts=64,
    most=2_000,
    older=lambda day: [licence_keys.shop_visits_due(day)],
)
DEVICES: Final = ("pc", "mobile")


class Pages(Protocol):
    """Shop pages, fetched with care."""

    def read(self, url: str, device: str) -> tuple[str, str]:
        """The page's text and '', or '' and why it was not read (not_allowed, too_slow, or what went wrong)."""


class _PatientPages:
    """Pages of hosts that answer in time; those that were too slow three times in a row rest, for longer each time."""

    def __init__(self, pages: Pages, exchange: "ExchangeTable", now: datetime) -> None:
        self._pages, self._exchange, self._now = pages, exchange, now
        self._hosts = RestingHosts.from_item(exchange.get(scheduled_job_keys.SLOW_SHOP_HOSTS))

    def read(self, url: str, device: str) -> tuple[str, str]:
        host = urlsplit(url).netloc
        if self._hosts.is_resting(host, self._now):
            return "", shop_page_findings.RESTING
        text, problem = self._pages.read(url, device)
        hosts = self._hosts.after(host, problem == shop_page_findings.TOO_SLOW, self._now)
        if hosts != self._hosts:
            self._hosts = hosts
            self._exchange.put({"id": scheduled_job_keys.SLOW_SHOP_HOSTS, **hosts.to_item()})
        return text, problem

    def resting(self) -> list[str]:
        return self._hosts.resting(self._now)


def visit_shops(
    context: Context, pages: Pages, now: datetime, time_is_left: Callable[[], bool]
) -> dict[str, int | str]:
    """Visit the pages of each display whose day has come; counts by finding, the day up to which all is done, and how
    many hosts are left alone for being slow."""
    counts: dict[str, int] = {}
    patient = _PatientPages(pages, context.exchange, now)

    def visit_day(day: str) -> bool:
        for display_id in VISITS.members(context.exchange, day):
            finding = ""
            with setting_aside(context.exchange, SetAside(at=iso(now), job=JOB, origin=day, record_id=display_id)):
                finding = _visit_display(context, patient, display_id, day, now, time_is_left)
            if finding:
                counts[finding] = counts.get(finding, 0) + 1
            if not time_is_left():
                return False
        return True

    done_until = run_each_day(context.exchange, scheduled_job_keys.SHOPS_VISITED_UNTIL, now, visit_day)
    resting = len(patient.resting())
    return {**counts, "done_until": done_until, **({"hosts_resting": resting} if resting else {})}


def schedule_visit(exchange: "ExchangeTable", display_id: str, day: str) -> None:
    """Add the display to those that are visited on that day; '' is no day. Safe to repeat."""
    if day:
        VISITS.add(exchange, day, display_id)


def _visit_display(
    context: Context, pages: Pages, display_id: str, day: str, now: datetime, time_is_left: Callable[[], bool]
) -> str:
    """Visit the pages of one display and ask its platform for what is missing; the finding, '' where none was due."""
    display = find_display(context.exchange, display_id)
    if display is None or display.look_on != day or display.state != SHOWN or not display.shop_links:
        return ""
    tomorrow = shop_page_findings.next_visit(shop_page_findings.UNREACHABLE, now)
    due = display.visit_due or day
    if not _move_visit(context.exchange, display_id, day, {"look_on": tomorrow, "visit_due": due}):
        return ""
    visits = tuple(
        _visit(pages, display, link.url, device, now) if time_is_left() else _unvisited(link.url, device)
        for link in display.shop_links
        for device in DEVICES
    )
    finding = shop_page_findings.gravest(visits)
    before = display.watch
    since = before.since if before and before.finding == finding else due
    if finding in TASKS:
        bad = tuple(sorted({visit.url for visit in visits if visit.finding == finding}))
        about = _about(context, display).replace(pages=bad)
        occasion = Occasion(finding, about, f"{display_id}.{since}.{','.join(bad)}")
        licence_tasks.open_task(context, display.platform_id, occasion, now)
    visit = ShopVisit(looked_at=iso(now), finding=finding, since=since, pages=visits)
    again = shop_page_findings.next_visit(finding, now)
    _move_visit(context.exchange, display_id, tomorrow, {"look_on": again, "watch": visit.to_item(), "visit_due": ""})
    return finding


def _move_visit(exchange: "ExchangeTable", display_id: str, due: str, fields: Json) -> bool:
    """Set the day of the next visit, and what else is given, unless the display's day was changed meanwhile."""
    schedule_visit(exchange, display_id, fields["look_on"])
    return exchange.set_fields(licence_keys.display(display_id), fields, only_if={"look_on": due})


def _unvisited(url: str, device: str) -> PageVisit:
    return PageVisit(url=url, device=device, finding=shop_page_findings.UNREACHABLE, problem="no time was left")


def _about(context: Context, display: Display) -> TaskLicence:
    """The licence and the display as a task names them."""
    licence = licence_store.find_licence(context.exchange, display.uscc)
    about = task_licence(licence) if licence else TaskLicence()
    return about.replace(name=about.name or display.shop_name, display_id=display.display_id)


def _visit(pages: Pages, display: Display, url: str, device: str, now: datetime) -> PageVisit:
    text, problem = pages.read(url, device)
    if not problem:
        finding = shop_page_findings.read_page(text, display.url, display.uscc, now)
    elif problem == shop_page_findings.NOT_ALLOWED:
        finding = shop_page_findings.NOT_ALLOWED
    else:
        finding = shop_page_findings.UNREACHABLE
    return PageVisit(url=url, device=device, finding=finding, problem=problem)
