"""The description before linters and generators of clients: nothing to remark, and the README's lookup is typed.

The tools come from npm and PyPI into build/openapi_tools. Where they cannot be had the tests are left out, and say so;
LINT_OPENAPI=1 (`make lint-openapi`) requires them.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib.handlers.openapi.document import description
from chalicelib.handlers.routing import DECLARED

ROOT = Path(__file__).parent.parent.parent.parent
SOURCE = ROOT / "tests" / "openapi_tools"
FOLDER = ROOT / "build" / "openapi_tools"
REQUIRED = os.environ.get("LINT_OPENAPI") == "1"
pytestmark = [pytest.mark.xdist_group("openapi_tools"), pytest.mark.long]
TYPESCRIPT = """
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8000" });
type Verdict = components["schemas"]["Verdict"];
(async () => {
  const lookup = await client.POST("/v1/lookups", { body: LOOKUP });
  if (lookup.data) {
    const verdict: Verdict = lookup.data.verdict;
    console.log(verdict, lookup.data.matches[0].subject.name, lookup.data.matches[0].listings[0].why.zh);
    // @ts-expect-error: there is no such verdict
    if (lookup.data.verdict === "perhaps") console.log("never");
  }
  const notices = await client.GET("/v1/notices", { params: { query: { after: "0" } } });
  const next: string | undefined = notices.data?.next;
  const tasks = await client.GET("/v1/tasks");
  console.log(next, tasks.data?.tasks.map((task) => task.kind), lookup.error?.error.code);
})();
"""
PYTHON = """
from lianfang_client.api.lookups import create_lookup
from lianfang_client.client import AuthenticatedClient
from lianfang_client.models import Error, Lookup, LookupAnswer, Verdict

client = AuthenticatedClient(base_url="http://127.0.0.1:8000", token="lf_")
answer = create_lookup.sync(client=client, body=Lookup.from_dict(LOOKUP))
assert isinstance(answer, LookupAnswer)
reveal_type(answer.verdict)
verdict: Verdict = answer.verdict
name = answer.matches[0].subject.name
"""
UNKNOWN_CODE = """
from lianfang_client.models import Error, Lookup, LookupAnswer

error = Error.from_dict({"error": {"code": "brand_new_code", "message": {"zh": "", "en": ""}, "details": {}}})
assert error.error.code == "brand_new_code"
answer = LookupAnswer.from_dict(EXAMPLE)
assert answer.verdict.value == EXAMPLE["verdict"]
assert [one.score for one in answer.matches[0].reasons] == [one["score"] for one in EXAMPLE["matches"][0]["reasons"]]
Lookup.from_dict(LOOKUP)
"""


def ran(*command: str | Path, cwd: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)


def installed(*command: str | Path, cwd: Path = FOLDER) -> None:
    """Run what installs a tool; without it the test is left out, unless it is required."""
    try:
        made = ran(*command, cwd=cwd)
    except FileNotFoundError as error:
        made = subprocess.CompletedProcess([], 1, "", str(error))
    if made.returncode and not REQUIRED:
        pytest.skip(f"{command[0]} cannot install the tools: {made.stderr[-200:]}")
    assert made.returncode == 0, made.stderr


@contextmanager
def alone() -> Iterator[None]:
    """Let one worker at a time change the folder of the tools, which all of them share."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def document() -> Path:
    """The description as a file, in the folder of the tools."""
    import app

    assert app.app.routes
    text = json.dumps(description("0.1.0", DECLARED, "https://lianfang.example"), ensure_ascii=False)
    target = FOLDER / "openapi.json"
    with alone():
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
    return target


@pytest.fixture(scope="session")
def node(document: Path) -> Path:
    """Where the tools from npm are."""
    with alone():
        for path in SOURCE.iterdir():
            shutil.copy(path, FOLDER)
        if not (FOLDER / "node_modules" / ".package-lock.json").exists():
            installed("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    return FOLDER / "node_modules" / ".bin"


@pytest.fixture(scope="session")
def python(document: Path) -> Path:
    """The interpreter of the environment that makes the Python client."""
    interpreter = FOLDER / "venv" / "bin" / "python"
    with alone():
        if not (FOLDER / "venv" / "bin" / "openapi-python-client").exists():
            installed(sys.executable, "-m", "venv", FOLDER / "venv")
            installed(interpreter, "-m", "pip", "install", "--quiet", "-r", SOURCE / "requirements.txt")
    return interpreter


def readme_lookup() -> str:
    """The body of the lookup that the README shows."""
    result = re.search(r"/v1/lookups .*?-d '(\{.*?\})'", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert result
    return result[1]


def test_redocly_has_nothing_to_remark(node: Path) -> None:
    linted = ran(node / "redocly", "lint", "openapi.json", "--config", "redocly.yaml", "--format", "json")
    totals = json.loads(linted.stdout[linted.stdout.index("{") :])["totals"]
    assert (linted.returncode, totals["errors"], totals["warnings"]) == (0, 0, 0), linted.stdout[:4_000]


def test_spectral_has_nothing_to_remark(node: Path) -> None:
    linted = ran(node / "spectral", "lint", "openapi.json", "--ruleset", "spectral.yaml", "--format", "json", "--quiet")
    assert (linted.returncode, json.loads(linted.stdout)) == (0, []), linted.stdout[:4_000]


def test_the_typescript_client_types_the_readme_s_lookup(node: Path) -> None:
    made = ran(node / "openapi-typescript", "openapi.json", "-o", "schema.ts")
    assert made.returncode == 0, made.stderr
    (FOLDER / "lookup.ts").write_text(TYPESCRIPT.replace("LOOKUP", readme_lookup()), "utf-8")
    typed = ran(node / "tsc", "--noEmit", "--strict", "--module", "nodenext", "lookup.ts")
    assert typed.returncode == 0, typed.stdout


@pytest.fixture(scope="session")
def python_client(python: Path) -> Path:
    """The folder of the generated Python package."""
    folder = FOLDER / f"client-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    shutil.rmtree(folder, ignore_errors=True)
    package = folder / "lianfang_client"
    folder.mkdir()
    generator = python.parent / "openapi-python-client"
    made = ran(generator, "generate", "--path", "openapi.json", "--output-path", package, "--meta", "none")
    assert made.returncode == 0, made.stdout
    remarks = [line for line in made.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]
    assert {line for line in remarks if ".svg within" not in line} == set(), "it makes no client of a picture"
    return folder


def test_the_python_client_types_the_readme_s_lookup(python: Path, python_client: Path) -> None:
    (python_client / "lookup.py").write_text(PYTHON.replace("LOOKUP", readme_lookup()), "utf-8")
    flags = ("--strict", "--python-executable", python, "--follow-imports", "silent", "lookup.py")
    typed = ran(sys.executable, "-m", "mypy", *flags, cwd=python_client)
    assert typed.returncode == 0, typed.stdout
    assert 'Revealed type is "lianfang_client.models.verdict.Verdict"' in typed.stdout


def test_the_python_client_takes_new_codes_and_real_answers(python: Path, python_client: Path) -> None:
    examples = json.loads((ROOT / "chalicelib/handlers/openapi/examples.json").read_text("utf-8"))
    values = f"LOOKUP = {json.loads(readme_lookup())!r}\nEXAMPLE = {examples['createLookup']['response']!r}\n"
    used = ran(python, "-c", values + UNKNOWN_CODE, cwd=python_client)
    assert used.returncode == 0, used.stderr
