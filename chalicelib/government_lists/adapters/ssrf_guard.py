"""HTTPS to addresses on the open internet and nowhere else: what an operator types must not reach inside (SSRF).

The name is resolved once, every address that it has is checked, and the connection goes to an address that was checked:
a name that resolves differently a second time gains nothing.
"""

import http.client
import ipaddress
import socket
import ssl
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.request_deadline import Deadline

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")
# Global by the registries, yet they carry an IPv4 address that may lead inside, or lead to a relay that is no host:
# 6to4 and its relays (RFC 7526), NAT64 (RFC 6052, 8215), Teredo (RFC 4380), site-local (RFC 3879).
_CARRIERS: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("2002::/16", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "::/96", "fec0::/10")
)
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every address that the name has."""
    return [str(address[4][0]) for address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check_url(url: str, let_loopback: bool) -> None:
    """Raise `FeedUnreachable` unless the address is https, has a host, and no user name; loopback by plain http only
    where `let_loopback`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FeedUnreachable("not an address") from error
    if let_loopback and parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES and port:
        return
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise FeedUnreachable("a feed's address starts with https://")


def safe_addresses(host: str, port: int, let_loopback: bool, resolved: Resolve = resolve) -> list[str]:
    """The addresses of a host; `FeedUnreachable` if one of them is private, loopback, link-local or reserved."""
    addresses = list(resolved(host, port))
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if let_loopback and mapped.is_loopback:
            continue
        if not mapped.is_global or mapped.is_multicast or any(mapped in network for network in _CARRIERS):
            raise FeedUnreachable("the address leads inside")
    if not addresses:
        raise FeedUnreachable("the host has no address")
    return addresses


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A list moves by an operator's decision, never by an answer of the source."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class _SafeConnections(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Opens connections to checked addresses only; the certificate is still compared with the name."""

    def __init__(self, let_loopback: bool, resolved: Resolve) -> None:
        super().__init__(context=ssl.create_default_context())
        self._let_loopback = let_loopback
        self._resolved = resolved

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        connection = self._connection(http.client.HTTPSConnection, request)
        return self.do_open(connection, request, context=self._context)  # type: ignore[attr-defined]

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection(http.client.HTTPConnection, request), request)

    def _connection(
        self, kind: type[http.client.HTTPConnection], request: urllib.request.Request
    ) -> Callable[..., http.client.HTTPConnection]:
        deadline = getattr(request, "deadline", None)

        def connect(address: tuple[str, int], timeout: float = 20, source: Any = None) -> socket.socket:
            connected = self._connect(address, timeout, source, deadline)
            if deadline:
                deadline.watch(connected)
                if deadline.is_over:
                    connected.close()
                    deadline.check()
            return connected

        def make(host: str, **more: Any) -> http.client.HTTPConnection:
            connection = kind(host, **more)
            connection._create_connection = connect  # type: ignore[attr-defined]
            return connection

        return make

    def _connect(
        self, address: tuple[str, int], timeout: float, source: Any, deadline: Deadline | None
    ) -> socket.socket:
        host, port = address
        problem: OSError = OSError("no address answers")
        for safe in safe_addresses(host, port, self._let_loopback, self._resolved):
            if deadline:
                deadline.check(problem)
                timeout = min(timeout, deadline.seconds_left)
            try:
                return socket.create_connection((safe, port), timeout, source)
            except OSError as error:
                problem = error
        raise problem


def opener(let_loopback: bool = False, resolved: Resolve = resolve) -> urllib.request.OpenerDirector:
    """An opener that follows no redirect, uses no proxy and connects to checked addresses only."""
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), _NoRedirect, _SafeConnections(let_loopback, resolved)
    )
