"""A dry run of a policy in words: how often which verdict would become which, and the cases one by one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from chalicelib.handlers.console.screens.policies import rule_texts
from chalicelib.handlers.console.visit import Visit
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.csv_export import BYTE_ORDER_MARK, csv_lines
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

if TYPE_CHECKING:
    from chalicelib.verdicts.policy_dry_run import DryRun
    from chalicelib.verdicts.rules.policy_effects import Effects, MatchChange

# So many cases of each column are on the page; the file has all that the dry run keeps.
MOST_SHOWN: Final = 40


def dry_run(visit: Visit, tried: "DryRun") -> Json:
    """Both columns of a dry run: recent lookups, and the roster."""
    return {
        "version": tried.version,
        "columns": [
            {
                "id": "lookups",
                "title": visit.t("近期查询", "Recent lookups"),
                "empty": visit.t("近期没有发现记录的查询可供试算。", "No recent lookup found anything to try it on."),
                **_effects(visit, tried.lookups),
            },
            {
                "id": "roster",
                "title": visit.t("名册商户", "Merchants of the roster"),
                "empty": visit.t(
                    "名册尚未比对，或没有相符商户。", "The roster was not screened yet, or nothing matched."
                ),
                **_effects(visit, tried.roster),
            },
        ],
    }


def as_csv(visit: Visit, tried: "DryRun") -> str:
    """The cases of both columns as a file."""
    heads = ["part", "lookup_or_merchant", "at", "name", "uscc", "now", "then", "days_now", "days_then", "decided_by"]
    lines = [
        [part, row["origin"], row["at"], row["name"], row["uscc"], row["verdicts"]["now"], row["verdicts"]["then"],
         row["days"][0], row["days"][1], row["row"]]
        for part, effects in (("lookups", tried.lookups), ("roster", tried.roster))
        for row in (_case(visit, change) for change in effects.changes)
    ]  # fmt: skip
    return BYTE_ORDER_MARK + csv_lines([heads, *lines])


def _effects(visit: Visit, effects: "Effects") -> Json:
    return {
        "compared": effects.compared,
        "changed": effects.moves.total(),
        "moves": list(_moves(visit, effects)),
        "cases": [_case(visit, change) for change in effects.changes[:MOST_SHOWN]],
    }


def _moves(visit: Visit, effects: "Effects") -> Iterator[Json]:
    """Each move from a verdict to another with how often it would happen, the frequent first; and clocks alone."""
    for move, count in effects.moves.most_common():
        now, _, then = move.partition(" -> ")
        step = VERDICTS.index(then) - VERDICTS.index(now)
        words = ("更严", "stricter") if step > 0 else ("更宽", "milder") if step else ("仅期限", "clock")
        tags = rule_texts.verdict_tag(visit, now), rule_texts.verdict_tag(visit, then)
        yield {"now": tags[0], "then": tags[1], "count": count, "direction": visit.t(*words)}


def _case(visit: Visit, change: "MatchChange") -> Json:
    origin, view = change.match.origin, subjects.view(change.subject)
    differing = [each for each in change.listings if each.differs]
    verdicts, first = change.verdicts, differing[0]
    return {
        "origin": origin.get("merchant_id") or origin.get("lookup_id", ""),
        "at": origin.get("looked_up_at", ""),
        "name": view.get("name") or view.get("uscc") or change.match.subject_id,
        "uscc": view.get("uscc", ""),
        "verdicts": verdicts,
        "now": rule_texts.verdict_tag(visit, verdicts["now"]),
        "then": rule_texts.verdict_tag(visit, verdicts["then"]),
        "days": (first.now.answer_days, first.then.answer_days),
        "row": first.then.decided_by.view().get("row", ""),
    }
