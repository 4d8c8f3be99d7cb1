"""The whole deploy against moto's server, and a report's way through the deployed functions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.rehearse import copy_project
from tests.infra.project import ROOT, function_names


def test_the_copy_that_is_rehearsed_has_every_file_of_the_package(tmp_path: Path) -> None:
    copy_project(tmp_path, "")
    for pattern in ("*.py", "*.html"):
        written = {path.relative_to(ROOT) for path in (ROOT / "chalicelib").rglob(pattern)}
        assert written <= {path.relative_to(tmp_path) for path in tmp_path.rglob(pattern)}
    assert {path.name for path in (tmp_path / ".chalice").iterdir() if path.is_dir()} == set()


@pytest.mark.long
@pytest.mark.parametrize(("region", "gateway_auth"), [("us-east-1", "key"), ("cn-north-1", "iam")])
def test_what_is_deployed_takes_a_report_and_finds_it(region: str, gateway_auth: str) -> None:
    command = [sys.executable, "-m", "infra.rehearse", region, gateway_auth]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stdout[-2_000:] + run.stderr[-6_000:]
    seen = json.loads(run.stdout[run.stdout.rindex("\n{\n") :])
    assert seen["report"] == {"status": "done", "rows": 2, "accepted": 1, "rejected": 1}
    verdicts = {"reported": "block", "disputed": "review", "withdrawn": "unknown", "on_the_government_list": "review"}
    assert seen["verdicts"] == verdicts, "unknown: the government list was not pulled yet"
    assert [notice["kind"] for notice in seen["notices"]] == ["opened", "withdrawn"]
    assert seen["invoked"].keys() == function_names().keys(), "each function ran out of the zip that was deployed"
    assert seen["calls_held_against_policies"] > 100
    assert (seen["region"], seen["gateway_auth"]) == (region, gateway_auth)
    print(f"rehearsal: {seen['seconds']} s, of it two deploys {seen['deployed_twice_in_seconds']} s")  # noqa: T201
