"""How the exchange stands: readiness, what runs out, what wants a person, and what was counted this month."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from chalicelib import errors, logs, wiring
from chalicelib.closure_tasks import count_daily_figures
from chalicelib.closure_tasks.rules import figure_series
from chalicelib.closure_tasks.rules.figure_series import SeriesRequest
from chalicelib.government_lists import feed_status
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.screens.operation import monthly_cost
from chalicelib.handlers.console.texts import value_texts
from chalicelib.handlers.console.texts.listing_texts import State
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import dead_letter_desk
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

TITLE: Final = ("运行", "Operation")
PARTS: Final = {
    "settings": ("系统配置", "Settings"),
    "exchange_table": ("业务数据表", "Exchange table"),
    "secrets": ("密钥服务", "Secrets"),
    "files_bucket": ("文件存储", "Bucket of files"),
}
# What runs out, what to do about it, and below how many days an alarm of infra/template.yaml goes off.
RUNS_OUT: Final = {
    "CalendarDaysLeft": (
        ("工作日历", "Calendar of working days"),
        ("国务院办公厅公布下一年安排后更新日历", "Bring it up to date once next year's arrangement is announced"),
        14,
    ),
    "RevocationListDaysLeft": (
        ("证书吊销列表", "Revocation lists"),
        ("导入新的吊销列表", "Bring new revocation lists in"),
        14,
    ),
    "AnchorDaysLeft": (
        ("信任锚证书", "Trust anchors"),
        ("向电子营业执照系统取得新的根证书", "Obtain the new root from the system of electronic licences"),
        30,
    ),
}
TABS: Final = (
    ("state", "operation", "总览", "Overview"),
    ("platforms", "operation/platforms", "机构", "Organisations"),
    ("feeds", "operation/feeds", "名单", "Government lists"),
    ("queues", "operation/queues", "队列与死信", "Queues"),
    ("set_aside", "operation/set-aside", "搁置记录", "Set aside"),
)
COUNTED: Final = ("lookups", "matches", "reported", "opened")


def page(visit: Visit) -> Reply:
    """Readiness as /ready says it, days left, lists that want a person, and the month's counts.

    Reads each list's state, the trust of this container, one item for each day of the month, and counts the queues.
    """
    counts = counts_of_month()
    return console_frame.page(
        visit,
        "operation/state.html",
        TITLE,
        parts_ready=_parts(visit),
        runs_out=_runs_out(visit),
        figures=waiting_figures(visit),
        month=_month(),
        cost=_cost(visit, sum(int(row["lookups"]) for row in counts)),
        platforms=[{**row, "name": organisations.name_of(str(row["platform_id"]))} for row in counts],
        csv=f"{visit.root}operation.csv",
        **tabs_of(visit, "state"),
    )


def export(visit: Visit) -> Reply:  # noqa: ARG001 (a view is given its visit)
    """The counts of the month by platform as CSV."""

    lines = [[_month(), row["platform_id"], *(row[name] for name in COUNTED)] for row in counts_of_month()]
    heads = ["month", "platform_id", *COUNTED]
    return console_frame.csv_table([heads, *lines], f"counts-{_month()}.csv")


def tabs_of(visit: Visit, tab: str) -> Json:
    """The tabs of these screens."""
    return {
        "tabs": [{"path": path, "label": visit.t(zh, en), "current": name == tab} for name, path, zh, en in TABS],
    }


def counts_of_month() -> Sequence[Json]:
    """What each platform asked and reported this month, as far as days are counted; those that ask most first."""
    today = china_date(wiring.now())
    days, _ = count_daily_figures.read_days_by_day(wiring.exchange(), f"{today[:7]}-01", today)
    wanted = SeriesRequest(since=f"{today[:7]}-01", until=today, step="month", by="platform")
    (point,) = figure_series.points(days, wanted)
    rows = [
        {
            "platform_id": platform_id,
            "lookups": part["lookups"],
            "matches": part["matches"],
            "reported": part["reported"],
            "opened": part["listings"]["opened"],
        }
        for platform_id, part in point["parts"].items()
    ]
    return sorted(rows, key=lambda row: (-row["lookups"], row["platform_id"]))


def _month() -> str:
    return china_date(wiring.now())[:7]


def _cost(visit: Visit, lookups: int) -> str:
    """What the month costs by list price, as a sentence."""
    result = monthly_cost.estimate(
        wiring.client("dynamodb").meta.region_name, lookups, date.fromisoformat(china_date(wiring.now()))
    )
    if result is None:
        return visit.t(
            "没有本地区的价目表；费用以云账单为准。",
            "No prices of this region are kept: the cloud's bill says what it costs.",
        )
    until_today, whole = (value_texts.number(round(amount)) for amount in (result.until_today, result.whole))
    zh, en = result.currency
    return visit.t(
        f"费用估算：本月至今约 {until_today} {zh}，按此用量整月约 {whole} {zh}"
        f"（{result.region} {monthly_cost.PRICES_OF} 年价目，按请求计价；以云账单为准）。",
        f"Estimated cost: about {until_today} {en} so far, about {whole} {en} for the month at this use "
        f"(list prices of {monthly_cost.PRICES_OF} in {result.region}, by request; the cloud's bill is what counts).",
    )


def _parts(visit: Visit) -> list[Json]:
    from chalicelib.handlers.public import readiness

    failing = readiness.failing_parts()
    good, bad = State(visit.t("正常", "Good"), "good"), State(visit.t("不可用", "Out of reach"), "bad")
    return [{"name": visit.t(*PARTS[name]), "state": bad if name in failing else good} for name in readiness.CHECKS]


def _runs_out(visit: Visit) -> list[Json]:
    """What ends by itself, with the days that are left; without what was never set up."""
    from chalicelib.handlers.events import running_out

    try:
        left = dict(running_out.days_left(wiring.now(), wiring.bucket()))
    except Exception:
        # The page is read when something is broken: what cannot be read is left out, and the rest is shown.
        logs.failed("days_left_not_read")
        left = {"CalendarDaysLeft": running_out.calendar_days_left(wiring.now())}
    return [
        {
            "name": visit.t(*name),
            "to_do": visit.t(*to_do),
            "days": int(left[metric]),
            "state": _days_state(visit, left[metric], soon),
        }
        for metric, (name, to_do, soon) in RUNS_OUT.items()
        if metric in left
    ]


def _days_state(visit: Visit, days: float, soon: int) -> State:
    if days < 0:
        return State(visit.t("已过期", "Over"), "bad")
    if days < soon:
        return State(visit.t("应处理", "Due"), "warn")
    return State(visit.t("正常", "Good"), "good")


def waiting_figures(visit: Visit) -> list[Figure]:
    """What waits for an operator: lists that want a person, and dead letters. Reads the state of each list, and counts
    the dead letters of each queue."""
    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    counts, t, path = feed_status.count_unhealthy(statuses), visit.t, "operation/feeds"
    held, stale, resting = (int(counts[name]) for name in ("FeedsHeld", "FeedsStale", "FeedsResting"))
    return [
        Figure(t("名单", "Lists"), len(statuses), path),
        Figure(t("待放行的名单", "Held lists"), held, path, is_late=held > 0),
        Figure(t("数据过期的名单", "Stale lists"), stale, path, is_late=stale > 0),
        Figure(t("因响应过慢暂停拉取", "Resting for being slow"), resting, path),
        _dead_letters(visit),
    ]


def _dead_letters(visit: Visit) -> Figure:
    """How many dead letters there are; where the queues do not answer, the rest of the page is shown."""
    label, path = visit.t("死信", "Dead letters"), "operation/queues"
    try:
        count = dead_letter_desk.queues().dead()
    except errors.Unavailable as error:
        return Figure(label, "—", path, beside=visit.says(error.code))
    return Figure(label, count, path, is_late=count > 0)
