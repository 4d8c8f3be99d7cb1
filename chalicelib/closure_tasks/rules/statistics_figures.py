"""What the ledger says in figures: pure folds over tasks and changes, and how days become rates and percentiles.

A day is folded whole from what happened on it and written whole, so that folding it again, after whatever retry,
gives the same figures. Times are counted in classes of an eighth of an octave: a percentile is within 5 % of the truth.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import median
from typing import Any, Final

from chalicelib.closure_tasks.rules import task as tasks
from chalicelib.values import working_days
from chalicelib.values.timestamps import china_date

Counts = dict[str, Any]
# Kinds of change that say so of the listing of the platform that had reported it; whoever adds a kind adds it here.
DISPUTED: Final = ("disputed",)
VOIDED: Final = ("void", "voided")
# 网络交易监督管理办法 30: a measure is published within one working day of its decision.
REPORT_WITHIN: Final = 1
# Fewer others than this, and the median could tell one of them.
LEAST_GROUP: Final = 5
# Later than this is counted as this late.
MOST_DAYS: Final = 999
RATES: Final = ("reported_in_time", "answered_in_time", "undone_in_time", "kept_rate", "disputed_rate", "void_rate",
                "give_to_take")  # fmt: skip
_PER_OCTAVE = 8


def fold_tasks(found: Iterable[Mapping[str, Any]]) -> Counts:
    """How a platform's tasks of one day stand: counts for `check` and for `undo`."""
    counts: Counts = {}
    for task in found:
        one = counts.setdefault(task["task"], {})
        answered = task.get("first_answered_at", "")
        _add(one, "told")
        _add(one, task["outcome"] if "outcome" in task else "lifted" if task["state"] == tasks.LIFTED else "open")
        if answered:
            _add(one, "answered")
        if answered or "overdue_at" in task:
            _add(one, "judged")
        # A task about a licence has no clock.
        if answered and answered <= task.get("due_at", ""):
            _add(one, "in_time")
        if "overdue_at" in task:
            _add(one, "overdue")
    return counts


def fold_reports(changes: Iterable[Mapping[str, Any]]) -> dict[str, Counts]:
    """What each platform reported on one day, how late, and what of its listings was disputed or voided."""
    counts: dict[str, Counts] = {}
    for change in changes:
        kind, _, platform_id = str(change["listing"]["source"]).partition(":")
        if kind != "platform":
            continue
        if change["kind"] == "opened":
            one = counts.setdefault(platform_id, {})
            _add(one, "reported")
            if change["listing"].get("listed_on"):
                _count_lateness(one, change["listing"])
        elif change["kind"] in DISPUTED:
            _add(counts.setdefault(platform_id, {}), "disputed")
        elif change["kind"] in VOIDED:
            _add(counts.setdefault(platform_id, {}), "voided")
    return counts


def circle_seconds(change: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> int | None:
    """From the first report of a listing to the last answer of all whom this change asked; None while one is missing.

    None too when nobody was asked, or the listing ended before everybody had answered.
    """
    asked = [one for one in found if one["task"] == tasks.CHECK and one["change"] == change["number"]]
    if not asked or not all("answered_at" in one for one in asked):
        return None
    last = max(one["answered_at"] for one in asked)
    return max(0, int(_seconds(last) - _seconds(asked[0]["first_reported_at"])))


def time_class(seconds: float) -> str:
    """The class that a time falls into; what is under a minute is one class."""
    return str(0 if seconds < 60 else 1 + int(_PER_OCTAVE * math.log2(seconds / 60)))


def percentile(classes: Mapping[str, int], share: float) -> int | None:
    """The time in seconds below which that share of all lies, from counts by `time_class`; None for none."""
    known = _rank(classes, share)
    return round(60 * 2 ** ((known - 0.5) / _PER_OCTAVE)) if known else known


def total(parts: Iterable[Mapping[str, Any]]) -> Counts:
    """The sum of counts, and of counts within them."""
    summed: Counts = {}
    for part in parts:
        for name, count in part.items():
            if isinstance(count, Mapping):
                summed[name] = total([summed.get(name, {}), count])
            else:
                summed[name] = summed.get(name, 0) + count
    return summed


def of_platform(counts: Mapping[str, Any]) -> dict[str, Any]:
    """One platform's figures over a period: counts, and rates where there is anything to divide by."""
    check, undo = counts.get("check", {}), counts.get("undo", {})
    reported, taken = counts.get("reported", 0), counts.get("lookups", 0) + counts.get("matches", 0)
    return {
        "reported": reported,
        "reported_in_time": _rate(counts.get("reported_in_time", 0), reported),
        "lateness": {
            "p50_days": _rank(counts.get("lateness", {}), 0.5),
            "p95_days": _rank(counts.get("lateness", {}), 0.95),
        },
        "check": check,
        "undo": undo,
        "answered_in_time": _rate(check.get("in_time", 0), check.get("judged", 0)),
        "undone_in_time": _rate(undo.get("in_time", 0), undo.get("judged", 0)),
        "kept_rate": _rate(check.get("kept", 0), check.get("answered", 0)),
        "disputed_rate": _rate(counts.get("disputed", 0), reported),
        "void_rate": _rate(counts.get("voided", 0), reported),
        "lookups": counts.get("lookups", 0),
        "matches": counts.get("matches", 0),
        "give_to_take": _rate(reported, taken),
    }


def circle(classes: Mapping[str, int]) -> dict[str, Any]:
    """How long circles took: how many, the middle one, and the one that 95 % are faster than."""
    return {"closed": sum(classes.values()), **_percentiles(classes)}


def medians(others: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """The median of each rate over other platforms; None where fewer than `LEAST_GROUP` of them have one."""
    shown: dict[str, float | None] = {}
    for rate in RATES:
        values = [one[rate] for one in others if one[rate] is not None]
        shown[rate] = round(median(values), 3) if len(values) >= LEAST_GROUP else None
    return shown


def _count_lateness(one: Counts, listing: Mapping[str, Any]) -> None:
    evicted = date.fromisoformat(listing["listed_on"])
    told = date.fromisoformat(china_date(datetime.fromisoformat(listing["reported_at"])))
    if told <= working_days.later(evicted, REPORT_WITHIN)[0]:
        _add(one, "reported_in_time")
    _add(one.setdefault("lateness", {}), str(min(max(0, (told - evicted).days), MOST_DAYS)))


def _rank(counts: Mapping[str, int], share: float) -> int | None:
    """The smallest number that so large a share of all counted numbers does not exceed; None for none."""
    passed, whole = 0, sum(counts.values())
    for number in sorted(map(int, counts)):
        passed += counts[str(number)]
        if passed >= share * whole:
            return number
    return None


def _percentiles(classes: Mapping[str, int]) -> dict[str, Any]:
    return {"p50_seconds": percentile(classes, 0.5), "p95_seconds": percentile(classes, 0.95)}


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _add(counts: Counts, name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
