"""How the console is served: who is signed in, what its duties permit, forms of our own alone, errors as pages."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from chalice.app import Blueprint, Response
from chalice.app import Request as RawRequest

from chalicelib import errors, logs
from chalicelib.handlers import forms
from chalicelib.handlers.allowance import Allowance
from chalicelib.handlers.audited import act_of, audited, object_of, parts_of
from chalicelib.handlers.body import MULTIPART
from chalicelib.handlers.console.console_pages import PAGES
from chalicelib.handlers.console.page import Page
from chalicelib.handlers.pages.sign_in_redirect import to_sign_in
from chalicelib.handlers.parameters import check_path
from chalicelib.handlers.replies import Reply, as_response, error_reply, from_exception, request_id
from chalicelib.handlers.routing import NOBODY, Request
from chalicelib.messages import ErrorCode

if TYPE_CHECKING:
    from chalicelib.handlers.console.visit import Visit

SCREENS: Final = "chalicelib.handlers.console.screens."


class ConsoleRoutes:
    """The routes of the console; `pages` is what `app` needs to know of it."""

    def __init__(self, pages: tuple[Page, ...]) -> None:
        self.blueprint = Blueprint(__name__)
        for page in pages:
            # Without a body its type says nothing, so that any is taken.
            types = _types(page) if page.method == "POST" else []
            served = self.blueprint.route(page.path, methods=[page.method], content_types=types, name=_name(page))
            served(self._view(page))
        self.blueprint.route("/console/assets/{name}", methods=["GET"], content_types=[], name="console_asset")(
            self._asset
        )

    def _view(self, page: Page) -> Callable[..., Response]:
        def serve(**path: str) -> Response:
            return _respond(page, self.blueprint.current_request, path)

        return serve

    def _asset(self, name: str) -> Response:
        from chalicelib.handlers.console import console_assets

        try:
            reply = console_assets.serve(name)
        except errors.LianfangError as error:
            reply = error_reply(error)
        return as_response(reply, request_id(self.blueprint.current_request))


def _types(page: Page) -> list[str]:
    return [*forms.FORM, MULTIPART] if page.takes_file else list(forms.FORM)


def _name(page: Page) -> str:
    return "console_" + page.view.replace(":", "_").replace(".", "_")


def _respond(page: Page, raw: RawRequest, path: Mapping[str, str]) -> Response:
    ident, allowance = request_id(raw), Allowance()
    try:
        visit = _visit(raw, allowance, ident)
    except errors.SignInNeeded:
        return as_response(to_sign_in(raw), ident, allowance.headers())
    except Exception as error:
        # Who asks is not known, so neither is the language: the error goes out as the API's do.
        logs.failed("visit_failed", view=page.view, request_id=ident)
        return as_response(error_reply(_expected(error)), ident, allowance.headers())
    return as_response(_shown(page, visit, path), ident, allowance.headers())


def _visit(raw: RawRequest, allowance: Allowance, ident: str) -> "Visit":
    """The visit of the person who is signed in, counted for its organisation; `SignInNeeded` without a session."""
    from chalicelib.handlers.console import session_cookie
    from chalicelib.handlers.console.visit import LANGUAGE_COOKIE, Visit, language_of

    request = Request(ident, NOBODY, raw, {}, allowance)
    try:
        session = session_cookie.session_of(request)
    except errors.SignInNeeded:
        allowance.take_for_address(raw)
        raise
    request = replace(request, caller=session.caller)
    return Visit(session, request, language_of(forms.read_cookie(request, LANGUAGE_COOKIE)), {})


def _shown(page: Page, visit: "Visit", path: Mapping[str, str]) -> Reply:
    """The page, or the error as a page in the same frame."""
    from chalicelib.handlers.console import console_frame

    try:
        return _drawn(page, visit, {name: unquote(value) for name, value in path.items()})
    except errors.LianfangError as error:
        return console_frame.error_page(visit, error)
    except Exception as error:
        logs.failed("page_failed", view=page.view, request_id=visit.request.ident)
        return console_frame.error_page(visit, from_exception(error))


def _drawn(page: Page, visit: "Visit", path: dict[str, str]) -> Reply:
    from chalicelib.handlers.console import session_cookie
    from chalicelib.handlers.console.visit import MOST_FIELDS

    person = visit.session.person
    if person.role not in page.roles:
        raise errors.Forbidden(ErrorCode.WRONG_ROLE, role=person.role, allowed=list(page.roles))
    if page.duties and not person.duties & set(page.duties):
        raise errors.Forbidden(ErrorCode.WRONG_DUTY, needed=list(page.duties))
    check_path(path)
    if page.method == "POST":
        sent = forms.read_parts(visit.request, MOST_FIELDS)
        visit = replace(visit, form=sent.fields, files=sent.files)
        session_cookie.check_csrf(visit.request, visit.session, {"key": visit.field("key")})
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


routes = ConsoleRoutes(PAGES)
