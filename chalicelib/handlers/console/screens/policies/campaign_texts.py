"""Campaigns in words: their state, what they do, and their figures with the plot of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.figures import Figure as ScreenFigure
from chalicelib.handlers.console.plots import bars
from chalicelib.handlers.console.plots.svg import Figure
from chalicelib.handlers.console.texts.listing_texts import SEVERITIES, Fields, State, reason_names
from chalicelib.handlers.console.visit import Visit
from chalicelib.registry.rules.reason_codes import REASONS
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.campaign import NOT_FOR_CAMPAIGNS, Campaign

# State: its words in zh and en, and its tone.
STATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "running": ("进行中", "running", "good"),
    "planned": ("未开始", "planned", "wait"),
    "ended": ("已结束", "over", ""),
}
FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "listings": ("期间新增记录", "listings opened in it"),
    "tasks": ("下发任务", "tasks given"),
    "answered": ("已答复", "answered"),
    "in_time": ("按期答复", "answered in time"),
    "closed": ("已处置", "closed"),
}


def campaign_row(visit: Visit, view: Json) -> Json:
    """A campaign as a list and its own page show it."""
    zh, en, tone = STATES[view["state"]]
    return {
        "raw": Fields(view),
        "state": State(visit.t(zh, en), tone),
        "reasons": reason_names(visit, view["reasons"]),
        "effects": _effects(visit, view.get("severity_floor", 0), view.get("working_days")),
        "opened_by": organisations.name_of(view["opened_by"]),
        "ended_by": organisations.name_of(view.get("ended_by", "")),
    }


def effect(visit: Visit, wanted: Campaign) -> Json:
    """What a campaign would do, before it is opened."""
    return {
        "name": wanted.name,
        "starts_on": wanted.starts_on,
        "ends_on": wanted.ends_on,
        "reasons": reason_names(visit, wanted.reasons),
        "effects": _effects(visit, wanted.severity_floor, wanted.working_days),
    }


def figures(visit: Visit, counted: Mapping[str, int]) -> list[ScreenFigure]:
    """The figures of a campaign, shares of the tasks beside them."""
    tasks = counted["tasks"]
    return [
        ScreenFigure(
            visit.t(*text),
            counted[name],
            beside=f"{counted[name] / tasks:.0%}" if tasks and name in ("answered", "in_time", "closed") else "",
        )
        for name, text in FIGURES.items()
    ]


def plot(visit: Visit, counted: Mapping[str, int]) -> Figure:
    """From tasks to closures as bars."""
    steps = [bars.Bar(visit.t(*FIGURES[name]), [counted[name]]) for name in ("tasks", "answered", "in_time", "closed")]
    question = visit.t("下发的任务办理到哪一步？", "How far have its tasks come?")
    return bars.lying(question, steps, [visit.t("任务", "tasks")], visit.t("步骤", "Step"))


def reason_choices(visit: Visit, marked: Sequence[str]) -> list[Json]:
    """The reasons that a campaign may be about."""
    return [
        {"value": code, "text": f"{code} {visit.t(reason.zh, reason.en)}", "marked": code in marked}
        for code, reason in REASONS.items()
        if code not in NOT_FOR_CAMPAIGNS
    ]


def floors(visit: Visit) -> list[Json]:
    """The severities that a campaign may set as the least."""
    unchanged = {"value": "", "text": visit.t("不变", "unchanged")}
    return [unchanged, *({"value": str(level), "text": visit.t(*SEVERITIES[level])} for level in (2, 3))]


def _effects(visit: Visit, floor: int, days: int | None) -> list[str]:
    said = []
    if floor:
        level = visit.t(*SEVERITIES[floor])
        said.append(visit.t(f"有关记录至少按{level}判定", f"its listings count at least as severity {level}"))
    if days is not None:
        said.append(visit.t(f"任务须在 {days} 个工作日内答复", f"tasks are due within {days} working days"))
    return said or [visit.t("只加专项标签，判定与期限不变", "a label alone; verdicts and clocks stay")]
