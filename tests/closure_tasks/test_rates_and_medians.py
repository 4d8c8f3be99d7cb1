"""Figures are folds: the order does not matter, the parts add up, and nobody can be read out of a median."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.closure_tasks.rules import daily_counts, rates_and_medians
from chalicelib.closure_tasks.rules.daily_counts import ReportCounts, UsageCounts, total
from chalicelib.closure_tasks.rules.rates_and_medians import PlatformCounts
from chalicelib.closure_tasks.rules.task import Task
from chalicelib.notices.rules.numbered_change import NumberedChange
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.listing_source import Source

TIMES = st.lists(st.floats(60, 10_000_000), min_size=1, max_size=60)


def classes(seconds: list[float]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for second in seconds:
        result = daily_counts.time_class(second)
        counted[result] = counted.get(result, 0) + 1
    return counted


@given(TIMES, st.sampled_from([0.5, 0.95]))
def test_a_percentile_is_within_a_twentieth_of_the_true_one(seconds: list[float], share: float) -> None:
    ordered = sorted(seconds)
    true = next(element for place, element in enumerate(ordered, 1) if place >= share * len(ordered))
    result = rates_and_medians.percentile(classes(seconds), share)
    assert result is not None
    assert abs(result - true) <= 0.05 * true + 1


def test_nothing_counted_has_no_percentile() -> None:
    assert rates_and_medians.percentile({}, 0.5) is None
    assert rates_and_medians.of_platform(PlatformCounts())["answered_in_time"] is None


def test_the_time_to_close_says_of_how_many_and_how_long() -> None:
    counted = classes([60] * 9 + [6_000])
    figures = rates_and_medians.time_to_close(counted)
    assert figures.keys() == {"closed", "p50_seconds", "p95_seconds"}
    assert figures["closed"] == 10
    assert abs(figures["p50_seconds"] - 60) <= 4
    assert abs(figures["p95_seconds"] - 6_000) <= 301


def test_a_median_needs_as_many_platforms_as_a_group_has_and_leaves_out_who_has_no_rate() -> None:
    least = rates_and_medians.LEAST_GROUP
    rates = dict.fromkeys(rates_and_medians.RATES)
    others = [{**rates, "kept_rate": place / 10} for place in range(least)]
    assert rates_and_medians.medians([*others, rates])["kept_rate"] == round((least - 1) / 20, 3)
    assert rates_and_medians.medians([*others[1:], rates])["kept_rate"] is None
    assert rates_and_medians.medians([*others, rates])["void_rate"] is None


def task(number: int, **fields: Any) -> Task:
    plain: dict[str, Any] = {"kind": "check", "state": "told", "change": 3, "number": number, "entry_id": str(number),
                             "steps": 1, "history": (), "subject": {}, "listing": {}}  # fmt: skip
    times = {"first_reported_at": "2026-01-05T00:00:00.000Z", "due_at": "2026-01-07T16:00:00.000Z"}
    opened = dict.fromkeys(("changed_at", "opened_at"), "2026-01-05T01:00:00.000Z")
    return Task(**{**plain, **times, **opened, **fields})


def answered(number: int, at: str, outcome: str = "closed", **more: Any) -> Task:
    return task(number, state=outcome, outcome=outcome, answered_at=at, first_answered_at=at, **more)


IN_TIME, LATE = "2026-01-06T00:00:00.000Z", "2026-01-08T00:00:00.000Z"


def test_an_answer_is_in_time_by_its_first_and_an_unanswered_one_counts_once_its_clock_has_struck() -> None:
    counts = daily_counts.count_tasks(
        [
            answered(1, IN_TIME),
            answered(2, IN_TIME, "kept").replace(answered_at=LATE),
            answered(3, LATE, overdue_at="2026-01-07T16:00:00.000Z"),
            task(4, state="overdue", overdue_at="2026-01-07T16:00:00.000Z"),
            task(5),
            task(6, state="lifted"),
        ]
    )
    expected = {"told": 6, "closed": 2, "kept": 1, "open": 2, "lifted": 1, "answered": 3, "judged": 4,
                "in_time": 2, "overdue": 2, "timed": 3, "hours": 23 + 23 + 71}  # fmt: skip
    assert counts["check"].to_item() == expected
    result = rates_and_medians.of_platform(PlatformCounts(check=counts["check"]))
    assert (result["answered_in_time"], result["kept_rate"]) == (0.5, 0.333)
    assert result["days_to_answer"] == round(117 / 72, 3)
    of_earlier = PlatformCounts(check=counts["check"].replace(timed=0, hours=0))
    assert rates_and_medians.of_platform(of_earlier)["days_to_answer"] is None


def test_a_circle_is_closed_when_the_last_of_all_who_were_asked_has_answered() -> None:
    third = change("opened", "alpha").replace(number=3)
    assert daily_counts.seconds_to_close(third, [answered(1, IN_TIME), answered(2, LATE)]) == 3 * 86_400
    assert daily_counts.seconds_to_close(third, [answered(1, IN_TIME), task(2)]) is None
    assert daily_counts.seconds_to_close(third, [answered(1, IN_TIME), task(2, state="lifted")]) is None
    assert daily_counts.seconds_to_close(third, []) is None
    assert daily_counts.seconds_to_close(third.replace(number=4), [answered(1, IN_TIME)]) is None


def change(kind: str, platform: str, **fields: Any) -> NumberedChange:
    plain = {
        "source": Source(f"platform:{platform}"),
        "listed_on": "2026-01-02",
        "reported_at": "2026-01-04T02:00:00.000Z",
    }
    listing = Listing(**{**plain, **fields})
    return NumberedChange(entry_id="x.1", kind=kind, at=IN_TIME, subject={}, listing=listing)


def test_a_report_is_in_time_within_one_working_day_of_the_eviction() -> None:
    # 2 January 2026 is a holiday and 4 January, a Sunday, is a working day: make-up days count.
    counts = daily_counts.count_reports(
        [
            change("opened", "alpha"),
            change("opened", "alpha", reported_at="2026-01-05T02:00:00.000Z"),
            change("disputed", "alpha"),
            change("voided", "alpha"),
            change("amended", "alpha"),
            change("opened", "x").replace(listing=Listing(source=Source("government:serious_violations"))),
        ]
    )
    assert counts.keys() == {"alpha"}
    alpha = {name: count for name, count in counts["alpha"].to_item().items() if name != "lateness"}
    assert alpha == {"reported": 2, "reported_in_time": 1, "disputed": 1, "voided": 1}
    match = rates_and_medians.of_platform(
        PlatformCounts(reports=counts["alpha"], usage=UsageCounts(lookups=3, matches=1))
    )
    assert (match["void_rate"], match["give_to_take"]) == (0.5, 0.5)
    assert match["lateness"] == {"p50_days": 2, "p95_days": 3}


COUNTS = st.builds(
    ReportCounts, reported=st.integers(0, 9), lateness=st.dictionaries(st.sampled_from("12"), st.integers(0, 9))
)


@given(st.lists(COUNTS, max_size=6), st.randoms())
def test_days_add_up_in_any_order_and_any_grouping(parts: list[ReportCounts], random: Any) -> None:
    whole = total(ReportCounts, parts)
    shuffled = random.sample(parts, len(parts))
    cut = len(shuffled) // 2
    halves = [total(ReportCounts, shuffled[:cut]), total(ReportCounts, shuffled[cut:])]
    assert total(ReportCounts, halves) == whole


def test_a_median_of_few_is_not_shown() -> None:
    some = [{**rates_and_medians.of_platform(PlatformCounts()), "kept_rate": rate} for rate in (0.1, 0.2, 0.3, 0.4)]
    assert rates_and_medians.medians(some)["kept_rate"] is None
    # A platform without the figure is none of the group.
    assert rates_and_medians.medians([*some, rates_and_medians.of_platform(PlatformCounts())])["kept_rate"] is None
    assert rates_and_medians.medians([*some, {**some[0], "kept_rate": 0.5}])["kept_rate"] == 0.3
