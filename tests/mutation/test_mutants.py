"""Mutants are faults that run, each in one place, and none in what decides nothing."""

import ast

import pytest

from tests.mutation.mutants import mutant, places
from tests.mutation.run import DECIDING, ROOT, files, related_tests

SOURCE = '''"""A docstring."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from x import y


def due(day: "str", *, last: int = 3) -> "bool":
    """Another."""
    assert day, "no day"
    return day in DAYS and not save(day, only_if={"turn": last}) or day > "a sentence for people"
'''


def test_each_mutant_differs_from_its_file_in_one_place_and_runs() -> None:
    found = [mutant(SOURCE, place, number) for place, number in places(SOURCE)]
    texts = {ast.unparse(each.tree) for each in found}
    assert len(texts) == len(found)
    assert ast.unparse(ast.parse(SOURCE)) not in texts
    for each in found:
        compile(each.tree, "x", "exec")
    kinds = "\n".join(sorted(texts))
    for part in (
        "save(day)",
        "day not in DAYS",
        ">= 'a sentence",
        "DAYS or not",
        "last: int=4",
        "'turn~'",
        "return None",
    ):
        assert part in kinds, part
    for part in ("sentence for people~", "docstring.~", "no day~", "str~"):
        assert part not in kinds, part


@pytest.mark.long
def test_the_files_that_decide_are_there_and_have_tests() -> None:
    folders = {str(path.parent.relative_to(ROOT / "chalicelib")) for path in files()}
    assert folders == set(DECIDING)
    for path in files():
        assert any(related_tests(path)), path
