"""What each state column means, in the writings that sources use."""

import pytest

from chalicelib.table_files.rules.entry_state import COLUMNS, DAYS, is_deleted, read_state
from chalicelib.table_files.rules.header_synonyms import HEADER_SYNONYMS
from chalicelib.table_files.rules.match_headers import STATE_FIELDS, field_of

TODAY = "2026-06-01"
STANDS = ""


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ("0 0.0 正常 有效 公示中 已公示 列入 未撤销 尚未撤销 未移出 未修复 无异议 异议不成立 恢复公示", STANDS),
        ("0-正常 存续 - \\n 无", STANDS),
        ("1 1.0 撤销 已撤销 被撤销 1-撤销 １ 1：撤销 撤消 作废 Revoked", "revoked"),
        ("2 异议 有异议 异议处理中 行政复议中 2异议", "objection"),
        ("3 其他 其它 暂停 修复中 申请撤销 部分撤销", "other_state"),
        ("已修复 信用修复 修复完成", "repaired"),
        ("已移出 移出 恢复正常记载状态", "removed"),
        ("停止公示 已撤下 公示期满", "publication_over"),
        ("已过期 届满", "term_over"),
        ("已删除", "deleted"),
        ("是 Y true 否 4 9 X1 严重违法 未知 不详 已履行 注销", "unknown_state"),
    ],
)
def test_the_current_state_of_a_penalty(texts: str, state: str) -> None:
    assert {text: read_state({"entry_state": text}, "penalties", TODAY) for text in texts.split()} == dict.fromkeys(
        texts.split(), state
    )


@pytest.mark.parametrize(
    ("field", "yes", "no"),
    [
        ("is_revoked", "revoked", STANDS),
        ("is_removed", "removed", STANDS),
        ("is_repaired", "repaired", STANDS),
        ("is_unpublished", "publication_over", STANDS),
        ("is_over", "term_over", STANDS),
        ("has_objection", "objection", STANDS),
        ("is_valid", STANDS, "removed"),
        ("is_listed", STANDS, "removed"),
        ("is_published", STANDS, "publication_over"),
    ],
)
def test_yes_and_no(field: str, yes: str, no: str) -> None:
    for text in ("是", "Y", "yes", "TRUE", "true", "1", "√", "有"):
        assert read_state({field: text}, "serious_violations", TODAY) == yes, text
    for text in ("否", "N", "no", "False", "0", "无", "×"):
        assert read_state({field: text}, "serious_violations", TODAY) == no, text
    assert read_state({field: ""}, "serious_violations", TODAY) == STANDS
    assert read_state({field: "7"}, "serious_violations", TODAY) == "unknown_state"
    if yes:
        assert read_state({field: "2026-05-01"}, "serious_violations", TODAY) == yes


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"publication_state": "停止公示"}, "publication_over"),
        ({"publication_state": "公示中"}, STANDS),
        ({"publication_state": "1"}, "unknown_state"),
        ({"listing_state": "未列入"}, "removed"),
        ({"record_state": "2"}, "deleted"),
        ({"record_state": "1"}, STANDS),
        ({"op": "删"}, "deleted"),
        ({"op": "2"}, STANDS),
        ({"op": "9"}, "unknown_state"),
        ({"entry_state": "1"}, "unknown_state"),
        ({"entry_state": "撤销"}, "revoked"),
        ({"removed_on": "2026-06-01"}, "removed"),
        ({"removed_on": "2026-06-02"}, STANDS),
        ({"removed_on": "9999-12-31"}, STANDS),
        ({"removed_on": "已移出"}, "removed"),
        ({"removed_on": "未移出"}, STANDS),
        ({"removed_on": "2021-02-30"}, "unknown_state"),
        ({"revoked_on": "2026-05-01"}, "revoked"),
        ({"repaired_on": "2026-05-01"}, "repaired"),
        ({"removed_reason": "补报年度报告"}, "removed"),
        ({"removed_reason": "未移出"}, STANDS),
        ({"removed_reason": "\\n"}, STANDS),
        ({"is_removed": "否", "entry_state": "异议"}, "objection"),
        ({"is_removed": "是", "entry_state": "异议", "is_revoked": "是"}, "revoked"),
        ({"entry_state": "正常；撤销"}, "revoked"),
        ({"entry_state": "正常；其他"}, "other_state"),
    ],
)
def test_other_columns_and_several_of_them(cells: dict[str, str], state: str) -> None:
    """Only penalties have the codes of the publication standard; of several states the gravest counts."""
    assert read_state(cells, "serious_violations", TODAY) == state


def test_every_state_column_can_be_named_by_a_table() -> None:
    assert STATE_FIELDS | {"op"} == COLUMNS.keys()
    assert (COLUMNS.keys() | DAYS.keys()) <= HEADER_SYNONYMS.keys()


@pytest.mark.parametrize("mark", ["删", "DELETE", "d", "3"])
def test_marks_of_a_deletion(mark: str) -> None:
    assert is_deleted({"op": mark})
    assert not is_deleted({"op": "改"})


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("当前状态", "entry_state"),
        ("CF_ZT", "entry_state"),
        ("XK_ZT", "entry_state"),
        ("是否移出", "is_removed"),
        ("是否撤销", "is_revoked"),
        ("撤销", "is_revoked"),
        ("是否有效", "is_valid"),
        ("修复状态", "is_repaired"),
        ("公示状态", "publication_state"),
        ("列入状态", "listing_state"),
        ("移出日期", "removed_on"),
        ("移出原因", "removed_reason"),
        ("数据状态", "record_state"),
        ("数据记录的增删改标志", "op"),
        ("登记状态", "status"),
    ],
)
def test_headers_of_states(header: str, field: str) -> None:
    assert field_of(header) == field
