"""Each part of an onboarding check, from what was read: pure, one function for one part.

`sources` are those of a lookup; `types` names the kind of list that each feed delivers; `matches` are those of a
lookup, with what is decided of each of their listings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib import messages
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.licences.rules import licence as licences
from chalicelib.licences.rules import licence_check, national_licence_link
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.lookup_answer import PLATFORM_EVICTIONS, JudgedListing, Match
from chalicelib.onboarding.rules.onboarding_verdicts import ROWS, Part, Reasoned, part
from chalicelib.registry.rules.listing import Listing
from chalicelib.registry.rules.subject import Registration
from chalicelib.values.records import Json
from chalicelib.values.timestamps import age_seconds, china_date, iso
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

SUCCESSION: Final = ("successor_of", "carries_on")
# The part to which entries of a kind of list belong.
PART_OF: Final = {
    "serious_violations": "serious_violations",
    "beijing_serious_violations": "serious_violations",
    "abnormal_operations": "abnormal_operations",
    "penalties": "penalties",
    "registration": "registration",
}
# A check that lacks one of these lists is not complete.
REQUIRED: Final = ("serious_violations", "abnormal_operations", "registration")
# What a part shows of the registration.
REGISTERED: Final = (
    "name", "former_names", "status", "entity_type", "registered_by", "established_on", "approved_on",
)  # fmt: skip
# Reasons that only the lists of serious violations give (GX10: until September 2021).
SERIOUS: Final = ("GX10", "GX11")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a code: in the register now and formerly, and on the verified licence ('' where unknown)."""

    registered: str = ""
    former: tuple[str, ...] = ()
    licence: str = ""
    licence_source: tuple[SourceState, ...] = ()


def check_listings(
    applicant: Applicant, matches: Sequence[Match], sources: Sequence[SourceState], types: Mapping[str, str]
) -> list[Part]:
    """The listings of the applicant, by their source: platforms, and each kind of government list."""
    entries: dict[str, list[JudgedListing]] = {}
    for match in matches:
        if match.relation not in SUCCESSION:
            for judged in match.judgement.listings:
                entries.setdefault(_part_of(judged.listing, types), []).append(judged)
    parts = []
    for name in ("evictions", "serious_violations", "abnormal_operations", "penalties"):
        searched = [PLATFORM_EVICTIONS] if name == "evictions" else sources_of(name, sources, types)
        if name == "penalties" and not searched and name not in entries:
            parts.append(part(name, "not_connected"))
        elif name not in entries and not applicant.decides_alone:
            parts.append(part(name, "cannot_decide_alone", searched))
        else:
            parts.append(_listed(name, entries.get(name, []), searched))
    return parts


def sources_of(name: str, sources: Sequence[SourceState], types: Mapping[str, str]) -> list[SourceState]:
    """The sources that a part needs; a required kind that no feed delivers is named as missing."""
    of_part = [source for source in sources if PART_OF.get(types.get(source.name, "")) == name]
    if name in REQUIRED and not any(types.get(source.name) == name for source in of_part):
        of_part.append(SourceState(name))
    return of_part


def all_sources(sources: Sequence[SourceState], types: Mapping[str, str]) -> list[SourceState]:
    """The sources of a lookup, and each required list that no feed delivers as missing."""
    required = [source for name in REQUIRED for source in sources_of(name, sources, types)]
    return [*sources, *(source for source in required if source not in sources)]


def check_registration(registration: Registration, applicant: Applicant, sources: Sequence[SourceState]) -> Part:
    """What the register says of the applicant's code; an empty registration where it says nothing."""
    if not applicant.code or (applicant.unverified_uscc and registration == Registration()):
        return part("registration", _without_code(applicant))
    if registration == Registration():
        return part("registration", "not_in_register", sources)
    item = registration.to_item()
    details = {field: item[field] for field in REGISTERED if item.get(field)}
    status = registration.status or "status_unread"
    return part("registration", status, sources, registered=details, said_at=registration.at)


def check_name(applicant: Applicant, names: Names, sources: Sequence[SourceState]) -> Part:
    """Whether the applicant's name belongs to its code, by the register, or where that has none by the licence.

    Without a name in the request the one on the verified licence is compared with the register.
    """
    if not applicant.code:
        return part("name_and_uscc", _without_code(applicant))
    if applicant.unverified_uscc and not (names.licence or names.registered):
        return part("name_and_uscc", "code_check_failed", sources, given=applicant.unverified_uscc)
    if applicant.repaired:
        return part("name_and_uscc", "repaired_code", sources, given=applicant.uscc_as_given, repaired=applicant.uscc)
    given = applicant.name or names.licence
    if not given:
        return part("name_and_uscc", "no_name", sources)
    if names.registered:
        outcome, relation, other = _agreement(given, applicant.uscc, names.registered, names.former)
    elif names.licence and applicant.name:
        outcome, relation, other = _agreement(given, applicant.code, names.licence)
        outcome, sources = {"same_name": "licence_name"}.get(outcome, outcome), names.licence_source
    else:
        return part("name_and_uscc", "nothing_to_compare", sources, given=given)
    return part("name_and_uscc", outcome, sources, given=given, compared_with=other, relation=relation)


