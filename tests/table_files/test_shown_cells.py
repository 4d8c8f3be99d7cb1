"""Cells as a person looks a file over: what is personal masked, also where it was mistyped."""

import pytest

from chalicelib.table_files.rules.shown_cells import is_of_person, shown_cells
from tests.support.builders import uscc

CODE = uscc(7, "330106")


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("phone", "13912345678", "139****5678"),
        ("phone", "1391234567", "13****"),
        ("phone", "13912345678/8888-123456", "139****5678/8888-12****"),
        ("id_no", "E12345678", "E1****"),
        ("passport_no", "EA1234567", "EA****"),
        ("bank_account", "12345678901", "12****"),
        ("legal_representative", "王示例", "王*"),
        ("reason_text", "电话 13912345678 联系不上", "电话 139****5678 联系不上"),
        ("uscc", CODE, CODE),
        ("evicted_on", "2026-03-01", "2026-03-01"),
        ("name", "杭州霁川示例食品有限公司", "杭州霁川示例食品有限公司"),
    ],
)
def test_a_cell_is_masked_by_its_column_and_by_what_it_holds(field: str, text: str, shown: str) -> None:
    assert shown_cells({"uscc": CODE, field: text})[field] == shown


@pytest.mark.parametrize(
    ("cells", "is_persons"),
    [
        ({"name": "王示例", "id_no": "330106199203070310"}, True),
        ({"name": "王示例"}, True),
        ({"name": "王示例", "uscc_or_regno": "330106199203070310"}, True),
        ({"name": "王示例", "uscc": CODE}, False),
        ({"name": "杭州霁川示例食品有限公司"}, False),
        ({"name": "杭州霁川示例食品有限公司", "uscc": "9133"}, False),
        ({}, False),
    ],
)
def test_of_a_row_that_may_be_about_a_person_the_name_is_masked(cells: dict[str, str], is_persons: bool) -> None:
    assert is_of_person(cells) is is_persons
    if is_persons:
        assert shown_cells(cells)["name"] == "王*"
    assert "330106199203070310" not in shown_cells(cells).values()
