"""A request as a view sees it, and how a view is run: with the audit log, and a second person where it takes one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.app import Request as RawRequest

from chalicelib import errors, wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.handlers.allowance import Allowance
from chalicelib.handlers.audited import Noted, act_of, audited, object_of, parts_of
from chalicelib.handlers.parameters import Value
from chalicelib.handlers.replies import Reply
from chalicelib.handlers.route_declaration import Route
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.merchant_record.merchant_sessions import Session

View = Callable[..., Any]
Body = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a view sees it: who sent it, its parameters, and the rest as it came; `ident` is its id.

    `noted` is what the view notes for the audit log; `is_approved`: a second person has approved it.
    """

    ident: str
    caller: Caller
    raw: RawRequest
    parameters: Mapping[str, Value]
    allowance: Allowance
    merchant: "Session | None" = None
    noted: Noted = field(default_factory=Noted)
    is_approved: bool = False

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


def run(route: Route, view: View, request: Request, body: Body, path: Mapping[str, str]) -> Any:
    """What the view answers. Of an act the audit log says before it that it was begun, and after it how it ended."""
    if not route.is_audited:
        return view(request, *body, **path)
    fields = {**(body[0].model_dump() if body else {}), **parts_of(path)}
    noted = request.noted
    noted.object_name = object_of(path)
    with audited(act_of(request.raw, request.ident, request.caller, route.operation, noted.object_name, fields), noted):
        result = _held(route, request, body, path) or view(request, *body, **path)
        noted.object_name = noted.object_name or object_of({}, result.body if isinstance(result, Reply) else result)
    return result


def _held(route: Route, request: Request, body: Body, path: Mapping[str, str]) -> Reply | None:
    """The answer to an act that waits for a second person; None where it needs none."""
    duty = route.second_person(*body) if route.second_person else ""
    if not duty or request.is_approved:
        return None
    from chalicelib.second_person import pending_decisions

    fields = body[0].model_dump(exclude_unset=True) if body else {}
    context = pending_decisions.Context(wiring.exchange(), wiring.numbered_log)
    wanted = pending_decisions.Wanted(route.operation, duty, path, fields)
    decision = pending_decisions.hold(context, request.caller, wanted, wiring.now())
    return Reply({"pending_decision": decision.view(wiring.now())}, 202) if decision else None
