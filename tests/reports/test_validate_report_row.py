import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.government_lists.rules import list_row
from chalicelib.messages import CODES
from chalicelib.registry.rules.subject_id import IDENTITY_FIELDS, Identity
from chalicelib.reports.rules import validate_report_row
from chalicelib.reports.rules.eviction import (
    Eviction,
    Rejection,
    eviction_as_dict,
    eviction_from_dict,
    rejection_as_dict,
)
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.table_files.rules import document_columns, row_identity
from tests.support.builders import uscc

TODAY = date(2026, 6, 1)
RESIDENT = "11010519491231002X"
REGISTRATION = "110108012660422"
GOOD = {"uscc": uscc(1), "name": "苏州霁昱商贸有限公司", "evicted_on": "2021-07-01", "reason_text": "售假"}


def digest(kind: str, value: str) -> str:
    return f"<{kind} of {len(value)}>"


def take(cells: Mapping[str, str] | None, headers: Mapping[str, str] | None = None) -> Eviction | Rejection:
    return validate_row(7, cells, today=TODAY, digest=digest, headers=headers or {})


def taken(**changes: str) -> Eviction:
    eviction = take(GOOD | changes)
    assert isinstance(eviction, Eviction), eviction
    return eviction


def value(eviction: Eviction, field: str) -> object:
    return getattr(eviction.identity if field in IDENTITY_FIELDS else eviction, field)


def refused(**changes: str) -> Rejection:
    rejection = take(GOOD | changes)
    assert isinstance(rejection, Rejection), rejection
    return rejection


def test_a_row_in_order() -> None:
    cells = GOOD | {
        "former_name": "苏州旧名商行",
        "shop_name": "霁昱专营店",
        "shop_id": "S1",
        "shop_url": "https://shop.example.com/1",
        "address": "苏州市工业园区1号",
        "phone": "139-0000-1236",
        "legal_representative": "张 三丰",
        "bank_account": "6222 0000 0000",
        "measure": "永久清退",
        "document_no": "京市监处罚〔2021〕12号",
        "notice_url": "https://example.com/n/1",
        "expires_on": "2024-07-01",
        "id_no": RESIDENT,
    }
    assert take(cells) == Eviction(
        identity=Identity(
            uscc=uscc(1),
            person="<resident_id of 18>",
            name="苏州霁昱商贸有限公司",
            former_name="苏州旧名商行",
            shop_name="霁昱专营店",
            shop_url="https://shop.example.com/1",
            address="苏州市工业园区1号",
            phone="<phone of 11>",
            legal_representative="<legal_representative of 3>",
            legal_representative_shown="张*",
            bank_account="<bank_account of 12>",
        ),
        shop_name="霁昱专营店",
        shop_id="S1",
        shop_url="https://shop.example.com/1",
        evicted_on="2021-07-01",
        reasons=("QC01",),
        reason_text="售假",
        measure="永久清退",
        evidence_level="E4",
        document_no="京市监处罚〔2021〕12号",
        notice_url="https://example.com/n/1",
        expires_on="2024-07-01",
    )


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (f"'{uscc(1).lower()}\t", {"uscc": uscc(1)}),
        (" ".join(uscc(1)), {"uscc": uscc(1)}),
        (f"代码：{uscc(1)}（1-1）", {"uscc": uscc(1)}),
        (uscc(1).replace("0", "O", 1), {"uscc": uscc(1), "warnings": ("uscc_repaired",)}),
        (REGISTRATION, {"registration_no": REGISTRATION, "warnings": ("registration_no_in_uscc_column",)}),
        ("MA000001-5", {"org_code": "MA0000015", "warnings": ("org_code_in_uscc_column",)}),
        (RESIDENT, {"person": "<resident_id of 18>", "warnings": ("resident_id_in_uscc_column",)}),
        (RESIDENT.lower(), {"person": "<resident_id of 18>", "warnings": ("resident_id_in_uscc_column",)}),
        (f"{RESIDENT}00", {"person": "<resident_id of 18>", "warnings": ("resident_id_in_uscc_column",)}),
        ("无", {}),
        ("", {}),
    ],
)
def test_what_may_stand_in_the_column_of_credit_codes(written: str, found: Mapping[str, object]) -> None:
    eviction = taken(uscc=written)
    result = {"uscc": "", "registration_no": "", "org_code": "", "person": "", "warnings": ()} | found
    assert {name: value(eviction, name) for name in result} == result
    assert RESIDENT.upper()[4:] not in json.dumps(eviction_as_dict(eviction))


