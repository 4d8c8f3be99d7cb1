"""Routes: the one declaration of each, and what follows from it for every request.

A declaration says who is admitted, which parameters and which body are taken, what is answered. Admission, reading and
checking, the description of the API and the tests of the documents are all derived from it. A view gets the request and
the body and returns plain data; errors raised below become answers here, because an exception that escapes a Chalice
view is a bare 500 before any middleware sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Unpack
from urllib.parse import unquote

from chalice.app import Blueprint, IAMAuthorizer, Response
from chalice.app import Request as RawRequest

from chalicelib import errors, logs, wiring
from chalicelib.accounts import api_keys
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.handlers import body as bodies
from chalicelib.handlers import credentials, parameters
from chalicelib.handlers.allowance import Allowance
from chalicelib.handlers.audited import Noted, act_of, audited, object_of, parts_of
from chalicelib.handlers.pages.sign_in_redirect import to_sign_in
from chalicelib.handlers.parameters import Value
from chalicelib.handlers.replies import (
    Reply,
    as_response,
    error_reply,
    from_exception,
    request_id,
    restyle,
    retry_after,
)
from chalicelib.handlers.route_declaration import Declared
from chalicelib.handlers.route_declaration import Route as Route
from chalicelib.messages import ErrorCode
from chalicelib.settings import gateway_asks_for_signatures

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

PLATFORM, REGULATOR, OPERATOR = Role.PLATFORM, Role.REGULATOR, Role.OPERATOR
ANYONE: Final = (PLATFORM, REGULATOR, OPERATOR)
NOBODY: Final = Caller("", Role.PUBLIC, "")
View = Callable[..., Any]
# Every declaration, in the order in which the modules of routes were loaded.
DECLARED: "Final[list[Route]]" = []


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a view sees it: who sent it, its parameters, and the rest as it came; `ident` is its id."""

    ident: str
    caller: Caller
    raw: RawRequest
    parameters: Mapping[str, Value]
    allowance: Allowance
    merchant: "Session | None" = None
    noted: Noted = field(default_factory=Noted)

    def text(self, name: str) -> str:
        """The value of a declared query parameter that is a text."""
        return str(self.parameters[name])

    def number(self, name: str) -> int:
        """The value of a declared query parameter that is a number."""
        return int(self.parameters[name])

    def header(self, name: str) -> str:
        """The header's value, '' when absent."""
        return str(self.raw.headers.get(name, "") or "")

    @property
    def session(self) -> "Session":
        """The merchant's session of a route that needs one."""
        if self.merchant is None:
            raise errors.Unauthorised(ErrorCode.NO_SESSION)
        return self.merchant

    @property
    def content(self) -> bytes:
        """The body of a route that takes files or forms."""
        sent = self.raw.raw_body
        return sent if isinstance(sent, bytes) else str(sent).encode()


class Routes:
    """The routes of one module: a Blueprint of Chalice whose declarations are kept."""

    def __init__(self, import_name: str, tag: str) -> None:
        self.blueprint = Blueprint(import_name)
        self._tag = tag

    def route(
        self, path: str, method: str, operation: str, **declared: Unpack[Declared]
    ) -> Callable[[View], Callable[..., Response]]:
        """Declare an operation and serve it by the decorated view; see `Route`."""
        declaration: Declared = {"tags": (self._tag,), **declared}
        route = Route(path, method, operation, **declaration)

        def decorate(view: View) -> Callable[..., Response]:
            @wraps(view)
            def serve(**path_parameters: str) -> Response:
                return _respond(route, view, self.blueprint.current_request, path_parameters)

            DECLARED.append(route)
            # Without a body its type says nothing, so that any is taken.
            types = list(route.content_types) if route.takes_body else []
            signed = IAMAuthorizer() if route.is_signed and gateway_asks_for_signatures() else None
            served = self.blueprint.route(path, methods=[method], content_types=types, authorizer=signed)
            return served(serve)  # type: ignore[no-any-return]

        return decorate


