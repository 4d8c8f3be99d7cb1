"""Each function as Lambda loads it: by its handler string, in a process that has loaded nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EMPTY = {"Records": []}
NONE_DUE = {
    **json.loads((ROOT / "tests" / "events" / "schedule.json").read_text("utf-8")),
    **{"feeds": [], "clocks": [], "work": []},
}
EVENTS = {
    "report_file_arrived": EMPTY,
    "report_chunk_arrived": EMPTY,
    "roster_file_arrived": EMPTY,
    "roster_chunk_arrived": EMPTY,
    "subject_indexed": EMPTY,
    "subject_announced": EMPTY,
    **dict.fromkeys(("feeds_due", "snapshot_due", "clocks_due", "notices_due", "licences_due"), NONE_DUE),
}
PROGRAM = """
import importlib, json, sys
module, function = sys.argv[1].rsplit(".", 1)
handler = getattr(importlib.import_module(module), function)
early = sorted(
    {"pydantic", "rapidfuzz", "boto3", "python_calamine", "cryptography", "jwt", "gmssl", "segno"} & set(sys.modules)
)
print(json.dumps({"early": early, "answer": handler(json.loads(sys.argv[2]), None)}))
"""


def run(handler: str, event: object) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, handler, json.dumps(event)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", EVENTS)
def test_a_background_function_runs_alone_and_loads_little(function: str) -> None:
    got = run(f"app.{function}", EVENTS[function])
    assert got["early"] == [], "what a lookup does not need at once makes every cold start longer"


def test_the_api_answers_a_gateway_event_alone() -> None:
    event = json.loads((ROOT / "tests" / "events" / "api_gateway_health.json").read_text("utf-8"))
    got = run("app.app", event)
    answer = got["answer"]
    assert isinstance(answer, dict)
    assert json.loads(answer["body"])["status"] == "ok"
    assert answer["headers"]["X-Request-Id"] == event["requestContext"]["requestId"]
    assert got["early"] == []


def test_every_background_function_is_tested_here() -> None:
    import app

    declared = {source.name for source in app.app.event_sources}
    assert declared == set(EVENTS)
