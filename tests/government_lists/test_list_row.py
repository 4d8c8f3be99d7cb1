from collections.abc import Mapping
from datetime import date

import pytest

from chalicelib.government_lists.rules.list_row import ListEntry, read_list_row, read_listed_reasons
from chalicelib.reports.rules.eviction import Rejection
from tests.support.builders import uscc

TODAY = date(2026, 6, 1)
GOOD = {
    "uscc": uscc(1),
    "name": "苏州霁昱商贸有限公司",
    "listed_on": "2024-8-24",
    "listed_reason": "组织虚假交易，情节严重",
    "listed_by": "某市市场监督管理局",
}


def take(list_type: str = "serious_violations", **changes: str) -> ListEntry | Rejection:
    return read_list_row(3, GOOD | changes, list_type=list_type, today=TODAY, headers={"listed_on": "列入日期"})


def taken(list_type: str = "serious_violations", **changes: str) -> ListEntry:
    entry = take(list_type, **changes)
    assert isinstance(entry, ListEntry), entry
    return entry


@pytest.mark.parametrize(
    ("list_type", "text", "codes"),
    [
        ("serious_violations", "组织虚假交易，情节严重", "GX11"),
        ("serious_violations", "被列入经营异常名录届满3年仍未履行相关义务的", "GX10"),
        ("serious_violations", "列入经营异常名录满三年，仍未履行义务", "GX10"),
        ("serious_violations", "", "ZZ99"),
        ("abnormal_operations", "未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告的", "GX01"),
        ("abnormal_operations", "未按照规定报送年报", "GX01"),
        ("abnormal_operations", "未按照《企业信息公示暂行条例》第十条规定责令的期限公示有关企业信息的", "GX02"),
        ("abnormal_operations", "公示企业信息隐瞒真实情况、弄虚作假的", "GX03"),
        ("abnormal_operations", "通过登记的住所或者经营场所无法联系的", "GX04"),
        ("abnormal_operations", "4", "GX04"),
        ("abnormal_operations", "其他", "ZZ99"),
    ],
)
def test_reasons_by_class(list_type: str, text: str, codes: str) -> None:
    assert read_listed_reasons(list_type, text) == tuple(codes.split())


def test_an_entry_in_order() -> None:
    entry = taken(removed_on="2022-05-20 00:00:00.0", removed_reason="修复后移出", publish_until="9999-9-9")
    assert entry == ListEntry(
        key=entry.key,
        uscc=uscc(1),
        name="苏州霁昱商贸有限公司",
        listed_on="2024-08-24",
        reason_text="组织虚假交易，情节严重",
        reasons=("GX11",),
        listed_by="某市市场监督管理局",
        removed_on="2022-05-20",
        removed_reason="修复后移出",
    )
    assert len(entry.key) == 32


def test_the_key_is_the_same_when_an_entry_is_issued_again() -> None:
    first = taken()
    again = taken(
        listed_on="2024年08月24日",
        listed_reason=" 组织虚假交易,情节严重。",
        removed_on="2025-01-01",
        listed_by="另一局",
    )
    assert again.key == first.key
    others = [
        taken(uscc=uscc(2)),
        taken(listed_on="2024-08-25"),
        taken(listed_reason="售假"),
        taken("abnormal_operations"),
    ]
    assert len({first.key, *(entry.key for entry in others)}) == 5
    assert taken(source_id="A1").key == taken(source_id="A1", listed_on="2020-01-01").key == "serious_violations#A1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uscc": "9111"}, "invalid_uscc"),
        ({"uscc": "9.1E+17"}, "damaged_uscc"),
        ({"uscc": "", "name": "\\n"}, "missing_identity"),
        ({"listed_on": "\\n"}, "missing_date"),
        ({"listed_on": "2021-02-30"}, "invalid_date"),
        ({"listed_on": "2027-01-01"}, "future_date"),
        ({"name": "某\ufffd公司"}, "damaged_text"),
    ],
)
def test_rejections(changes: Mapping[str, str], code: str) -> None:
    rejection = take(**changes)
    assert isinstance(rejection, Rejection)
    assert (rejection.row, rejection.code) == (3, code)


def test_what_is_no_record() -> None:
    assert read_list_row(1, None, list_type="abnormal_operations", today=TODAY) == Rejection(1, "", "not_a_record", "")


def test_a_registers_own_id_stands_in_for_the_day() -> None:
    assert taken(source_id="A1", listed_on="").listed_on == ""


def test_old_numbers_and_struck_names() -> None:
    old = taken("abnormal_operations", uscc="", uscc_or_regno="110108012660422")
    assert (old.registration_no, old.uscc, old.warnings) == ("110108012660422", "", ())
    struck = taken(uscc="", name=uscc(4))
    assert (struck.uscc, struck.name) == (uscc(4), "")


def test_bad_days_beside_the_listing_are_told_and_not_kept() -> None:
    entry = taken(removed_on="2021-02-30", publish_until="?")
    assert (entry.removed_on, entry.publish_until) == ("", "")
    assert entry.warnings == ("removed_on_ignored", "publish_until_ignored", "unknown_state")
    assert entry.state == "unknown_state", "a removal may be meant: a person must look"


def test_persons_are_masked() -> None:
    entry = taken(name="张某11010519491231002X")
    assert entry.name == "张某1101**************"


def test_a_day_of_removal_that_has_not_come_is_a_day_of_its_end() -> None:
    entry = taken(removed_on="2026-09-01")
    assert (entry.state, entry.ends_on) == ("", "2026-09-01")


@pytest.mark.parametrize(
    ("period", "until"),
    [
        ("一年", "2025-08-24"),
        ("3", "2027-08-24"),
        ("公示36个月", "2027-08-24"),
        ("2026-01-01", "2026-01-01"),
        ("99", ""),
    ],
)
def test_a_length_of_publication_counts_from_the_decision(period: str, until: str) -> None:
    assert taken("penalties", publish_until=period).publish_until == until


def test_the_name_of_the_case_stands_in_for_the_reason_of_a_penalty() -> None:
    entry = taken("penalties", listed_reason="", penalty_name="销售假冒注册商标商品案")
    assert entry.reasons == ("IP01",)