@pytest.mark.parametrize(
    ("changes", "code", "column", "value"),
    [
        ({"uscc": uscc(1)[:-1]}, "invalid_uscc", "统一代码", uscc(1)[:-1]),
        ({"uscc": uscc(1)[:-1] + "*"}, "invalid_uscc", "统一代码", uscc(1)[:-1] + "*"),
        ({"uscc": "见附件"}, "invalid_uscc", "统一代码", "见附件"),
        ({"uscc": RESIDENT[:-1] + "1"}, "invalid_uscc", "统一代码", "1101**************"),
        ({"uscc": "13900001236"}, "invalid_uscc", "统一代码", "139****1236"),
        ({"uscc": f"{uscc(1)};{uscc(2)}"}, "invalid_uscc", "统一代码", f"{uscc(1)};{uscc(2)}"),
        ({"uscc": "9.13302E+17"}, "damaged_uscc", "统一代码", "9.13302E+17"),
        ({"uscc": "", "name": "", "shop_name": "霁昱专营店", "shop_id": "S1"}, "missing_identity", "统一代码", ""),
        ({"uscc": "-", "name": "暂无"}, "missing_identity", "统一代码", ""),
        ({"evicted_on": ""}, "missing_date", "清退日期", ""),
        ({"evicted_on": "0000-00-00"}, "missing_date", "清退日期", ""),
        ({"evicted_on": "", "decided_on": "2021-01-01"}, "missing_date", "清退日期", ""),
        ({"evicted_on": "2021-02-30"}, "invalid_date", "清退日期", "2021-02-30"),
        ({"evicted_on": "长期"}, "invalid_date", "清退日期", "长期"),
        ({"evicted_on": "2026-06-02"}, "future_date", "清退日期", "2026-06-02"),
        ({"evicted_on": "2099年1月1日"}, "future_date", "清退日期", "2099年1月1日"),
        ({"evicted_on": "9999-9-9"}, "future_date", "清退日期", "9999-9-9"),
        ({"reason_text": ""}, "missing_reason", "reason_text", ""),
        ({"reason_text": "N/A"}, "missing_reason", "reason_text", ""),
        ({"name": "北京\ufffd\ufffd公司"}, "damaged_text", "name", "北京\ufffd\ufffd公司"),
        ({"name": "北京\udce5\udc95公司"}, "damaged_text", "name", "北京\\xe5\\x95公司"),
        ({"name": "北京??科技公司"}, "damaged_text", "name", "北京??科技公司"),
        ({"shop_name": "é\u0083\u0091å·"}, "damaged_text", "shop_name", "é\u0083\u0091å·"),
    ],
)
def test_rejections(changes: Mapping[str, str], code: str, column: str, value: str) -> None:
    headers = {"uscc": "统一代码", "evicted_on": "清退日期"}
    rejection = take(GOOD | changes, headers)
    assert rejection == Rejection(7, column, code, value)
    assert code in CODES
    json.dumps(rejection_as_dict(rejection)).encode("utf-8")


def test_what_is_no_record() -> None:
    assert take(None) == Rejection(7, "", "not_a_record", "")


