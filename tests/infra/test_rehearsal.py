"""The whole deploy against moto's server, and a report's way through the deployed functions."""

import json
import subprocess
import sys

import pytest

from tests.infra.project import ROOT

# Every function but the schedule's, in the order of the journey; the API's handler is `app.app`.
AWAKE = {
    "api_handler",
    "report_file_arrived",
    "report_chunk_arrived",
    "subject_indexed",
    "subject_announced",
    "rebuild",
}


@pytest.mark.slow
def test_what_is_deployed_takes_a_report_and_finds_it() -> None:
    command = [sys.executable, "-m", "infra.rehearse"]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stdout[-2_000:] + run.stderr[-6_000:]
    seen = json.loads(run.stdout[run.stdout.rindex("\n{\n") :])
    assert seen["report"] == {"status": "done", "rows": 2, "accepted": 1, "rejected": 1}
    assert seen["verdict"] == "block"
    assert seen["invoked"].keys() == AWAKE
    print(f"rehearsal: {seen['seconds']} s, of it two deploys {seen['deployed_twice_in_seconds']} s")  # noqa: T201
