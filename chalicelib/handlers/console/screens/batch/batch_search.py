"""The batch search: many applicants pasted or in a file, and a table of verdicts that is kept for a day."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib import errors, wiring
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.screens.batch import applicants, batch_lookups
from chalicelib.handlers.console.screens.batch.applicants import MOST, Batch, TooManyApplicants
from chalicelib.handlers.console.screens.batch.batch_lookups import NOT_ASKED, UNFIT
from chalicelib.handlers.console.screens.files import draft_desk
from chalicelib.handlers.console.screens.lookup_texts import PURPOSES, field_name
from chalicelib.handlers.console.screens.search_tabs import search_tabs
from chalicelib.handlers.console.texts.listing_texts import VERDICTS, Fields, State, reason_names, verdict_state
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.lookups import latest_batches
from chalicelib.lookups.rules.shown_applicant import MASKED
from chalicelib.lookups.rules.shown_applicant import NAMES as SHOWN_NAMES
from chalicelib.matching.explain_match import RELATION_NAMES
from chalicelib.messages import ErrorCode
from chalicelib.table_files.drafts import keep_draft
from chalicelib.table_files.drafts.keep_draft import Draft
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

TITLE: Final = ("批量查询", "Batch search")
PURPOSE_OF_DRAFT: Final = "lookups"
LONGEST_TEXT: Final = 400_000
PAGE: Final = 50
# Verdicts and what stands in their place, those that matter first.
ORDER: Final = ("block", "review", "unknown", "inform", "clear", UNFIT, NOT_ASKED)
OTHERS: Final[Mapping[str, tuple[str, str, str]]] = {
    UNFIT: ("无法查询", "Not fit", "bad"),
    NOT_ASKED: ("未查询", "Not asked", "wait"),
}
COLUMNS: Final = (
    "number", "asked", "uscc", "verdict", "found", "match_name", "match_uscc", "relation", "reasons", "why",
    "lookup_id",
)  # fmt: skip


def form(visit: Visit) -> Reply:
    """The form of the batch search."""
    return _form(visit, "")


def look_up(visit: Visit) -> Reply:
    """Look the applicants up and lead to their verdicts; what cannot be read is said in the form."""
    purpose = visit.field("purpose")
    if purpose not in {name for name, _zh, _en in PURPOSES}:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="purpose")
    try:
        batch = _asked(visit)
        if not batch.asked:
            return _form(visit, visit.t("请粘贴至少一行，或选择文件。", "Paste a line at least, or choose a file."))
        rows = batch_lookups.look_up(visit, purpose, batch.asked)
    except TooManyApplicants:
        en = f"{MOST} lines at most at a time: split them, or send a file."
        return _form(visit, visit.t(f"一次最多粘贴 {MOST} 行，请分批查询，或改用文件。", en))
    except errors.FileRefused as error:
        return _form(visit, draft_desk.refusal(visit, error)["text"])
    except errors.Forbidden as error:
        return _form(visit, visit.says(error.code), error.status)
    return console_frame.go_to(visit, f"search/batch/{_keep(visit, rows, batch.following)}")


def _keep(visit: Visit, rows: bytes, following: int) -> str:
    """Keep the verdicts of a batch for a day, and note it among the person's; its id."""
    batch_id, now, person_id = keep_draft.new_draft_id(), wiring.now(), visit.session.person.person_id
    draft = Draft(PURPOSE_OF_DRAFT, "lookups.json", rows, choices={"following": str(following)})
    keep_draft.keep_draft(wiring.bucket(), person_id, batch_id, draft, now)
    counts = Counter(row["verdict"] for row in _ordered(draft))
    batch = latest_batches.Batch(batch_id=batch_id, at=iso(now), counts=dict(counts))
    latest_batches.note_batch(wiring.exchange(), person_id, batch, now)
    return batch_id


def page(visit: Visit, batch_id: str) -> Reply:
    """The verdicts of a batch of the visitor, 50 on a page, the gravest first; one object of the bucket is read."""
    kept = draft_desk.read(visit, batch_id, PURPOSE_OF_DRAFT)
    rows = _ordered(kept)
    counts, verdict = Counter(row["verdict"] for row in rows), visit.query("verdict", ORDER)
    chosen = [row for row in rows if verdict in ("", row["verdict"])]
    after, path = visit.cursor(), f"search/batch/{batch_id}"
    shown = chosen[after : after + PAGE]
    following = after + PAGE if after + PAGE < len(chosen) else 0
    says = (f"共 {len(chosen):,} 个，严重的在前", f"{len(chosen):,}, the gravest first")
    return console_frame.page(
        visit,
        "batch/verdicts.html",
        TITLE,
        tabs=search_tabs(visit),
        figures=[
            Figure(_state(visit, each).text, counts[each], f"{path}?verdict={each}", is_late=each in ("block", UNFIT))
            for each in ORDER
            if counts[each]
        ],
        not_asked=counts[NOT_ASKED],
        go_on_at=_go_on_at(kept, rows),
        verdict=_state(visit, verdict).text if verdict else "",
        batch_id=batch_id,
        kept_until=kept.kept_until,
        rows=[_row(visit, row) for row in shown],
        pages=console_frame.pages_of(visit, path, says, following, {"verdict": verdict} if verdict else {}),
        csv=f"{visit.root}{path}/verdicts.csv?verdict={verdict}",
    )


