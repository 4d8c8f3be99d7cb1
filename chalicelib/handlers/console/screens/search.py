"""Search: may this merchant come in? One field for a code, a name, a phone or a pasted licence, and the verdict on it.

A search is a lookup like every other: counted, kept with its purpose, and never in an address, where a phone or a
resident ID would end in logs and histories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors, wiring
from chalicelib.accounts import purposes
from chalicelib.accounts.quotas import MERCHANTS
from chalicelib.accounts.roles import Role
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.screens import lookup_texts
from chalicelib.handlers.console.screens.licences.checks import may_act
from chalicelib.handlers.console.screens.lookup_texts import FIELDS, NAMES, PURPOSES
from chalicelib.handlers.console.screens.records import lookups as lookups_made
from chalicelib.handlers.console.screens.search_tabs import search_tabs
from chalicelib.handlers.console.texts.listing_texts import VERDICTS, Fields, listing_row, source_row, verdict_state
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.platform import lookups
from chalicelib.handlers.replies import Reply
from chalicelib.lookups.not_same_decisions import DECIDABLE
from chalicelib.lookups.rules.shown_applicant import asked_fields, kept_fields
from chalicelib.lookups.rules.typed_line import fields_of
from chalicelib.matching.explain_match import RELATION_NAMES
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json
from chalicelib.verdicts.rules.verdict_by_severity import RELATION_CLASS

if TYPE_CHECKING:
    from chalicelib.lookups.rules.applicant import Applicant

TITLE: Final = ("查询", "Search")
LONGEST_LINE: Final = 4_000
# Whose last lookups are shown.
WHOSE: Final = ("mine", "organisation")


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it is filled in: fields, purpose, and what is wrong by field ('' is the whole form)."""

    typed: Mapping[str, str] = field(default_factory=dict)
    purpose: str = PURPOSES[0][0]
    wrong: Mapping[str, str] = field(default_factory=dict)


def search(visit: Visit) -> Reply:
    """The form, and the last ten lookups of the person or of its organisation, looked for among 500 of a week."""
    whose = visit.query("whose", WHOSE) or WHOSE[0]
    by = visit.session.person.person_id if whose == WHOSE[0] else ""
    return _page(visit, Form(), latest=lookups_made.latest(visit, by), whose=whose)


def look_up(visit: Visit) -> Reply:
    """The verdict on what was typed; where it does not fit, the form again with what is wrong."""
    typed = fields_of(visit.field("q", LONGEST_LINE))
    typed |= {name: value for name in NAMES if (value := visit.field(name))}
    form = Form(typed, visit.field("purpose") or PURPOSES[0][0])
    if form.purpose not in {name for name, _zh, _en in PURPOSES}:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="purpose")
    try:
        purposes.require(wiring.exchange(), visit.caller, form.purpose)
        visit.request.allowance.take({MERCHANTS: 1})
        answer = lookups.look_up_all(visit.caller, form.purpose, [_applicant(typed)])[0]
    except (errors.BadRequest, errors.Forbidden) as error:
        return _page(visit, replace(form, wrong=_wrong(visit, error)), error.status)
    return _page(visit, form, answer=_answer(visit, answer, typed))


def decide(visit: Visit, lookup_id: str) -> Reply:
    """Remember that a match is not the applicant, or that this is open again; for this platform alone."""
    from chalicelib.lookups import not_same_decisions

    decision = visit.field("decision")
    if decision not in ("not_same", "undecided"):
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, field="decision")
    not_same_decisions.decide_match(
        wiring.exchange(), visit.caller.platform_id, lookup_id, visit.field("subject_id", 100), decision, wiring.now()
    )
    text = (
        ("已记住：不是同一主体。下次查询不再提示。", "Remembered: not the same. It is not shown again.")
        if decision == "not_same"
        else ("已取消，下次查询会再次提示。", "Undone: the next search shows it again.")
    )
    return _page(visit, Form(), notice={"tone": "good", "text": visit.t(*text), "more": ""})


def _applicant(typed: Mapping[str, str]) -> "Applicant":
    from chalicelib.lookups.parse_applicant import parse_applicant

    return parse_applicant(dict(typed), wiring.digest())


def _wrong(visit: Visit, error: errors.LianfangError) -> dict[str, str]:
    """What is wrong, by the field that the error names or quotes; '' is the whole form."""
    named = str(error.details.get("field", ""))
    quoted = next((name for name in NAMES if name in error.details), "")
    return {named if named in NAMES else quoted: visit.says(error.code)}


def _page(visit: Visit, form: Form, status: int = 200, **shown: Any) -> Reply:
    """The form, and what is `shown` with it: an answer or a notice."""
    return console_frame.page(
        visit,
        "search.html",
        TITLE,
        status,
        fields=[(name, visit.t(zh, en)) for name, zh, en in FIELDS],
        purposes=[(name, visit.t(zh, en)) for name, zh, en in PURPOSES],
        form=form,
        by_name=visit.caller.role == Role.REGULATOR,
        tabs=search_tabs(visit),
        answer=shown.get("answer"),
        latest=shown.get("latest"),
        whose=shown.get("whose", ""),
        may_check=visit.caller.role == Role.PLATFORM and may_act(visit),
        notice=shown.get("notice"),
    )


