"""Lookups that were made: the list for auditors and colleagues, and one as it was asked and answered."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.handlers.console import console_frame, organisations
from chalicelib.handlers.console.screens import lookup_texts
from chalicelib.handlers.console.screens.files import days
from chalicelib.handlers.console.screens.lookup_texts import PURPOSES, lookup_row
from chalicelib.handlers.console.screens.search_tabs import search_tabs
from chalicelib.handlers.console.texts.listing_texts import VERDICTS, source_name, verdict_state
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.desk.lookups_made import DEFAULT_DAYS
from chalicelib.handlers.replies import Reply
from chalicelib.lookups import list_lookups
from chalicelib.lookups.list_lookups import LookupFilter, LookupPage
from chalicelib.matching.explain_match import RELATION_NAMES
from chalicelib.people import people
from chalicelib.storage.day_log import DaySpan
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date

if TYPE_CHECKING:
    from chalicelib.lookups.rules.stored_lookup import StoredLookup

TITLE: Final = ("查询记录", "Lookups made")
PAGE: Final = 50
LATEST: Final = 10
FILTERS: Final = ("platform", "verdict", "purpose", "by", "from", "to")
HEADS: Final = ("lookup_id", "looked_up_at", "verdict", "purpose", "by", "asked", "matches")
BY: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def page(visit: Visit) -> Reply:
    """The lookups of the organisation, or of a platform that a regulator names, by day, the newest first; of a week
    unless the address says others. Looks through 500 at most: a read unit for six of them, one for each day."""
    span = _span(visit)
    listed = _listed(visit, span, PAGE)
    kept = {name: visit.query(name) for name in FILTERS if visit.query(name)}
    rows = _rows(visit, listed.lookups)
    says = (f"本页 {len(rows)} 次", f"{len(rows)} on this page")
    return console_frame.page(
        visit,
        "records/lookups.html",
        TITLE,
        tabs=search_tabs(visit),
        rows=rows,
        asked={**{name: visit.query(name) for name in FILTERS}, "from": span.since, "to": span.until},
        verdicts=[(name, visit.t(*verdict.word)) for name, verdict in VERDICTS.items()],
        purposes=[(name, visit.t(zh, en)) for name, zh, en in PURPOSES],
        platforms=days.platforms_of(visit),
        me=visit.session.person.person_id,
        pages=console_frame.pages_of(visit, "lookups", says, listed.next, kept),
        csv=f"{visit.root}lookups.csv?{urlencode(kept)}",
    )


def export(visit: Visit) -> Reply:
    """The first thousand lookups that fit the filters, as CSV; what was asked as it is kept, masked."""

    def page_of(span: DaySpan) -> "tuple[list[StoredLookup], str]":
        some = _listed(visit, span, 100)
        return some.lookups, some.next

    lines = []
    for each in days.first_thousand(_span(visit), page_of):
        view = list_lookups.summary(each)
        asked = "; ".join(f"{name}={value}" for name, value in view["asked"].items())
        lines.append([each.lookup_id, each.at, each.verdict, each.purpose, each.by, asked, view["matches"]])
    return console_frame.csv_table([HEADS, *lines], "lookups.csv")


def lookup(visit: Visit, lookup_id: str) -> Reply:
    """One lookup as it was asked, masked, and answered, with its receipt to copy. One read, and one for the names."""
    made = list_lookups.read_lookup(wiring.exchange(), visit.caller, lookup_id, wiring.now())
    row = _rows(visit, [made])[0]
    view = list_lookups.whole(made)
    matches = [_match(visit, each, made.verdict) for each in view["answered"]]
    shown = VERDICTS[made.verdict]
    text = lookup_texts.receipt(
        visit,
        view,
        row["asked"],
        [[match["name"], f"{match['relation']} {match['verdict'].text}"] for match in matches],
    )
    return console_frame.page(
        visit,
        "records/lookup.html",
        ("查询记录", "A lookup"),
        row=row,
        sign=shown.sign,
        tone=shown.tone,
        word=visit.t(*shown.word),
        organisation=organisations.name_of(made.platform_id),
        matches=matches,
        unsearched=[source_name(visit, source) for source in view["unsearched"]],
        policy=made.policy,
        receipt=text,
    )


def latest(visit: Visit, by: str) -> list[Json]:
    """The last ten lookups of a person, or with '' of the organisation, within a week; reads as the list does."""
    return _rows(visit, _listed(visit, _days(DEFAULT_DAYS), LATEST, LookupFilter(by=by)).lookups)


def _listed(visit: Visit, span: DaySpan, limit: int, wanted: LookupFilter | None = None) -> LookupPage:
    """A page of the lookups that are wanted; of the filters of the address, where nothing else is."""
    by = visit.query("by")
    asked = LookupFilter(
        purpose=visit.query("purpose", [name for name, _zh, _en in PURPOSES]),
        verdict=visit.query("verdict", tuple(VERDICTS)),
        by=by if BY.fullmatch(by) else "",
    )
    return list_lookups.list_lookups(wiring.exchange(), days.owner_of(visit), wanted or asked, span, limit)


def _span(visit: Visit) -> DaySpan:
    """The days of the address, a week unless it names the first."""
    span, week = days.span_of(visit), _days(DEFAULT_DAYS)
    return span if visit.query("from") else DaySpan(max(week.since, span.since), span.until, span.after)


def _days(count: int) -> DaySpan:
    today = china_date(wiring.now())
    return DaySpan((date.fromisoformat(today) - timedelta(days=count - 1)).isoformat(), today)


def _rows(visit: Visit, lookups: "Iterable[StoredLookup]") -> list[Json]:
    """Lookups as rows, with the names of the organisation's own people; half a read unit for each."""
    some = list(lookups)
    own = {each.by for each in some if each.by[:2] == "p_" and each.platform_id == visit.caller.platform_id}
    names = people.names_of(wiring.exchange(), own) if own else {}
    return [lookup_row(visit, each, names) for each in some]


def _match(visit: Visit, answered: Json, verdict: str) -> Json:
    """A match of a lookup: whom it leads to, by its code where that says it, and how it stood to the applicant."""
    kind, _, value = answered["subject_id"].partition(":")
    relation = RELATION_NAMES.get(answered["relation"], (answered["relation"],) * 2)
    is_code = kind == "uscc"
    return {
        "name": value if is_code else visit.t("无统一社会信用代码的主体", "a merchant without a credit code"),
        "uscc": value if is_code else "",
        "relation": visit.t(*relation),
        "verdict": verdict_state(visit, answered.get("verdict", verdict)),
    }
