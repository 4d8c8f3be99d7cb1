"""What a page says of a delivery of a government list that is held, of its pulls, and of rows that were rejected."""

from typing import Final

from chalicelib.government_lists.rules.hold_thresholds import HOLD_REASONS
from chalicelib.government_lists.rules.list_types import LISTS
from chalicelib.handlers.console import organisations
from chalicelib.handlers.console.texts.listing_texts import Fields, State, Text
from chalicelib.handlers.console.visit import Visit
from chalicelib.values.records import Json

RESULTS: Final[dict[str, tuple[str, str, str]]] = {
    "applied": ("已应用", "applied", "good"),
    "unchanged": ("无变化", "unchanged", "good"),
    "held": ("已搁置", "held", "warn"),
    "discarded": ("已弃用", "discarded", ""),
    "failed": ("失败", "failed", "bad"),
    "saving": ("保存中", "being saved", "info"),
}
COUNTS: Final[dict[str, Text]] = {
    "before": ("现有条目", "Entries now"),
    "after": ("放行后条目", "Entries after the release"),
    "rejected": ("未能读取的行", "Rows that could not be read"),
    "future_dates": ("日期在将来的行", "Rows with a date to come"),
    "persons_left_out": ("自然人（不读取）", "Natural persons, not read"),
}


def list_title(visit: Visit, list_type: str, name: str) -> str:
    """A list by its title; by its name where its type has none."""
    kind = LISTS.get(list_type)
    return visit.t(kind.zh, kind.en) if kind else name


def hold_row(visit: Visit, hold: Json) -> Json:
    """A held delivery in words: why it is held, what was counted, what its release would change."""
    counts = hold.get("counts", {})
    warnings = hold.get("warnings", {})
    return {
        "raw": Fields(hold),
        "reason": visit.t(*HOLD_REASONS.get(hold["reason"], (hold["reason"],) * 2)),
        "counts": [(visit.t(*COUNTS[name]), counts[name]) for name in COUNTS if name in counts],
        "change": counts["after"] - counts["before"] if {"after", "before"} <= set(counts) else None,
        "columns": list(hold.get("unknown_columns", [])),
        "warnings": sum(warnings.values()),
        "decided_by": organisations.name_of(hold.get("decided_by", "")),
        "decision": visit.t("已放行", "released")
        if hold.get("decision") == "released"
        else visit.t("已弃用", "discarded"),
        "is_releasable": hold["reason"] != "unreadable" and not hold.get("decision"),
    }


def run_row(visit: Visit, run: Json) -> Json:
    """A pull in words."""
    zh, en, tone = RESULTS.get(run["result"], (run["result"], run["result"], ""))
    held = run.get("held", "")
    return {
        "raw": Fields(run),
        "state": State(visit.t(zh, en), tone),
        "rows": run.get("rows"),
        "changed": run.get("changed"),
        "rejected": run.get("rejected"),
        "why": visit.t(*HOLD_REASONS[held]) if held in HOLD_REASONS else run.get("problem", ""),
    }


def change_in_words(visit: Visit, change: int | None) -> str:
    """By how many entries a list would grow or shrink."""
    if change is None:
        return visit.t("无法识别，未能计算", "cannot be read, so it was not counted")
    if not change:
        return visit.t("条数不变", "as many entries as now")
    more = change > 0
    return visit.t(f"{'增加' if more else '减少'} {abs(change):,} 条", f"{abs(change):,} {'more' if more else 'fewer'}")
