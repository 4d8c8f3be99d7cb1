import doctest

import pytest

from chalicelib.table_files.rules import match_headers
from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS
from chalicelib.table_files.rules.match_headers import field_of, read_header, squeeze


def test_the_module_does_what_its_docstring_says() -> None:
    assert doctest.testmod(match_headers).failed == 0


def test_no_name_belongs_to_two_fields() -> None:
    owner: dict[str, str] = {}
    for field, words in HEADER_SYNONYMS.items():
        for word in [field, *words.split("|")]:
            assert owner.setdefault(squeeze(word), field) == field, word


@pytest.mark.parametrize("field", sorted(HEADER_SYNONYMS))
def test_every_name_is_known_however_it_is_written(field: str) -> None:
    for word in HEADER_SYNONYMS[field].split("|"):
        for written in (
            word,
            f" {word}：",
            f"*{word}",
            word.upper(),
            f"{word}（必填）",
            f"【{word}】",
            f"\ufeff{word}\t",
        ):
            assert field_of(written) == field, written


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("行政相对人代码_1(统一社会信用代码)", "uscc"),
        ("行政相对人代码＿1 （统一社会信用代码）：", "uscc"),
        ("行政相对人代码-2(工商注册号)", "registration_no"),
        ("行政相对人代码_2（组织机构代码）", "org_code"),
        ("行政相对人代码_3(工商登记码)", "registration_no"),
        ("行政相对人代码_3（组织机构代码）", "org_code"),
        ("行政相对人代码_4(税务登记号)", ""),
        ("行政相对人代码_5(居民身份证号)", "id_no"),
        ("行政相对人代码_6(社会组织登记证号)", ""),
        ("行政相对人代码_1", "uscc"),
        ("行政相对人代码_2", ""),
        ("行政相对人代码_5", ""),
        ("统一社会信用代码/注册号", "uscc_or_regno"),
        ("统一社会信用代码（注册号）", "uscc_or_regno"),
        ("社会信用代码（纳税人识别号）", "uscc"),
        ("证件号码", "uscc_or_regno"),
        ("法定代表人证件号码", "representative_id_no"),
        ("企业名称（字号名称）", "name"),
        ("当事人(名称)", "name"),
        ("法定代表人(经营者姓名)", "legal_representative"),
        ("作出决定机关(列入)", "listed_by"),
        ("作出决定机关（移出）", "removed_by"),
        ("设立日期(信用中国异常名录)", "listed_on"),
        ("设立日期", "listed_or_established_on"),
        ("CF_ZT当前状态", "entry_state"),
        ("CF_CFJGDM处罚机关统一社会信用代码", ""),
        ("当前状态（0正常，1撤销，2异议，3其他）", "entry_state"),
        ("行政相对人代码（统一社会信用代码或组织机构代码）", "uscc_or_regno"),
        ("清退时间（格式：YYYY-MM-DD）", "evicted_on"),
        ("清退日期 Eviction Date", "evicted_on"),
        ("公司名称\nCompany Name", "name"),
        ("统一社会信用代码 / USCC", "uscc"),
        ("清退日期EvictionDate", "evicted_on"),
        ("UNISCID", "uscc"),
        ("UniscId", "uscc"),
        ("CF_XDR_SHXYM", "uscc"),
        ("evictedOn", "evicted_on"),
        ("３、企业名称", "name"),
        ("企业ID", ""),
        ("甲", ""),
        ("", ""),
        ("91110105MA9XM3J101", ""),
        ("2021-07-01", ""),
        ("苏州霁昱商贸有限公司", ""),
    ],
)
def test_headers_that_need_a_rule(written: str, field: str) -> None:
    assert field_of(written) == field


def test_columns_of_a_table() -> None:
    columns = read_header(["序号", "名称", "企业名称", "清退原因", "违规类型", "统一代码", ""])
    assert columns.places == {"name": 2, "reason_text": 3, "uscc": 5}
    assert columns.more == (("name", 1), ("reason_text", 4))
    assert columns.headers == {"name": "企业名称", "reason_text": "清退原因", "uscc": "统一代码"}
    assert (columns.width, columns.significant_fields()) == (7, 3)


def test_columns_that_any_table_has_are_not_significant() -> None:
    assert read_header(["id", "更新时间", "所属平台", "类型"]).significant_fields() == 0