def test_the_first_problem_decides() -> None:
    bad = {"name": "\ufffd", "uscc": "9.1E+17", "evicted_on": "x", "reason_text": ""}
    codes = []
    for field, better in (
        ("name", "甲乙有限公司"),
        ("uscc", ""),
        ("evicted_on", "2021-01-01"),
        ("reason_text", "售假"),
    ):
        rejection = take(bad)
        assert isinstance(rejection, Rejection)
        codes.append(rejection.code)
        bad[field] = better
    assert codes == ["damaged_text", "damaged_uscc", "invalid_date", "missing_reason"]
    assert isinstance(take(bad), Eviction)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"uscc_or_regno": REGISTRATION}, {"registration_no": REGISTRATION}),
        ({"uscc_or_regno": uscc(2)}, {"uscc": uscc(2)}),
        ({"uscc_or_regno": "MA0000015"}, {"org_code": "MA0000015"}),
        ({"uscc_or_regno": "1101081234567"}, {"registration_no": "1101081234567"}),
        ({"uscc_or_regno": RESIDENT}, {"person": "<resident_id of 18>"}),
        ({"uscc_or_regno": "9111***********21X"}, {"name": GOOD["name"]}),
        ({"registration_no": REGISTRATION}, {"registration_no": REGISTRATION}),
        ({"registration_no": "110108012660421"}, {"registration_no": "", "warnings": ("registration_no_invalid",)}),
        ({"registration_no": uscc(2)}, {"uscc": uscc(2)}),
        ({"registration_no": "110105491231003"}, {"person": "<resident_id of 15>", "registration_no": ""}),
        ({"registration_no": "企独京总字第012345号"}, {"registration_no": "企独京总字第012345号"}),
        ({"org_code": "MA000001-5"}, {"org_code": "MA0000015"}),
        ({"org_code": "12345678-0"}, {"org_code": "", "warnings": ("org_code_invalid",)}),
        ({"id_no": RESIDENT}, {"person": "<resident_id of 18>"}),
        ({"id_no": uscc(2)}, {"uscc": uscc(2)}),
        ({"name": uscc(2)}, {"uscc": uscc(2), "name": "", "warnings": ("uscc_in_name_column",)}),
        ({"uscc": uscc(1), "uscc_or_regno": uscc(2)}, {"uscc": uscc(1), "warnings": ("codes_disagree",)}),
    ],
)
def test_other_columns_that_say_who(changes: Mapping[str, str], found: Mapping[str, object]) -> None:
    eviction = taken(**{"uscc": ""} | changes)
    assert {name: value(eviction, name) for name in found} == found


def test_a_code_whose_organisation_code_fails_is_taken_with_a_warning() -> None:
    from chalicelib.values.organisation_codes import uscc_check_character

    first = uscc(1)[:16] + ("1" if uscc(1)[16] != "1" else "2")
    eviction = taken(uscc=first + uscc_check_character(first))
    assert eviction.warnings == ("org_code_check_failed",)


@pytest.mark.parametrize("field", ["reason_text", "measure", "shop_name", "address", "former_name", "shop_id", "name"])
def test_personal_numbers_in_free_text_are_masked(field: str) -> None:
    eviction = taken(**{field: f"店主{RESIDENT}假冒，电话13900001236"})
    assert value(eviction, field) == "店主1101**************假冒，电话139****1236"
    assert set(eviction.warnings) >= {"resident_id_removed", "phone_removed"}


def test_a_shop_address_is_a_link_or_a_place() -> None:
    link = taken(shop_address="https://霁昱.example.com/1")
    place = taken(shop_address="苏州市工业园区1号")
    bare = taken(shop_address="霁昱.taobao.com".replace("霁昱", "jiyu"))
    assert (link.shop_url, link.identity.address) == ("https://霁昱.example.com/1", "")
    assert (place.shop_url, place.identity.address) == ("", "苏州市工业园区1号")
    assert bare.shop_url == "jiyu.taobao.com"


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "E1"),
        ({"evidence_level": "E3"}, "E3"),
        ({"evidence_level": "2"}, "E2"),
        ({"evidence_level": "强"}, "E1"),
        ({"document_no": "京市监处罚〔2021〕12号"}, "E4"),
        ({"document_no": "TICKET-881"}, "E1"),
        ({"document_no": "京市监处罚〔2021〕12号", "evidence_level": "E2"}, "E2"),
    ],
)
def test_evidence(changes: Mapping[str, str], level: str) -> None:
    assert taken(**changes).evidence_level == level


@pytest.mark.parametrize(
    ("written", "day", "warnings"),
    [("长期", "", ()), ("9999-9-9", "", ()), ("2027年1月1日", "2027-01-01", ()), ("三年", "", ("expiry_ignored",))],
)
def test_expiry(written: str, day: str, warnings: tuple[str, ...]) -> None:
    eviction = taken(expires_on=written)
    assert (eviction.expires_on, eviction.warnings) == (day, warnings)


