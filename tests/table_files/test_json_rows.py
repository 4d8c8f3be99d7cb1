import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import FileRefused
from tests.support.builders import uscc
from tests.table_files.example_files import outcome, records


def eviction(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "uscc": uscc(number),
        "name": f"苏州霁昱{number}号商贸有限公司",
        "evicted_on": "2021-07-01",
        "reason_text": "售假",
    } | changes


MANY = [eviction(n) for n in range(2000)]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(MANY),
        json.dumps(MANY, ensure_ascii=False, indent=1),
        "[\n" + ",\n".join(json.dumps(e) for e in MANY) + "\n]\n",
        "\n".join(json.dumps(e, ensure_ascii=False) for e in MANY),
        "\r\n\r\n".join(json.dumps(e) for e in MANY) + "\r\n",
        json.dumps({"evictions": MANY}),
        json.dumps({"code": 0, "note": "[1]", "data": {"total": 2000, "list": MANY}}, indent=2),
        json.dumps({"code": 0, "data": {"total": 2000, "list": MANY}}),
        "\ufeff" + json.dumps(MANY),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_every_shape_of_json(tmp_path: Path, content: str, encoding: str) -> None:
    text = content if encoding == "utf-8" else content.removeprefix("\ufeff")
    assert outcome(tmp_path, text.encode(encoding)) == (2000, {})


def test_one_object_alone(tmp_path: Path) -> None:
    assert outcome(tmp_path, json.dumps(eviction(1), indent=2)) == (1, {})
    assert outcome(tmp_path, json.dumps(eviction(1))) == (1, {})


def test_lines_that_are_no_records(tmp_path: Path) -> None:
    lines = [
        json.dumps(eviction(1)),
        "[1, 2]",
        "{broken",
        "",
        "null",
        '"text"',
        json.dumps(eviction(2)),
        '{"uscc": "91',
    ]
    expected = dict.fromkeys((2, 3, 4, 5, 7), "not_a_record")
    assert outcome(tmp_path, "\n".join(lines)) == (2, expected)


def test_lines_that_start_with_no_record(tmp_path: Path) -> None:
    for first in ("[1, 2]", "{broken", "[]"):
        content = "\n".join([first, json.dumps(eviction(1)), json.dumps(eviction(2))])
        assert outcome(tmp_path, content) == (2, {1: "not_a_record"})


@pytest.mark.parametrize("indent", [None, 1])
def test_elements_that_are_no_records(tmp_path: Path, indent: int | None) -> None:
    content = json.dumps([eviction(1), [1, 2], 7, None, "x", eviction(2)], indent=indent)
    assert outcome(tmp_path, content) == (2, dict.fromkeys((2, 3, 4, 5), "not_a_record"))


def test_a_broken_element_costs_itself_only(tmp_path: Path) -> None:
    parts = [json.dumps(eviction(n)) for n in range(1, 6)]
    parts[2] = parts[2].replace('"name": ', '"name" ')
    assert outcome(tmp_path, "[" + ",\n".join(parts) + "]") == (4, {3: "not_a_record"})


def test_an_array_cut_short_keeps_what_was_whole(tmp_path: Path) -> None:
    content = json.dumps([eviction(n) for n in range(1, 6)])[:-40]
    assert outcome(tmp_path, content) == (4, {5: "not_a_record"})


def test_values_that_are_no_text(tmp_path: Path) -> None:
    rows = [
        eviction(1, uscc=91330),
        eviction(2, uscc=9.13302e17),
        eviction(3, uscc={"code": uscc(3)}),
        eviction(4, evicted_on=1625068800000),
        eviction(5, evicted_on=["2021-07-01"]),
        eviction(6, name=None),
        eviction(7, reason_text=["售假", "刷单"]),
        eviction(8, reason_text={"a": 1}),
        eviction(9, reasons=["PR01", "QC01"], reason_text=None),
        eviction(10, uscc=int("913101151234567893"[:17] + "0")),
    ]
    expected = {
        1: "invalid_uscc",
        2: "damaged_uscc",
        3: "invalid_uscc",
        5: "invalid_date",
        8: "missing_reason",
    }
    # The tenth has the shape of a code; it is taken as an unverified one.
    assert outcome(tmp_path, json.dumps(rows)) == (5, expected)


def test_keys_are_headers(tmp_path: Path) -> None:
    row = {"社会信用代码": uscc(1), "entName": "霁昱商行", "清退日期": "2021-07-01", "violationType": "售假"}
    assert outcome(tmp_path, json.dumps([row])) == (1, {})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[]", "empty_file"),
        ('{"evictions": []}', "empty_file"),
        ('[{"a": 1}]', "unknown_columns"),
        ("[[1, 2], [3, 4]]", "unknown_columns"),
        ("{broken", "unknown_columns"),
        ('{"a": {"b": 1}}', "unknown_columns"),
        ("[" * 100_000, "unknown_columns"),
    ],
)
def test_json_refused_whole(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, content)
    assert refused.value.code == code


def test_keys_that_are_not_understood_are_told_with_what_was_perhaps_meant(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        records(tmp_path, '[{"credit_cdoe": 1, "remark": 2}]')
    assert refused.value.details["nearest"] == {"credit_cdoe": "creditcode"}
    (record,) = records(tmp_path, json.dumps([{"uscc": uscc(1), "evcited_on": "2026-01-02", "reason_text": "售假"}]))
    assert record.unread == ("evcited_on",)


def test_damaged_text_in_json(tmp_path: Path) -> None:
    lines = [json.dumps(eviction(n), ensure_ascii=False).encode() for n in range(1, 21)]
    lines[4] = lines[4].replace("商贸".encode(), b"\xe5\x95")
    assert outcome(tmp_path, b"\n".join(lines)) == (19, {5: "damaged_text"})
