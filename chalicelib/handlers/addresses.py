"""Under which address this API and its public pages were reached."""

from chalicelib import wiring
from chalicelib.handlers.routing import Request


def address(request: Request) -> str:
    """The address of this API as its caller reached it, with the stage where the gateway has one; without a slash."""
    context = request.raw.context or {}
    if context.get("domainName"):
        # A page of the console is asked for beside the API.
        parts = (str(context.get("path", "")).partition(root) for root in ("/v1/", "/console/"))
        return f"https://{context['domainName']}" + next((stage for stage, routed, _ in parts if routed), "")
    return f"http://{request.header('host') or 'localhost'}"


def base_url(request: Request) -> str:
    """Where the public pages lie: as set, else as the gateway names itself, else (on one machine) the Host asked."""
    if wiring.settings().public_url:
        return wiring.settings().public_url.rstrip("/")
    context = request.raw.context or {}
    if not context.get("domainName"):
        return f"http://{request.header('host') or 'localhost'}"
    # On the gateway's own domain the path begins with the stage.
    whole, own = str(context.get("path", "")), str(context.get("resourcePath", ""))
    parts = len(own.strip("/").split("/"))
    stage = "/".join(whole.strip("/").split("/")[:-parts])
    return f"https://{context['domainName']}" + (f"/{stage}" if stage else "")
