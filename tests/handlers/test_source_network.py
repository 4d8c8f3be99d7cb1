"""Where a request came from, as the gateway says it."""

from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.handlers.source_network import network_of


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nowhere", ""),
        ("192.0.2.1, 203.0.113.9", ""),
    ],
)
def test_ipv6_counts_by_its_network(source: str, network: str) -> None:
    raw: Any = SimpleNamespace(context={"identity": {"sourceIp": source}}, headers={"x-forwarded-for": "203.0.113.9"})
    assert network_of(raw) == network


@pytest.mark.parametrize("context", [None, {}, {"identity": None}, {"identity": {}}])
def test_a_request_without_an_address_counts_with_the_others_that_have_none(context: Any) -> None:
    raw: Any = SimpleNamespace(context=context, headers={"x-forwarded-for": "203.0.113.9"})
    assert network_of(raw) == ""
