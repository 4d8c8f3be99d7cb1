"""Guards against poisoning: the bursts that stand, one with its days plotted, and what lifting it does, before it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame, organisations, performing
from chalicelib.handlers.console.plots import lines
from chalicelib.handlers.console.plots.svg import Figure
from chalicelib.handlers.console.screens import since
from chalicelib.handlers.console.screens.oversight.provinces import province_name
from chalicelib.handlers.console.screens.policies import rule_texts
from chalicelib.handlers.console.screens.policies.campaigns import LONGEST_WHY, may_decide
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json
from chalicelib.verdicts import detect_bursts, update_reporter_trust
from chalicelib.verdicts.rules import burst_thresholds, reporter_trust
from chalicelib.verdicts.rules.burst_thresholds import ALL_KEYS, REGION, TRADE, Burst

if TYPE_CHECKING:
    from chalicelib.verdicts.detect_bursts import DayFiled

TITLE: Final = ("防护", "Guards")
TRUST_TONES: Final = {"low": "bad", "watched": "warn", "fair": "good"}


def guards(visit: Visit) -> Reply:
    """The bursts that stand and how reporters are trusted: all for a regulator, its own for a platform.

    Reads the rules in force, one item for each burst (60 at most), and one for each platform of low trust.
    """
    moment = since.since_of(visit)
    bursts = [burst for burst in _bursts(visit) if burst.at >= moment]
    lifted = visit.t("已解除，有关记录即刻恢复效力。", "Lifted: its listings count in full.")
    return console_frame.page(
        visit,
        "policies/guards.html",
        TITLE,
        tabs=rule_texts.tabs(visit, "rules/guards"),
        rows=[_row(visit, burst) for burst in bursts],
        trust=[_trust(visit, platform_id) for platform_id in _doubted(visit)],
        csv=f"{visit.root}rules/guards.csv",
        changed=since.shown(visit, "rules/guards", {}),
        is_regulator=visit.caller.role == Role.REGULATOR,
        notice={"tone": "good", "text": lifted, "more": ""} if visit.query("lifted") else None,
    )


def export(visit: Visit) -> Reply:
    """The bursts that stand, as CSV."""
    names = ("guard_id", "platform_id", "day", "until", "key", "filed", "in_all", "busiest_before", "at")
    rows = [[getattr(burst, name) for name in names] for burst in _bursts(visit)]
    return console_frame.csv_table([names, *rows], "guards.csv")


def guard(visit: Visit, guard_id: str) -> Reply:
    """One burst against its days before, by day and by hour, and what lifting it does. Reads one item for each of 29 to
    60 days."""
    burst = _burst(visit, guard_id)
    days = detect_bursts.filed_around(wiring.exchange(), burst)
    title = ("集中报送", "A burst of reports")
    return console_frame.page(
        visit,
        "policies/guard.html",
        title,
        row=_row(visit, burst),
        plot=_plot(visit, burst, days),
        hours=_hours(visit, burst, days),
        uncounted=_uncounted_days(burst, days),
        rule=_rule(visit),
        trust=_trust(visit, burst.platform_id),
        may_lift=may_decide(visit),
    )


def lift(visit: Visit, guard_id: str) -> Reply:
    """Say that a burst is none; where a second person is needed, hand it in."""
    why = visit.field("why", LONGEST_WHY)
    result = performing.do(visit, "liftBurst", {"why": why}, {"guard_id": guard_id})
    return result if isinstance(result, Reply) else console_frame.go_to(visit, "rules/guards?lifted=1")


def _bursts(visit: Visit) -> list[Burst]:
    standing = detect_bursts.current_bursts(wiring.exchange())
    mine = visit.caller.platform_id if visit.caller.role == Role.PLATFORM else ""
    return [burst for burst in standing if mine in ("", burst.platform_id)][::-1]


def _burst(visit: Visit, guard_id: str) -> Burst:
    burst = next((each for each in _bursts(visit) if each.guard_id == guard_id), None)
    if burst is None:
        raise errors.NotFound(ErrorCode.NOT_FOUND, guard_id=guard_id[:40])
    return burst


def _doubted(visit: Visit) -> list[str]:
    """Whose trust is shown: for a regulator the platforms of low trust, for a platform its own."""
    if visit.caller.role == Role.PLATFORM:
        return [visit.caller.platform_id]
    return detect_bursts.platforms_of_low_trust(wiring.exchange())


def _row(visit: Visit, burst: Burst) -> Json:
    return {
        "raw": burst,
        "platform": organisations.name_of(burst.platform_id),
        "about": key_in_words(visit, burst.key),
        "threshold": threshold(burst),
    }


def key_in_words(visit: Visit, key: str) -> str:
    """What a burst is about: a region by its division code, a trade by its word, or everything of its days."""
    if key.startswith(REGION):
        code = key.removeprefix(REGION)
        name = province_name(visit, code[:2])
        return visit.t(f"{name}（区划代码 {code}）", f"{name} (division {code})")
    if key.startswith(TRADE):
        word = key.removeprefix(TRADE)
        return visit.t(f"行业“{word}”", f"trade “{word}”")
    return visit.t("这些天报送的全部记录", "all that it filed on these days")


def threshold(burst: Burst) -> int:
    """From how many records on the day would be a burst, by the busiest day before."""
    return max(burst_thresholds.BURST_LEAST, burst_thresholds.BURST_TIMES * burst.busiest_before)


def _plot(visit: Visit, burst: Burst, days: "Sequence[DayFiled]") -> Figure:
    limit = [threshold(burst)] * len(days)
    drawn = [
        lines.Line(visit.t("当日全部", "all that day"), [day.in_all for day in days]),
        lines.Line(visit.t("认定线", "threshold"), limit),
    ]
    if burst.key != ALL_KEYS:
        is_region = burst.key.startswith(REGION)
        about = visit.t("该地区", "this region") if is_region else visit.t("该行业", "this trade")
        drawn.insert(0, lines.Line(about, [day.filed for day in days]))
    question = visit.t("这一天报送的与此前相比多多少？", "How much more is it than on the days before?")
    return lines.over_time(question, [day.day[5:] for day in days], drawn, visit.t("日期", "Day"))


def _hours(visit: Visit, burst: Burst, days: "Sequence[DayFiled]") -> Figure | None:
    """All that was filed in each hour of the burst, beside the most in that hour of a day before; None where the hours
    of the burst were not counted. Days before without hours count as such on which nothing was filed."""
    own = [day.hours for day in days if burst.day <= day.day <= (burst.until or burst.day)]
    if not any(own):
        return None
    before = [day.hours for day in days if day.day < burst.day]
    drawn = [
        lines.Line(visit.t("集中报送", "the burst"), [sum(day.get(hour, 0) for day in own) for hour in range(24)]),
        lines.Line(
            visit.t("此前最多", "most before"),
            [max((day.get(hour, 0) for day in before), default=0) for hour in range(24)],
        ),
    ]
    question = visit.t("集中在几点报送？", "At what hours was it filed?")
    return lines.over_time(question, [f"{hour}:00" for hour in range(24)], drawn, visit.t("时刻", "Hour"))


def _uncounted_days(burst: Burst, days: "Sequence[DayFiled]") -> int:
    """How many days before a burst have listings and no hours, for earlier versions counted them by the day alone."""
    return sum(day.day < burst.day and day.in_all > 0 and not day.hours for day in days)


def _rule(visit: Visit) -> str:
    least, times, days = burst_thresholds.BURST_LEAST, burst_thresholds.BURST_TIMES, burst_thresholds.BURST_DAYS
    return visit.t(
        f"同一平台同一天对同一行业或地区报送 {least} 条以上，占当日一半以上，"
        f"且达到此前 {days} 天最多一天的 {times} 倍。",
        f"{least} or more of one platform on one day about one trade or region, half or more of what it filed, and "
        f"{times} times its busiest of the {days} days before.",
    )


def _trust(visit: Visit, platform_id: str) -> Json:
    view = reporter_trust.view(platform_id, update_reporter_trust.get_trust(wiring.exchange(), platform_id))
    level = State(view["says"][visit.language], TRUST_TONES[view["level"]])
    return {**view, "name": organisations.name_of(platform_id), "level": level}
