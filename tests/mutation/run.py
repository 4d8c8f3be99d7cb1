"""Put one fault at a time into the files that decide, and count how many of them the tests notice.

    python -m tests.mutation.run [--most 200] [--seed 1] [--only decide_verdict] [--seconds 120] [--near]

No file is touched: a child process imports the mutant in the place of its module, and runs the tests that import that
module, then, if these notice nothing, those of its capability. What survives is printed; the last line is the score.
"""

import argparse
import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutation.mutants import Mutant, mutant, places

ROOT = Path(__file__).parents[2]
DECIDING = ("registry/rules", "closure_tasks/rules", "verdicts/rules", "storage")
# Tests of a capability that lie with the requests.
MORE_TESTS = {
    "closure_tasks": ("handlers/oversight/test_statistics.py", "handlers/platform/test_closure_tasks.py"),
    "verdicts": ("lookups/test_look_up.py", "handlers/platform/test_lookups.py"),
    "registry": ("handlers/platform/test_reports.py", "reports/test_validate_report_row.py"),
}
# Declarations, which other tests hold against what is stored, and what connects to AWS.
NOT_DECIDING = ("item_kinds", "item_keys", "item_kind.py", "clients")
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "killed by the clock"


def main(arguments: Sequence[str]) -> int:
    """Run the mutants; 0, whatever survives."""
    parser = argparse.ArgumentParser(prog="tests.mutation.run")
    parser.add_argument("--most", type=int, default=200, help="how many mutants, drawn at random; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose path contains this")
    parser.add_argument("--seconds", type=int, default=120, help="how long the tests of one mutant may take")
    parser.add_argument("--near", action="store_true", help="only the tests that import the module: quick and strict")
    wanted = parser.parse_args(arguments)
    drawn = draw(wanted.only, wanted.most, wanted.seed)
    survivors = 0
    for number, (path, faulty) in enumerate(drawn, 1):
        outcome = judge(path, faulty, wanted.seconds, wanted.near)
        print(f"{number} of {len(drawn)}: {outcome}", file=sys.stderr, flush=True)  # noqa: T201
        survivors += outcome == SURVIVED
        if outcome != KILLED:
            print(f"{outcome}: {path.relative_to(ROOT)}:{faulty.name}", flush=True)  # noqa: T201
    noticed = len(drawn) - survivors
    print(f"{noticed} of {len(drawn)} mutants noticed ({noticed / max(len(drawn), 1):.1%})")  # noqa: T201
    return 0


def draw(only: str, most: int, seed: int) -> list[tuple[Path, Mutant]]:
    """The mutants of a run: those of the files that decide, or as many of them as are asked for."""
    sources = {path: path.read_text("utf-8") for path in files() if only in str(path)}
    every = [(path, *place) for path, source in sources.items() for place in places(source)]
    if 0 < most < len(every):
        every = sorted(random.Random(seed).sample(every, most))
    return [(path, mutant(sources[path], place, number)) for path, place, number in every]


def files() -> list[Path]:
    """The files that decide."""
    paths = [path for folder in DECIDING for path in sorted((ROOT / "chalicelib" / folder).rglob("*.py"))]
    return [path for path in paths if path.name != "__init__.py" and not set(NOT_DECIDING) & set(path.parts)]


def related_tests(path: Path) -> tuple[list[str], list[str]]:
    """The test files that import a module, and the other ones of its capability."""
    module, capability = _module(path), path.relative_to(ROOT / "chalicelib").parts[0]
    parent, _, name = module.rpartition(".")
    near = []
    for test in sorted((ROOT / "tests").rglob("test_*.py")):
        imports = [node for node in ast.walk(ast.parse(test.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        names = {alias.name for node in imports if node.module == parent for alias in node.names}
        if name in names or any(node.module == module for node in imports):
            near.append(str(test))
    # The shortest first: most mutants fall to the test that is named for them.
    near.sort(key=lambda test: (name not in test, Path(test).stat().st_size))
    folder = [str(ROOT / "tests" / test) for test in MORE_TESTS.get(capability, ())]
    folder += [str(test) for test in sorted((ROOT / "tests" / capability).glob("test_*.py"))]
    return near[:6], [test for test in folder if test not in near[:6]]


def judge(path: Path, faulty: Mutant, seconds: int, near: bool) -> str:
    """What becomes of a mutant."""
    for tests in related_tests(path)[: 1 if near else 2]:
        if tests and _hold(path, tuple(tests), seconds):
            outcome = _in_a_child(path, faulty.tree, tests, seconds)
            if outcome != SURVIVED:
                return outcome
    return SURVIVED


@cache
def _hold(path: Path, tests: tuple[str, ...], seconds: int) -> bool:
    """Whether these tests pass where nothing was changed; if not, what they say of mutants does not count."""
    holds = _in_a_child(path, ast.parse(path.read_text("utf-8")), list(tests), seconds) == SURVIVED
    if not holds:
        print(f"left out, for they fail without a fault: {' '.join(tests)}", flush=True)  # noqa: T201
    return holds


def _in_a_child(path: Path, tree: ast.Module, tests: list[str], seconds: int) -> str:
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os._exit(_run(path, tree, tests))
        os._exit(1)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return SURVIVED if status == 0 else KILLED
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


def _run(path: Path, tree: ast.Module, tests: list[str]) -> int:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, _Mutated(_module(path), path, tree))
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow"]
    return int(pytest.main([*options, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


class _Mutated(importlib.abc.MetaPathFinder):
    """Finds one module, with another tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name = name
        self._path = str(path)
        self._tree = tree

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> object:
        """The module itself, and no other."""
        if fullname != self._name:
            return None
        loader = _Loader(fullname, self._path, compile(self._tree, self._path, "exec"))
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        """The code of the mutant."""
        return self._code


def _warm() -> Iterator[None]:
    """What each child would import again, and no mutant concerns."""
    import boto3  # noqa: F401
    import chalice.test  # noqa: F401
    import moto.dynamodb.models  # noqa: F401
    import openpyxl  # noqa: F401
    import pydantic  # noqa: F401

    yield


if __name__ == "__main__":
    list(_warm())
    sys.exit(main(sys.argv[1:]))
