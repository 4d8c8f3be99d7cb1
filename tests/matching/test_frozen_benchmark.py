"""The benchmark on invented names gives what the committed result says: a change of behaviour is a line of its diff."""

from benchmarks.matching import FROZEN, frozen_lines


def test_the_answers_are_those_of_the_frozen_result() -> None:
    # When a change is meant: python -m benchmarks.matching --freeze, and read the diff.
    assert list(frozen_lines()) == FROZEN.read_text(encoding="utf-8").splitlines()
