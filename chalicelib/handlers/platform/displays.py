"""Displays of licences (亮照): the public page, mark and QR code, and /v1/displays, where platforms make them."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Ask, Doors, Reply

doors = Doors(__name__)
# A change of a display reaches whoever holds a copy within a minute.
FRESH: Final = "public, max-age=60, must-revalidate"


@doors.door("/licences/{display_id}", "GET")
def page(ask: Ask, display_id: str) -> Reply:
    """The page of a licence, for anyone."""
    from chalicelib.handlers.pages import display_html

    try:
        return _kept(ask, display_html.page(_seen(display_id)))
    except errors.NotFound:
        return display_html.nothing_here()
    except Exception as error:
        if not _is_outage(error):
            raise
        logs.failed("display_unavailable", display=display_id[:40])
        return display_html.outage()


@doors.door("/licences/{display_id}/mark.svg", "GET")
def mark(ask: Ask, display_id: str) -> Reply:
    """The mark that a shop page embeds; it tells the state of the display."""
    from chalicelib.handlers.pages import display_html

    return _kept(ask, display_html.mark(_seen(display_id)))


@doors.door("/licences/{display_id}/qr.svg", "GET")
def qr(ask: Ask, display_id: str) -> Reply:
    """The address of the page as a QR code."""
    from chalicelib.handlers.pages import display_html

    return _kept(ask, display_html.qr(_alive(_seen(display_id))))


@doors.door("/licences/{display_id}/data.json", "GET")
def data(ask: Ask, display_id: str) -> Reply:
    """What the page says, for machines."""
    from chalicelib.displays.rules.display_states import machine_view
    from chalicelib.handlers.pages import display_html

    return _kept(ask, display_html.data(machine_view(_alive(_seen(display_id)))))


@doors.door("/v1/displays", "POST", roles=(PLATFORM,))
def make(ask: Ask) -> Reply:
    """Make a display for a merchant whose licence is verified, or who needs none."""
    from chalicelib.displays import manage_displays
    from chalicelib.handlers.requests.displays import NewDisplay

    wanted = ask.read(NewDisplay).model_dump()
    made, is_new = manage_displays.make(
        dependencies.displays(), wiring.digest(), ask.caller, wanted, base_url(ask), wiring.now()
    )
    logs.note("display_made", display=made["display_id"], platform=ask.caller.platform_id, new=is_new)
    return Reply(made, 201 if is_new else 200)


@doors.door("/v1/displays", "GET", roles=(PLATFORM,))
def own(ask: Ask) -> dict[str, Any]:
    """The platform's displays after a cursor, in the order of their making."""
    from chalicelib.displays import manage_displays

    limit = max(ask.number("limit", 100, 100), 1)
    return manage_displays.list_displays(dependencies.displays(), ask.caller, ask.cursor(), limit)


@doors.door("/v1/displays/{display_id}", "GET", roles=(PLATFORM, REGULATOR))
def one(ask: Ask, display_id: str) -> dict[str, Any]:
    """A display, what the public sees of it, and what the watch found on the shop's pages."""
    from chalicelib.displays import manage_displays

    return manage_displays.find(dependencies.displays(), ask.caller, display_id, wiring.now())


@doors.door("/v1/displays/{display_id}", "PUT", roles=(PLATFORM,))
def change(ask: Ask, display_id: str) -> dict[str, Any]:
    """Put other permits, links and names into a display."""
    from chalicelib.displays import manage_displays
    from chalicelib.handlers.requests.displays import DisplayContent

    wanted = ask.read(DisplayContent).model_dump()
    changed = manage_displays.change(
        dependencies.displays(), ask.caller, display_id, wanted, base_url(ask), wiring.now()
    )
    return _noted("display_changed", ask, changed)


@doors.door("/v1/displays/{display_id}/suspension", "POST", roles=(PLATFORM,))
def suspend(ask: Ask, display_id: str) -> dict[str, Any]:
    """Show nothing of the licence for the time being."""
    from chalicelib.displays import manage_displays

    return _noted("display_suspended", ask, _for_a_reason(manage_displays.suspend, ask, display_id))


@doors.door("/v1/displays/{display_id}/suspension", "DELETE", roles=(PLATFORM,))
def resume(ask: Ask, display_id: str) -> dict[str, Any]:
    """Show the licence again."""
    from chalicelib.displays import manage_displays

    resumed = manage_displays.resume(dependencies.displays(), ask.caller, display_id, wiring.now())
    return _noted("display_resumed", ask, resumed)


@doors.door("/v1/displays/{display_id}/deletion", "POST", roles=(PLATFORM,))
def delete(ask: Ask, display_id: str) -> dict[str, Any]:
    """End a display for good; its page says from then on that it is gone (410)."""
    from chalicelib.displays import manage_displays

    return _noted("display_deleted", ask, _for_a_reason(manage_displays.delete, ask, display_id))


def _for_a_reason(do: Callable[..., dict[str, Any]], ask: Ask, display_id: str) -> dict[str, Any]:
    from chalicelib.handlers.requests.displays import Reason

    return do(dependencies.displays(), ask.caller, display_id, ask.read(Reason).why, wiring.now())


def _noted(what: str, ask: Ask, display: dict[str, Any]) -> dict[str, Any]:
    logs.note(what, display=display["display_id"], platform=ask.caller.platform_id)
    return display


def _seen(display_id: str) -> dict[str, Any]:
    from chalicelib.displays import manage_displays

    return manage_displays.public_view(dependencies.displays(), display_id, wiring.now())


def _alive(seen: dict[str, Any]) -> dict[str, Any]:
    if seen["state"] == "deleted":
        raise errors.Gone("display_deleted", display_id=seen["display_id"])
    return seen


def _kept(ask: Ask, reply: Reply) -> Reply:
    """The reply with its validator and a minute to live; 304 without a body to whoever has it already."""
    from chalicelib.displays.rules.display_states import etag

    tag = etag(reply.body)
    headers = {**(reply.headers or {}), "Cache-Control": FRESH, "ETag": tag}
    known = [one.strip().removeprefix("W/") for one in ask.header("if-none-match").split(",")]
    if reply.status == 200 and (tag in known or "*" in known):
        return Reply("", 304, reply.content_type, headers)
    return Reply(reply.body, reply.status, reply.content_type, headers)


def base_url(ask: Ask) -> str:
    """Where the public pages lie: as set, else as the gateway names itself, else (on one machine) the Host asked."""
    if wiring.settings().public_url:
        return wiring.settings().public_url.rstrip("/")
    context = ask.request.context or {}
    if not context.get("domainName"):
        return f"http://{ask.header('host') or 'localhost'}"
    # On the gateway's own domain the path begins with the stage.
    whole, own = str(context.get("path", "")), str(context.get("resourcePath", ""))
    parts = len(own.strip("/").split("/"))
    stage = "/".join(whole.strip("/").split("/")[:-parts])
    return f"https://{context['domainName']}" + (f"/{stage}" if stage else "")


def _is_outage(error: Exception) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    return isinstance(error, BotoCoreError | ClientError | errors.Unavailable)
