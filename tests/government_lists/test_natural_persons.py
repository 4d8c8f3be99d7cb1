"""Rows about natural persons are left out of every list, whatever the columns are called."""

from collections.abc import Mapping

import pytest

from chalicelib.table_files.rules.person_in_list_row import is_about_person
from tests.support.builders import registration_no, uscc

RESIDENT = "11010519491231002X"
FIRM = "苏州霁昱商贸有限公司"


@pytest.mark.parametrize("name", ["张示例", "古丽巴哈尔", "JOHN EXAMPLE", "赵立行"])
@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"uscc": ""},
        {"uscc": "/"},
        {"registration_no": "无"},
        {"entity_type": "企业"},
    ],
)
def test_a_penalty_that_names_somebody_alone_is_a_persons(name: str, cells: Mapping[str, str]) -> None:
    assert is_about_person("penalties", {"name": name, **cells})


@pytest.mark.parametrize("list_type", ["penalties", "serious_violations", "abnormal_operations"])
@pytest.mark.parametrize(
    "cells",
    [
        {"uscc": RESIDENT},
        {"uscc": "110105194912310021"},
        {"uscc": "110105********002X"},
        {"uscc": "H12345678"},
        {"uscc_or_regno": RESIDENT},
        {"uscc_or_regno": "110105********1234"},
        {"uscc_or_regno": "110105********1234", "id_type": "身份证"},
        {"uscc_or_regno": "?", "id_type": "护照"},
        {"uscc_or_regno": "CHN110190010112"},
        {"registration_no": RESIDENT},
        {"id_no": RESIDENT},
        {"id_no": "12345678"},
        {"id_no": "******"},
        {"passport_no": "E12345678"},
        {"entity_type": "自然人"},
        {"entity_type": "自然人（含境外）"},
        {"id_type": "身份证"},
    ],
)
def test_documents_and_types_of_persons_decide_whatever_the_name(list_type: str, cells: Mapping[str, str]) -> None:
    assert is_about_person(list_type, {"name": FIRM, **cells})
    assert is_about_person(list_type, {"name": "张示例", **cells})


@pytest.mark.parametrize("list_type", ["penalties", "serious_violations", "abnormal_operations"])
@pytest.mark.parametrize(
    "cells",
    [
        {"uscc": uscc(1)},
        {"uscc": uscc(1), "entity_type": "自然人"},
        {"uscc": uscc(1), "id_no": RESIDENT},
        {"uscc_or_regno": uscc(1), "id_type": "统一社会信用代码"},
        {"id_no": uscc(1)},
        {"registration_no": registration_no(1)},
        {"name": FIRM},
        {"name": FIRM, "id_no": ""},
        {"name": FIRM, "representative_id_no": RESIDENT, "legal_representative": "张示例"},
        {"name": FIRM, "entity_type": "有限责任公司(自然人独资)"},
        {"name": FIRM, "uscc": "9133****************"},
        {"name": FIRM, "uscc": "9111"},
    ],
)
def test_rows_about_organisations_are_read(list_type: str, cells: Mapping[str, str]) -> None:
    assert not is_about_person(list_type, cells)


def test_the_register_lists_whom_it_registered_though_the_name_has_no_form() -> None:
    assert not is_about_person("abnormal_operations", {"name": "云栖谷示例家居"})
    assert not is_about_person("penalties", {})
    assert not is_about_person("penalties", None)
