"""The public page of a licence (亮照), its mark, its QR code and its data: /licences, open to anyone."""

from typing import Final

from chalicelib import errors, logs, wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.parameters import is_too_long
from chalicelib.handlers.replies import HTML, SVG, Reply
from chalicelib.handlers.routing import Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

routes = Routes(__name__, "displays")
# A change of a display reaches every cached copy within a minute.
FRESH: Final = "public, max-age=60, must-revalidate"


@routes.route(
    "/licences/{display_id}",
    "GET",
    "getDisplayPage",
    any_query=True,
    media=(HTML,),
    also={304: "", 404: HTML, 410: HTML, 503: HTML},
)
def page(request: Request, display_id: str) -> Reply:
    """The page of a licence, for anyone."""
    from chalicelib.handlers.pages import display_html

    if is_too_long(display_id):
        return display_html.nothing_here()
    try:
        return _kept(request, display_html.page(_seen(display_id)))
    except errors.NotFound:
        return display_html.nothing_here()
    except Exception as error:
        if not _is_outage(error):
            raise
        logs.failed("display_unavailable", display=display_id[:40])
        return display_html.outage()


@routes.route(
    "/licences/{display_id}/mark.svg",
    "GET",
    "getDisplayMark",
    any_query=True,
    media=(SVG,),
    also={304: "", 410: SVG},
    errors=(ErrorCode.NOT_FOUND,),
)
def mark(request: Request, display_id: str) -> Reply:
    """The mark that a shop page embeds; it shows the state of the display."""
    from chalicelib.handlers.pages import display_html

    return _kept(request, display_html.mark(_seen(display_id)))


@routes.route(
    "/licences/{display_id}/qr.svg",
    "GET",
    "getDisplayQr",
    any_query=True,
    media=(SVG,),
    also={304: ""},
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPLAY_DELETED),
)
def qr(request: Request, display_id: str) -> Reply:
    """The address of the page as a QR code."""
    from chalicelib.handlers.pages import display_html

    return _kept(request, display_html.qr(_alive(_seen(display_id))))


@routes.route(
    "/licences/{display_id}/data.json",
    "GET",
    "getDisplayData",
    returns="licences:PublicDisplay",
    any_query=True,
    also={304: ""},
    errors=(ErrorCode.NOT_FOUND, ErrorCode.DISPLAY_DELETED),
)
def data(request: Request, display_id: str) -> Reply:
    """What the page says, for machines."""
    from chalicelib.displays.rules.display_states import machine_view
    from chalicelib.handlers.pages import display_html

    return _kept(request, display_html.data(machine_view(_alive(_seen(display_id)))))


def _seen(display_id: str) -> Json:
    from chalicelib.displays import manage_displays

    return manage_displays.public_view(dependencies.displays(), display_id, wiring.now())


def _alive(seen: Json) -> Json:
    if seen["state"] == "deleted":
        raise errors.Gone(ErrorCode.DISPLAY_DELETED, display_id=seen["display_id"])
    return seen


def _kept(request: Request, reply: Reply) -> Reply:
    """The reply with its validator and a minute to live; 304 without a body where the client has it already."""
    from chalicelib.displays.rules.display_states import etag

    tag = etag(reply.body)
    headers = {**(reply.headers or {}), "Cache-Control": FRESH, "ETag": tag}
    validators = [part.strip().removeprefix("W/") for part in request.header("if-none-match").split(",")]
    if reply.status == 200 and (tag in validators or "*" in validators):
        return Reply("", 304, reply.content_type, headers)
    return Reply(reply.body, reply.status, reply.content_type, headers)


def _is_outage(error: Exception) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    return isinstance(error, BotoCoreError | ClientError | errors.Unavailable)
