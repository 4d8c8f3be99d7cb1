"""Shop pages fetched: politely, from public addresses only, and never for long."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.displays.adapters.shop_page_client import ROBOT, ShopPages

Answer = tuple[int, dict[str, str], bytes]
Shop = dict[str, Answer | list[Answer]]


@contextmanager
def shop(pages: Shop) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A shop on this machine: its address, and what it was asked (path, user agent). A list answers in turn."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["User-Agent"]))
            content = pages.get(self.path, (404, {}, b""))
            if isinstance(content, list):
                content = content.pop(0) if len(content) > 1 else content[0]
            status, headers, body = content
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def pages(sleep: Callable[[float], None] = lambda _: None, **more: int) -> ShopPages:
    return ShopPages(sleep, let_loopback=True, **more)


def ok(body: bytes, **headers: str) -> Answer:
    return 200, {name.replace("_", "-"): value for name, value in headers.items()}, body


def test_a_page_is_read_as_by_a_computer_and_by_a_phone() -> None:
    with shop({"/": ok("营业执照".encode())}) as (url, asked):
        reader = pages()
        assert reader.read(url + "/", "pc") == ("营业执照", "")
        assert reader.read(url + "/", "mobile") == ("营业执照", "")
    agents = [agent for path, agent in asked if path == "/"]
    assert "Windows" in agents[0]
    assert "Android" in agents[1]
    assert all(ROBOT in agent for agent in agents)
    assert [path for path, _ in asked].count("/robots.txt") == 1, "what robots.txt says is remembered"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        (b"User-agent: *\nDisallow: /shop", "/shop/1", False),
        (b"User-agent: *\nDisallow: /other", "/shop/1", True),
        (b"User-agent: LianfangWatch\nDisallow: /\n\nUser-agent: *\nAllow: /", "/shop/1", False),
        (b"\xff\xfe not a robots.txt", "/shop/1", True),
        (b"", "/shop/1", True),
    ],
)
def test_what_robots_txt_forbids_is_not_read(rules: bytes, path: str, allowed: bool) -> None:
    with shop({"/robots.txt": ok(rules), path: ok(b"page")}) as (url, asked):
        assert pages().read(url + path, "pc") == (("page", "") if allowed else ("", "not_allowed"))
        assert (path in [requested for requested, _ in asked]) is allowed


def test_a_robots_txt_that_fails_keeps_us_out() -> None:
    with shop({"/robots.txt": (500, {}, b""), "/": ok(b"page")}) as (url, asked):
        assert pages().read(url + "/", "pc") == ("", "robots.txt: HTTP 500")
        assert [path for path, _ in asked] == ["/robots.txt"] * 3


def test_what_fails_is_tried_again_twice_and_no_more() -> None:
    slept: list[float] = []
    with shop({"/": [(503, {}, b""), (503, {}, b""), ok(b"page")], "/never": (503, {}, b"")}) as (url, asked):
        reader = pages(slept.append)
        assert reader.read(url + "/", "pc") == ("page", "")
        assert reader.read(url + "/never", "pc") == ("", "HTTP 503")
        assert [path for path, _ in asked].count("/never") == 3
    assert len(slept) == 4


def test_a_server_that_is_not_there_is_told_of() -> None:
    with shop({}) as (url, _):
        pass
    text, problem = pages().read(url + "/", "pc")
    assert (text, bool(problem)) == ("", True)


def test_redirects_are_followed_within_what_may_be_reached() -> None:
    with shop({"/shop": ok(b"page"), "/loop": (302, {"Location": "/loop"}, b"")}) as (url, _):
        content: Shop = {"/": (301, {"Location": url + "/shop"}, b"")}
        content["/inside"] = (302, {"Location": "https://169.254.169.254/latest"}, b"")
        content["/plain"] = (302, {"Location": "http://shop.example.cn/"}, b"")
        content["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
        with shop(content) as (first, _):
            assert pages().read(first + "/", "pc") == ("page", "")
            assert pages().read(url + "/loop", "pc") == ("", "too many redirects")
            for path in ("/inside", "/plain", "/file"):
                text, problem = pages().read(first + path, "pc")
                assert text == ""
                assert problem not in ("", "not_allowed")


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "100.64.0.1", "224.0.0.1"])
def test_a_name_that_leads_inside_is_not_followed(address: str) -> None:
    reader = ShopPages(lambda _: None, resolved=lambda _host, _port: [address])
    assert reader.read("https://shop.example.cn/", "pc") == ("", "the address leads inside")


@pytest.mark.parametrize(
    "url", ["http://shop.example.cn/", "https://user@shop.example.cn/", "ftp://a.cn/", "https://a:b/"]
)
def test_only_https_is_read(url: str) -> None:
    text, problem = ShopPages(lambda _: None).read(url, "pc")
    assert (text, bool(problem)) == ("", True)


def test_a_page_that_is_too_large_is_not_read_even_when_packed() -> None:
    packed = gzip.compress(b"0" * 3_000_000)
    content: Shop = {"/": ok(packed, Content_Encoding="gzip"), "/plain": ok(b"0" * 3_000_000)}
    with shop(content) as (url, _):
        for path in ("/", "/plain"):
            assert pages(most_bytes=1_000_000).read(url + path, "pc") == ("", "more than 1000000 bytes")


def test_a_packed_page_is_unpacked_and_a_broken_one_told_of() -> None:
    packed = gzip.compress("营业执照".encode())
    content: Shop = {"/": ok(packed, Content_Encoding="gzip"), "/broken": ok(packed[:-6], Content_Encoding="gzip")}
    with shop(content) as (url, _):
        assert pages().read(url + "/", "pc") == ("营业执照", "")
        assert pages().read(url + "/broken", "pc") == ("", "EOFError")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("营业执照".encode("gb18030"), "text/html; charset=GB2312"),
        ('<meta charset="gbk">营业执照'.encode("gbk"), "text/html"),
        ("营业执照".encode(), "text/html; charset=nonsense"),
        ("营业执照".encode("gb18030"), "text/html"),
    ],
)
def test_pages_of_each_charset_are_read(body: bytes, kind: str) -> None:
    with shop({"/": ok(body, Content_Type=kind)}) as (url, _):
        assert "营业执照" in pages().read(url + "/", "pc")[0]
