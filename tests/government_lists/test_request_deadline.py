"""However slowly a source answers, in its headers or its body, every caller goes on when its time is over."""

import re
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.displays.adapters.shop_page_client import TOO_SLOW, ShopPages
from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.http_source import HttpSource
from chalicelib.government_lists.adapters.request_deadline import Deadline
from chalicelib.licences.adapters.national_link_client import NationalLinkClient
from chalicelib.licences.adapters.national_verifier import NationalVerifier, Timing
from chalicelib.licences.rules.licence_verifier import Unreachable
from tests.support.licence_issuing import check
from tests.support.slow_server import SlowServer, Stage

STAGES = get_args(Stage)
SECONDS = 0.2
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("stage", STAGES)
def test_a_government_source_is_given_up(stage: Stage, tmp_path: Path) -> None:
    with SlowServer(stage) as server, pytest.raises(FeedUnreachable) as refused:
        HttpSource([].append, let_loopback=True, most_seconds=SECONDS).fetch(f"{server.origin}/list", tmp_path / "list")
    assert refused.value.problem == "more than 0.2 seconds"
    assert server.asked == 1, "what took all the time is not asked again"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("quick", [("/robots.txt",), ()])
def test_a_shop_page_is_given_up(stage: Stage, quick: tuple[str, ...]) -> None:
    with SlowServer(stage, quick) as server:
        pages = ShopPages([].append, let_loopback=True, most_seconds=SECONDS)
        assert pages.read(f"{server.origin}/shop", "pc") == ("", TOO_SLOW)


def test_a_delivery_of_many_files_has_one_deadline(tmp_path: Path) -> None:
    source = HttpSource([].append, let_loopback=True, most_seconds=SECONDS)
    with SlowServer("body") as server, source.deadline() as deadline:
        for problem in ("more than 0.2 seconds", r"more than 0\.[12]\d* seconds", "more than 0.4 seconds"):
            with pytest.raises(FeedUnreachable) as refused:
                source.fetch(f"{server.origin}/list", tmp_path / "list", within=deadline)
            assert re.fullmatch(problem, refused.value.problem)
            assert refused.value.is_slow
        assert server.asked == 2, "past the deadline of all nothing is asked"


@pytest.mark.parametrize("stage", STAGES)
def test_the_national_system_is_given_up(stage: Stage) -> None:
    with SlowServer(stage) as server:
        timing = Timing(sleep=[].append, most_seconds=SECONDS)
        secret = '{"client": "c", "key": "k"}'
        verifier = NationalVerifier(server.origin, lambda: secret, None, let_loopback=True, timing=timing)  # type: ignore[arg-type]
        assert verifier.start(check(NOW), "", NOW) == Unreachable("national_unreachable")


@pytest.mark.parametrize("stage", STAGES)
def test_a_display_link_is_given_up(stage: Stage) -> None:
    with SlowServer(stage) as server:
        client = NationalLinkClient(server.origin, let_loopback=True, sleep=[].append, most_seconds=SECONDS)
        assert client.confirm("https://zzlz.gsxt.gov.cn/x?serial=1", "91330106MA2GT00116") == "unknown"


def test_a_handshake_that_never_ends_is_cut() -> None:
    """TLS wraps the socket anew, so the deadline holds a handle of its own."""
    # Connected by the system's backlog, and never accepted: nobody answers the client's hello.
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        Deadline(SECONDS) as deadline,
        socket.create_connection(listening.getsockname()) as connection,
    ):
        deadline.watch(connection)
        context = ssl.create_default_context()
        with pytest.raises(OSError, match=r"EOF|closed|reset|shut"):
            context.wrap_socket(connection, server_hostname="list.example")
        assert deadline.is_over
