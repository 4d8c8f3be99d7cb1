"""Names that are stored or sent, and so may never change: of figures, of notices, of who took a step."""

from chalicelib.closure_tasks.rules import blocking_listings
from chalicelib.closure_tasks.rules.daily_counts import ReportCounts, TaskCounts, UsageCounts
from chalicelib.closure_tasks.rules.day_figures import DayFigures
from chalicelib.closure_tasks.rules.task import CHECK, UNDO, occasion_of
from chalicelib.closure_tasks.rules.task_notice import OPENED, OVERDUE, UNANSWERED
from tests.closure_tasks.test_task_transitions import made
from tests.support.builders import AT


def test_each_part_of_a_days_figures_has_a_field_of_its_own() -> None:
    figures = DayFigures(
        tasks={"beta": {CHECK: TaskCounts(told=1)}},
        reports={"alpha": ReportCounts(reported=2)},
        usage={"beta": UsageCounts(lookups=3)},
        times_to_close={"all": {"7": 1}},
    )
    item = figures.to_item()
    assert item.keys() == {"tasks:beta", "reports:alpha", "taken:beta", "circle"}
    assert DayFigures.from_item(item) == figures


def test_notices_of_tasks_have_the_kinds_that_receivers_filter_on() -> None:
    assert (OPENED, OVERDUE, UNANSWERED) == ("task_opened", "task_overdue", "task_unanswered")


def test_the_first_step_of_a_task_is_the_exchanges() -> None:
    (step,) = made().history
    assert (step.at, step.by, step.before, step.after) == (AT, "exchange", "", "told")
    assert made().steps == 1


def test_a_task_that_follows_another_of_the_same_revision_is_named_by_the_last() -> None:
    first, last = made(), made().replace(number=9, kind=UNDO, entry_id="other")
    assert occasion_of(CHECK, first.listing_id, 1, "beta", ()) == "1"
    assert occasion_of(CHECK, first.listing_id, 1, "beta", (first,)) == "1"
    assert occasion_of(CHECK, first.listing_id, 1, "beta", (first, last)) == "1.9"
    assert occasion_of(CHECK, first.listing_id, 2, "beta", (first, last)) == "2"


def test_what_a_void_or_an_end_closes_may_be_opened_again() -> None:
    ends = {"amended", "withdrawn", "removed", "expired", "void", "voided", "dispute_closed"}
    assert set(blocking_listings.UNDOING) == ends
    assert set(blocking_listings.OPENING) == {"opened", "amended", "reopened", "guard_lifted"}
    assert set(blocking_listings.PAUSING) == {"disputed", "dispute_closed", "amended"}
