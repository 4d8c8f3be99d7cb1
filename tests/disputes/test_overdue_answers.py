"""The clock of an answer, in working days of the Chinese calendar, and what happens when it has run out."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.disputes import overdue_answers
from chalicelib.disputes.rules.dispute import Disputed
from chalicelib.disputes.rules.dispute_deadlines import ANSWER_DAYS
from chalicelib.values.timestamps import iso
from chalicelib.values.working_days import add_working_days
from tests.disputes.dispute_calls import act, dispute, evict, kinds
from tests.support.builders import listed, uscc
from tests.world import World

FRIDAY = datetime(2026, 3, 6, 2, tzinfo=UTC)


def always() -> bool:
    return True


def opened(number: int, due: datetime, now: datetime = FRIDAY) -> str:
    """A dispute that waits for its answer until then; the id of the listing."""
    change = listed(identity={"uscc": uscc(number), "name": f"苏州樾{number}野商贸有限公司"})
    wiring.registry().save(change)
    ident = change.listing.listing_id
    opening = Disputed(
        subject_id=change.subject_id,
        listing_id=ident,
        dispute_id=f"d_{number}",
        step="open",
        at=iso(now),
        by="platform:beta",
        kind="found_otherwise",
        due=iso(due),
    )
    saved = wiring.registry().save(opening)
    assert saved is not None
    overdue_answers.index_due_answers(wiring.exchange(), [(None, saved)], now)
    return ident


def run(now: datetime, time_is_left: Any = always) -> int:
    return overdue_answers.flag_overdue(wiring.registry(), wiring.exchange(), now, time_is_left)


def flagged(number: int) -> bool:
    subject = wiring.registry().subject(f"uscc:{uscc(number)}")
    assert subject is not None
    (listing,) = subject.listings.values()
    return bool(listing.disputes[f"d_{number}"].overdue_at)


def test_the_clock_counts_working_days_and_ends_at_midnight_in_china() -> None:
    assert add_working_days(FRIDAY, 3) == datetime(2026, 3, 11, 16, tzinfo=UTC), "Wednesday, 24:00 in China"
    # The National Day holidays of 2026, with their make-up days.
    holidays = add_working_days(datetime(2026, 9, 30, 2, tzinfo=UTC), 1)
    assert holidays == datetime(2026, 10, 8, 16, tzinfo=UTC)


def test_nobody_is_flagged_before_the_time_is_over_and_each_once_after(world: World) -> None:
    due = FRIDAY + timedelta(days=3)
    opened(1, due)
    opened(2, due + timedelta(days=30))
    assert run(due - timedelta(minutes=1)) == 0
    assert run(due) == 1
    assert (flagged(1), flagged(2)) == (True, False)
    assert run(due + timedelta(minutes=5)) == 0
    assert run(due + timedelta(days=31)) == 1, "days on which nothing ran are made good"


def test_what_was_answered_in_time_is_left_alone(world: World) -> None:
    ident = opened(1, FRIDAY + timedelta(days=3))
    answered = Disputed(
        subject_id=f"uscc:{uscc(1)}",
        listing_id=ident,
        dispute_id="d_1",
        step="answer",
        at=iso(FRIDAY),
        by="platform:alpha",
        stand="stand_by",
        words="x",
    )
    assert wiring.registry().save(answered) is not None
    assert run(FRIDAY + timedelta(days=9)) == 0


def test_out_of_time_it_goes_on_with_the_day_that_it_was_at(world: World) -> None:
    for number in range(3):
        opened(number, FRIDAY + timedelta(days=number + 1))
    left = [24]

    def time_is_left() -> bool:
        left[0] -= 1
        return left[0] > 0

    later = FRIDAY + timedelta(days=9)
    assert run(later, time_is_left) < 3
    run(later)
    assert all(flagged(number) for number in range(3))


def test_one_that_is_filed_late_is_looked_at_the_next_day(world: World) -> None:
    run(FRIDAY)
    opened(1, FRIDAY - timedelta(days=2))
    assert run(FRIDAY) == 0
    assert run(FRIDAY + timedelta(days=1)) == 1


def test_the_regulator_is_told_and_sees_it_among_the_overdue(world: World) -> None:
    import app

    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", "regulator")
    listing = evict(world, alpha)
    ear = world.listen(wiring.topics().platform_arn("bureau"))
    status, body = dispute(world, beta, listing)
    world.deliver_stream()
    assert (status, kinds(world, ear)) == (201, ["dispute_opened"])
    waits = overdue_answers.ANSWERS.members(wiring.exchange(), _day_after(body["answer_due"]))
    assert waits == [f"{listing}|{body['dispute_id']}"]
    app.feeds_due({"feeds": []} | SCHEDULED, None)
    world.deliver_stream()
    assert kinds(world, ear) == [], "the time is not over"
    late = datetime.fromisoformat(body["answer_due"]) + timedelta(minutes=1)
    assert run(late) == 1
    world.deliver_stream()
    assert kinds(world, ear) == ["dispute_overdue"]
    overdue = world.call("GET", "/v1/disputes?state=overdue", bureau)[1]["disputes"]
    assert [entry["dispute_id"] for entry in overdue] == [body["dispute_id"]]
    answered = act(world, alpha, body["dispute_id"], "answer", stand="stand_by", statement="属实")
    assert (answered[0], answered[1]["state"]) == (200, "answered"), "late is better than never"
    assert "overdue_at" in answered[1], "and is remembered"
    assert world.call("GET", "/v1/disputes?state=overdue", bureau)[1]["disputes"] == []


def test_the_graver_the_listing_the_shorter_the_clock() -> None:
    assert ANSWER_DAYS[3] < ANSWER_DAYS[2] == ANSWER_DAYS[1]


SCHEDULED = {
    "version": "0", "id": "x", "detail-type": "Scheduled Event", "source": "aws.events", "account": "", "time": "",
    "region": "", "resources": [], "detail": {},
}  # fmt: skip


def _day_after(due: str) -> str:
    return (datetime.fromisoformat(due) + timedelta(hours=8)).date().isoformat()
