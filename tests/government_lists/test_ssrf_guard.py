"""What an operator types must not reach inside."""

import pytest

from chalicelib.errors import FeedUnreachable
from chalicelib.government_lists.adapters.http_source import HttpSource
from chalicelib.government_lists.adapters.ssrf_guard import check_url, safe_addresses
from tests.support.local_office import Office

INSIDE = [
    "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "fd00:ec2::254", "fec0::1", "2002:a9fe:a9fe::1",
    "2002:7f00:1::", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "::169.254.169.254", "192.88.99.1", "2001:0:a9fe:a9fe::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_resolves_inside_is_refused_even_beside_a_good_address(address: str) -> None:
    with pytest.raises(FeedUnreachable):
        safe_addresses("list.example", 443, False, lambda _host, _port: ["93.184.215.14", address])


def test_an_address_on_the_open_internet_is_taken() -> None:
    result = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
    assert safe_addresses("list.example", 443, False, lambda _host, _port: result) == result


@pytest.mark.parametrize(
    "url",
    ["http://list.example/a", "file:///etc/passwd", "ftp://list.example/", "https://", "https://u:p@list.example/",
     "https://@list.example/", "https://:@list.example/",
     "https://list.example:99999/", "//list.example/a", "gopher://127.0.0.1:70/"],
)  # fmt: skip
def test_only_https_with_a_host_and_no_user_is_an_address(url: str) -> None:
    with pytest.raises(FeedUnreachable):
        check_url(url, True)


def test_loopback_is_for_tests_and_the_local_stack_alone(tmp_path: object) -> None:
    from pathlib import Path

    with Office() as office:
        office.files["/list.csv"] = b"x"
        url = f"{office.url}/list.csv"
        with pytest.raises(FeedUnreachable):
            HttpSource([].append).fetch(url, Path(str(tmp_path)) / "list")
        assert office.asked == []
        assert HttpSource([].append, let_loopback=True).fetch(url, Path(str(tmp_path)) / "list")


def test_the_connection_goes_where_the_judge_looked(tmp_path: object) -> None:
    """A second resolution could say something else, so there is none: the name does not even exist."""
    from pathlib import Path

    with Office() as office:
        office.files["/list.csv"] = b"x"
        port = office.url.rpartition(":")[2]
        asked: list[str] = []

        def resolved(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        source = HttpSource([].append, let_loopback=True, resolved=resolved)
        assert source.fetch(f"http://localhost:{port}/list.csv", Path(str(tmp_path)) / "list")
        assert asked == ["localhost"]
