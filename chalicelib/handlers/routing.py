"""What every door of the HTTPS API has in common: who asks, what comes in, how answers and errors leave.

A view gets the caller and the request and returns plain data. Errors raised below become answers here, because an
exception that escapes a Chalice view is a bare 500 before any middleware sees it.
"""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

from chalice.app import Blueprint, Request, Response

from chalicelib import errors, logs, wiring
from chalicelib.accounts import api_keys
from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.roles import Role

if TYPE_CHECKING:
    from pydantic import BaseModel

JSON: Final = "application/json; charset=utf-8"
PLATFORM, REGULATOR, OPERATOR = Role.PLATFORM, Role.REGULATOR, Role.OPERATOR
ANYONE: Final = (PLATFORM, REGULATOR, OPERATOR)
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
NOBODY: Final = Caller("", Role.PUBLIC, "")
# What Chalice refuses before a view runs, in our words.
CHALICE_ERRORS: Final = {
    400: "malformed_json",
    403: "not_found",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_type",
}
Model = TypeVar("Model", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not plain 200 JSON."""

    body: Any
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as a view sees it: who asks, and what was sent."""

    caller: Caller
    request: Request

    def header(self, name: str) -> str:
        """The header's value, '' when absent."""
        return str(self.request.headers.get(name, "") or "")

    def query(self, name: str, default: str = "") -> str:
        """The query parameter's last value."""
        parameters: Mapping[str, str] = self.request.query_params or {}
        return str(parameters.get(name, default))

    def number(self, name: str, default: int, most: int) -> int:
        """The query parameter as a whole number from 0 to `most`; `BadRequest` otherwise."""
        text = self.query(name, str(default))
        if not (text.isascii() and text.isdigit()) or int(text) > most:
            raise errors.BadRequest("invalid_request", field=name, expected=f"0..{most}")
        return int(text)

    def cursor(self) -> int:
        """The query parameter `after`: the number of the last entry that the caller has."""
        after = self.query("after", "0")
        if not (after.isascii() and after.isdigit()) or len(after) > 12:
            raise errors.BadRequest("invalid_cursor", after=after[:40])
        return int(after)

    def read(self, model: "type[Model]") -> "Model":
        """The body as that model; `BadRequest` names each field that does not fit."""
        from pydantic import ValidationError

        try:
            return model.model_validate_json(self.request.raw_body)
        except ValidationError as error:
            raise _bad_request(error.errors(include_url=False, include_input=False)) from None


class Doors(Blueprint):
    """A Blueprint whose routes know who may enter; `roles` says so of each, () for the public."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.roles: dict[str, tuple[Role, ...]] = {}

    def door(
        self, path: str, method: str, roles: tuple[Role, ...] = (), **kwargs: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
        """A route for these roles; without roles the door is open to the public, and says so by that."""

        def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
            @wraps(view)
            def guarded(**parameters: str) -> Response:
                return _answer(self.current_request, view, roles, parameters)

            self.roles[f"{method} {path}"] = roles
            return self.route(path, methods=[method], **kwargs)(guarded)  # type: ignore[no-any-return]

        return decorate


def request_id(request: Request) -> str:
    """The gateway's id of this request, or one of our own where there is no gateway."""
    return str((request.context or {}).get("requestId") or uuid.uuid4())


def as_response(reply: Reply, ident: str) -> Response:
    """The answer as Chalice sends it, in UTF-8 and with its request id."""
    body = reply.body
    if reply.content_type == JSON:
        body = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    headers = {**HEADERS, "Content-Type": reply.content_type, "X-Request-Id": ident}
    return Response(body, {**headers, **(reply.headers or {})}, reply.status)


def error_reply(error: errors.LianfangError) -> Reply:
    """The answer that tells of an error."""
    challenge = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return Reply(error.body(), error.status, headers=challenge)


def restyle(request: Request, response: Response, expected: Sequence[str]) -> Response:
    """An answer of ours as it is; an error of Chalice's own in the form of all our errors.

    `expected` is the Content-Types that the route takes.
    """
    if response.headers.get("X-Request-Id"):
        return response
    code = CHALICE_ERRORS.get(response.status_code, "internal_error")
    sent = {"sent": str(request.headers.get("content-type", "") or ""), "expected": list(expected)}
    error = errors.LianfangError(code, **(sent if code == "unsupported_type" else {}))
    error.status = response.status_code
    return as_response(error_reply(error), request_id(request))


def _answer(
    request: Request, view: Callable[..., Any], roles: tuple[Role, ...], parameters: Mapping[str, str]
) -> Response:
    ident = request_id(request)
    try:
        caller = _admit(request, roles) if roles else NOBODY
        # API Gateway and Chalice hand path parameters over percent-encoded.
        plain = {name: unquote(value) for name, value in parameters.items()}
        result = view(Ask(caller, request), **plain)
        reply = result if isinstance(result, Reply) else Reply(result)
    except errors.LianfangError as error:
        reply = error_reply(error)
    except Exception as error:
        logs.failed("view_failed", view=view.__name__, request_id=ident)
        reply = error_reply(_translate(error))
    return as_response(reply, ident)


def _admit(request: Request, roles: tuple[Role, ...]) -> Caller:
    header = str(request.headers.get("authorization", "") or "")
    caller = api_keys.identify(wiring.exchange(), header, wiring.now())
    if caller.role not in roles:
        raise errors.Forbidden("wrong_role", role=caller.role, allowed=list(roles))
    return caller


def _translate(error: Exception) -> errors.LianfangError:
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, BotoCoreError | ClientError):
        return errors.Unavailable("store_unavailable")
    return errors.LianfangError("internal_error")


def _bad_request(problems: list[Any]) -> errors.BadRequest:
    """One error for the body, with a line for each problem; the values stay out, they may be personal."""
    kinds = {problem["type"] for problem in problems}
    if "json_invalid" in kinds:
        return errors.BadRequest("malformed_json", problem=problems[0]["msg"])
    code = "unknown_field" if "extra_forbidden" in kinds else "invalid_request"
    if any(problem.get("ctx", {}).get("reason") == "nothing_to_look_up" for problem in problems):
        code = "nothing_to_look_up"
    return errors.BadRequest(code, problems=[_problem(problem) for problem in problems[:20]])


def _problem(problem: Mapping[str, Any]) -> dict[str, Any]:
    """A line about one field; `nearest` are the values that were perhaps meant."""
    nearest = problem.get("ctx", {}).get("nearest")
    line = {"field": ".".join(str(part) for part in problem["loc"]), "problem": problem["msg"]}
    return {**line, "nearest": nearest} if nearest else line
