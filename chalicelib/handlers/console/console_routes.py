"""How the console is served: who is signed in, what its duties permit, forms of our own alone, errors as pages.

An API of API Gateway has 300 resources
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html), a
resource for each part of a path: the pages share a route for each depth, and are looked up when one is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final

from chalice.app import Blueprint, Response
from chalice.app import Request as RawRequest

from chalicelib import errors, logs
from chalicelib.handlers import forms
from chalicelib.handlers.allowance import Allowance
from chalicelib.handlers.audited import act_of, audited, object_of, parts_of
from chalicelib.handlers.body import MULTIPART
from chalicelib.handlers.pages.sign_in_redirect import to_sign_in
from chalicelib.handlers.parameters import check_path
from chalicelib.handlers.replies import Reply, as_response, error_reply, from_exception, request_id
from chalicelib.handlers.routing import NOBODY, Request
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.console.page import Page
    from chalicelib.handlers.console.visit import Visit

# How many parts of a path follow `/console`, at most.
DEEPEST: Final = 6
SCREENS: Final = "chalicelib.handlers.console.screens."


class ConsoleRoutes:
    """The routes of the console: one for each method and depth of a path, and the files that pages load."""

    def __init__(self) -> None:
        self.blueprint = Blueprint(__name__)
        for depth in range(DEEPEST + 1):
            path = "/console" + "".join(f"/{{part_{number}}}" for number in range(1, depth + 1))
            # Without a body its type says nothing, so that any is taken.
            for method, types in (("GET", []), ("POST", [*forms.FORM, MULTIPART])):
                name = f"console_{method.lower()}_{depth}"
                self.blueprint.route(path, methods=[method], content_types=types, name=name)(self._view())
        assets = self.blueprint.route("/console/assets/{name}", methods=["GET"], content_types=[], name="console_asset")
        assets(self._asset)

    def _view(self) -> Callable[..., Response]:
        # Chalice asks for a function of its own for each route.
        def serve(**parts: str) -> Response:
            return _respond(self.blueprint.current_request, list(parts.values()))

        return serve

    def _asset(self, name: str) -> Response:
        from chalicelib.handlers.console import console_assets

        try:
            reply = console_assets.serve(name)
        except errors.LianfangError as error:
            reply = error_reply(error)
        return as_response(reply, request_id(self.blueprint.current_request))


def _respond(raw: RawRequest, parts: Sequence[str]) -> Response:
    ident, allowance = request_id(raw), Allowance()
    try:
        visit = _visit(raw, allowance, ident)
    except errors.SignInNeeded:
        return as_response(to_sign_in(raw), ident, allowance.headers())
    except Exception as error:
        # Who asks is not known, so neither is the language: the error goes out as the API's do.
        logs.failed("visit_failed", request_id=ident)
        return as_response(error_reply(_expected(error)), ident, allowance.headers())
    return as_response(_shown(visit, parts), ident, allowance.headers())


def _visit(raw: RawRequest, allowance: Allowance, ident: str) -> "Visit":
    """The visit of the person who is signed in, counted for its organisation; `SignInNeeded` without a session."""
    from chalicelib.handlers.console import session_cookie
    from chalicelib.handlers.console.console_pages import page_behind
    from chalicelib.handlers.console.visit import LANGUAGE_COOKIE, Visit, language_of

    request = Request(ident, NOBODY, raw, {}, allowance)
    try:
        session = session_cookie.session_of(request)
    except errors.SignInNeeded:
        allowance.take_for_address(raw)
        raise
    request = replace(request, caller=session.caller)
    return Visit(session, request, language_of(forms.read_cookie(request, LANGUAGE_COOKIE)), {}, behind=page_behind)


def _shown(visit: "Visit", parts: Sequence[str]) -> Reply:
    """The page, or the error as a page in the same frame."""
    from chalicelib.handlers.console import console_frame
    from chalicelib.handlers.console.console_pages import find_page

    view = ""
    try:
        page, path = find_page(visit.raw.method, parts)
        view = page.view
        return _drawn(page, visit, path)
    except errors.LianfangError as error:
        return console_frame.error_page(visit, error)
    except Exception as error:
        logs.failed("page_failed", view=view, request_id=visit.request.ident)
        return console_frame.error_page(visit, from_exception(error))


def _drawn(page: "Page", visit: "Visit", path: dict[str, str]) -> Reply:
    from chalicelib.handlers.console import navigation, session_cookie
    from chalicelib.handlers.console.visit import MOST_FIELDS

    person = visit.session.person
    if person.role not in page.roles:
        raise errors.Forbidden(ErrorCode.WRONG_ROLE, role=person.role, allowed=list(page.roles))
    if page.duties and not person.duties & set(page.duties):
        raise errors.Forbidden(ErrorCode.WRONG_DUTY, needed=list(page.duties))
    check_path(path)
    if page.method == "POST":
        if not page.takes_file:
            forms.refuse_files(visit.request)
        sent = forms.read_parts(visit.request, MOST_FIELDS)
        visit = replace(visit, form=sent.fields, files=sent.files)
        session_cookie.check_csrf(visit.request, visit.session, {"key": visit.field("key")})
        navigation.forget(visit)
    module, _, function = page.view.partition(":")
    view: Callable[..., Reply] = getattr(import_module(SCREENS + module), function)
    return _audited(page.operation, view, visit, path) if page.operation else view(visit, **path)


def _audited(operation: str, view: Callable[..., Reply], visit: "Visit", path: Mapping[str, str]) -> Reply:
    """What the view answers; the audit log says before it that the act was begun, and after it how it ended."""
    request, noted = visit.request, visit.request.noted
    noted.object_name = object_of(path)
    typed = {name: values[0] if len(values) == 1 else list(values) for name, values in visit.form.items()}
    typed.pop("key", None)
    begun = act_of(request.raw, request.ident, visit.caller, operation, noted.object_name, {**typed, **parts_of(path)})
    with audited(begun, noted):
        reply = view(visit, **path)
        noted.is_refused = reply.status >= 400
    return reply


def _expected(error: Exception) -> errors.LianfangError:
    return error if isinstance(error, errors.LianfangError) else from_exception(error)


routes = ConsoleRoutes()
