import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.registry.rules import reason_codes
from chalicelib.registry.rules.reason_codes import (
    REASONS,
    UNKNOWN,
    code_like,
    gravest,
    nearest_codes,
    read_reasons,
    severity,
)
from chalicelib.registry.rules.reason_synonyms import WORDS


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(reason_codes).failed == 0


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("哄抬防疫物资价格", "PR01"),
        ("囤积口罩，哄抬物价", "PR01"),
        ("价格欺诈", "PR02"),
        ("先涨后降虚构原价", "PR02"),
        ("经营者串通涨价", "PR03"),
        ("虚假宣传", "AD01"),
        ("虚假或者引人误解的商业宣传", "AD01"),
        ("发布虚假广告", "AD02"),
        ("发布虚假医疗广告", "AD03"),
        ("刷单炒信", "AD04"),
        ("虚构交易、编造用户评价", "AD04"),
        ("组织虚假交易，情节严重", "AD05"),
        ("售假", "QC01"),
        ("掺杂掺假，以次充好", "QC01"),
        ("不符合保障人身、财产安全的国家标准", "QC02"),
        ("伪造产地", "QC03"),
        ("销售三无产品", "QC04"),
        ("未经3C认证擅自销售", "QC05"),
        ("拒不召回缺陷商品", "QC06"),
        ("销售假冒注册商标商品", "IP01"),
        ("侵犯他人商标专用权", "IP01"),
        ("假冒专利", "IP02"),
        ("销售盗版图书", "IP03"),
        ("傍名牌", "IP04"),
        ("无证经营食品", "FD01"),
        ("未取得食品经营许可证从事网络食品销售", "FD01"),
        ("经营腐败变质食品", "FD02"),
        ("食品标签不符合规定", "FD03"),
        ("保健食品虚假宣传", "FD04"),
        ("销售假药", "DR01"),
        ("无证经营药品", "DR01"),
        ("未取得医疗器械经营许可", "DR02"),
        ("销售假冒伪劣口罩", "DR02"),
        ("销售未备案化妆品", "DR03"),
        ("无照经营", "LC01"),
        ("未取得许可从事经营", "LC02"),
        ("盗用他人营业执照入驻", "LC03"),
        ("提供虚假材料入驻", "LC03"),
        ("未亮照", "LC04"),
        ("拒绝配合平台核验", "LC05"),
        ("销售违禁商品", "PB01"),
        ("欺诈消费者", "CS01"),
        ("收款不发货，商家失联", "CS02"),
        ("卷款跑路", "CS02"),
        ("泄露用户个人信息", "CS03"),
        ("涉嫌传销", "FR01"),
        ("涉嫌诈骗", "FR01"),
        ("阻碍监督检查", "OB01"),
        ("清退后换壳再次入驻", "EV01"),
        ("售假、刷单炒信", "QC01 AD04"),
        ("1.价格欺诈;2.假货", "PR02 QC01"),
        ("PR01", "PR01"),
        ("pr01；QC01 售假", "PR01 QC01"),
        ("（IP01）", "IP01"),
        ("被列入经营异常名录届满3年仍未履行相关义务的", "GX10"),
        ("未发现售假", UNKNOWN),
        ("店铺装修不美观", UNKNOWN),
        ("其他", UNKNOWN),
        ("XPR012", UNKNOWN),
        ("销售假货的主体", "QC01"),
        ("假营业执照", "LC03"),
        ("虚假标注原价以外的内容", "AD01"),
        ("Counterfeit goods, trademark infringement", "QC01 IP01"),
    ],
)
def test_free_text_is_read_into_codes(text: str, codes: str) -> None:
    assert read_reasons(text) == tuple(codes.split())


@given(st.text(max_size=60))
def test_any_text_gives_codes_of_the_table(text: str) -> None:
    codes = read_reasons(text)
    assert codes
    assert set(codes) <= set(REASONS)
    assert len(set(codes)) == len(codes) <= 6


def test_every_row_of_the_table_is_whole_and_the_dictionary_knows_no_other_code() -> None:
    for code, row in REASONS.items():
        assert re.fullmatch("[A-Z]{2}[0-9]{2}", code)
        assert row.zh
        assert row.en
        assert row.basis
        assert row.severity in {1, 2, 3}
    assert set(WORDS) <= set(REASONS)
    assert len(REASONS) == 44


def test_every_merchants_reason_has_words() -> None:
    assert {code for code in REASONS if not code.startswith("GX")} - set(WORDS) == {UNKNOWN}


@pytest.mark.parametrize(
    ("codes", "grave"), [((), 1), (("ZZ99",), 1), (("AD01", "QC01"), 3), (("GX10", "GX01"), 1), (("NEW1",), 1)]
)
def test_severity(codes: tuple[str, ...], grave: int) -> None:
    assert gravest(codes) == grave


def test_order_44_has_a_first_day_and_what_it_replaced_a_last() -> None:
    assert (severity("GX11"), severity("GX10")) == (3, 1)
    assert REASONS["GX11"].valid_from == REASONS["GX10"].valid_to == "2021-09-01"
    assert (REASONS["GX11"].valid_to, REASONS["GX10"].valid_from) == ("", "")


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("PR1", ["PR01"]),
        ("QCO1", ["QC01"]),
        ("IPP01", ["IP01"]),
        ("FD10", ["FD01"]),
        ("pr-01", ["PR01"]),
        ("ＡＤ０６", ["AD01", "AD02", "AD03"]),
    ],
)
def test_a_code_with_a_slip_is_near_to_codes_in_the_order_of_the_table(given: str, nearest: list[str]) -> None:
    assert nearest_codes([given]) == {given: nearest}


@pytest.mark.parametrize("given", ["XX77", "PX9", "PR", "售假", "", "PR01PR01", "P" * 5_000])
def test_two_slips_are_far(given: str) -> None:
    assert nearest_codes([given]) == {}


def test_a_code_of_the_table_needs_no_other_and_one_that_is_not_allowed_is_not_given() -> None:
    assert nearest_codes(["PR01", "GX01"]) == {}
    assert nearest_codes(["ZZ98"]) == {"ZZ98": ["ZZ99"]}
    assert nearest_codes(["ZZ98"], REASONS.keys() - {"ZZ99"}) == {}


def test_a_cell_of_codes_is_taken_apart() -> None:
    assert code_like("PR1；QC-01,售假 FD 01") == ["PR1", "QC-01", "售假", "FD 01"]
