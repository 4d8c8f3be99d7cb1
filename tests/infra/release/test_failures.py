"""Deploys that go wrong against an emulated account, and what then helps."""

import subprocess
import sys

import pytest

from infra.failures.scenarios import SCENARIOS
from tests.infra.project import ROOT


@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_deploy_that_goes_wrong_is_put_right(name: str) -> None:
    command = [sys.executable, "-m", "infra.failures.scenarios", name]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout[-2_000:] + run.stderr[-6_000:]
    assert f"{name}: as it must be" in run.stdout
