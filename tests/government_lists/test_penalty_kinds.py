"""What was imposed, from whichever columns say it: the gravest counts."""

import pytest

from chalicelib.government_lists.rules.columns.penalty_kinds import penalty_class
from chalicelib.table_files.rules.match_headers import field_of


@pytest.mark.parametrize(
    ("cells", "category"),
    [
        ({"penalty_kind": "吊销营业执照"}, "serious"),
        ({"penalty_kind": "责令停产停业"}, "serious"),
        ({"measure": "责令停止生产经营活动"}, "serious"),
        ({"penalty_kind": "降低资质等级"}, "serious"),
        ({"penalty_kind": "限制从业", "measure": "十年内不得从事食品生产经营"}, "serious"),
        ({"penalty_kind": "吊销许可证件", "measure": "按决定书执行"}, "serious"),
        ({"penalty_kind": "警告", "measure": "警告；吊销许可证"}, "serious"),
        ({"penalty_kind": "罚款；吊销许可证件"}, "serious"),
        ({"penalty_kind": "罚款", "measure": "处罚款伍万元整"}, "general"),
        ({"penalty_kind": "警告", "fine": "0.5"}, "general"),
        ({"penalty_kind": "警告", "forfeited": "1.20"}, "general"),
        ({"penalty_kind": "警告", "fine": "0.00", "forfeited": ""}, "minor"),
        ({"measure": "处以人民币叁仟元"}, "general"),
        ({"penalty_kind": "暂扣许可证件"}, "general"),
        ({"penalty_kind": "暂扣或者吊销许可证"}, "general"),
        ({"penalty_kind": "暂扣或者吊销许可证", "measure": "吊销食品经营许可证"}, "serious"),
        ({"withdrawn_papers": "食品经营许可证 JY1"}, "general"),
        ({"withdrawn_papers": "无"}, "unknown"),
        ({"penalty_kind": "警告"}, "minor"),
        ({"penalty_kind": "通报批评"}, "minor"),
        ({"measure": "不予行政处罚"}, "minor"),
        ({"measure": "警告，不予罚款"}, "minor"),
        ({"penalty_name": "吊销执照案", "measure": "见决定书"}, "serious"),
        ({"penalty_kind": "其他"}, "unknown"),
        ({"penalty_kind": "4"}, "unknown"),
        ({"measure": "按决定书执行"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_gravest_of_all_columns_counts(cells: dict[str, str], category: str) -> None:
    assert penalty_class(cells) == category


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        (
            "处罚类别 处罚种类 CF_CFLB CF_CFLB1 CF_CFLB2 处罚类别1 行政处罚的种类和依据 PENTYPE_CN 行政处罚种类",
            "penalty_kind",
        ),
        ("处罚结果 处罚内容 CF_NR CF_JG 行政处罚内容 PENCONTENT 行政处罚决定内容", "measure"),
        ("CF_NR_FK 罚款金额（万元） 罚款（万元）", "fine"),
        ("CF_NR_WFFF 没收违法所得、没收非法财物的金额（万元）", "forfeited"),
        ("CF_NR_ZKDX 暂扣或吊销证照名称及编号", "withdrawn_papers"),
        ("CF_CFMC 案件名称 处罚名称", "penalty_name"),
    ],
)
def test_columns_of_kinds(headers: str, field: str) -> None:
    assert {header: field_of(header) for header in headers.split()} == dict.fromkeys(headers.split(), field)
