"""A person who opens pages through the local server's gateway, follows their links, and sends forms that only look."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.console_pages.store_costs import Cost
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.console_pages import PAGES, find_page
from chalicelib.people.duties import Duty
from local.aws.gateway import Gateway

ORGANISATIONS: Final = {Role.PLATFORM: "qingluan", Role.REGULATOR: "regulator", Role.OPERATOR: "operator"}
SAMPLES: Final = 3
# Leads on, or changes what the person sees.
PASSED_OVER: Final = ("/console", "/console/language")
# Forms that only look: who sends them, on which page, where to, and what is typed besides what stands there.
LOOKS: Final[tuple[tuple[Role, str, str, Mapping[str, str]], ...]] = (
    (Role.PLATFORM, "/console/search", "/console/search", {"q": "91330106MA2GT00116", "purpose": "onboarding"}),
    (Role.PLATFORM, "/console/search", "/console/search", {"q": "杭州云栖谷示例服饰有限公司", "purpose": "onboarding"}),
    (Role.REGULATOR, "/console/merchants", "/console/merchants", {"name": "杭州云栖谷示例服饰有限公司"}),
    (Role.PLATFORM, "/console/rules", "/console/rules/draft", {"do": "try"}),
    (Role.REGULATOR, "/console/rules", "/console/rules/bounds/draft", {"do": "try"}),
    (Role.OPERATOR, "/console/people/new", "/console/people/preview", {"name": "示例", "duties": "read"}),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page or a form that is asked for, and what its answers cost."""

    role: Role
    method: str
    path: str
    body: bytes
    costs: list[Cost] = field(default_factory=list)

    @property
    def label(self) -> str:
        """How the table of pages names it."""
        page, _ = find_page(self.method, _parts(self.path))
        return f"{self.method} {page.path}"


class Page(HTMLParser):
    """The links of a page, and the fields of its forms by where these send to."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.path, self.links = path, list[str]()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self._fields: list[tuple[str, str]] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form or a field with its value; of a choice the one that is made."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(urljoin(self.path, values["href"]).partition("#")[0])
        elif tag == "form":
            self._fields = self.forms.setdefault(urljoin(self.path, values.get("action", "")).partition("#")[0], [])
        elif "formaction" in values:
            self.forms[urljoin(self.path, values["formaction"]).partition("#")[0]] = self._fields
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and "selected" in values:
            self._fields.append((self._select, values.get("value", "")))
        elif tag == "input" and values.get("type") not in ("file", "checkbox", "radio"):
            self._fields.append((values.get("name", ""), values.get("value", "")))


class Person:
    """A signed-in person of a kind of organisation."""

    def __init__(self, gateway: Gateway, role: Role) -> None:
        from chalicelib import wiring
        from chalicelib.people import people, sign_in_links

        self.gateway, self.role, self.cookie = gateway, role, ""
        new = people.NewPerson(ORGANISATIONS[role], "司马示例", frozenset(Duty))
        person = people.add(wiring.exchange(), wiring.digest(), new, "local", wiring.now())
        link = sign_in_links.make_link(wiring.exchange(), person.person_id, wiring.now())
        _, headers, _ = self.ask("GET", f"/console/enter?link={link}")
        self.cookie = headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """The answer of the gateway: status, headers by their small name, body."""
        answered: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "REQUEST_URI": path,
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": self.cookie,
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        answer = b"".join(self.gateway(environ, lambda *line: answered.append(line)))
        status, headers = answered[0]
        return int(status.split()[0]), {name.lower(): value for name, value in headers}, answer

    def crawl(self) -> Iterator[Asked]:
        """Every page of the person's that stands by itself, and `SAMPLES` of each that links lead to."""
        waiting = [
            page.path
            for page in PAGES
            if page.method == "GET"
            and "{" not in page.path
            and self.role in page.roles
            and page.path not in PASSED_OVER
        ]
        seen: dict[str, int] = {}
        while waiting:
            path = waiting.pop(0)
            if not path.startswith("/console/") or path.startswith(("/console/assets/", "/console/language")):
                continue
            asked = Asked(self.role, "GET", path, b"")
            most = SAMPLES if "{" in asked.label else 1
            if path in seen or seen.get(asked.label, 0) >= most:
                continue
            seen |= {path: 1, asked.label: seen.get(asked.label, 0) + 1}
            status, headers, body = self.ask("GET", path)
            if status == 200:
                yield asked
            elif status != 303:
                print(f"{self.role}: {path} answers {status}")
            if headers["content-type"].startswith("text/html"):
                waiting += Page(path, body.decode()).links

    def looks(self) -> Iterator[Asked]:
        """The forms that only look, filled in."""
        for role, page, action, typed in LOOKS:
            if role == self.role:
                form = Page(page, self.ask("GET", page)[2].decode()).forms[action]
                body = urlencode([*((name, value) for name, value in form if name not in typed), *typed.items()])
                yield Asked(role, "POST", action, body.encode())


def _parts(path: str) -> list[str]:
    return urlsplit(path).path.split("/")[2:]
