"""Displays of licences (亮照): the public page, mark and QR code, and /v1/displays, where platforms make them."""

from typing import TYPE_CHECKING

from chalicelib import logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.parameters import PAGE_OF_100
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.routing import PLATFORM, REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.displays import DisplayContent, NewDisplay, Reason

routes = Routes(__name__, "displays")


@routes.route(
    "/v1/displays",
    "POST",
    "createDisplay",
    roles=(PLATFORM,),
    body="displays:NewDisplay",
    returns="licences:Display",
    status=201,
    also={200: "licences:Display"},
    errors=(
        ErrorCode.INVALID_USCC,
        ErrorCode.LICENCE_NOT_VERIFIED,
        ErrorCode.DISPLAY_EXISTS,
        ErrorCode.TOO_MANY_DISPLAYS,
        ErrorCode.LINK_NO_URL,
        ErrorCode.LINK_NOT_HTTPS,
        ErrorCode.PERSONAL_NUMBER_IN_LINK,
    ),
)
def make(request: Request, body: "NewDisplay") -> Reply:
    """Make a display for a merchant whose licence is verified, or who needs none."""
    from chalicelib.displays import manage_displays

    wanted = body.model_dump()
    made, is_new = manage_displays.make(
        dependencies.displays(), wiring.digest(), request.caller, wanted, base_url(request), wiring.now()
    )
    logs.note("display_made", display=made["display_id"], platform=request.caller.platform_id, new=is_new)
    return Reply(made, 201 if is_new else 200)


@routes.route(
    "/v1/displays", "GET", "listDisplays", roles=(PLATFORM,), query=PAGE_OF_100, returns="licences:DisplayPage"
)
def own(request: Request) -> Json:
    """The platform's displays after a cursor, in the order of their making."""
    from chalicelib.displays import manage_displays

    limit = request.number("limit")
    return manage_displays.list_displays(dependencies.displays(), request.caller, request.number("after"), limit)


@routes.route(
    "/v1/displays/{display_id}",
    "GET",
    "getDisplay",
    roles=(PLATFORM, REGULATOR),
    returns="licences:DisplayView",
    errors=(ErrorCode.NOT_FOUND,),
)
def display(request: Request, display_id: str) -> Json:
    """A display, what the public sees of it, and what the watch found on the shop's pages."""
    from chalicelib.displays import manage_displays

    return manage_displays.find(dependencies.displays(), request.caller, display_id, wiring.now())


@routes.route(
    "/v1/displays/{display_id}",
    "PUT",
    "changeDisplay",
    roles=(PLATFORM,),
    body="displays:DisplayContent",
    returns="licences:Display",
    errors=(
        ErrorCode.NOT_FOUND,
        ErrorCode.DISPLAY_EXISTS,
        ErrorCode.LINK_NO_URL,
        ErrorCode.LINK_NOT_HTTPS,
        ErrorCode.PERSONAL_NUMBER_IN_LINK,
    ),
    conflicts=(ErrorCode.DISPLAY_DELETED,),
)
def change(request: Request, body: "DisplayContent", display_id: str) -> Json:
    """Put other permits, links and names into a display."""
    from chalicelib.displays import manage_displays

    wanted = body.model_dump()
    changed = manage_displays.change(
        dependencies.displays(), request.caller, display_id, wanted, base_url(request), wiring.now()
    )
    return _noted("display_changed", request, changed)


@routes.route(
    "/v1/displays/{display_id}/suspension",
    "POST",
    "suspendDisplay",
    roles=(PLATFORM,),
    body="displays:Reason",
    returns="licences:Display",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPLAY_EXISTS),
    conflicts=(ErrorCode.DISPLAY_DELETED,),
)
def suspend(request: Request, body: "Reason", display_id: str) -> Json:
    """Show nothing of the licence for the time being."""
    from chalicelib.displays import manage_displays

    return _noted(
        "display_suspended",
        request,
        manage_displays.suspend(dependencies.displays(), request.caller, display_id, body.why, wiring.now()),
    )


@routes.route(
    "/v1/displays/{display_id}/suspension",
    "DELETE",
    "resumeDisplay",
    roles=(PLATFORM,),
    returns="licences:Display",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPLAY_EXISTS),
    conflicts=(ErrorCode.DISPLAY_DELETED,),
)
def resume(request: Request, display_id: str) -> Json:
    """Show the licence again."""
    from chalicelib.displays import manage_displays

    resumed = manage_displays.resume(dependencies.displays(), request.caller, display_id, wiring.now())
    return _noted("display_resumed", request, resumed)


@routes.route(
    "/v1/displays/{display_id}/deletion",
    "POST",
    "deleteDisplay",
    roles=(PLATFORM,),
    body="displays:Reason",
    returns="licences:Display",
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPLAY_EXISTS),
    conflicts=(ErrorCode.DISPLAY_DELETED,),
)
def delete(request: Request, body: "Reason", display_id: str) -> Json:
    """End a display for good; its page says from then on that it is gone (410)."""
    from chalicelib.displays import manage_displays

    return _noted(
        "display_deleted",
        request,
        manage_displays.delete(dependencies.displays(), request.caller, display_id, body.why, wiring.now()),
    )


def _noted(event: str, request: Request, display: Json) -> Json:
    logs.note(event, display=display["display_id"], platform=request.caller.platform_id)
    return display