def _answer(visit: Visit, answer: Json, typed: Mapping[str, str]) -> Json:
    """The verdict card: the verdict in words, each match with its reasons and listings, the sources with their age."""
    shown = VERDICTS[answer["verdict"]]
    unusable = [
        visit.t(*NAMES[field]) for field, state in answer["asked"].items() if state != "used" and field in NAMES
    ]
    return {
        "raw": answer,
        "sign": shown.sign,
        "tone": shown.tone,
        "word": visit.t(*shown.word),
        "to_do": visit.t(*shown.to_do),
        "why": _why(visit, answer),
        "understood": [(visit.t(*NAMES[name]), value) for name, value in typed.items() if name in NAMES],
        "unusable": unusable,
        "matches": [_match(visit, match, typed) for match in answer["matches"]],
        "typed": {name: value for name, value in typed.items() if name in NAMES},
        "receipt": _receipt(visit, answer, typed),
        "sources": [source_row(visit, source) for source in answer["sources"]],
        "registration": answer["registration"]["why"][visit.language] if "registration" in answer else "",
    }


def _why(visit: Visit, answer: Json) -> str:
    """One sentence on why: of the gravest listing, of the findings, or of how many sources were searched."""
    if answer["matches"]:
        match = answer["matches"][0]
        gravest = next(
            (each for each in match["listings"] if each["verdict"] == match["verdict"]), match["listings"][0]
        )
        return str(gravest["why"][visit.language])
    if answer["findings"]:
        return str(answer["findings"][0]["message"][visit.language])
    missing = [source_row(visit, source)["name"] for source in answer["sources"] if source["status"] != "ok"]
    if missing:
        names = visit.t("、", ", ").join(missing)
        return visit.t(f"未能查询：{names}", f"Not searched: {names}")
    count = len(answer["sources"])
    return visit.t(f"已查询 {count} 个来源", f"{count} sources were searched")


def _receipt(visit: Visit, answer: Json, typed: Mapping[str, str]) -> str:
    """The receipt of the lookup as text; of what was asked only what is kept of it, masked."""
    applicant = _applicant(typed)
    kept = asked_fields(applicant.asked_id, kept_fields(applicant))
    asked = [(lookup_texts.field_name(visit, name), value) for name, value in kept.items()]
    return lookup_texts.receipt(visit, answer, asked, [_match_lines(visit, match) for match in answer["matches"]])


def _match_lines(visit: Visit, match: Json) -> list[str]:
    """A match line by line: whom, why it may be the same, and each listing with its reason, source and day.

    A reason is its field and the relation, without the two values: they may be a person's.
    """
    subject, values = Fields(match["subject"]), visit.t("（", " (")
    whom = " ".join(filter(None, (subject["name"], subject["uscc"]))) or visit.t("（无名称）", "(no name)")
    lines = [
        f"{whom}: {visit.t(*VERDICTS[match['verdict']].word)}",
        *(f"- {reason['says'][visit.language].partition(values)[0]}" for reason in match["reasons"]),
    ]
    for listing in match["listings"]:
        row = listing_row(visit, listing)
        lines.append(
            " · ".join(filter(None, (f"* {row['reasons']}", row["source"], row["raw"]["listed_on"], row["why"])))
        )
    return lines


def _match(visit: Visit, match: Json, typed: Mapping[str, str]) -> Json:
    subject = match["subject"]
    reasons = [
        {
            "says": reason["says"][visit.language],
            "field": reason["says"][visit.language].partition(visit.t("：", ":"))[0],
            "asked": reason["query"],
            "listed": reason["candidate"],
            "relation": visit.t(*RELATION_NAMES.get(reason["relation"], (reason["relation"],) * 2)),
        }
        for reason in match["reasons"]
    ]
    return {
        "subject": Fields(subject),
        "name": subject.get("name") or subject.get("uscc") or subject["subject_id"],
        "relation": visit.t(*RELATION_NAMES[match["relation"]]),
        "decidable": visit.caller.role == Role.PLATFORM and RELATION_CLASS[match["relation"]] in DECIDABLE,
        "verdict": verdict_state(visit, match["verdict"]),
        "reasons": reasons,
        "listings": [listing_row(visit, listing) for listing in match["listings"]],
        "corroboration": match["corroboration"]["says"][visit.language],
        "check": _fields_of_check(subject, typed),
    }


def _fields_of_check(subject: Json, typed: Mapping[str, str]) -> dict[str, str]:
    """What an onboarding check of a match begins with: what was typed, and the code and name of the listed merchant
    where the form lacks them. A name that is shown masked is no name to look for."""
    listed = {name: str(subject.get(name, "")) for name in ("uscc", "name")}
    return {
        **{name: value for name, value in listed.items() if value and "*" not in value},
        **{name: value for name, value in typed.items() if name in NAMES},
    }
