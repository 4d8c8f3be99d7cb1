"""Routes: the one declaration of each, and what follows from it for every request.

A declaration says who is admitted, which parameters and which body are taken, what is answered. Admission, reading and
checking, the description of the API and the tests of the documents are all derived from it. A view gets the request and
the body and returns plain data; errors raised below become answers here, because an exception that escapes a Chalice
view is a bare 500 before any middleware sees it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Unpack
from urllib.parse import unquote

from chalice.app import Blueprint, IAMAuthorizer, Response
from chalice.app import Request as RawRequest

from chalicelib import errors, logs, messages, wiring
from chalicelib.accounts import api_keys
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role
from chalicelib.handlers import body as bodies
from chalicelib.handlers import credentials, parameters
from chalicelib.handlers.allowance import Allowance
from chalicelib.handlers.audited import Noted
from chalicelib.handlers.pages.sign_in_redirect import to_sign_in
from chalicelib.handlers.replies import (
    Reply,
    as_response,
    error_reply,
    from_exception,
    request_id,
    restyle,
    retry_after,
)
from chalicelib.handlers.request import Request as Request
from chalicelib.handlers.request import View as View
from chalicelib.handlers.request import run
from chalicelib.handlers.route_declaration import Declared
from chalicelib.handlers.route_declaration import Route as Route
from chalicelib.messages import ErrorCode
from chalicelib.settings import gateway_asks_for_signatures

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

PLATFORM, REGULATOR, OPERATOR = Role.PLATFORM, Role.REGULATOR, Role.OPERATOR
ANYONE: Final = (PLATFORM, REGULATOR, OPERATOR)
NOBODY: Final = Caller("", Role.PUBLIC, "")
# Every declaration, in the order in which the modules of routes were loaded.
DECLARED: "Final[list[Route]]" = []
# The view of each operation, by which an act that waited for a second person is done.
VIEWS: Final[dict[str, View]] = {}


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
            VIEWS[operation] = view
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
        result = run(route, view, request, body, path)
        reply = result if isinstance(result, Reply) else Reply(result, route.status)
    except errors.SignInNeeded as error:
        reply = to_sign_in(raw) if route.is_page else error_reply(error)
    except errors.LianfangError as error:
        reply = _refusal(route, error)
    except Exception as error:
        logs.failed("view_failed", view=view.__name__, request_id=ident)
        reply = _refusal(route, from_exception(error))
    return as_response(reply, ident, allowance.headers())


def perform(operation: str, request: Request, fields: Mapping[str, object], path: Mapping[str, str]) -> Any:
    """Do an operation of the API for the caller of this request, as a form of the console asks or a second person let.

    Its body is checked, the audit log written, and what takes a second person waits for one (then the answer is a
    `Reply` of status 202), as for the API. Raises `Forbidden` for a caller of another role.
    """
    route = next(route for route in DECLARED if route.operation == operation)
    if request.caller.role not in route.roles:
        raise errors.Forbidden(ErrorCode.WRONG_ROLE, role=request.caller.role, allowed=list(route.roles))
    body = (bodies.read(route.body, json.dumps(fields)),) if route.body else ()
    return run(route, VIEWS[operation], replace(request, noted=Noted()), body, path)


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
        reply = _refusal(route, error)
        return as_response(reply, request_id(request), allowance.headers())
    return restyle(request, response, route.content_types if route else (), allowance.headers())


def _refusal(route: Route | None, error: errors.LianfangError) -> Reply:
    """The answer that reports an error: a page where the route is one."""
    if route is None or not route.is_page:
        return error_reply(error)
    from chalicelib.handlers.pages import page_frame

    if isinstance(error, errors.TooMany):
        return page_frame.too_many(retry_after(error))
    return page_frame.refused(messages.message(error.code), error.status)


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
