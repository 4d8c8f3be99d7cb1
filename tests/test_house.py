"""The house rules: how long files and functions are, how many a folder has, and that what exists is documented.

Who may import whom is held by import-linter (`.importlinter`).
"""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]
ALL = [
    *CODE,
    *(
        path
        for folder in ("infra", "local", "benchmarks", "examples", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
]
GENERATED = ROOT / "chalicelib" / "matching" / "tables"
DOCS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))

MOST_FILES_OF_A_FOLDER = 15
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 6
# What records themselves are built of, indexes whose fields are ids of platforms, details of errors and log fields.
MOST_UNTYPED_MAPPINGS, MOST_UNTYPED_MAPPINGS_INSIDE = 120, 35


def test_the_environment_has_one_reader() -> None:
    readers = [path.name for path in CODE if re.search(r"\bos\.(environ|getenv)\b", path.read_text("utf-8"))]
    assert readers == ["settings.py"]


def test_folders_stay_small() -> None:
    count = Counter(path.parent for path in ALL)
    assert {folder: files for folder, files in count.items() if files > MOST_FILES_OF_A_FOLDER} == {}


@pytest.mark.parametrize(
    "path", [path for path in ALL if GENERATED not in path.parents], ids=lambda path: str(path.relative_to(ROOT))
)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text("utf-8")
    # A test tells one story from its beginning to its end.
    most = LONGEST_FILE if path in CODE else LONGEST_FILE * 2
    most_lines = LONGEST_FUNCTION if path in CODE else LONGEST_FUNCTION * 2
    assert len(text.splitlines()) <= most
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.body[0].lineno + 1
            assert lines <= most_lines, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_take_few_parameters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            parameters = [name for name in names if name not in ("self", "cls")]
            assert len(parameters) <= MOST_PARAMETERS, f"{node.name} takes {len(parameters)} parameters"


def test_mappings_of_anything_stay_at_the_edge() -> None:
    """Inside flow records; JSON that is passed through is called `Json`."""
    untyped = re.compile(r"(?:dict|Mapping)\[str, Any\]")
    inside = [path for path in CODE if not {"handlers", "adapters", "storage"} & set(path.parts)]
    assert sum(len(untyped.findall(path.read_text("utf-8"))) for path in CODE) <= MOST_UNTYPED_MAPPINGS
    assert sum(len(untyped.findall(path.read_text("utf-8"))) for path in inside) <= MOST_UNTYPED_MAPPINGS_INSIDE


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    names = {path.stem for path in ALL} | {path.parent.name for path in ALL}
    assert not names & {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def test_no_test_patches() -> None:
    mock = re.compile(r"\bmock\.patch|from unittest|import unittest|monkeypatch\.setattr")
    guilty = [
        path.name
        for path in ALL
        if "tests" in path.parts and path != Path(__file__) and mock.search(path.read_text("utf-8"))
    ]
    assert guilty == []


@pytest.mark.xdist_group("grouped")
def test_tests_of_a_group_share_a_worker(request: pytest.FixtureRequest) -> None:
    """A stack or a browser is started once for its group; pytest 9.2 with pytest-xdist 3.8 passes groups over."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@grouped")


def test_every_code_has_its_sentences_and_is_documented() -> None:
    from chalicelib.messages import CODES, ErrorCode

    assert all(code.zh and code.en for code in CODES.values())
    assert all(400 <= code.status < 600 for code in ErrorCode)
    assert {code for code in CODES if f"`{code}`" not in DOCS} == set()


def test_every_route_and_every_setting_is_documented() -> None:
    from dataclasses import fields

    import app
    from chalicelib.handlers.console.console_pages import PAGES
    from chalicelib.settings import Settings

    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    pages = {f"{page.method} {page.path}" for page in PAGES}
    # The pages of the console share routes.
    routes = {route for route in routes if "{part_1}" not in route and route != "POST /console"} | pages
    assert {route for route in routes if route not in DOCS} == set()
    assert {field.name.upper() for field in fields(Settings) if f"`{field.name.upper()}`" not in DOCS} == set()


def test_every_path_that_a_document_names_exists() -> None:
    folders = "chalicelib|tests|infra|local|benchmarks|tables|examples|docs"
    named = re.compile(rf"(?:{folders})/[\w./-]*\.(?:py|md|json|yaml|tsv)")
    documents = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md")), *CODE]
    missing = {
        f"{document.name}: {path}"
        for document in documents
        for path in named.findall(document.read_text("utf-8"))
        if not (ROOT / path).exists()
    }
    assert missing == set()
