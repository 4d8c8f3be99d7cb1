"""What people paste into the search: licences, rows of tables, codes with notes."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.lookups.rules import typed_line
from chalicelib.lookups.rules.typed_line import fields_of

LICENCE = """统一社会信用代码：91330106MA2GT00116
名称 霁川示例（杭州）食品有限公司
类型 有限责任公司（自然人投资或控股）
法定代表人：沈知白
注册资本：伍佰万元整
住所 浙江省杭州市西湖区文一路78号3幢101室
经营范围：食品销售；名称：不算"""


def test_examples() -> None:
    assert doctest.testmod(typed_line).failed == 0


def test_a_pasted_licence_says_what_its_parts_are() -> None:
    assert fields_of(LICENCE) == {
        "uscc": "91330106MA2GT00116",
        "name": "霁川示例(杭州)食品有限公司",
        "legal_representative": "沈知白",
        "address": "浙江省杭州市西湖区文一路78号3幢101室",
    }


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("", {}),
        ("　 \t", {}),
        ("９１３３０１０６ＭＡ２ＧＴ００１１６", {"uscc": "91330106MA2GT00116"}),
        ("霁川示例食品\t91330106MA2GT00116\t139 1234 5678", {
            "name": "霁川示例食品", "uscc": "91330106MA2GT00116", "phone": "139 1234 5678"}),
        ("0571-88886666", {"phone": "0571-88886666"}),
        ("11010519491231002X 沈知白", {"id_no": "11010519491231002X", "name": "沈知白"}),
        ("330106000123456", {"registration_no": "330106000123456"}),
        ("MA2GT0011", {"org_code": "MA2GT0011"}),
        ("MA2GT0012", {"name": "MA2GT0012"}),
        ("名称管理咨询有限公司", {"name": "名称管理咨询有限公司"}),
        ("https://shop.qingluan.example/1 霁川", {"shop_url": "https://shop.qingluan.example/1", "name": "霁川"}),
        ("企业名称:霁川示例;电话:0571-88886666", {"name": "霁川示例", "phone": "0571-88886666"}),
    ],
)  # fmt: skip
def test_parts_without_labels_are_told_by_their_form(line: str, fields: dict[str, str]) -> None:
    assert fields_of(line) == fields


@given(st.text(max_size=400))
def test_any_text_is_read(line: str) -> None:
    fields = fields_of(line)
    assert all(value.strip() for value in fields.values())
    assert bool(fields) == bool(line.strip(typed_line._EDGES).strip()) or not any(sign.isalnum() for sign in line)
