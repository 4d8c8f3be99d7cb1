"""What happens on ordinary days of the invented city: merchants are looked up, reported, asked about, and answered."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.storage.numbered_log import PAGE
from chalicelib.values.working_days import is_working_day
from tests.demo_months.city import EVIDENCE, HABITS, SEED, Habit, Merchant, merchants
from tests.recorded.stage import Stage

POPULATION = 1_100
# The platforms that have people in the demo data.
SEARCHING = ("qingluan", "beidou", "shanhai")
ROSTER = "商家ID,统一社会信用代码,主体名称\n"


class City:
    """The invented city on its stage: who is there, who was reported, which answers are still to be given."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dice = random.Random(SEED)
        self.people = merchants(POPULATION, self.dice)
        self.unreported = list(self.people)
        self.dice.shuffle(self.unreported)
        self.reported: list[tuple[str, Merchant]] = []
        self._read = dict.fromkeys((habit.platform_id for habit in HABITS), 0)
        self._answers: dict[date, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))

    def midnight(self, day: date) -> None:
        """The clocks of the first minutes of a day in China."""
        self.stage.clock.set(f"{day - timedelta(days=1)}T16:01:00+00:00")
        self.stage.invoke("clocks_due")

    def live(self, day: date, share: float = 1.0) -> None:
        """One day, from nine in the morning in China on; `share` of a usual one's reports and lookups."""
        self.stage.clock.set(f"{day}T01:00:00+00:00")
        works = is_working_day(day)[0]
        if works:
            self._search()
        for habit in self.dice.sample(HABITS, len(HABITS)):
            if self.dice.random() < (0.2 if works else 0.04):
                self._look_up(habit, share)
            self.stage.clock.move(self.dice.randrange(60, 600))
        if works:
            for habit in self.dice.sample(HABITS, len(HABITS)):
                self._report(habit, share)
            self.stage.settle()
        self._plan_answers(day)
        self.answer(day)

    def _search(self) -> None:
        """What people of the platforms of the demo search by hand, a few merchants on every working day."""
        for platform_id in SEARCHING:
            for _ in range(self.dice.randrange(1, 4)):
                body = {"purpose": "onboarding", **self._applicant()}
                self.stage.post(platform_id, "/v1/lookups", body)
                self.stage.clock.move(self.dice.randrange(20, 200))

    def _look_up(self, habit: Habit, share: float) -> None:
        count = min(100, max(1, round(self.dice.gauss(habit.lookups, habit.lookups / 3) * share / 2)))
        asked = [self._applicant() for _ in range(count)]
        purpose = self.dice.choices(("onboarding", "recheck"), (4, 1))[0]
        body = {"purpose": purpose, "applicants": asked}
        self.stage.post(habit.platform_id, "/v1/lookups/batch", body)

    def _applicant(self) -> dict[str, str]:
        drawn = self.dice.random()
        if drawn < 0.14 and self.reported:
            who = self.dice.choice(self.reported)[1].who
        else:
            who = self.dice.choice(self.people).who
        return {"name": who["name"]} if drawn < 0.03 else who

    def _report(self, habit: Habit, share: float) -> None:
        # In one report of several days.
        wanted = habit.reports * share
        count = int(wanted) + (self.dice.random() < wanted % 1) if self.dice.random() < 0.12 else 0
        if not count:
            return
        rows = [self._eviction(habit.platform_id) for _ in range(count)]
        self.stage.post(habit.platform_id, "/v1/reports", {"evictions": rows})
        self.stage.clock.move(self.dice.randrange(120, 900))

    def _eviction(self, platform_id: str) -> dict[str, str]:
        # One in eight was reported by another platform before.
        again = self.reported and self.dice.random() < 0.12
        merchant = self.dice.choice(self.reported)[1] if again else self.unreported.pop()
        self.reported.append((platform_id, merchant))
        return self.eviction_of(merchant)

    def eviction_of(self, merchant: Merchant, evidence: str = "") -> dict[str, str]:
        """A row of a report: the merchant was evicted yesterday or, more seldom, some days ago."""
        day = self.stage.clock.now.date() - timedelta(days=self.dice.choices((1, 2, 4), (8, 1, 1))[0])
        grade = evidence or self.dice.choice(EVIDENCE)
        return {
            **merchant.who,
            "evicted_on": day.isoformat(),
            "reason_text": merchant.reason,
            "evidence_level": grade,
        }

    def _plan_answers(self, today: date) -> None:
        """Each platform decides when it answers the tasks that it was told today."""
        for habit in HABITS:
            log = wiring.task_log(habit.platform_id)
            while page := log.read(self._read[habit.platform_id], PAGE):
                for task in page:
                    self._plan(habit, task, today)
                self._read[habit.platform_id] = int(page[-1]["number"])

    def _plan(self, habit: Habit, task: Any, today: date) -> None:
        row = {"task_id": str(task["number"])}
        late = self.dice.random() < habit.late
        days = self.dice.lognormvariate(0, 0.7) * habit.days + (self.dice.uniform(2, 14) if late else 0)
        answer = today + timedelta(days=int(days))
        if late and self.dice.random() < 0.2:
            return  # it never answers
        if task["task"] == "undo":
            row["outcome"] = "reopened"
        elif task["task"] == "check":
            row["outcome"] = self.dice.choices(("closed", "not_present", "kept"), (80, 14, 6))[0]
        else:
            return
        if row["outcome"] == "kept":
            row["reason"] = "同一主体的另一家店铺，已单独核查，无违规"
        self._answers[answer][habit.platform_id].append(row)

    def answer(self, day: date) -> None:
        """The platforms answer the tasks whose turn it is on that day."""
        self.stage.clock.set(f"{day}T08:00:00+00:00")
        for platform_id, rows in self._answers.pop(day, {}).items():
            self.stage.clock.move(self.dice.randrange(30, 240))
            self.stage.post(platform_id, "/v1/tasks/outcomes", {"outcomes": rows})

    def send_rosters(self, only: tuple[str, ...] = ()) -> None:
        """Each platform, or some of them, sends the roster of its merchants, some of whom will be reported."""
        for habit in HABITS:
            if only and habit.platform_id not in only:
                continue
            hosted = self.dice.sample(self.people, habit.roster)
            rows = [f"S-{place},{each.uscc},{each.name}\n" for place, each in enumerate(hosted, 1)]
            file = {"Content_Type": "text/csv", "X_File_Name": "roster.csv"}
            body = (ROSTER + "".join(rows)).encode()
            self.stage.post(habit.platform_id, "/v1/rosters/files?mode=full", body, **file)
            self.stage.settle()
