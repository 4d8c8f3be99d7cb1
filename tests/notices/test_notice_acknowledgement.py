"""What is acknowledged: kept small, whatever the order in which it comes."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.notices.rules import notice_acknowledgement
from chalicelib.notices.rules.notice_acknowledgement import Acknowledged, acknowledged_at

STEPS = st.lists(st.tuples(st.integers(0, 30), st.lists(st.integers(1, 30), max_size=4)), max_size=12)


@given(STEPS)
def test_it_knows_exactly_what_was_acknowledged_and_when_first(steps: list[tuple[int, list[int]]]) -> None:
    result, model = Acknowledged(), dict[int, str]()
    for minute, (through, single) in enumerate(steps):
        at = f"2026-01-05T02:{minute:02}:00.000Z"
        result = notice_acknowledgement.acknowledge(result, through, single, at)
        for number in (*range(1, through + 1), *single):
            model.setdefault(number, at)
    assert {n: acknowledged_at(result, n) for n in range(1, 31)} == {n: model.get(n, "") for n in range(1, 31)}
    assert notice_acknowledgement.count_unacknowledged(result, 30) == 30 - len(model)
    oldest = result.through + 1
    assert oldest not in model
    assert all(number in model for number in range(1, oldest))


def test_again_it_changes_nothing() -> None:
    result = notice_acknowledgement.acknowledge(Acknowledged(), 3, [5], "2026-01-05T02:00:00.000Z")
    assert notice_acknowledgement.acknowledge(result, 2, [1, 5], "2026-01-06T02:00:00.000Z") == result


def test_what_is_long_ago_is_known_by_a_moment_that_is_not_too_early() -> None:
    result = Acknowledged()
    for number in range(1, 301):
        result = notice_acknowledgement.acknowledge(
            result, number, [], f"2026-01-05T02:{number // 60:02}:{number % 60:02}.000Z"
        )
    assert len(result.marks) == notice_acknowledgement.MOST_MARKS
    assert acknowledged_at(result, 300) == "2026-01-05T02:05:00.000Z"
    assert acknowledged_at(result, 1) == acknowledged_at(result, 101) == "2026-01-05T02:01:41.000Z"
