"""A browser as far as it matters to tests of pages: it keeps cookies, posts forms, and sees where it is sent."""

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.world import World

FORM = "application/x-www-form-urlencoded"


class Visitor:
    """Calls pages of a world with the cookies that it got; `headers` are those of the last answer."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return self._call("GET", path, None, **headers)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]], **headers: str) -> tuple[int, str]:
        return self._call("POST", path, urlencode(fields).encode(), Content_Type=FORM, **headers)

    def send(self, path: str, fields: dict[str, str], file: bytes = b"", name: str = "") -> tuple[int, str]:
        """A form with a file, as browsers send it."""
        parts = [f'form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
        if name:
            parts.append(f'form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + file)
        body = b"".join(b"--edge\r\nContent-Disposition: " + part + b"\r\n" for part in parts) + b"--edge--\r\n"
        return self._call("POST", path, body, Content_Type="multipart/form-data; boundary=edge")

    def _call(self, method: str, path: str, body: bytes | None, **headers: str) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, text, self.headers = self.world.call(method, path, "", body, Cookie=cookie, **headers)
        if "Set-Cookie" in self.headers:
            name, _, rest = self.headers["Set-Cookie"].partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return status, text if isinstance(text, str) else str(text)


class Forms(HTMLParser):
    """Each form of a page: where it goes, and its hidden fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given["action"], {}))
        elif tag == "input" and given.get("type") == "hidden":
            self.found[-1][1][given["name"]] = given["value"]
