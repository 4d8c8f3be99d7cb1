"""One roster: how far it is while it is in work, then what it found, what is new, and the rows that were rejected."""

from typing import Final

from chalicelib import errors, wiring
from chalicelib.accounts.permissions import limited_to
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens.files import days, draft_desk
from chalicelib.handlers.console.screens.files.file_rows import page_of_rows, rejections_file
from chalicelib.handlers.console.screens.files.row_texts import rejection_row, warning_row
from chalicelib.handlers.console.screens.rosters.overview import MODES, figures
from chalicelib.handlers.console.texts.listing_texts import VERDICTS, Fields, State, listing_row, verdict_state
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk import received_files
from chalicelib.handlers.replies import Reply
from chalicelib.matching.explain_match import RELATION_NAMES
from chalicelib.messages import ErrorCode
from chalicelib.reports.rules.report import DONE, FINISHED
from chalicelib.rosters.receive_roster import find_roster
from chalicelib.rosters.rules.roster import RESCREEN, Roster, view
from chalicelib.rosters.rules.roster_files import results_key
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

PAGE: Final = 50
LINK_SECONDS: Final = 300
RESULTS, CHANGED = "results", "changed"
# The classes of relations that the rules for verdicts speak of.
KINDS: Final = {
    "exact": ("证照号码一致", "the same identifier"),
    "repaired": ("号码经修复后一致", "an identifier that was repaired"),
    "name": ("名称一致或相近", "the same or a like name"),
    "signals": ("多项信息相同", "several details in common"),
    "weak": ("个别信息相同", "a detail in common"),
}


def page(visit: Visit, roster_id: str) -> Reply:
    """A roster; one read unit or two, and once it is done the first results of a file of the bucket, 4 MB of it at
    most, and the first rows of two others."""
    roster = find(visit, roster_id)
    is_done = roster.status == DONE
    results, pages = _results(visit, roster) if is_done else ([], {})
    path = f"roster/{roster_id}"
    rejected, rejected_pages = page_of_rows(visit, path, _key(roster, "rejected"), "rejected", rejection_row)
    warned, warned_pages = page_of_rows(visit, path, _key(roster, "warnings"), "warned", warning_row)
    title = roster.file_name or visit.t(*MODES[RESCREEN])
    return console_frame.page(
        visit,
        "rosters/roster.html",
        (title, title),
        roster=roster,
        owner=organisations.name_of(roster.platform_id) if not limited_to(visit.caller) else "",
        mode=visit.t(*MODES[roster.mode]),
        state=days.state_tag(visit, roster.status, roster.rejected, roster.waits_until),
        is_finished=roster.status in FINISHED,
        progress=progress(visit, roster),
        refusal=draft_desk.stored_refusal(visit, roster.refused),
        figures=figures(visit, roster) if is_done else [],
        rest=_rest(visit, roster) if is_done else "",
        results=results,
        pages=pages,
        show=visit.query("show", (CHANGED,)),
        asked={"verdict": visit.query("verdict", tuple(VERDICTS)), "kind": visit.query("kind", tuple(KINDS))},
        verdicts=[(name, visit.t(*VERDICTS[name].word)) for name in ("block", "review", "inform", "unknown", "clear")],
        kinds=[(name, visit.t(*text)) for name, text in KINDS.items()],
        rejected=rejected,
        warned=warned,
        rejected_pages=rejected_pages,
        warned_pages=warned_pages,
    )


def results_file(visit: Visit, roster_id: str) -> Reply:
    """On to the file of all results, or of what is new, by a link that is good for five minutes."""
    roster = find(visit, roster_id)
    if roster.status != DONE:
        raise errors.Conflict(ErrorCode.ROSTER_NOT_DONE, status=roster.status)
    file = CHANGED if visit.query("show", (CHANGED,)) else RESULTS
    link = wiring.bucket().link(results_key(roster.platform_id, roster_id, file, "csv"), LINK_SECONDS, "text/csv")
    return Reply("", 303, headers={**console_frame.HEADERS, "Location": link})


