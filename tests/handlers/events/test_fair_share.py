"""One platform's files hold up nobody else's: with a hundred slow ones before it, another's is done within a minute.

Workers and clock are simulated (benchmarks/fair_share.py); whose turn it is, and how long a file waits, is decided by
the code that runs on AWS.
"""

import pytest

from benchmarks.fair_share import ORDINARY, SLOW, Simulation, Work, seconds_of_an_ordinary_file
from chalicelib.accounts.file_turns import AT_ONCE, PIECES_AT_ONCE, REPORTS, ROSTERS
from infra.harden import MAX_CONCURRENCY

KINDS = (REPORTS, ROSTERS)
# Sent at the same moment; while the slow ones are read; while they are read and saved.
MOMENTS = (0.0, 60.0, 900.0, 5_000.0)


@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_file_is_done_within_a_minute_behind_a_hundred_slow_ones(kind: str, at: float) -> None:
    assert seconds_of_an_ordinary_file(kind, 1, turns=True, at=at) <= 60


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_is_behind_five_platforms_that_send_a_hundred_each(kind: str) -> None:
    assert seconds_of_an_ordinary_file(kind, 5, turns=True, at=900.0) <= 60


@pytest.mark.parametrize("kind", KINDS)
def test_without_turns_it_would_wait_for_hours(kind: str) -> None:
    assert seconds_of_an_ordinary_file(kind, 1, turns=False) > 3_600


@pytest.mark.parametrize("kind", KINDS)
def test_the_many_files_of_one_platform_are_all_done_so_many_at_a_time(kind: str) -> None:
    simulation = Simulation(kind, turns=True)
    work = Work(600, PIECES_AT_ONCE + 5, 3)
    for number in range(100):
        simulation.arrive("noisy", f"{number:03d}", work)
    simulation.run(lambda: False)
    assert len(simulation.done) == 100
    # The runs over the rosters of a platform follow one another: what is in work here is being split or waits for that.
    assert simulation.most_in_work["noisy"] == (AT_ONCE[REPORTS] if kind == REPORTS else AT_ONCE[ROSTERS] + 1)
    at_best = 100 * work.seconds / AT_ONCE[kind]
    assert simulation.clock <= 1.5 * at_best, "a turn that is free is soon taken"


def test_a_burst_of_small_files_of_one_platform_is_soon_done() -> None:
    simulation = Simulation(REPORTS, turns=True)
    for number in range(30):
        simulation.arrive("alpha", f"{number:03d}", ORDINARY)
    simulation.run(lambda: False)
    at_best = 30 * (ORDINARY.seconds + ORDINARY.piece_seconds) / AT_ONCE[REPORTS]
    assert simulation.clock <= 2 * at_best


def test_there_are_workers_for_as_many_participants_as_are_promised() -> None:
    participants = 25
    for kind, function in ((REPORTS, "report"), (ROSTERS, "roster")):
        assert MAX_CONCURRENCY[f"{function}_file_arrived"] >= participants * AT_ONCE[kind]
    assert SLOW.seconds > 600, "as slow as a function may be"