def test_the_day_of_the_penalty_stands_in_where_there_is_no_other_column() -> None:
    cells = {field: text for field, text in GOOD.items() if field != "evicted_on"} | {"decided_on": "2021年3月"}
    eviction = take(cells)
    assert isinstance(eviction, Eviction)
    assert (eviction.evicted_on, eviction.warnings) == ("2021-03-01", ("date_without_day",))


def test_reasons_by_code_and_by_text() -> None:
    assert taken(reasons="PR01；QC01", reason_text="").reasons == ("PR01", "QC01")
    assert taken(reasons="3类", reason_text="刷单").reasons == ("AD04",)
    unknown = taken(reason_text="店铺不美观")
    assert (unknown.reasons, unknown.warnings) == (("ZZ99",), ("unknown_reason",))


def test_an_eviction_survives_being_plain_data() -> None:
    eviction = taken(shop_id="S1", uscc=uscc(1).lower(), reason_text="售假、刷单")
    plain = json.loads(json.dumps(eviction_as_dict(eviction)))
    assert eviction_from_dict(plain | {"row": 7}) == eviction
    assert "phone" not in plain


def test_every_warning_has_a_sentence() -> None:
    modules = (validate_report_row, row_identity, document_columns, list_row)
    sources = "".join(Path(module.__file__).read_text() for module in modules)
    endings = "repaired|ignored|invalid|failed|disagree|_column|category|without_day|n_reason"
    words = set(re.findall(f'"([a-z_]+(?:{endings}))"', sources))
    assert {"uscc_repaired", "org_code_check_failed", "unknown_reason", "masked_number_ignored"} <= words
    assert {*words, "resident_id_removed", "phone_removed", "removed_on_ignored"} <= set(CODES)


OTHER_FIELDS = (
    *("id_no", "id_type", "bank_account", "entity_type"),
    *("phone", "uscc_or_regno", "registration_no", "expires_on"),
)
junk = st.one_of(
    st.text(max_size=24),
    st.sampled_from(
        ["", "无", "9.13302E+17", uscc(1), uscc(2).lower(), RESIDENT, REGISTRATION, "2021-07-01", "\udcff"]
    ),
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *GOOD,
                "id_no",
                "id_type",
                "bank_account",
                "entity_type",
                "phone",
                "uscc_or_regno",
                "registration_no",
                "expires_on",
            ]
        ),
        junk,
    )
)
def test_any_row_ends_accepted_or_rejected_and_no_resident_id_leaves(cells: dict[str, str]) -> None:
    result = take(cells)
    plain = eviction_as_dict(result) if isinstance(result, Eviction) else rejection_as_dict(result)
    view = json.dumps(plain, ensure_ascii=False).encode("utf-8")
    assert RESIDENT.encode() not in view
    if isinstance(result, Eviction):
        actor = result.identity
        assert (
            actor.uscc
            or actor.registration_no
            or actor.org_code
            or actor.person
            or actor.permit
            or actor.personal_account
            or actor.name
        )
        assert result.evicted_on <= TODAY.isoformat()
        assert result.reasons
    else:
        assert result.code in CODES


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("entry_state", "已撤销"), ("entry_state", "已作废"), ("entry_state", "已解除"), ("is_revoked", "是"),
        ("is_removed", "Y"), ("revoked_on", "2025-11-02"), ("removed_on", "2025-11-02"),
    ],
)  # fmt: skip
def test_an_eviction_that_the_row_itself_calls_ended_is_not_taken(column: str, value: str) -> None:
    rejection = refused(**{column: value})
    assert (rejection.code, rejection.column, rejection.value) == ("eviction_ended", column, value)


@pytest.mark.parametrize("value", ["已清退", "封禁", "永久关闭", "生效中", "已处罚", "已下架", "正常", ""])
def test_other_words_of_a_platform_for_its_states_end_nothing(value: str) -> None:
    assert taken(entry_state=value).warnings == ()
