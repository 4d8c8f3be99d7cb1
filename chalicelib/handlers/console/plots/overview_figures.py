"""The figures and plots of the overview, from the figures of days: each plot answers one question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.closure_tasks.rules import figure_series
from chalicelib.closure_tasks.rules.day_figures import DayFigures
from chalicelib.closure_tasks.rules.figure_series import SeriesRequest
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.plots import bars, lines, tiles
from chalicelib.handlers.console.plots.bars import Bar
from chalicelib.handlers.console.plots.lines import Dot, Line
from chalicelib.handlers.console.plots.svg import NARROW
from chalicelib.handlers.console.plots.svg import Figure as Plot
from chalicelib.handlers.console.visit import ENGLISH, Visit
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.values.records import Json

# Reasons beyond these are one bar.
MOST_REASONS: Final = 10
# Of the platforms that were late most often so many are on a wall, which is read from afar.
MOST_ON_A_WALL: Final = 18
DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """The figures of the days of a period, and its first and last day."""

    days: Mapping[str, DayFigures]
    since: str
    until: str

    def points(self, step: str, by: str = "") -> list[Json]:
        """The series of the period."""
        return figure_series.points(self.days, SeriesRequest(since=self.since, until=self.until, step=step, by=by))

    def parts(self, by: str) -> Mapping[str, Json]:
        """The figures of the whole period by one part; months are added up where a part counts one number."""
        summed: dict[str, Json] = {}
        for point in self.points(figure_series.MONTH, by):
            for name, part in point["parts"].items():
                summed[name] = _added(summed.get(name, {}), part)
        return summed


def six_figures(visit: Visit, period: Period) -> list[Figure]:
    """Six figures of the last month, with the course of the months and the change since the month before."""
    months = period.points(figure_series.MONTH)
    t = visit.t

    def of(label: str, path: str, value: Callable[[Json], int], late: bool = False) -> Figure:
        course = [value(month) for month in months]
        beside = ""
        if len(course) > 1:
            change = course[-1] - course[-2]
            beside = t(f"较上月 {change:+,}", f"{change:+,} on the month before")
        spark = lines.sparkline(course, label)
        return Figure(label, course[-1] if course else 0, path, beside, late and bool(course and course[-1]), spark)

    return [
        of(t("本月报送", "Reported this month"), "", lambda month: int(month["reported"])),
        of(t("发出核查任务", "Tasks sent"), "tasks", lambda month: _check(month, "told")),
        of(t("已清退", "Closed"), "", lambda month: _check(month, "closed")),
        of(
            t("未按期处理的任务", "Tasks not answered in time"),
            "tasks?state=overdue",
            lambda month: _check(month, "overdue"),
            late=True,
        ),
        of(t("查询次数", "Lookups"), "", lambda month: int(month["lookups"])),
        of(t("撤销的记录", "Voided listings"), "disputes", lambda month: int(month["listings"]["voided"])),
    ]


def plots(visit: Visit, period: Period, is_wall: bool = False) -> Mapping[str, Plot]:
    """The plots by their names, which are those of their files as well; for a wall the latest platforms alone."""
    by_platform = period.parts(figure_series.PLATFORM)
    return {
        "platforms": _platforms(visit, by_platform, is_wall),
        "times": _times(visit, period),
        "months": _months(visit, period),
        "reasons": _reasons(visit, period.parts(figure_series.REASON)),
        "regions": _regions(visit, period.parts(figure_series.REGION)),
        "reciprocity": _reciprocity(visit, by_platform),
    }


def _platforms(visit: Visit, by_platform: Mapping[str, Json], is_wall: bool) -> Plot:
    t = visit.t
    rows = [
        Bar(organisations.name_of(name), _in_time(part)) for name, part in by_platform.items() if _check(part, "told")
    ]
    rows.sort(key=lambda row: (-row.parts[0], -sum(row.parts)))
    question = t("谁没有按时处理？", "Who has not acted in time?")
    if is_wall and len(rows) > MOST_ON_A_WALL:
        rows = rows[:MOST_ON_A_WALL]
        question += t(f"（前 {len(rows)} 个平台）", f" (the first {len(rows)} platforms)")
    return bars.lying(
        question,
        rows,
        (t("未按期", "not in time"), t("按期", "in time"), t("未到期或已撤销", "not due, or lifted")),
        t("平台", "Platform"),
        NARROW,
    )


def _in_time(figures: Json) -> list[int]:
    """Of the tasks of a platform: how many were not answered in time, how many were, and all others."""
    late, in_time = _check(figures, "overdue"), _check(figures, "in_time")
    return [late, in_time, max(0, _check(figures, "told") - late - in_time)]


def _times(visit: Visit, period: Period) -> Plot:
    t = visit.t
    points = period.points(figure_series.MONTH)
    counts: dict[int, int] = {}
    for point in points:
        for entry in point["time_to_close"]["histogram"]:
            days = max(1, -(-int(entry["up_to_seconds"]) // DAY_SECONDS))
            counts[days] = counts.get(days, 0) + int(entry["closed"])
    ends = sorted(counts)
    classes = [Bar(_days(visit, before + 1, end), [counts[end]]) for before, end in zip([0, *ends], ends, strict=False)]
    return bars.distribution(
        t("从首次报送到最后一个平台清退，用了多久？", "From the first report to the last platform closed: how long?"),
        classes,
        [
            (place, words)
            for share, words in ((0.5, t("中位数", "median")), (0.95, t("95% 在此之内", "95% are within")))
            if (place := _place_of(classes, share)) is not None
        ],
        (t("用时", "Time"), t("记录数", "listings")),
        NARROW,
    )


def _days(visit: Visit, first: int, last: int) -> str:
    days = f"{first}–{last}" if first < last else f"{last}"
    return visit.t(f"{days} 天", f"{days} d")


def _months(visit: Visit, period: Period) -> Plot:
    t = visit.t
    months = period.points(figure_series.MONTH)
    return lines.over_time(
        t("报送和清退的走势如何？", "How do reports and closures go?"),
        [month["from"][:7] for month in months],
        [
            Line(t("报送", "reported"), [month["reported"] for month in months]),
            Line(t("任务", "tasks"), [_check(month, "told") for month in months]),
            Line(t("清退", "closed"), [_check(month, "closed") for month in months]),
        ],
        t("月份", "Month"),
        NARROW,
    )


def _reasons(visit: Visit, by_reason: Mapping[str, Json]) -> Plot:
    t = visit.t
    counted = sorted(((int(part["opened"]), code) for code, part in by_reason.items()), reverse=True)
    rows = [
        Bar(t(REASONS[code].zh, REASONS[code].en) if code in REASONS else code, [count])
        for count, code in counted[:MOST_REASONS]
    ]
    if rest := sum(count for count, _code in counted[MOST_REASONS:]):
        rows.append(Bar(t("其他", "others"), [rest]))
    return bars.lying(
        t("因为什么被清退？", "Why were they evicted?"), rows, (t("记录", "listings"),), t("原因", "Reason"), NARROW
    )


def _regions(visit: Visit, by_region: Mapping[str, Json]) -> Plot:
    t = visit.t
    values = {code: int(part["opened"]) for code, part in by_region.items()}
    heads = (t("省份", "Province"), t("记录", "listings"))
    return tiles.provinces(
        t("被清退的商户在哪里？", "Where are the evicted merchants?"), values, heads, visit.language == ENGLISH
    )


def _reciprocity(visit: Visit, by_platform: Mapping[str, Json]) -> Plot:
    t = visit.t
    dots = [
        Dot(organisations.name_of(name), part.get("lookups", 0), part.get("reported", 0))
        for name, part in by_platform.items()
        if part.get("lookups") or part.get("reported")
    ]
    return lines.scatter(
        t("谁只查询、不报送？", "Who only asks and never reports?"),
        dots,
        (t("查询", "lookups"), t("报送", "reports")),
        t("平台", "Platform"),
        NARROW,
    )


def _check(figures: Json, name: str) -> int:
    return int(figures.get("check", {}).get(name, 0))


def _place_of(classes: Sequence[Bar], share: float) -> float | None:
    """Where among the classes so large a share of all lies below; None for none."""
    whole, passed = sum(row.parts[0] for row in classes), 0.0
    for place, row in enumerate(classes):
        passed += row.parts[0]
        if whole and passed >= share * whole:
            return place + 0.5
    return None


def _added(first: Json, second: Json) -> Json:
    """The numbers of two parts added up, field by field and in the parts of parts."""
    summed = dict(first)
    for name, value in second.items():
        if isinstance(value, dict):
            summed[name] = _added(summed.get(name, {}), value)
        elif isinstance(value, int):
            summed[name] = summed.get(name, 0) + value
    return summed
