"""Display links, well formed and damaged in the ways that real ones and forged ones are."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.licences.rules.national_licence_link import check_link
from chalicelib.licences.rules.sm2_signature import ORDER as SM2_ORDER
from tests.support.builders import uscc

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CODE = uscc(1)
MADE = 1_710_000_000_000  # 2024-03-09


def integer(value: int) -> bytes:
    raw = value.to_bytes((value.bit_length() // 8) + 1, "big")
    return bytes([0x02, len(raw)]) + raw


def signature(first: int = SM2_ORDER - 5, second: int = 7 << 240) -> str:
    inner = integer(first) + integer(second)
    return base64.b64encode(bytes([0x30, len(inner)]) + inner).decode()


def link(
    code: str = CODE,
    second: str = "",
    made: int = MADE,
    sign: str = "",
    base: str = "https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do",
) -> str:
    serial = f"{code}-SAIC_SHOW_100000{second or code}{made}"
    return f"{base}?showType=p&serial={serial}&signData={sign or signature()}"


def test_a_link_as_the_national_system_gives_it_is_well_formed() -> None:
    checked = check_link(link(), CODE, NOW)
    assert checked.problems == ()
    assert (checked.uscc, checked.made_at) == (CODE, "2024-03-09T16:00:00.000Z")


def test_what_browsers_and_html_do_to_it_is_undone() -> None:
    # A signature whose base64 has a plus: it arrives as a space, or as %20.
    value = next(text for text in (signature(SM2_ORDER - n, (7 << 240) + n) for n in range(1, 999)) if "+" in text)
    for damaged in (value, value.replace("+", " "), value.replace("+", "%20")):
        assert check_link(link(sign=damaged), CODE, NOW).problems == ()
    assert check_link(link().replace("&", "&amp;"), CODE, NOW).problems == ()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("not a url", "link_no_url"),
        ("ftp://zzlz.gsxt.gov.cn/businessCheck/verifKey.do", "link_no_url"),
        ("https://[::1", "link_no_url"),
        (link(base="http://zzlz.gsxt.gov.cn/businessCheck/verifKey.do"), "link_not_https"),
        (link(base="https://zzlz.gsxt.gov.cn.evil.example/businessCheck/verifKey.do"), "link_wrong_host"),
        (link(base="https://zzlz.gsxt.gov.cn@evil.example/businessCheck/verifKey.do"), "link_wrong_host"),
        (link(base="https://evil.example@zzlz.gsxt.gov.cn/businessCheck/verifKey.do"), "link_wrong_host"),
        (link(base="https://zzlz.gsxt.gov.cn:8443/businessCheck/verifKey.do"), "link_wrong_host"),
        (link(base="https://zzlz.gsxt.gov.cn/other.do"), "link_wrong_path"),
        (link(second=uscc(2)), "link_two_codes"),
        (link(code=CODE[:-1] + "I"), "invalid_uscc"),
        (link(code=uscc(2)), "link_other_merchant"),
        (link(made=1_500_000_000_000), "link_bad_time"),
        (link(made=1_900_000_000_000), "link_bad_time"),
        (link().replace("SAIC", "SIAC"), "link_bad_serial"),
        (link() + f"&serial={uscc(2)}", "link_bad_serial"),
        (link().replace(str(MADE), "１７１００００００００００"), "link_bad_serial"),
        (link() + "&signData=AAAA", "link_bad_signature_shape"),
        (link(sign="AAAA"), "link_bad_signature_shape"),
        (link(sign="!!!"), "link_bad_signature_shape"),
        (link(sign=signature(first=SM2_ORDER)), "link_bad_signature_shape"),
        (link(sign=signature(second=0)), "link_bad_signature_shape"),
    ],
)
def test_each_damage_is_named(url: str, problem: str) -> None:
    assert problem in check_link(url, CODE, NOW).problems


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert check_link(text, "", NOW).problems
    assert check_link(
        f"https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?serial={text}&signData={text}", "", NOW
    ).problems
