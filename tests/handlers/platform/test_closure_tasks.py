"""Answers to the ledger, many at once: each row by itself, none lost, none twice."""

import csv
import io
import json
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.monitoring import lookup_index
from chalicelib.stream import publish_changes
from tests.support.builders import listed, uscc
from tests.world import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ask(world: World, merchants: int) -> str:
    """Beta's key, with one task for each of so many merchants."""
    beta = world.admit("beta")
    images = []
    for number in range(1, merchants + 1):
        lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(number)}", "beta", wiring.now())
        change = listed("alpha", identity={"uscc": uscc(number), "name": f"苏州樾野{number}商贸有限公司"})
        images.append((None, wiring.registry().save(change) or {}))
    publish_changes.publish_changes(dependencies.closure_tasks(), images, wiring.now())
    return beta


def states(world: World, key: str) -> list[str]:
    return [task["state"] for task in world.call("GET", "/v1/tasks", key)[1]["tasks"]]


def test_a_thousand_rows_at_once_each_by_itself(world: World) -> None:
    beta = ask(world, 4)
    rows = [
        {"task_id": "1", "outcome": "closed"},
        {"task_id": "2", "outcome": "kept"},
        {"task_id": "3", "outcome": "kept", "reason": "已整改，电话 13812345678"},
        {"task_id": "99", "outcome": "closed"},
        {"task_id": "x", "outcome": "closed"},
        {"task_id": "4", "outcome": "reopened"},
        {"task_id": "4", "outcome": "exploded"},
        {"task_id": "4", "outcome": "seen"},
        {"task_id": "4", "outcome": "checked"},
    ]
    status, body, _ = world.call("POST", "/v1/tasks/outcomes", beta, {"outcomes": rows})
    assert status == 200
    assert {error["row"]: error["code"] for error in body["errors"]} == {
        2: "kept_without_reason",
        4: "not_found",
        5: "not_found",
        6: "wrong_outcome",
        7: "unknown_outcome",
    }
    assert all(error["message"]["zh"] and error["message"]["en"] for error in body["errors"])
    assert (body["rows"], body["taken"], body["states"]) == (9, 4, {"closed": 1, "kept": 1, "checked": 1})
    assert states(world, beta) == ["closed", "told", "kept", "checked"]
    assert "13812345678" not in world.everything_stored()
    again = world.call("POST", "/v1/tasks/outcomes", beta, {"outcomes": rows})[1]
    assert again == body, "sent again it says the same"
    assert [entry["steps"] for entry in wiring.task_log("beta").read(0, 9)] == [2, 1, 2, 3], "and changes nothing"
    for wrong in ([], [{"task_id": "1", "outcome": "closed"}] * 1_001):
        assert world.call("POST", "/v1/tasks/outcomes", beta, {"outcomes": wrong})[0] == 400


TABLE = [
    ["任务编号", "处理结果", "说明"],
    ["1", "已清退", ""],
    ["2", "未入驻", ""],
    ["3", "保留", "已整改完成"],
    ["4", "保留", ""],
    ["5", "closed", ""],
    ["77", "已清退", ""],
]


def as_csv() -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(TABLE)
    return out.getvalue().encode("gb18030")


def as_workbook() -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(out)
    return out.getvalue()


def as_lines() -> bytes:
    rows = [dict(zip(("task_id", "outcome", "reason"), row, strict=True)) for row in TABLE[1:]]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


@pytest.mark.parametrize(
    ("body", "kind"), [(as_csv, "text/csv"), (as_workbook, XLSX), (as_lines, "application/x-ndjson")]
)
def test_a_file_of_answers_in_any_form_that_reports_have(world: World, body: Any, kind: str) -> None:
    beta = ask(world, 5)
    sent = world.call("POST", "/v1/tasks/outcomes/files", beta, body(), Content_Type=kind, X_File_Name="a")
    assert sent[0] == 200, sent[1]
    assert {error["row"]: error["code"] for error in sent[1]["errors"]} == {4: "kept_without_reason", 6: "not_found"}
    assert (sent[1]["rows"], sent[1]["taken"]) == (6, 4)
    assert states(world, beta) == ["closed", "not_present", "kept", "told", "closed"]


def test_a_file_that_is_none_is_refused_whole(world: World) -> None:
    beta = ask(world, 1)
    path = "/v1/tasks/outcomes/files"
    refused = world.call("POST", path, beta, "甲,乙\n1,2\n".encode(), Content_Type="text/csv", X_File_Name="a")
    assert (refused[0], refused[1]["error"]["code"]) == (422, "unknown_columns")
    many = "任务编号,处理结果\n" + "1,已清退\n" * 5_001
    refused = world.call("POST", path, beta, many.encode(), Content_Type="text/csv", X_File_Name="a")
    assert (refused[0], refused[1]["error"]["code"]) == (413, "too_large")
    assert world.call("POST", path, beta, b"x", Content_Type="text/csv")[1]["error"]["code"] == "missing_file_name"
    assert states(world, beta) == ["told"]


def test_another_platforms_tasks_are_not_there(world: World) -> None:
    ask(world, 1)
    gamma = world.admit("gamma")
    body = world.call("POST", "/v1/tasks/outcomes", gamma, {"outcomes": [{"task_id": "1", "outcome": "closed"}]})[1]
    assert [error["code"] for error in body["errors"]] == ["not_found"]
    assert wiring.task_log("beta").read(0, 1)[0]["state"] == "told"
