"""Findings that wait for a regulator: lookups that look like probing, bursts of reports, held lists."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import errors, wiring
from chalicelib.handlers import routing
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.texts.oversight_tabs import oversight_tabs
from chalicelib.handlers.console.texts.probing_texts import day_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.handlers.requests.platforms import NewSlowingRule

TITLE: Final = ("发现", "Findings")
DAYS: Final = 7
MOST_ROWS: Final = 200
NUMBERS: Final = ("merchants_per_minute", "merchants_per_day", "days")
NOTICES: Final = {
    "rule": ("已保存，对此后的发现生效。", "Saved: it counts for findings from now on."),
    "key": ("已解除限速，数秒后生效。", "The key goes on as before, within some seconds."),
}


def page(visit: Visit) -> Reply:
    """What waits, and the lookups of each platform on seven days. Reads one item for each platform and day, the bursts
    in force and the states of the lists."""
    return _draw(visit, 200)


def export(visit: Visit) -> Reply:
    """The figures of each platform and day as CSV."""
    days = _probing(visit)["days"]
    names = sorted(days[0]["figures"]) if days else []
    rows = [
        [day["day"], day["platform_id"], *(day["figures"][name] for name in names), "yes" if "finding" in day else ""]
        for day in days
    ]
    heads = ["day", "platform_id", *names, "finding"]
    return console_frame.csv_table([heads, *rows], "lookups-by-day.csv")


def set_rule(visit: Visit) -> Reply:
    """Say what a finding does from now on; what does not fit is said beside what was typed."""
    typed = {name: visit.field(name, 12) for name in NUMBERS} | {"slows": visit.field("slows")}
    try:
        body = _rule(typed)
    except errors.BadRequest as error:
        field = str(error.details["field"])
        return _draw(
            visit, 400, typed, {field: visit.t("请填写允许范围内的整数。", "A whole number within the bounds.")}
        )
    routing.perform("setSlowingRule", visit.request, body.model_dump(), {})
    return console_frame.go_to(visit, "findings?done=rule")


def let_go(visit: Visit, key_id: str) -> Reply:
    """Let a slowed key go on as before."""
    routing.perform("letKeyGo", visit.request, {}, {"key_id": key_id})
    return console_frame.go_to(visit, "findings?done=key")


def waiting_figures(visit: Visit) -> list[Figure]:
    """How many findings wait, each with the page behind it: held lists, bursts in force, platforms that were noticed
    within seven days. Reads as the page does."""
    from chalicelib.government_lists import feed_status
    from chalicelib.verdicts import detect_bursts

    statuses = feed_status.all_statuses(wiring.exchange(), wiring.default_feeds(), wiring.now())
    held = sum(bool(status.hold and not status.hold.decision) for status in statuses)
    bursts = len(detect_bursts.current_bursts(wiring.exchange()))
    noticed = len({day["platform_id"] for day in _probing(visit)["days"] if "finding" in day})
    t = visit.t
    return [
        Figure(t("待放行的名单", "Held lists"), held, "lists", is_late=held > 0),
        Figure(t("集中报送", "Bursts of reports"), bursts, "rules/guards", is_late=bursts > 0),
        Figure(t("疑似试探查询的平台", "Platforms that may probe"), noticed, "findings", is_late=noticed > 0),
    ]


def _draw(visit: Visit, status: int, typed: Json | None = None, wrong: Json | None = None) -> Reply:
    probing = _probing(visit)
    only = visit.query("only", ("findings",))
    rows = [day_row(visit, day, iso(wiring.now())) for day in probing["days"]]
    wanted = [row for row in rows if row["is_finding"] or not only]
    done = visit.query("done", tuple(NOTICES))
    return console_frame.page(
        visit,
        "oversight/findings.html",
        TITLE,
        status,
        tabs=oversight_tabs(visit),
        figures=waiting_figures(visit),
        noticed=[row for row in rows if row["is_finding"]],
        rows=wanted[:MOST_ROWS],
        only=only,
        rule={**probing["rule"], **(typed or {})},
        wrong=wrong or {},
        may_decide=Duty.DECIDE in visit.session.person.duties,
        notice={"tone": "good", "text": visit.t(*NOTICES[done]), "more": ""} if done else None,
    )


def _probing(_visit: Visit) -> Json:
    """The figures of every platform on the last seven days, and the rule in force."""
    from chalicelib.probing import show_figures

    until = china_date(wiring.now())
    since = (date.fromisoformat(until) - timedelta(days=DAYS - 1)).isoformat()
    return show_figures.show(wiring.exchange(), "", since, until)


def _rule(typed: Json) -> "NewSlowingRule":
    """The rule as the API takes it; `BadRequest` names the field that does not fit."""
    from pydantic import ValidationError

    from chalicelib.handlers.requests.platforms import NewSlowingRule

    try:
        return NewSlowingRule.model_validate({**typed, "slows": typed["slows"] == "yes"})
    except ValidationError as error:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field=str(error.errors()[0]["loc"][0])) from error
