"""Signing in with the identity provider: /console/sign-in/provider leads there, /console/signed-in ends it."""

from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.container_cache import once_per_container
from chalicelib.handlers import forms
from chalicelib.handlers.addresses import base_url
from chalicelib.handlers.console import sign_in
from chalicelib.handlers.pages.sign_in_redirect import next_page
from chalicelib.handlers.parameters import Parameter
from chalicelib.handlers.replies import HTML, Reply
from chalicelib.handlers.routing import Request, Routes
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.sign_in.adapters.identity_provider import IdentityProvider

routes = Routes(__name__, "console")
# The browser's secret while it is away with the provider. Lax: the way back comes from another site.
ATTEMPT: Final = "__Host-lianfang-sign-in"
# As `sign_in_with_provider.LASTS` says.
LASTS_SECONDS: Final = 600
ANSWER: Final = (
    Parameter("state", "登录请求的标识", "which sign-in this answers", most=200),
    Parameter("code", "授权码", "the code that the provider gave", most=4_096),
    Parameter("error", "身份提供方的错误码", "why the provider signed nobody in", most=200),
    Parameter("iss", "身份提供方", "which provider answers (RFC 9207)", most=500),
)


@once_per_container
def identity_provider() -> "IdentityProvider | None":
    """By which provider people sign in; None where none is set."""
    from chalicelib.sign_in.adapters.identity_provider import Client, IdentityProvider

    names = wiring.settings()
    if not names.oidc_issuer:
        return None
    client = Client(
        names.oidc_issuer, names.oidc_client_id, lambda: wiring.secret(f"lianfang/{names.stage}/oidc-client")
    )
    return IdentityProvider(client, let_loopback=names.feeds_from_loopback == "yes")


@routes.route(
    "/console/sign-in/provider",
    "GET",
    "startProviderSignIn",
    query=(sign_in.NEXT,),
    any_query=True,
    status=303,
    media=(HTML,),
    errors=(ErrorCode.NOT_FOUND, ErrorCode.PROVIDER_UNAVAILABLE),
)
@sign_in.page
def start(request: Request) -> Reply:
    """On to the identity provider."""
    from chalicelib.sign_in import sign_in_with_provider

    provider = identity_provider()
    if provider is None:
        raise errors.NotFound(ErrorCode.NOT_FOUND)
    wanted = next_page(request.text("next"))
    address, secret = sign_in_with_provider.begin(
        wiring.exchange(), provider, _redirect_uri(request), wanted, wiring.now()
    )
    return Reply(
        "", 303, HTML, {"Location": address, "Set-Cookie": forms.cookie(ATTEMPT, secret, LASTS_SECONDS, "Lax")}
    )


@routes.route(
    "/console/signed-in",
    "GET",
    "endProviderSignIn",
    query=ANSWER,
    any_query=True,
    status=303,
    media=(HTML,),
    errors=(
        ErrorCode.NOT_FOUND,
        ErrorCode.SIGN_IN_REFUSED,
        ErrorCode.NOBODY_HERE,
        ErrorCode.PROVIDER_UNAVAILABLE,
    ),
)
@sign_in.page
def end(request: Request) -> Reply:
    """Back from the provider: a session for the person whom its ID token names."""
    from chalicelib.sign_in import sign_in_with_provider
    from chalicelib.sign_in.sign_in_with_provider import Answer

    provider = identity_provider()
    if provider is None:
        raise errors.NotFound(ErrorCode.NOT_FOUND)
    if request.text("error"):
        raise errors.Unauthorised(ErrorCode.SIGN_IN_REFUSED)
    secret = forms.read_cookie(request, ATTEMPT)
    answer = Answer(secret, request.text("state"), request.text("code"), request.text("iss"))
    person, wanted = sign_in_with_provider.complete(
        wiring.exchange(), wiring.digest(), provider, _redirect_uri(request), answer, wiring.now()
    )
    return sign_in.signed_in(request, person, wanted, "provider")


def _redirect_uri(request: Request) -> str:
    """Where the provider sends the browser back to; it must be registered with it letter by letter."""
    return f"{base_url(request)}/console/signed-in"
