"""What every page of the console has in common: templates and their filters, navigation, headers, and the error page.

No script or style but the console's own files may run (Content-Security-Policy), so that nothing that a report said
can become one; what a page shows is kept by no browser and no proxy.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.handlers.console import console_assets, navigation, organisations
from chalicelib.handlers.console.texts.value_texts import FILTERS
from chalicelib.handlers.console.visit import CHINESE, Visit
from chalicelib.handlers.pages.page_frame import DENIED_FEATURES, EVERYWHERE
from chalicelib.handlers.pages.sign_in_redirect import next_page
from chalicelib.handlers.replies import CSV, HTML, Reply
from chalicelib.people.duties import NAMES, Duty

if TYPE_CHECKING:
    from jinja2 import Environment

    from chalicelib.errors import LianfangError

FOLDER: Final = Path(__file__).parent / "templates"
POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS: Final = EVERYWHERE | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(POLICY),
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
    # Of a page that leads to evidence not even the origin is told to another site; a form of ours needs it.
    "Referrer-Policy": "same-origin",
}
Text = tuple[str, str]


@cache
def _templates() -> "Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.do"],
    )
    environment.filters.update(FILTERS)
    environment.globals["asset"] = console_assets.hashed_name
    environment.globals["notice"] = None
    return environment


def page(visit: Visit, template: str, title: Text, status: int = 200, **values: Any) -> Reply:
    """A page of the console: the template within the frame. `title` is in zh and en.

    `posts_to` among the values is the address of the store to which a form of the page posts a file.
    """
    from markupsafe import Markup

    key = Markup('<input type="hidden" name="key" value="{}">').format(visit.session.csrf_key)
    body = (
        _templates()
        .get_template(template)
        .render(
            t=visit.t,
            language=visit.language,
            root=visit.root,
            here=_here(visit),
            title=visit.t(*title),
            request_id=visit.request.ident,
            csrf=key,
            viewer=_viewer(visit),
            navigation=navigation.entries(visit),
            knows_waiting=navigation.is_counted(visit),
            visit=visit,
            **values,
        )
    )
    language = "zh-CN" if visit.language == CHINESE else "en"
    return Reply(body, status, HTML, {**_headers(values.get("posts_to", "")), "Content-Language": language})


def showing(reply: Reply, store: str) -> Reply:
    """The page, which may draw pictures and play films from the store of that origin as well."""
    headers = dict(reply.headers or {})
    drawn = f"img-src 'self' data: {store}; media-src {store}"
    headers["Content-Security-Policy"] = headers["Content-Security-Policy"].replace("img-src 'self' data:", drawn)
    return replace(reply, headers=headers)


def error_page(visit: Visit, error: "LianfangError") -> Reply:
    """An error as a page: what happened, what is safe, and the way on."""
    problems = [_problem(visit, problem) for problem in error.details.get("problems", ())]
    safe = (
        ("没有任何内容被更改，可稍后重试。", "Nothing was changed; try again in a moment.")
        if error.status >= 500 or error.status == 429
        else ("没有任何内容被更改。", "Nothing was changed.")
    )
    is_form = visit.raw.method == "POST"
    reply = page(
        visit,
        "message.html",
        (error.code.zh, _sentence(error.code.en)),
        error.status,
        what="",
        problems=problems,
        safe=visit.t(*safe),
        back=_way_back(visit, is_form),
        back_label=visit.t("返回上一页", "Back to the page") if is_form else visit.t("回到今日", "To Today"),
    )
    more = {"Retry-After": str(error.details.get("seconds", 1))} if error.status == 429 else {}
    return Reply(reply.body, reply.status, HTML, {**(reply.headers or {}), **more})


def go_to(visit: Visit, where: str, cookie: str = "") -> Reply:
    """On to another page of the console (303); `where` is its address from /console/ on."""
    headers = {**HEADERS, "Location": visit.root + where}
    return Reply("", 303, HTML, headers | ({"Set-Cookie": cookie} if cookie else {}))


def pages_of(
    visit: Visit, path: str, says: Text, following: object, kept: Mapping[str, str], cursor: str = "after"
) -> Mapping[str, str]:
    """The foot of a list: what is on this page, and the links to the next page and back to the first.

    `path` is that of the list from /console/ on, `kept` its filters, `following` the cursor of the next page (empty or
    0 for none), which the address gives as `cursor`.
    """

    def link(more: Mapping[str, object]) -> str:
        query = urlencode({**kept, **more})
        return f"{visit.root}{path}?{query}" if query else visit.root + path

    return {
        "says": visit.t(*says),
        "next": link({cursor: following}) if following else "",
        "first": link({}) if visit.query(cursor) else "",
    }


def csv_table(rows: Iterable[Sequence[object]], name: str) -> Reply:
    """Rows, the first of them the heads, as a CSV file that a browser saves; `name` is of ASCII."""
    from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines

    return csv_file(BYTE_ORDER_MARK + csv_lines(rows), name)


def csv_file(text: str, name: str) -> Reply:
    """The text of a CSV file as a file that a browser saves; `name` is of ASCII."""
    return Reply(text, 200, CSV, HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'})


def _headers(posts_to: str) -> Mapping[str, str]:
    """The headers of a page; a form that posts a file to the store comes back to the console after it."""
    if not posts_to:
        return HEADERS
    store = urlsplit(posts_to)
    policy = HEADERS["Content-Security-Policy"].replace(
        "form-action 'self'", f"form-action 'self' {store.scheme}://{store.netloc}"
    )
    return {**HEADERS, "Content-Security-Policy": policy}


def _viewer(visit: Visit) -> Mapping[str, str]:
    person = visit.session.person
    duties = "、" if visit.language == CHINESE else ", "
    return {
        "name": person.name,
        "organisation": organisations.name_of(person.organisation),
        "duties": duties.join(visit.t(*NAMES[duty]) for duty in Duty if duty in person.duties),
    }


def _problem(visit: Visit, problem: Any) -> str:
    message = problem.get("message")
    text = message[visit.language] if isinstance(message, Mapping) else json.dumps(problem, ensure_ascii=False)
    return f"{problem.get('field', '')}: {text}" if problem.get("field") else text


def _here(visit: Visit) -> str:
    """Where the switch of languages leads back to: this page, or the one behind what a form was answered with."""
    return visit.behind(visit.here) if visit.raw.method == "POST" else visit.here


def _way_back(visit: Visit, is_form: bool) -> str:
    """The page that a form was on, which the browser names, or the one behind it; Today otherwise."""
    referrer = str(visit.raw.headers.get("referer", "") or "")
    inner = visit.behind("console/" + referrer.partition("/console/")[2])
    return f"{visit.root}../{next_page(inner)}" if is_form else f"{visit.root}today"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
