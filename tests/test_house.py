"""The house rules: who imports whom, how long a file is, and that what exists is documented."""

import ast
import re
from collections.abc import Iterator
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
GENERATED = ROOT / "chalicelib" / "domain" / "tables"
DOCS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))

# Each room and whose names it may use at run time (for type checkers, all may use all).
MAY_IMPORT = {
    "sentences": set(),
    "errors": {"sentences"},
    "logs": set(),
    "settings": set(),
    "domain": {"errors", "domain"},
    "adapters": {"errors", "domain", "adapters"},
    "services": {"errors", "domain", "services"},
    "wiring": {"errors", "settings", "domain", "adapters"},
    "handlers": {"errors", "sentences", "logs", "domain", "adapters", "services", "wiring", "handlers"},
    "app": {"wiring", "handlers"},
}
# boto3 and the environment have one door each.
OUTSIDE = {
    "boto3": {"adapters", "wiring"},
    "botocore": {"adapters", "wiring", "handlers"},
    "chalice": {"handlers", "app"},
}
LONGEST_FILE = 250
LONGEST_FUNCTION = 40


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] != "chalicelib" else parts[1]


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports at run time, lazily or not."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped.update(child for one in node.body for child in ast.walk(one))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "chalicelib":
                yield from (f"chalicelib.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_room_imports_only_what_it_may(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for module in imports(path):
        top, *rest = module.split(".")
        if top == "chalicelib" and rest:
            assert rest[0] in MAY_IMPORT[here], f"{here} may not import {module}"
        assert here in OUTSIDE.get(top, {here}), f"{here} may not import {module}"


def test_the_environment_has_one_reader() -> None:
    readers = {room(path) for path in CODE if re.search(r"\bos\.(environ|getenv)\b", path.read_text("utf-8"))}
    assert readers == {"settings"}


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


def test_every_code_of_an_error_has_its_sentences_and_is_documented() -> None:
    from chalicelib.sentences import TEXTS

    raised = re.compile(
        r"""(?:BadRequest|Unauthorised|Forbidden|NotFound|Conflict|TooLarge|UnsupportedType|Unavailable|FileRefused|LianfangError|Fault)\(\s*(?:[a-z_]+,\s*|"[a-z_]*",\s*)?"([a-z_]+)\""""
    )
    used = {code for path in CODE for code in raised.findall(path.read_text("utf-8"))}
    assert len(used) > 20
    assert used <= set(TEXTS), used - set(TEXTS)
    assert all(zh and en for zh, en in TEXTS.values())
    assert {code for code in TEXTS if f"`{code}`" not in DOCS} == set()


def test_every_route_and_every_setting_is_documented() -> None:
    from dataclasses import fields

    import app
    from chalicelib.settings import Settings

    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert {route for route in routes if route not in DOCS} == set()
    assert {one.name.upper() for one in fields(Settings) if f"`{one.name.upper()}`" not in DOCS} == set()
