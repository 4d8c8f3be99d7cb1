"""The three tables that say what the matcher must do: match, not match, rank."""

import csv
from pathlib import Path

import pytest

from chalicelib.matching.name_scoring import compare, rank
from chalicelib.matching.parse_name import parse

CASES = Path(__file__).parent.parent / "cases"
ACTING = {"same_name", "same_words", "likely_same"}


def _rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t"))[1:]


@pytest.mark.parametrize(("relation", "asked", "listed", "division", "why"), _rows("names_must_match.tsv"))
def test_must_match(relation: str, asked: str, listed: str, division: str, why: str) -> None:
    assert compare(parse(asked), parse(listed, division)).relation == relation, why


@pytest.mark.parametrize(("asked", "listed", "division", "why"), _rows("names_must_not_match.tsv"))
def test_must_not_match(asked: str, listed: str, division: str, why: str) -> None:
    assert compare(parse(asked), parse(listed, division)).relation not in ACTING, why


@pytest.mark.parametrize(("asked", "better", "near", "worse", "far", "why"), _rows("names_must_rank.tsv"))
def test_must_rank(asked: str, better: str, near: str, worse: str, far: str, why: str) -> None:
    first, second = rank(parse(asked), [parse(better, near), parse(worse, far)])
    assert first.score > second.score, why