def rejections(visit: Visit, roster_id: str) -> Reply:
    """The rejected rows, up to 10,000, as CSV."""
    return rejections_file(visit, _key(find(visit, roster_id), "rejected"), roster_id)


def find(visit: Visit, roster_id: str) -> Roster:
    """The roster, where the visitor's organisation may see it."""
    return find_roster(wiring.exchange(), roster_id, limited_to(visit.caller))


def progress(visit: Visit, roster: Roster) -> Json:
    """How far a roster is: shards done of all, None before it was split; in words, with the time that is left."""
    if roster.waits_until:
        text = visit.t(
            "本小时的行数配额已用完，稍后自动继续", "this hour's quota of rows is used up; it goes on by itself"
        )
        return {"text": text, "value": None, "most": 1}
    if not roster.started_at or not roster.chunks:
        reading = visit.t("正在读取，或等待前一份完成", "being read, or waiting for the one before it")
        return {"text": reading, "value": None, "most": 1}
    seen = view(roster, wiring.now())
    text = visit.t(f"已筛查 {seen['merchants_done']:,} 个商户", f"{seen['merchants_done']:,} merchants screened")
    if "seconds_left" in seen:
        text += visit.t(f"，约剩 {seen['seconds_left']} 秒", f", about {seen['seconds_left']} seconds left")
    return {"text": text, "value": len(roster.chunks_done), "most": roster.chunks}


def _results(visit: Visit, roster: Roster) -> tuple[list[Json], Json]:
    """A page of the results that fit the filters, and its links."""
    show = visit.query("show", (CHANGED,))
    verdict, kind = visit.query("verdict", tuple(VERDICTS)), visit.query("kind", tuple(KINDS))

    def fits(row: Json) -> bool:
        if verdict and row["verdict"] != verdict:
            return False
        return not kind or any(RELATION_CLASS.get(match["relation"]) == kind for match in row.get("matches", ()))

    key = results_key(roster.platform_id, roster.roster_id, show or RESULTS, "jsonl")
    rows, following = received_files.lines_that(key, visit.cursor(), PAGE, fits)
    path = f"roster/{roster.roster_id}"
    kept = {name: value for name, value in (("show", show), ("verdict", verdict), ("kind", kind)) if value}
    says = (f"本页 {len(rows)} 个商户", f"{len(rows)} merchants on this page")
    csv = f"{visit.root}{path}/results.csv{'?show=changed' if show else ''}"
    pages = {**console_frame.pages_of(visit, path, says, following, kept), "csv": csv}
    return [_result_row(visit, row) for row in rows], pages


def _result_row(visit: Visit, row: Json) -> Json:
    """A merchant that matches: the verdict, what it was before, and the gravest match with its first listing."""
    matches = row.get("matches") or []
    match = matches[0] if matches else {}
    listings = match.get("listings") or []
    return {
        "merchant_id": row["merchant_id"],
        "verdict": verdict_state(visit, row["verdict"]),
        "was": _was(visit, row),
        "since": row.get("since", ""),
        "subject": Fields(match.get("subject", {})),
        "relation": visit.t(*RELATION_NAMES.get(match.get("relation", ""), ("", ""))),
        "listing": listing_row(visit, listings[0]) if listings else None,
        "more": max(len(matches) - 1, 0),
    }


def _was(visit: Visit, row: Json) -> State | None:
    return verdict_state(visit, row["was"]) if row.get("was") in VERDICTS else None


def _rest(visit: Visit, roster: Roster) -> str:
    """What the screening says of the merchants that its results do not name."""
    if not roster.rest:
        return ""
    word = visit.t(*VERDICTS[roster.rest].word)
    return visit.t(f"未列出的商户：{word}", f"Merchants not listed here: {word}")


def _key(roster: Roster, kind: str) -> str:
    """Where the rows of that kind are kept; '' where the roster has none."""
    return roster.rows_key(kind) if roster.status == DONE and getattr(roster, kind) else ""
