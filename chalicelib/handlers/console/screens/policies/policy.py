"""A platform's policy: its table as sentences with fields, tried on recent cases before it is saved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from chalicelib import errors, logs, wiring
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens.policies import bounds, dry_run_texts, rows_form, rule_texts
from chalicelib.handlers.console.screens.policies.rows_form import Draft, Typed
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json
from chalicelib.verdicts import load_rules, save_platform_policy
from chalicelib.verdicts.rules.platform_policy import Bound, Policy

if TYPE_CHECKING:
    from chalicelib.handlers.requests.policies import Policy as PolicyBody
    from chalicelib.verdicts.policy_dry_run import DryRun

TITLE: Final = ("规则", "Policy")
FIELDS: Final = ("relation", "severity", "evidence", "source", "corroboration", "verdict", "working_days")
NEW: Final[Typed] = {
    "relation": "exact", "severity": "3", "evidence": "E2", "source": "any", "corroboration": "any",
    "verdict": "review", "working_days": "",
}  # fmt: skip


def rules(visit: Visit) -> Reply:
    """The platform's table in force, or an earlier `version` of it as a draft; a regulator's bounds. Two items."""
    if visit.caller.role == Role.REGULATOR:
        return bounds.bounds(visit)
    policy, limits = _in_force(visit)
    shown = policy
    if wanted := visit.cursor("version"):
        shown = save_platform_policy.get_policy(wiring.exchange(), visit.caller.platform_id, wanted)
    saved = visit.query("saved")
    notice = {"tone": "good", "text": visit.t("已保存并生效。", "Saved and in force."), "more": ""} if saved else None
    return _page(visit, Draft(_typed(shown), policy.version), policy, limits, notice=notice)


def draft(visit: Visit) -> Reply:
    """The table after a row was added, moved or removed, or tried: what it would change. Nothing is saved.

    A dry run reads 200 places of latest lookups and the subjects of these and of the roster's matches, 100 at a time.
    """
    policy, limits = _in_force(visit)
    rows = rows_form.edited(visit, rows_form.read_rows(visit, FIELDS), NEW)
    written = Draft(rows, rows_form.begun_from(visit), visit.field("why", rows_form.LONGEST_WHY))
    if visit.field("do") not in ("try", "csv"):
        return _page(visit, written, policy, limits)
    try:
        tried = _tried(visit, written)
    except errors.BadRequest as error:
        return _page(visit, replace(written, wrong=rows_form.wrong_rows(visit, error)), policy, limits, error.status)
    if visit.field("do") == "csv":
        return console_frame.csv_file(dry_run_texts.as_csv(visit, tried), "dry-run.csv")
    return _page(visit, written, policy, limits, tried=tried)


def save(visit: Visit) -> Reply:
    """Put a table that was tried into force; where a colleague saved another meanwhile, it is shown again instead."""
    policy, limits = _in_force(visit)
    written = Draft(
        rows_form.read_rows(visit, FIELDS), rows_form.begun_from(visit), visit.field("why", rows_form.LONGEST_WHY)
    )
    if written.version != policy.version:
        words = visit.t(
            f"保存前已有同事保存了第 {policy.version} 版；请核对后重新试算。",
            f"A colleague saved version {policy.version} meanwhile. Compare, and try yours again.",
        )
        again = replace(written, version=policy.version, wrong={0: [words]})
        return _page(visit, again, policy, limits, 409)
    try:
        table = _body(written).table()
        put = save_platform_policy.put_policy(wiring.exchange(), visit.caller, table, written.why, wiring.now())
    except errors.BadRequest as error:
        return _page(visit, replace(written, wrong=rows_form.wrong_rows(visit, error)), policy, limits, error.status)
    visit.request.noted.changes({"version": policy.version}, {"version": put.version})
    logs.note("policy_put", platform=visit.caller.platform_id, version=put.version)
    return console_frame.go_to(visit, f"rules?saved={put.version}")


def _in_force(visit: Visit) -> tuple[Policy, Sequence[Bound]]:
    in_force = load_rules.rules_for(wiring.exchange(), visit.caller.platform_id)
    return in_force.policy or Policy(), in_force.bounds


def _body(written: Draft) -> "PolicyBody":
    return cast("PolicyBody", rows_form.checked("policies:Policy", written.rows, written.why))


def _tried(visit: Visit, written: Draft) -> "DryRun":
    from chalicelib.handlers.desk import policy_desk

    return policy_desk.dry_run(visit.caller, _body(written).table(), wiring.now())


def _typed(policy: Policy) -> list[Typed]:
    return [
        {name: "" if (value := getattr(row, name)) is None else str(value) for name in FIELDS} for row in policy.rows
    ]


def _page(
    visit: Visit, written: Draft, policy: Policy, limits: Sequence[Bound], status: int = 200, **shown: Any
) -> Reply:
    tried: DryRun | None = shown.get("tried")
    return console_frame.page(
        visit,
        "policies/policy.html",
        TITLE,
        status,
        tabs=rule_texts.tabs(visit, "rules"),
        draft=written,
        rows=[_row(visit, number, typed, written, limits) for number, typed in enumerate(written.rows, 1)],
        policy=policy,
        options=_options(visit),
        bounds=[_bound_row(visit, bound) for bound in limits],
        may_save=Duty.DECIDE in visit.session.person.duties,
        tried=dry_run_texts.dry_run(visit, tried) if tried else None,
        notice=shown.get("notice"),
    )


def _row(visit: Visit, number: int, typed: Typed, written: Draft, limits: Sequence[Bound]) -> Json:
    bound = rule_texts.bounds_of(limits, typed["relation"], typed["severity"], typed["evidence"])
    hint = rule_texts.bound_in_words(visit, bound) if bound else ""
    return {"number": number, "typed": typed, "hint": hint, "wrong": written.wrong.get(number, ())}


def _options(visit: Visit) -> Json:
    return {
        "relation": rule_texts.choices(visit, rule_texts.RELATIONS),
        "severity": rule_texts.choices(visit, rule_texts.SEVERITY_NAMES),
        "evidence": rule_texts.choices(visit, rule_texts.LEVEL_NAMES),
        "source": rule_texts.choices(visit, rule_texts.SOURCES),
        "corroboration": rule_texts.choices(visit, rule_texts.CORROBORATION),
        "verdict": rule_texts.choices(visit, rule_texts.VERDICT_NAMES),
    }


def _bound_row(visit: Visit, bound: Bound) -> Json:
    """One row of the bounds in words."""
    return {
        "relation": visit.t(*rule_texts.RELATIONS[bound.relation]),
        "severity": visit.t(*rule_texts.SEVERITY_NAMES[str(bound.severity)]),
        "evidence": bound.evidence,
        "mildest": rule_texts.verdict_tag(visit, bound.mildest),
        "gravest": rule_texts.verdict_tag(visit, bound.gravest),
        "days": bound.most_days,
    }
