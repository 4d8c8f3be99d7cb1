"""What an open task is about, as far as work queues sort, filter and count it; and the filter itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from chalicelib.closure_tasks.rules.task import Task
from chalicelib.notices.rules import notice

# A task about a licence has no deadline, and comes last.
NO_DAY: Final = "9999-12-31"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """An open task in short: its number in its platform's log, its deadline ('' for none), what it is about.

    `region` is the division (GB/T 2260, six digits) of the merchant's code, '' where none says it; `known_by` is
    roster, lookup or answer; `assignee` a person's id, '' for none.
    """

    number: int
    due_at: str
    state: str
    kind: str
    severity: str
    reasons: tuple[str, ...]
    region: str
    source: str
    known_by: str
    assignee: str

    @property
    def day(self) -> str:
        """The day (UTC) of its deadline: 24:00 in China is 16:00 of that day."""
        return self.due_at[:10] or NO_DAY

    def packed(self) -> str:
        """The task as it is stored; the number is the name of the field."""
        reasons = ",".join(self.reasons)
        fields = (self.due_at, self.state, self.kind, self.severity, reasons, self.region, self.source, self.known_by)
        return "|".join((*fields, self.assignee))

    @classmethod
    def from_packed(cls, number: int, text: str) -> Self:
        """The task that a stored text stands for."""
        due_at, state, kind, severity, reasons, region, source, known_by, assignee = text.split("|")[:9]
        return cls(
            number=number,
            due_at=due_at,
            state=state,
            kind=kind,
            severity=severity,
            reasons=tuple(filter(None, reasons.split(","))),
            region=region,
            source=source,
            known_by=known_by,
            assignee=assignee,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which open tasks are wanted; '' for any. `region` is the beginning of a division: a province has two digits.

    `from_number` is the number of the first that is wanted.
    """

    state: str = ""
    kind: str = ""
    reason: str = ""
    region: str = ""
    source: str = ""
    assignee: str = ""
    from_number: int = 0

    def fits(self, task: OpenTask) -> bool:
        """Whether the task is wanted."""
        return (
            task.number >= self.from_number
            and self.state in ("", task.state)
            and self.kind in ("", task.kind)
            and (not self.reason or self.reason in task.reasons)
            and task.region.startswith(self.region)
            and self.source in ("", task.source)
            and (not self.assignee or task.assignee == ("" if self.assignee == "none" else self.assignee))
        )


def in_short(task: Task) -> OpenTask:
    """A task in short."""
    return OpenTask(
        number=task.number,
        due_at=task.due_at,
        state=task.state,
        kind=task.kind,
        severity=str(task.listing.get("severity", "")),
        reasons=tuple(task.listing.get("reasons", ())),
        region=notice.region(task.subject),
        source=str(task.listing.get("source", "")),
        known_by=task.known_by.by if task.known_by else "",
        assignee=task.assignee,
    )


def count_open(tasks: Iterable[OpenTask]) -> dict[str, dict[str, int]]:
    """How many open tasks there are: by state, kind, reason, region (province), source, known_by, assignee, day due.

    A task with several reasons counts for each.
    """
    counts: dict[str, Counter[str]] = {
        part: Counter() for part in ("state", "kind", "reason", "region", "source", "known_by", "assignee", "day")
    }
    for task in tasks:
        counts["state"][task.state] += 1
        counts["kind"][task.kind] += 1
        counts["reason"].update(task.reasons)
        counts["region"][task.region[:2] or UNKNOWN] += 1
        counts["source"][task.source or UNKNOWN] += 1
        counts["known_by"][task.known_by or UNKNOWN] += 1
        counts["assignee"][task.assignee or "none"] += 1
        counts["day"][task.day] += 1
    return {part: dict(sorted(counter.items())) for part, counter in counts.items()}
