"""A display link clicked through: confirmed, not confirmed, and every way of not knowing."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.licences.adapters.national_link_client import NationalLinkClient
from chalicelib.licences.rules.national_licence_link import check_link
from tests.licences.test_national_licence_link import link
from tests.support.builders import uscc
from tests.support.local_source import Source
from tests.world import World

LINK = check_link(link(), uscc(1), wiring.now()).url


def links(source: Source, **more: Any) -> NationalLinkClient:
    return NationalLinkClient(source.url, let_loopback=True, sleep=[].append, **more)


def test_the_page_names_the_merchant_or_not() -> None:
    with Source() as source:
        source.body = f"<html>统一社会信用代码 {uscc(1)}</html>".encode()
        assert links(source).confirm(LINK, uscc(1)) == "confirmed"
        assert links(source).confirm(LINK, uscc(2)) == "not_confirmed"
        source.failures = [404]
        assert links(source).confirm(LINK, uscc(1)) == "not_confirmed", "a deleted mark stops resolving"


@pytest.mark.parametrize("failures", [[500, 500], [503, 429], [403], [302]])
def test_trouble_is_not_a_verdict(failures: list[int]) -> None:
    with Source() as source:
        source.failures = list(failures)
        assert links(source).confirm(LINK, uscc(1)) == "unknown"


def test_one_failure_is_tried_again() -> None:
    with Source() as source:
        source.body, source.failures = uscc(1).encode(), [502]
        assert links(source).confirm(LINK, uscc(1)) == "confirmed"
        assert len(source.seen) == 2


def test_nobody_there_and_nowhere_inside() -> None:
    with Source() as source:
        url = source.url
    assert NationalLinkClient(url, let_loopback=True, sleep=[].append).confirm(LINK, uscc(1)) == "unknown"
    inside = NationalLinkClient(resolved=lambda _host, _port: ["10.0.0.7"], sleep=[].append)
    assert inside.confirm(LINK, uscc(1)) == "unknown"
    assert NationalLinkClient("http://127.0.0.1:9", sleep=[].append).confirm(LINK, uscc(1)) == "unknown"


def test_a_well_formed_link_travels_alone() -> None:
    checked = check_link(link() + "&more=%0d%0aX-Evil:1#here", uscc(1), wiring.now())
    assert checked.url == LINK
    assert "more" not in checked.url
    assert checked.url.startswith("https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p&serial=")
    assert check_link(checked.url, uscc(1), wiring.now()).url == LINK, "its plus signs have survived"


def test_wellformed_and_confirmed_are_two_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = world.admit("beta")
    asked = {"url": link(), "uscc": uscc(1)}
    body = world.call("POST", "/v1/licence-links/check", key, asked)[1]
    assert (body["link_wellformed"], body["link_confirmed"], body["confirmation"]) == (True, False, "off")
    assert wiring.display_links() is None
    monkeypatch.setenv("DISPLAY_LINKS_ONLINE", "yes")
    wiring.reset(keep_clients=True)
    assert isinstance(wiring.display_links(), NationalLinkClient)
    asked = {"url": link(), "uscc": uscc(2)}
    body = world.call("POST", "/v1/licence-links/check", key, asked)[1]
    assert (body["link_wellformed"], body["confirmation"]) == (False, "not_asked"), "only what is well formed is asked"