def export(visit: Visit, batch_id: str) -> Reply:
    """The verdicts of a batch as CSV, in the order in which they were asked."""
    verdict = visit.query("verdict", ORDER)
    rows = sorted(_ordered(draft_desk.read(visit, batch_id, PURPOSE_OF_DRAFT)), key=lambda row: int(row["number"]))
    lines = [_line(visit, row) for row in rows if verdict in ("", row["verdict"])]
    return console_frame.csv_table([COLUMNS, *lines], "verdicts.csv")


def _go_on_at(kept: Draft, rows: Sequence[Json]) -> int:
    """The row of the file from which on nothing was looked up; 0 where that is nowhere."""
    left = [int(row["number"]) for row in rows if row["verdict"] == NOT_ASKED]
    return min(left) if left else int(kept.choices.get("following", 0))


def _asked(visit: Visit) -> Batch:
    sent, first = visit.files.get(draft_desk.FILE_FIELD), visit.field("first", 9)
    if sent is not None and sent.content:
        return applicants.in_file(sent.content, sent.name, int(first) if first.isdigit() else 0)
    return applicants.pasted(visit.field("lines", LONGEST_TEXT))


def _form(visit: Visit, wrong: str, status: int = 400) -> Reply:
    return console_frame.page(
        visit,
        "batch/form.html",
        TITLE,
        status if wrong else 200,
        tabs=search_tabs(visit),
        purposes=[(name, visit.t(zh, en)) for name, zh, en in PURPOSES],
        purpose=visit.field("purpose") or PURPOSES[0][0],
        lines=visit.field("lines", LONGEST_TEXT),
        first=visit.field("first", 9) or str(visit.cursor("first") or ""),
        latest=_latest(visit),
        most=MOST,
        wrong=wrong,
    )


def _latest(visit: Visit) -> list[Json]:
    """The visitor's batches whose verdicts are kept still. One read."""
    batches = latest_batches.latest_batches(wiring.exchange(), visit.session.person.person_id, wiring.now())
    return [
        {
            "batch_id": batch.batch_id,
            "at": batch.at,
            "count": sum(batch.counts.values()),
            "states": [
                (_state(visit, verdict), batch.counts[verdict]) for verdict in ORDER if batch.counts.get(verdict)
            ],
        }
        for batch in batches
    ]


def _ordered(kept: Draft) -> list[Json]:
    rows: list[Json] = json.loads(kept.content)["rows"]
    return sorted(rows, key=lambda row: (ORDER.index(row["verdict"]), int(row["number"])))


def _state(visit: Visit, verdict: str) -> State:
    if verdict in OTHERS:
        zh, en, tone = OTHERS[verdict]
        return State(visit.t(zh, en), tone)
    return verdict_state(visit, verdict)


def _row(visit: Visit, row: Json) -> Json:
    """A verdict in words: whom it is about, what it is, why, and the best match."""
    asked, match = Fields(row["asked"]), Fields(row.get("match", {}))
    name = next((asked[each] for each in SHOWN_NAMES if asked[each] not in ("", MASKED)), "")
    others = [field_name(visit, each) for each in row["asked"] if each not in ("name", "uscc")]
    return Fields(
        {
            **row,
            "name": name or visit.t("（未留存名称）", "(no name is kept)"),
            "uscc": asked["uscc"].replace(MASKED, ""),
            "others": visit.t("、", ", ").join(others),
            "state": _state(visit, row["verdict"]),
            "why": _why(visit, row, match),
            "match_name": match["name"],
            "match_uscc": match["uscc"],
            "relation": visit.t(*RELATION_NAMES[match["relation"]]) if match else "",
            "reasons": reason_names(visit, match["reasons"] or ()),
            "more": max(int(row.get("found", 0)) - 1, 0),
        }
    )


def _why(visit: Visit, row: Json, match: Json) -> str:
    if row["verdict"] == UNFIT:
        return visit.says(row["error"])
    if row["verdict"] == NOT_ASKED:
        return visit.t("时间或限额已用完，请另行查询", "The time or a quota was over: ask again")
    said = match["why"] or row.get("finding") or {}
    return str(said.get(visit.language, "")) or visit.t(*VERDICTS[row["verdict"]].to_do)


def _line(visit: Visit, row: Json) -> list[object]:
    shown = _row(visit, row) | {"asked": ""}
    texts = {**shown, "asked": shown["name"], "verdict": shown["state"].text}
    return [texts.get(name, "") for name in COLUMNS]
