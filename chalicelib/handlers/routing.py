"""Routes: the one declaration of each, and what follows from it for every request.

A declaration says who is admitted, which parameters and which body are taken, what is answered. Admission, reading and
checking, the description of the API and the tests of the documents are all derived from it. A view gets the request and
the body and returns plain data; errors raised below become answers here, because an exception that escapes a Chalice
view is a bare 500 before any middleware sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack
from urllib.parse import unquote

from chalice.app import Blueprint, Response
from chalice.app import Request as RawRequest

from chalicelib import errors, logs, wiring
from chalicelib.accounts import api_keys, request_limits
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.request_limits import MERCHANTS, REQUESTS, Left
from chalicelib.accounts.roles import Role
from chalicelib.handlers import body as bodies
from chalicelib.handlers import parameters
from chalicelib.handlers.parameters import Parameter, Value
from chalicelib.handlers.replies import HTML, Reply, as_response, error_reply, from_exception, request_id
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

PLATFORM, REGULATOR, OPERATOR = Role.PLATFORM, Role.REGULATOR, Role.OPERATOR
ANYONE: Final = (PLATFORM, REGULATOR, OPERATOR)
NOBODY: Final = Caller("", Role.PUBLIC, "")
View = Callable[..., Any]
# Every declaration, in the order in which the modules of routes were loaded.
DECLARED: "Final[list[Route]]" = []


class Declared(TypedDict, total=False):
    """What a declaration may say beside path, method and operation id; each is a field of `Route`."""

    roles: tuple[Role, ...]
    session: bool
    body: str
    longest_body: int
    content_types: tuple[str, ...]
    query: tuple[Parameter, ...]
    any_query: bool
    headers: tuple[Parameter, ...]
    returns: str
    status: int
    also: Mapping[int, str]
    media: tuple[str, ...]
    errors: tuple[ErrorCode, ...]
    conflicts: tuple[ErrorCode, ...]
    merchants: Callable[..., int]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The declaration of one operation.

    `roles`: whose keys are admitted, () for the public. `session`: a merchant's session is needed in place of a key.
    `body`: the model of the body, as `module:Name` of the package `requests`, at most `longest_body` long;
    `content_types`: of a body that is no JSON. `query`, `headers`: the parameters; others of the query are refused,
    unless `any_query` (pages that people open by links which apps add to). `returns`: the model of the answer, as
    `module:Name` of the package `responses`, several joined by |, '' for none; `media`: further types of that answer.
    `also`: further statuses, each with a model, a media type or '' for no content. `errors`: its own error codes;
    `conflicts`: those that are 409 here and have another status elsewhere. `merchants`: how many merchants a body
    (if it has one) looks up, which count against the caller's quota.
    """

    path: str
    method: str
    operation: str
    roles: tuple[Role, ...] = ()
    session: bool = False
    body: str = ""
    longest_body: int = 0
    content_types: tuple[str, ...] = ("application/json",)
    query: tuple[Parameter, ...] = ()
    any_query: bool = False
    headers: tuple[Parameter, ...] = ()
    returns: str = ""
    status: int = 200
    also: Mapping[int, str] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    errors: tuple[ErrorCode, ...] = ()
    conflicts: tuple[ErrorCode, ...] = ()
    merchants: Callable[..., int] | None = None
    tags: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether people read it: its errors are pages too."""
        return HTML in self.media


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a view sees it: who sent it, its parameters, and the rest as it came."""

    caller: Caller
    raw: RawRequest
    parameters: Mapping[str, Value]
    merchant: "Session | None" = None

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
            served = self.blueprint.route(path, methods=[method], content_types=list(route.content_types))
            return served(serve)  # type: ignore[no-any-return]

        return decorate


def _respond(route: Route, view: View, raw: RawRequest, path_parameters: Mapping[str, str]) -> Response:
    ident, left = request_id(raw), []
    try:
        request = _admitted(route, raw)
        left = _take(request.caller, {REQUESTS: 1})
        # API Gateway and Chalice hand path parameters over percent-encoded.
        path = {name: unquote(value) for name, value in path_parameters.items()}
        if not route.is_page:
            parameters.check_path(path)
        body = (bodies.read(route.body, raw.raw_body, route.longest_body),) if route.body else ()
        if route.merchants:
            left = _take(request.caller, {MERCHANTS: route.merchants(*body)})
        result = view(request, *body, **path)
        reply = result if isinstance(result, Reply) else Reply(result, route.status)
    except errors.LianfangError as error:
        reply = error_reply(error)
    except Exception as error:
        logs.failed("view_failed", view=view.__name__, request_id=ident)
        reply = error_reply(from_exception(error))
    return as_response(reply, ident, request_limits.headers(left))


def _take(caller: Caller, units: Mapping[str, int]) -> list[Left]:
    """Count what the request takes of the quotas of its platform and its key; what is left, the least of both.

    Raises `TooMany`. The public has no quota here: its addresses are limited by the gateway.
    """
    if caller.role == Role.PUBLIC:
        return []
    limits, now = wiring.request_limits(), wiring.now().timestamp()
    both = (limits.take(account, units, now) for account in (f"key:{caller.key_id}", f"platform:{caller.platform_id}"))
    return [min(pair, key=lambda left: left.units) for pair in zip(*both, strict=False)]


def _admitted(route: Route, raw: RawRequest) -> Request:
    """The request of a caller whom the route admits, its headers and query read.

    `Unauthorised` or `Forbidden` for others, `BadRequest` for parameters that do not fit.
    """
    caller = _caller(route, raw) if route.roles else NOBODY
    session = _session(raw) if route.session else None
    for parameter in route.headers:
        parameter.read(str(raw.headers.get(parameter.name, "") or ""))
    sent = dict(raw.query_params or {})
    query = (
        {parameter.name: sent[parameter.name] for parameter in route.query if parameter.name in sent}
        if route.any_query
        else sent
    )
    return Request(caller, raw, parameters.read_query(route.query, query), session)


def _caller(route: Route, raw: RawRequest) -> Caller:
    caller = api_keys.identify(wiring.exchange(), str(raw.headers.get("authorization", "") or ""), wiring.now())
    if caller.role not in route.roles:
        raise errors.Forbidden(ErrorCode.WRONG_ROLE, role=caller.role, allowed=list(route.roles))
    return caller


def _session(raw: RawRequest) -> "Session":
    from chalicelib.merchant_record import merchant_sessions

    scheme, _, token = str(raw.headers.get("authorization", "") or "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return merchant_sessions.identify(wiring.exchange(), bearer, wiring.now())
