"""Invented habits of platforms, honest and probing: what they look up on a day, and who of those joins.

Every number is drawn by a seed. Days are made into figures by the very functions that count them in service.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.probing.count_figures import Absent, Sampled, figures_of, part_of
from chalicelib.probing.rules.asked import Asked, counts, is_odd
from chalicelib.probing.rules.lookup_figures import LookupFigures, total
from chalicelib.probing.rules.suspicion import Compared, Signal, signals
from chalicelib.probing.sample_lookups import draw
from chalicelib.values.organisation_codes import ALPHABET, is_valid_org_code, uscc_check_character

DIVISIONS = ("330106", "320594", "440305", "110105", "510107", "350203", "420106", "610113")
PAST_DAYS, WEEK = 28, 7


@dataclass(frozen=True, slots=True)
class Habit:
    """How a platform looks up: how often, how many hit, ask by a person's number, join the same day and in a week."""

    lookups: int = 200
    hit: float = 0.015
    personal: float = 0.15
    joins_today: float = 0.3
    joins: float = 0.6


def code(random_: random.Random, number: int | None = None, division: str = "") -> str:
    """A credit code with both checks right; of a random number of its register where none is given."""
    where = division or random_.choice(DIVISIONS)
    drawn = random_.randrange(31**5) if number is None else number
    body = "MA2" + "".join(ALPHABET[drawn // 31**place % 31] for place in reversed(range(5)))
    whole = next(body + check for check in "0123456789X" if is_valid_org_code(body + check))
    return "91" + where + whole + uscc_check_character("91" + where + whole)


@dataclass(frozen=True, slots=True)
class Look:
    """A lookup, and whether the one asked about joins the same day, and within a week."""

    asked: Asked
    today: bool = False
    later: bool = False


def honest(random_: random.Random, habit: Habit) -> list[Look]:
    """A day of applicants."""
    # Some days are busier, and weeks differ.
    some = max(1, round(habit.lookups * random_.uniform(0.6, 1.4)))
    joins = min(1.0, habit.joins * random_.uniform(0.85, 1.15))
    today = min(joins, habit.joins_today * random_.uniform(0.85, 1.15))
    looks = []
    for _ in range(some):
        personal, luck = random_.random() < habit.personal, random_.random()
        ident = f"person:{random_.getrandbits(64):x}" if personal else f"uscc:{code(random_)}"
        hit = random_.random() < habit.hit
        looks.append(Look(Asked(ident, hit=hit, personal=personal), not hit and luck < today, not hit and luck < joins))
    return looks


def market(random_: random.Random, shops: int) -> list[Look]:
    """A market moves online: its shops were registered over three years by one office, 50 licences a day."""
    numbers = random_.sample(range(55_000), shops)
    idents = [f"uscc:{code(random_, number, '330782')}" for number in numbers]
    return [Look(Asked(ident), today=random_.random() < 0.3, later=random_.random() < 0.7) for ident in idents]


def probes(random_: random.Random, kind: str, numbers: Sequence[int]) -> list[Look]:
    """Lookups that probe: nobody of those asked about is an applicant."""
    made = []
    for number in numbers:
        if kind == "in sequence":
            asked = Asked(f"uscc:{code(random_, 4_000_000 + number, '330106')}")
        elif kind == "codes without checks":
            first = "91330106MA2" + "".join(random_.choice(ALPHABET) for _ in range(6))
            made_up = first + uscc_check_character(first)
            asked = Asked(f"uscc:{made_up}", odd_code=is_odd(made_up))
        elif kind == "random codes":
            asked = Asked(f"uscc:{code(random_)}")
        elif kind == "resident IDs":
            asked = Asked(f"person:{random_.getrandbits(64):x}", personal=True)
        elif kind == "phones":
            asked = Asked("", personal=True)
        else:
            asked = Asked(f"name:{random_.getrandbits(64):x}", hit=random_.random() < 0.4)
        made.append(Look(asked))
    return made


@dataclass(frozen=True, slots=True)
class Day:
    """A day's lookups, one for each request, and which of them were sampled."""

    looks: Sequence[Look]
    sampled: Sequence[Look]


def day_of(random_: random.Random, looks: Sequence[Look], batch: int = 1) -> Day:
    """The day of these lookups, in any order; sampled as in service, `batch` lookups to a request."""
    mixed = random_.sample(list(looks), len(looks))
    places: dict[int, Sequence[Look]] = {}
    requests = [mixed[start : start + batch] for start in range(0, len(mixed), batch)]
    for number, request in enumerate(requests, 1):
        place = draw(number, random_.randrange)
        if place is not None:
            places[place] = request
    return Day(mixed, [look for request in places.values() for look in request])


def figures(days: Sequence[Day], batch: int = 1, since: int = 0) -> list[LookupFigures]:
    """The figures of each day from `since` on, with what became of its lookups a week later."""
    made = []
    for place, day in enumerate(days):
        if place < since:
            continue
        usage = counts(look.asked for look in day.looks)
        usage |= {"lookups": len(day.looks), "requests": -(-len(day.looks) // batch)}
        of_week = _sampled([look for each in days[max(0, place - WEEK + 1) : place + 1] for look in each.sampled])
        settled = figures_of(usage, _sampled(day.sampled), of_week, _absent(day.sampled, later=True))
        by_evening = figures_of(usage, _sampled(day.sampled), of_week, _absent(day.sampled, later=False))
        made.append(by_evening.with_settled(settled))
    return made


def judge(own: Sequence[LookupFigures], others: Sequence[Sequence[LookupFigures]]) -> list[Signal]:
    """The signals of the last day, of its week, and of that week once it is settled."""
    past = own[:-WEEK][:PAST_DAYS]

    def over(window: str, days: int) -> list[Signal]:
        def sum_of(some: Sequence[LookupFigures]) -> LookupFigures:
            return total(each.settled_figures() if window.startswith("settled") else each for each in some)

        others_then = [sum_of(each[-days:]) for each in others]
        return signals(Compared(window, sum_of(own[-days:]), others_then, sum_of(past)))

    windows = (("day", 1), ("week", WEEK), ("settled_day", 1), ("settled_week", WEEK))
    return [signal for window, days in windows for signal in over(window, days)]


def _sampled(looks: Sequence[Look]) -> list[Sampled]:
    return [Sampled("2026-03-02", "key", (look.asked,)) for look in looks]


def _absent(looks: Sequence[Look], *, later: bool) -> Absent:
    judged = part_of(_sampled(looks))
    joined = {look.asked.asked_id for look in looks if (look.later if later else look.today)}
    return Absent(tuple(judged), frozenset(each for each in judged if each.asked_id not in joined))


# Platforms of many kinds; one sends no roster and makes no onboarding checks, so that nobody is seen to join it.
HABITS = (
    Habit(),
    Habit(300, hit=0.01, personal=0.3, joins_today=0.2, joins=0.5),
    Habit(60, hit=0.03, personal=0.05, joins_today=0.5, joins=0.8),
    Habit(150, hit=0.02, personal=0.6, joins_today=0.25, joins=0.45),
    Habit(250, hit=0.005, personal=0.1, joins_today=0.3, joins=0.7),
    Habit(5, hit=0.02, personal=0.2, joins_today=0.4, joins=0.6),
    Habit(100, hit=0.02, personal=0.2, joins_today=0.0, joins=0.0),
    Habit(30, hit=0.01, personal=0.9, joins_today=0.3, joins=0.5),
)


class Platforms:
    """Five weeks of all of these platforms; the last of them may be lived otherwise."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.days = [[self.ordinary(habit) for _ in range(PAST_DAYS + WEEK)] for habit in HABITS]
        self.figures = [figures(days) for days in self.days]

    def ordinary(self, habit: Habit) -> Day:
        """An ordinary day."""
        return day_of(self.random, honest(self.random, habit))

    def signals(self, place: int, last: Sequence[Sequence[Look]] = (), *, new: bool = False) -> list[Signal]:
        """The signals of a platform whose last days are these; `new`: it has no days before them."""
        others = [of_other for other, of_other in enumerate(self.figures) if other != place]
        lived = [day_of(self.random, looks) for looks in last]
        if new:
            return judge(figures(lived), others)
        before = self.days[place][: len(self.days[place]) - len(lived)]
        own = self.figures[place][: len(before)] + figures([*before, *lived], since=len(before))
        return judge(own, others)

    def season(self, place: int) -> list[list[Look]]:
        """An open season: four times the applicants, of whom fewer join."""
        habit = HABITS[place]
        busy = replace(habit, lookups=4 * habit.lookups, joins=0.6 * habit.joins, joins_today=0.5 * habit.joins_today)
        return [honest(self.random, busy) for _ in range(WEEK)]

    def persons(self, place: int) -> list[list[Look]]:
        """A campaign for sellers who are natural persons: a hundred more a day."""
        habit = HABITS[place]
        campaign = replace(habit, lookups=habit.lookups + 100, personal=0.9, joins=0.8 * habit.joins)
        return [honest(self.random, campaign) for _ in range(WEEK)]

    def market_joins(self, place: int) -> list[list[Look]]:
        """A market of 300 shops moves online on one day."""
        return [honest(self.random, HABITS[place]) + market(self.random, 300)]

    def recheck(self, place: int) -> list[list[Look]]:
        """The platform looks 200 of its own merchants up again, and a tenth of them is listed."""
        again = [
            Look(Asked(f"uscc:{code(self.random)}", hit=self.random.random() < 0.1), today=True, later=True)
            for _ in range(200)
        ]
        return [honest(self.random, HABITS[place]) + again]

    def at_once(self, place: int, kind: str, count: int = 400) -> list[list[Look]]:
        """A platform goes on as ever and probes on one day beside."""
        return [honest(self.random, HABITS[place]) + probes(self.random, kind, range(count))]

    def slowly(self, place: int, kind: str, each: int = 50) -> list[list[Look]]:
        """A platform goes on as ever and probes a little on each day of a week beside, in no order."""
        numbers = self.random.sample(range(WEEK * each), WEEK * each)
        parts = [numbers[day * each : (day + 1) * each] for day in range(WEEK)]
        return [honest(self.random, HABITS[place]) + probes(self.random, kind, part) for part in parts]

    def newcomer(self, kind: str, each: int = 50) -> list[list[Look]]:
        """A new platform that does nothing but probe."""
        numbers = self.random.sample(range(WEEK * each), WEEK * each)
        return [probes(self.random, kind, numbers[day * each : (day + 1) * each]) for day in range(WEEK)]
