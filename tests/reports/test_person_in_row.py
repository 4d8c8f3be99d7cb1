"""Rows about natural persons: what identifies them decides, never how the name looks, and the full name is not kept."""

import json
from collections.abc import Mapping
from datetime import date

import pytest

from chalicelib.reports.rules.eviction import Eviction, Rejection, eviction_as_dict
from chalicelib.reports.rules.validate_report_row import validate_row
from tests.support.builders import registration_no, uscc

TODAY = date(2026, 6, 1)
RESIDENT = "11010519491231002X"
FOREIGN_2023 = "911001199001011338"
REST = {"evicted_on": "2026-05-01", "reason_text": "销售假冒注册商标商品"}


def take(**cells: str) -> Eviction | Rejection:
    return validate_row(3, REST | cells, today=TODAY, digest=lambda kind, value: f"<{kind}:{value}>")


def taken(**cells: str) -> Eviction:
    eviction = take(**cells)
    assert isinstance(eviction, Eviction), eviction
    return eviction


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李会芳", "李*"),
        ("赵立行", "赵*"),
        ("古丽巴哈尔", "古*"),
        ("古丽巴哈尔·示例江", "古*"),
        ("JOHN EXAMPLE", "J*"),
        ("john example", "J*"),
        ("王示（个人）", "王*"),
        ("王示  例", "王*"),
        ("欧阳示例", "欧阳*"),
        ("司徒店", "司徒*"),
        ("张三丰商行", "张*"),
        ("示例商贸有限公司", "示*"),
        ("张*", "张*"),
        ("*示例", "*"),
    ],
)
def test_whoever_is_identified_by_a_resident_id_is_a_person_whatever_the_name_looks_like(name: str, shown: str) -> None:
    eviction = taken(name=name, id_no=RESIDENT, former_name="旧示例名", shop_name=f"{name}的小店")
    assert eviction.identity.name == shown
    assert eviction.identity.person == f"<resident_id:{RESIDENT}>"
    kept = json.dumps(eviction_as_dict(eviction) | {"legal_representative": ""}, ensure_ascii=False)
    assert "旧示例名" not in kept
    assert "*" in name or name not in kept


def test_the_name_is_masked_in_every_text_of_the_row() -> None:
    texts = dict.fromkeys(("shop_name", "address", "measure", "reason_text"), "李 会芳售假，与示例公司无关")
    eviction = taken(**texts, name="李会芳", id_no=RESIDENT)
    assert (eviction.reason_text, eviction.measure) == ("李*售假，与示例公司无关",) * 2
    assert (eviction.identity.shop_name, eviction.identity.address) == ("李*售假，与示例公司无关",) * 2
    assert "person_name_removed" in eviction.warnings


@pytest.mark.parametrize(
    ("number", "kind", "key"),
    [
        ("H87654321", "", "hk_macau_permit:H87654321"),
        ("h8765432101", "", "hk_macau_permit:H87654321"),
        ("Ｈ８７６５４３２１（０１）", "", "hk_macau_permit:H87654321"),
        ("M 8765 4321", "回乡证", "hk_macau_permit:M87654321"),
        ("H87654321", "身份证", "hk_macau_permit:H87654321"),
        ("12345678", "", "taiwan_permit:12345678"),
        ("1234567801(B)", "", "taiwan_permit:12345678"),
        ("1234567801", "台湾居民来往大陆通行证", "taiwan_permit:12345678"),
        ("CHN110190010112", "", "foreign_permanent_residence:CHN110190010112"),
        ("chn 1101 900101 12", "外国人永久居留身份证", "foreign_permanent_residence:CHN110190010112"),
        ("E12345678", "", "passport:E12345678"),
        ("AB1234567", "护照号", "passport:AB1234567"),
        ("H87654321", "414", "passport:H87654321"),
    ],
)
def test_permits_have_keys_of_their_kind(number: str, kind: str, key: str) -> None:
    # Digits alone are no permit in a column of codes.
    columns = ("id_no",) if number.isdigit() and not kind else ("id_no", "uscc_or_regno")
    for column in columns:
        identity = taken(name="周示仁", id_type=kind, **{column: number}).identity
        assert (identity.permit, identity.person, identity.name) == (f"<{key}>", "", "周*")
        assert identity.subject_id == f"permit:<{key}>"


@pytest.mark.parametrize("number", [FOREIGN_2023, "810000199408230021", "830000199201300022"])
def test_residence_permits_of_eighteen_digits_are_keyed_as_resident_ids(number: str) -> None:
    identity = taken(name="JOHN EXAMPLE", id_no=number, id_type="港澳台居民居住证").identity
    assert (identity.person, identity.permit, identity.name) == (f"<resident_id:{number}>", "", "J*")


