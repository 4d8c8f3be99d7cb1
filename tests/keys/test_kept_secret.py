"""A secret is read again after five minutes; while it cannot be, the earlier value serves."""

import pytest

from chalicelib.container_cache import KEPT_SECONDS, RETRY_SECONDS, ReadAgain


class Source:
    """A value that is read, at a time that the test sets."""

    def __init__(self) -> None:
        self.value, self.reads, self.now = "first", 0, 0.0
        self.fails = False
        self.told: list[Exception] = []
        self.kept = ReadAgain(self.read, self.told.append, clock=lambda: self.now)

    def read(self) -> str:
        self.reads += 1
        if self.fails:
            raise ConnectionError("away")
        return self.value


def test_it_is_read_once_in_five_minutes() -> None:
    source = Source()
    assert [source.kept() for _ in range(3)] == ["first"] * 3
    source.value = "second"
    source.now = KEPT_SECONDS - 1
    assert (source.kept(), source.reads) == ("first", 1)
    source.now = KEPT_SECONDS
    assert (source.kept(), source.reads) == ("second", 2)


def test_a_read_that_fails_keeps_the_value_and_is_told_and_tried_again_soon() -> None:
    source = Source()
    source.kept()
    source.fails, source.now = True, KEPT_SECONDS
    assert [source.kept() for _ in range(2)] == ["first"] * 2
    assert (source.reads, [type(error) for error in source.told]) == (2, [ConnectionError])
    source.fails, source.value, source.now = False, "second", KEPT_SECONDS + RETRY_SECONDS
    assert source.kept() == "second"


def test_without_any_value_the_failure_is_raised_and_the_next_call_tries_again() -> None:
    source = Source()
    source.fails = True
    with pytest.raises(ConnectionError):
        source.kept()
    source.fails = False
    assert source.kept() == "first"
    assert source.told == []
