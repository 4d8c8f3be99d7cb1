"""Campaigns (专项): those that were opened, one with its figures, and a new one, shown before it is opened."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.policies import campaign_texts, rule_texts
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date
from chalicelib.verdicts import campaign_figures, manage_campaigns
from chalicelib.verdicts.rules import campaign as campaign_rules

if TYPE_CHECKING:
    from chalicelib.handlers.requests.policies import NewCampaign

TITLE: Final = ("专项", "Campaigns")
PAGE: Final = 50
FIELDS: Final = ("name", "starts_on", "ends_on", "working_days", "severity_floor")
LONGEST_WHY: Final = 4_000


def campaigns(visit: Visit) -> Reply:
    """The campaigns that fit the filter, the latest first. One item for each that ever was, read at once."""
    wanted, start = visit.query("state", tuple(campaign_texts.STATES)), visit.cursor()
    rows = _rows(visit, wanted)
    shown = rows[start : start + PAGE]
    kept = {"state": wanted} if wanted else {}
    says = (f"本页 {len(shown)} 项，共 {len(rows)} 项", f"{len(shown)} here, {len(rows)} in all")
    following = start + PAGE if start + PAGE < len(rows) else ""
    return console_frame.page(
        visit,
        "policies/campaigns.html",
        TITLE,
        tabs=rule_texts.tabs(visit, "rules/campaigns"),
        rows=shown,
        states=[{"value": state, "text": visit.t(*text[:2])} for state, text in campaign_texts.STATES.items()],
        wanted=wanted,
        pages=console_frame.pages_of(visit, "rules/campaigns", says, following, kept),
        csv=f"{visit.root}rules/campaigns.csv?{urlencode(kept)}",
        may_open=may_decide(visit),
    )


def export(visit: Visit) -> Reply:
    """The campaigns that fit the filter, as CSV."""
    rows = _rows(visit, visit.query("state", tuple(campaign_texts.STATES)))
    names = ("campaign_id", "name", "state", "starts_on", "ends_on", "working_days", "severity_floor", "ended_at")
    lines = [[*(row["raw"][name] for name in names), row["reasons"]] for row in rows]
    return console_frame.csv_table([[*names, "reasons"], *lines], "campaigns.csv")


def new(visit: Visit) -> Reply:
    """The form of a new campaign, from today on."""
    today = china_date(wiring.now())
    return _form(visit, {"starts_on": today, "ends_on": today}, ())


def draft(visit: Visit) -> Reply:
    """What a campaign would do, before it is opened: nothing is saved. Reads the index of open tasks, 40 blocks at
    most."""
    typed, reasons = _typed(visit)
    if visit.field("do") == "back":
        return _form(visit, typed, reasons)
    try:
        wanted = _body(typed, reasons).campaign()
    except errors.BadRequest as error:
        return _form(visit, typed, reasons, error)
    return console_frame.page(
        visit,
        "policies/campaign_preview.html",
        ("开展专项：确认", "Open a campaign: check"),
        tabs=rule_texts.tabs(visit, "rules/campaigns"),
        typed=typed,
        codes=reasons,
        campaign=campaign_texts.effect(visit, wanted),
        tasks=_open_tasks(visit, reasons),
        is_running=campaign_rules.runs(wanted, china_date(wiring.now())),
    )


def start(visit: Visit) -> Reply:
    """Open a campaign that was shown."""
    typed, reasons = _typed(visit)
    try:
        wanted = _body(typed, reasons).campaign()
        manage_campaigns.open_campaign(wiring.exchange(), wanted, visit.caller, wiring.now())
    except (errors.BadRequest, errors.Conflict) as error:
        return _form(visit, typed, reasons, error)
    visit.request.noted.object_name = f"campaign:{wanted.campaign_id}"
    logs.note("campaign_opened", campaign=wanted.campaign_id, by=visit.caller.platform_id)
    return console_frame.go_to(visit, f"rules/campaigns/{wanted.campaign_id}?opened=1")


def campaign(visit: Visit, campaign_id: str) -> Reply:
    """One campaign; for regulators with its figures. One item, and the length of five logs."""
    now = wiring.now()
    opened = manage_campaigns.get_campaign(wiring.exchange(), campaign_id)
    is_counted = visit.caller.role == Role.REGULATOR
    figures = campaign_figures.figures(wiring.numbered_log, campaign_id) if is_counted else {}
    told = visit.t("专项已开展。", "The campaign is open."), visit.t("专项已结束。", "The campaign is over.")
    notice = told[0] if visit.query("opened") else told[1] if visit.query("ended") else ""
    row = campaign_texts.campaign_row(visit, campaign_rules.view(opened, china_date(now)))
    return console_frame.page(
        visit,
        "policies/campaign.html",
        (opened.name, opened.name),
        tabs=rule_texts.tabs(visit, "rules/campaigns"),
        row=row,
        figures=campaign_texts.figures(visit, figures) if figures else [],
        plot=campaign_texts.plot(visit, figures) if figures else None,
        may_end=may_decide(visit) and row["raw"]["state"] != "ended",
        notice={"tone": "good", "text": notice, "more": ""} if notice else None,
    )


def end(visit: Visit, campaign_id: str) -> Reply:
    """End a campaign before its last day."""
    why = visit.field("why", LONGEST_WHY)
    manage_campaigns.end_campaign(wiring.exchange(), campaign_id, visit.caller, why, wiring.now())
    logs.note("campaign_ended", campaign=campaign_id, by=visit.caller.platform_id)
    return console_frame.go_to(visit, f"rules/campaigns/{campaign_id}?ended=1")


def may_decide(visit: Visit) -> bool:
    """Whether the person decides for a regulator."""
    return visit.caller.role == Role.REGULATOR and Duty.DECIDE in visit.session.person.duties


def _rows(visit: Visit, wanted: str) -> list[Json]:
    today = china_date(wiring.now())
    views = [campaign_rules.view(each, today) for each in manage_campaigns.list_campaigns(wiring.exchange())]
    return [campaign_texts.campaign_row(visit, view) for view in views if wanted in ("", view["state"])]


def _typed(visit: Visit) -> tuple[dict[str, str], list[str]]:
    return {name: visit.field(name) for name in FIELDS}, visit.fields("reasons")[:60]


def _body(typed: Mapping[str, str], reasons: Sequence[str]) -> "NewCampaign":
    from chalicelib.handlers import body

    counts = {name: int(typed[name]) for name in ("working_days", "severity_floor") if typed[name].isdecimal()}
    texts = {name: typed[name] for name in ("name", "starts_on", "ends_on")}
    return cast("NewCampaign", body.read("policies:NewCampaign", json.dumps({**texts, "reasons": reasons, **counts})))


def _open_tasks(visit: Visit, reasons: Sequence[str]) -> int:
    """How many tasks are open for these reasons, one with two of them counted twice."""
    from chalicelib.closure_tasks.rules.open_task import TaskFilter
    from chalicelib.closure_tasks.work_queue.list_open_tasks import count_open_tasks
    from chalicelib.handlers import dependencies

    counted = count_open_tasks(dependencies.closure_tasks(), visit.caller, "", TaskFilter()).by["reason"]
    return sum(counted.get(code, 0) for code in reasons)


def _form(
    visit: Visit, typed: Mapping[str, str], reasons: Sequence[str], error: errors.LianfangError | None = None
) -> Reply:
    return console_frame.page(
        visit,
        "policies/campaign_form.html",
        ("开展专项", "Open a campaign"),
        error.status if error else 200,
        tabs=rule_texts.tabs(visit, "rules/campaigns"),
        typed={name: typed.get(name, "") for name in FIELDS},
        wrong=Fields(_wrong(visit, error) if error else {}),
        reasons=campaign_texts.reason_choices(visit, reasons),
        floors=campaign_texts.floors(visit),
    )


def _wrong(visit: Visit, error: errors.LianfangError) -> dict[str, str]:
    """What is wrong by field; '' is the whole form."""
    named = {
        str(problem["field"]).partition(".")[0]: problem["message"][visit.language]
        for problem in cast("Sequence[Any]", error.details.get("problems", ()))
    }
    field = str(error.details.get("field", ""))
    return named or {field if field in FIELDS else "": visit.says(error.code)}