def _respond(route: Route, view: View, raw: RawRequest, path_parameters: Mapping[str, str]) -> Response:
    ident, allowance = request_id(raw), Allowance()
    try:
        request = _admitted(route, raw, allowance, ident)
        # API Gateway and Chalice hand path parameters over percent-encoded.
        path = {name: unquote(value) for name, value in path_parameters.items()}
        if not route.is_page:
            parameters.check_path(path)
        body = (bodies.read(route.body, raw.raw_body, route.longest_body),) if route.body else ()
        if units := route.units(body):
            allowance.take(units)
        serve = _audited if route.is_audited else _viewed
        result = serve(route, view, request, body, path)
        reply = result if isinstance(result, Reply) else Reply(result, route.status)
    except errors.SignInNeeded as error:
        reply = to_sign_in(raw) if route.is_page else error_reply(error)
    except errors.LianfangError as error:
        reply = _page_of(error) if route.is_page and isinstance(error, errors.TooMany) else error_reply(error)
    except Exception as error:
        logs.failed("view_failed", view=view.__name__, request_id=ident)
        reply = error_reply(from_exception(error))
    return as_response(reply, ident, allowance.headers())


def _viewed(_route: Route, view: View, request: Request, body: tuple[Any, ...], path: Mapping[str, str]) -> Any:
    return view(request, *body, **path)


def _audited(route: Route, view: View, request: Request, body: tuple[Any, ...], path: Mapping[str, str]) -> Any:
    """What the view answers; the audit log says before it that the act was begun, and after it how it ended."""
    fields = {**(body[0].model_dump() if body else {}), **parts_of(path)}
    noted = request.noted
    noted.object_name = object_of(path)
    with audited(act_of(request.raw, request.ident, request.caller, route.operation, noted.object_name, fields), noted):
        result = view(request, *body, **path)
        noted.object_name = noted.object_name or object_of({}, result.body if isinstance(result, Reply) else result)
    return result


def speak_one_language(request: RawRequest, response: Response) -> Response:
    """An answer of ours as it is; one of Chalice's own (no route, wrong method, wrong type) in the form of all ours.

    Who sent it was not asked, so it counts for its address.
    """
    if response.headers.get("X-Request-Id"):
        return response
    place = (request.context or {}).get("resourcePath", ""), request.method
    route = next((route for route in DECLARED if (route.path, route.method) == place), None)
    allowance = Allowance()
    try:
        allowance.take_for_address(request)
    except errors.TooMany as error:
        reply = _page_of(error) if route and route.is_page else error_reply(error)
        return as_response(reply, request_id(request), allowance.headers())
    return restyle(request, response, route.content_types if route else (), allowance.headers())


def _page_of(error: errors.TooMany) -> Reply:
    from chalicelib.handlers.pages import page_frame

    return page_frame.too_many(retry_after(error))


def _admitted(route: Route, raw: RawRequest, allowance: Allowance, ident: str) -> Request:
    """The request of a caller whom the route admits, counted, its headers and query read.

    `Unauthorised` or `Forbidden` for others, `TooMany`, `BadRequest` for parameters that do not fit.
    """
    caller = _caller(route, raw, allowance)
    session = _session(raw) if route.session else None
    for parameter in route.headers:
        parameter.read(str(raw.headers.get(parameter.name, "") or ""))
    sent = dict(raw.query_params or {})
    query = (
        {parameter.name: sent[parameter.name] for parameter in route.query if parameter.name in sent}
        if route.any_query
        else sent
    )
    return Request(ident, caller, raw, parameters.read_query(route.query, query), allowance, session)


def _caller(route: Route, raw: RawRequest, allowance: Allowance) -> Caller:
    """Who sends the request, which counts for its key; without a good one, and on public routes, for its address."""
    if not route.roles:
        allowance.take_for_address(raw)
        return NOBODY
    try:
        caller = api_keys.identify(wiring.exchange(), credentials.key(raw.headers), wiring.now())
    except Exception:
        allowance.take_for_address(raw)
        raise
    allowance.take_for_caller(caller)
    if caller.role not in route.roles:
        raise errors.Forbidden(ErrorCode.WRONG_ROLE, role=caller.role, allowed=list(route.roles))
    return caller


def _session(raw: RawRequest) -> "Session":
    from chalicelib.merchant_record import merchant_sessions

    return merchant_sessions.identify(wiring.exchange(), credentials.bearer(raw.headers), wiring.now())
