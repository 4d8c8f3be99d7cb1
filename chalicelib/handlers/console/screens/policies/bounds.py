"""The bounds of platforms' policies: a regulator's table, checked against the policies in force before it is saved."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from chalicelib import errors, logs, wiring
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.policies import rows_form, rule_texts
from chalicelib.handlers.console.screens.policies.rows_form import Draft, Typed
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.people.duties import Duty
from chalicelib.values.records import Json
from chalicelib.verdicts import save_platform_policy
from chalicelib.verdicts.rules.platform_policy import Bound, PolicyBounds

if TYPE_CHECKING:
    from chalicelib.handlers.requests.policies import Bounds

TITLE: Final = ("规则界限", "Bounds of policies")
FIELDS: Final = ("relation", "severity", "evidence", "mildest", "gravest", "most_days")
NEW: Final[Typed] = {
    "relation": "exact", "severity": "3", "evidence": "E1", "mildest": "inform", "gravest": "review", "most_days": "1",
}  # fmt: skip


def bounds(visit: Visit) -> Reply:
    """The bounds in force as a form. One item."""
    in_force = save_platform_policy.get_bounds(wiring.exchange())
    saved = visit.query("saved")
    notice = {"tone": "good", "text": visit.t("已保存并生效。", "Saved and in force."), "more": ""} if saved else None
    return _page(visit, Draft(_typed(in_force), in_force.version), in_force, notice=notice)


def draft(visit: Visit) -> Reply:
    """The bounds after a row was added, moved or removed, or checked: which policies would be cut back.

    A check reads the policy of every platform, one item each, at once.
    """
    in_force = save_platform_policy.get_bounds(wiring.exchange())
    written = _written(visit, rows_form.edited(visit, rows_form.read_rows(visit, FIELDS), NEW))
    if visit.field("do") != "try":
        return _page(visit, written, in_force)
    try:
        cut_back = save_platform_policy.policies_outside(wiring.exchange(), _table(written))
    except errors.BadRequest as error:
        return _page(visit, replace(written, wrong=rows_form.wrong_rows(visit, error)), in_force, error.status)
    return _page(visit, written, in_force, tried=_tried(visit, written, in_force, cut_back))


def save(visit: Visit) -> Reply:
    """Put bounds that were checked into force; where another officer saved others meanwhile, shows them again."""
    in_force = save_platform_policy.get_bounds(wiring.exchange())
    written = _written(visit, rows_form.read_rows(visit, FIELDS))
    if written.version != in_force.version:
        words = visit.t(
            f"保存前已有同事保存了第 {in_force.version} 版；请核对后重新检查。",
            f"A colleague saved version {in_force.version} meanwhile. Compare, and check yours again.",
        )
        return _page(visit, replace(written, version=in_force.version, wrong={0: [words]}), in_force, 409)
    try:
        put = save_platform_policy.put_bounds(
            wiring.exchange(), visit.caller, _table(written), written.why, wiring.now()
        )
    except errors.BadRequest as error:
        return _page(visit, replace(written, wrong=rows_form.wrong_rows(visit, error)), in_force, error.status)
    visit.request.noted.changes({"version": in_force.version}, {"version": put.version})
    logs.note("bounds_put", by=visit.caller.platform_id, version=put.version)
    return console_frame.go_to(visit, f"rules?saved={put.version}")


def _written(visit: Visit, rows: Sequence[Typed]) -> Draft:
    return Draft(rows, rows_form.begun_from(visit), visit.field("why", rows_form.LONGEST_WHY))


def _table(written: Draft) -> Sequence[Bound]:
    return cast("Bounds", rows_form.checked("policies:Bounds", written.rows, written.why)).table()


def _typed(table: PolicyBounds) -> list[Typed]:
    return [{name: str(getattr(row, name)) for name in FIELDS} for row in table.rows]


def _tried(visit: Visit, written: Draft, in_force: PolicyBounds, cut_back: dict[str, list[int]]) -> Json:
    before = {tuple(row.values()) for row in _typed(in_force)}
    after = {tuple(row.values()) for row in written.rows}
    return {
        "removed": [_words(visit, row) for row in _typed(in_force) if tuple(row.values()) not in after],
        "added": [_words(visit, row) for row in written.rows if tuple(row.values()) not in before],
        "cut_back": list(_platforms(visit, cut_back)),
    }


def _platforms(visit: Visit, cut_back: dict[str, list[int]]) -> Iterator[Json]:
    for platform_id, numbers in cut_back.items():
        joined = visit.t("、", ", ").join(map(str, numbers))
        rows = visit.t(f"第 {joined} 行", f"row {joined}" if len(numbers) == 1 else f"rows {joined}")
        yield {"name": organisations.name_of(platform_id), "rows": rows}


def _words(visit: Visit, row: Typed) -> str:
    parts = [
        visit.t(*rule_texts.RELATIONS[row["relation"]]),
        visit.t(*rule_texts.SEVERITY_NAMES[row["severity"]]),
        visit.t(f"证据 {row['evidence']} 起", f"evidence from {row['evidence']}"),
        visit.t(
            f"{rule_texts.VERDICT_NAMES[row['mildest']][0]} 至 {rule_texts.VERDICT_NAMES[row['gravest']][0]}",
            f"{rule_texts.VERDICT_NAMES[row['mildest']][1]} to {rule_texts.VERDICT_NAMES[row['gravest']][1]}",
        ),
        visit.t(f"{row['most_days']} 个工作日", f"{row['most_days']} working days"),
    ]
    return visit.t("，", ", ").join(parts)


def _page(visit: Visit, written: Draft, in_force: PolicyBounds, status: int = 200, **shown: Any) -> Reply:
    return console_frame.page(
        visit,
        "policies/bounds.html",
        TITLE,
        status,
        tabs=rule_texts.tabs(visit, "rules"),
        draft=written,
        rows=[
            {"number": number, "typed": typed, "hint": "", "wrong": written.wrong.get(number, ())}
            for number, typed in enumerate(written.rows, 1)
        ],
        bounds=in_force,
        set_by=organisations.name_of(in_force.set_by) if in_force.set_by else "",
        options={
            "relation": rule_texts.choices(visit, rule_texts.RELATIONS),
            "severity": rule_texts.choices(visit, rule_texts.SEVERITY_NAMES),
            "evidence": rule_texts.choices(visit, rule_texts.LEVEL_NAMES),
            "mildest": rule_texts.choices(visit, rule_texts.VERDICT_NAMES),
            "gravest": rule_texts.choices(visit, rule_texts.VERDICT_NAMES),
        },
        may_save=Duty.DECIDE in visit.session.person.duties,
        tried=shown.get("tried"),
        notice=shown.get("notice"),
    )