UNREADABLE: list[Mapping[str, str]] = [
    {"id_no": "33010619920307031Z"},
    {"id_no": "330106199203070310"},
    {"id_no": "110105********1234"},
    {"id_no": "3301061992"},
    {"id_no": "19920307"},
    {"id_no": ""},
    {"id_no": "无"},
    {"id_no": "A123456(7)"},
    {"passport_no": "?"},
    {"uscc_or_regno": "110105********1234"},
    {"uscc_or_regno": "110105********1234", "id_type": "身份证"},
    {"uscc_or_regno": "330106199203070310"},
    {"id_type": "军官证", "uscc_or_regno": "示字第1234567号"},
    {"entity_type": "自然人"},
    {"entity_type": "个人店铺"},
    {"id_no": "", "bank_account": "6222****1234"},
    {"id_no": "", "bank_account": "13812345678"},
]


@pytest.mark.parametrize("cells", UNREADABLE)
@pytest.mark.parametrize("name", ["周示义", "周示义商贸有限公司", "JOHN EXAMPLE"])
def test_a_person_without_a_number_that_can_be_keyed_is_rejected(cells: Mapping[str, str], name: str) -> None:
    rejection = take(name=name, **cells)
    assert isinstance(rejection, Rejection), rejection
    assert (rejection.row, rejection.code) == (3, "person_without_identifier")
    assert rejection.column in (*cells, "name")
    shown = rejection.value
    assert name not in shown
    assert not any(cell and len(cell) > 6 and "*" not in cell and cell in shown for cell in cells.values())


@pytest.mark.parametrize("name", ["李会芳", "古丽巴哈尔", "JOHN EXAMPLE", "王示（个人）", "张三（个体工商户）", "示例"])
def test_a_name_that_may_be_a_persons_identifies_nobody(name: str) -> None:
    rejection = take(name=name, shop_name="示例小铺")
    assert isinstance(rejection, Rejection), rejection
    assert (rejection.code, rejection.column) == ("person_without_identifier", "name")


@pytest.mark.parametrize(
    "name",
    [
        "苏州霁昱商贸有限公司",
        "朝阳区霁昱餐饮店",
        "示例（北京）酒业公司",
        "霁昱厂",
        "Example Trading Ltd.",
        "霁昱专业合作社",
    ],
)
def test_an_organisation_may_be_named_alone(name: str) -> None:
    assert taken(name=name).identity.name == name


@pytest.mark.parametrize(
    "cells",
    [
        {"uscc": uscc(1), "id_no": RESIDENT},
        {"uscc": uscc(1), "id_no": "33010619920307031Z"},
        {"uscc": uscc(1), "entity_type": "自然人"},
        {"registration_no": registration_no(1), "id_no": ""},
        {"id_no": uscc(1)},
        {"uscc_or_regno": uscc(1), "id_type": "统一社会信用代码"},
    ],
)
def test_a_code_of_a_register_is_no_persons(cells: Mapping[str, str]) -> None:
    assert taken(name="王示例服装店", **cells).identity.name == "王示例服装店"


def test_a_person_is_identified_by_its_bank_account_where_nothing_else_is_given() -> None:
    by_account = taken(name="周示智", id_no="", bank_account="6222 0212 3456 7890 128").identity
    assert by_account.subject_id == "account:<bank_account:6222021234567890128>"
    assert (by_account.name, by_account.bank_account) == ("周*", "<bank_account:6222021234567890128>")
    both = taken(name="周示智", id_no=RESIDENT, bank_account="6222021234567890128").identity
    assert both.subject_id == f"person:<resident_id:{RESIDENT}>"
    assert both.personal_account == both.bank_account
    firm = taken(name="苏州霁昱商贸有限公司", bank_account="6222021234567890128").identity
    assert (firm.personal_account, firm.subject_id[:5]) == ("", "name:")


def test_the_representatives_document_is_not_the_companys() -> None:
    rest = {"representative_id_no": RESIDENT, "legal_representative": "张示例"}
    firm = taken(name="苏州霁昱商贸有限公司", **rest).identity
    assert (firm.name, firm.person) == ("苏州霁昱商贸有限公司", "")
    person = taken(name="张示例", **rest).identity
    assert (person.name, person.person) == ("张*", f"<resident_id:{RESIDENT}>")


def test_the_types_of_companies_with_natural_persons_in_them_are_no_persons() -> None:
    name = "苏州霁昱商贸有限公司"
    assert taken(name=name, entity_type="有限责任公司（自然人独资）").identity.name == name
    assert taken(name=name, entity_type="个人独资企业").identity.name == name
