"""A workbook that would take the memory of a machine, wherever a file may be sent: refused, and its sender told."""

from pathlib import Path

import pytest

from benchmarks.hostile_files.workbooks import WORKBOOKS
from chalicelib import wiring
from tests.world import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SENT = {"Content_Type": XLSX, "X_File_Name": "a.xlsx"}


@pytest.fixture
def corner(tmp_path: Path) -> bytes:
    WORKBOOKS["cell at XFD1048576"](tmp_path / "a.xlsx")
    return (tmp_path / "a.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("path", "number", "kind"),
    [("/v1/reports", "report_id", "report_refused"), ("/v1/rosters", "roster_id", "roster_refused")],
)
def test_its_report_or_roster_is_refused_with_a_notice(
    world: World, corner: bytes, path: str, number: str, kind: str
) -> None:
    alpha = world.admit("alpha")
    mailbox = world.listen(wiring.topics().platform_arn("alpha"))
    status, sent, _ = world.call("POST", f"{path}/files", alpha, corner, **SENT)
    assert status == 202
    world.settle()
    ended = world.call("GET", f"{path}/{sent[number]}", alpha)[1]
    assert (ended["status"], ended["refused"]["code"]) == ("refused", "too_large")
    assert [notice["kind"] for notice in world.heard(mailbox)] == [kind]


def test_a_file_of_outcomes_is_refused_at_once(world: World, corner: bytes) -> None:
    status, answer, _ = world.call("POST", "/v1/tasks/outcomes/files", world.admit("beta"), corner, **SENT)
    assert (status, answer["error"]["code"]) == (413, "too_large")