def check_licence(
    applicant: Applicant, record: VerifiedLicence | None, check: LicenceCheck | None, now: datetime
) -> Part:
    """The licence check that was named, if one was; then the licence as it was last verified (None: never)."""
    if check is not None:
        state = licence_check.state_of(check, iso(now))
        if state != licence_check.VERIFIED:
            outcome = "unreachable" if state == licence_check.UNKNOWN else state
            return part("licence", outcome, reason=check.reason)
        if check.uscc != applicant.code:
            return part("licence", "other_code")
    if not applicant.code:
        return part("licence", _without_code(applicant))
    if record is None:
        return part("licence", "none")
    return part("licence", licence_state(record, now), licence_source(record, now), licence=licences.view(record))


def _without_code(applicant: Applicant) -> str:
    """The outcome of a part that needs a verified credit code, of an applicant without one."""
    if applicant.unverified_uscc:
        return "code_check_failed"
    return "natural_person" if applicant.is_person else "no_code"


def licence_state(record: VerifiedLicence, now: datetime) -> str:
    """Whether a verified licence is current, due to be verified again, or revoked."""
    if record.state == licences.REVOKED:
        return "revoked"
    return "current" if record.state == licences.VERIFIED and china_date(now) <= record.due_on else "due"


def licence_source(record: VerifiedLicence, now: datetime) -> tuple[SourceState, ...]:
    """The verified licence as a source of an answer."""
    at = record.verified_at
    return (SourceState("licence", at, age_seconds(at, now), "ok"),)


def check_display_link(url: str, applicant: Applicant, now: datetime) -> Part:
    """Whether the shop's display link (亮照链接) has the form of one, for this merchant."""
    if not url:
        return part("display_link", "not_given")
    checked = national_licence_link.check_link(url, applicant.code, now)
    outcome = "malformed" if checked.problems else "wellformed"
    if "link_other_merchant" in checked.problems:
        outcome = "other_merchant"
    problems = [{"code": code, "message": messages.message(code)} for code in checked.problems]
    made: Json = {"made_at": checked.made_at} if checked.made_at else {}
    return part("display_link", outcome, problems=problems, link_confirmed=False, **made)


def check_successor(applicant: Applicant, matches: Sequence[Match]) -> Part:
    """Whether an evicted subject seems to come back in another shell (换壳), by the register or by shared signals."""
    given = sorted(applicant.signals)
    predecessors = [match for match in matches if match.relation in SUCCESSION]
    if predecessors:
        worst = max(predecessors, key=lambda match: VERDICTS.index(match.verdict))
        row = ROWS["successor_signals", "found"]
        ids = [match.subject.subject_id for match in predecessors]
        reasoned = Reasoned(worst.verdict, row.zh, row.en)
        return part("successor_signals", "found", [PLATFORM_EVICTIONS], reasoned, subjects=ids, given=given)
    if not given:
        return part("successor_signals", "not_given")
    return part("successor_signals", "nothing", [PLATFORM_EVICTIONS], given=given)


def _listed(name: str, entries: Sequence[JudgedListing], sources: Sequence[SourceState]) -> Part:
    if not entries:
        return part(name, "nothing", sources)
    worst = max((entry.decision for entry in entries), key=lambda decision: VERDICTS.index(decision.verdict))
    ids = list(dict.fromkeys(entry.listing.listing_id for entry in entries))
    return part(name, "found", sources, Reasoned(worst.verdict, worst.why_zh, worst.why_en), listings=ids)


def _part_of(listing: Listing, types: Mapping[str, str]) -> str:
    """The part to which a listing belongs; that of a list that is pulled no more follows from its reasons."""
    if not listing.source.is_government:
        return "evictions"
    by_list = PART_OF.get(types.get(listing.source.list_name, ""))
    if by_list:
        return by_list
    if any(code in SERIOUS for code in listing.reasons):
        return "serious_violations"
    return "abnormal_operations" if all(code.startswith("GX0") for code in listing.reasons) else "penalties"


def _agreement(given: str, code: str, name: str, former: Sequence[str] = ()) -> tuple[str, str, str]:
    """The outcome, the relation of the two names, and the name that it was compared with."""
    from chalicelib.matching.name_scoring import compare
    from chalicelib.matching.parse_name import comparison_key, parse

    key, division = comparison_key(given), code[2:8]
    if key == comparison_key(name):
        return "same_name", "same_name", name
    old = next((former_name for former_name in former if comparison_key(former_name) == key), "")
    if old:
        return "former_name", "same_name", old
    relation = compare(parse(given, division), parse(name, division)).relation
    return "other_name" if relation == "different" else "similar_name", relation, name
