"""Where platforms and government agree and where not: how many of each, and the cases, the leads with who was first."""

from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.figures import Figure
from chalicelib.handlers.console.screens.oversight import corroboration_matrix
from chalicelib.handlers.console.screens.oversight.provinces import province_name
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.texts.match_texts import CORROBORATION, corroboration_row
from chalicelib.handlers.console.texts.oversight_tabs import oversight_tabs
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json
from chalicelib.verdicts import update_corroboration
from chalicelib.verdicts.corroboration_counts.counts import province

TITLE: Final = ("比对印证", "Corroboration")
# So many changes of state are read at once, the newest first; of them a page lists those that still stand.
WINDOW: Final = 300
# So many where all of them are shown.
MOST_SHOWN: Final = 100
STATES: Final = ("conflict", "platform_only", "both", "government_only")
QUESTIONS: Final = {
    "conflict": ("报错了主体，还是该解除限制？", "the wrong business, or time to let it back?"),
    "platform_only": ("可作为监管线索", "leads for the regulator"),
    "both": ("结论一致", "both say so"),
    "government_only": ("还在哪些平台经营？", "where does it still trade?"),
}
HEADS: Final = (
    "at", "state", "name", "uscc", "platforms", "first", "days_between", "platforms_since", "government_since", "says",
)  # fmt: skip


def page(visit: Visit) -> Reply:
    """The matrix and its cases: those of 100 changes of state, of 300 where they are filtered, that stand today; the
    newest by default. Reads these entries and what is current of their subjects, and the counts."""
    asked = _asked(visit)
    start, end, cases = _cases(visit, WINDOW if any(asked.values()) else MOST_SHOWN)
    wanted = [case for case in cases if _fits(case, asked)]
    kept = {name: value for name, value in {**asked, "by": visit.query("by")}.items() if value}
    says = (
        f"第 {start + 1:,} 至 {end:,} 次变化中仍成立的",
        f"what still stands of changes {start + 1:,} to {end:,}",
    )
    return console_frame.page(
        visit,
        "oversight/corroboration.html",
        TITLE,
        tabs=oversight_tabs(visit),
        figures=_figures(visit, cases),
        asked=asked,
        asked_name=_asked_name(visit, asked),
        counted=corroboration_matrix.counted(**asked),
        begins_at_newest=not visit.cursor(),
        looked_at=end - start,
        fitting=len(wanted),
        matrix=corroboration_matrix.matrix(visit, dependencies.corroboration().entries.length()),
        rows=[_row(visit, case) for case in wanted[:MOST_SHOWN]],
        more=max(len(wanted) - MOST_SHOWN, 0),
        pages=console_frame.pages_of(visit, "corroboration", says, start, kept),
        csv=f"{visit.root}corroboration.csv?{urlencode({**kept, 'after': end})}",
    )


def export(visit: Visit) -> Reply:
    """The cases of 300 changes as CSV."""
    asked, (_start, _end, cases) = _asked(visit), _cases(visit, WINDOW)
    rows = []
    for case in cases:
        if not _fits(case, asked):
            continue
        found, subject = case["corroboration"], case["subject"]
        rows.append(
            [
                *(case["at"], case["state"], subject.get("name", ""), subject.get("uscc", "")),
                " ".join(case["platforms"]),
                *(found.get("first", ""), found.get("days_between", "")),
                *(found.get(side, {}).get("since", "") for side in ("platforms", "government")),
                found["says"]["zh"],
            ]
        )
    return console_frame.csv_table([HEADS, *rows], "corroboration.csv")


def _asked(visit: Visit) -> dict[str, str]:
    """What is asked for by state, platform and province; '' for any."""
    return {
        "state": visit.query("state", STATES),
        "platform": visit.query("platform"),
        "province": visit.query("province"),
    }


def _cases(visit: Visit, most: int) -> tuple[int, int, list[Json]]:
    """The places between which so many changes lie, and the cases of them that stand, the newest first."""
    context = dependencies.corroboration()
    length = context.entries.length()
    end = min(visit.cursor() or length, length)
    start = max(end - most, 0)
    after = context.entries.number_at(start) if start else 0
    read = update_corroboration.list_corroborations(context, visit.caller, "", "", after, max(end - start, 1))
    return start, end, read["corroborations"][::-1]


def _fits(case: Json, asked: Mapping[str, str]) -> bool:
    """Whether a case is in the state, of the platform and of the province that are asked for ('' for any)."""
    return (
        asked["state"] in ("", case["state"])
        and (not asked["platform"] or asked["platform"] in case["platforms"])
        and asked["province"] in ("", province(case["subject"]))
    )


def _asked_name(visit: Visit, asked: Mapping[str, str]) -> str:
    """What the cases are narrowed down to, in words; '' for nothing."""
    names = [
        visit.t(*CORROBORATION[asked["state"]][:2]) if asked["state"] else "",
        organisations.name_of(asked["platform"]),
        province_name(visit, asked["province"]) if asked["province"] else "",
    ]
    return " · ".join(filter(None, names))


def _figures(visit: Visit, cases: list[Json]) -> list[Figure]:
    """How many cases there are of each state, each with the way to them: in all, or of the changes that were read where
    not all are counted."""
    counted = corroboration_matrix.totals() or Counter(case["state"] for case in cases)
    return [
        Figure(
            visit.t(*CORROBORATION[state][:2]),
            counted.get(state, 0),
            f"corroboration?state={state}",
            beside=visit.t(*QUESTIONS[state]),
            is_late=state == "conflict" and counted.get(state, 0) > 0,
        )
        for state in STATES
    ]


def _row(visit: Visit, case: Json) -> Json:
    subject = Fields(case["subject"])
    comma = visit.t("、", ", ")
    return {
        **corroboration_row(visit, case["corroboration"]),
        "at": case["at"],
        "subject": subject,
        "name": subject["name"] or subject["uscc"] or visit.t("（无名称）", "(no name)"),
        "platforms": comma.join(organisations.name_of(platform) for platform in case["platforms"]),
    }
