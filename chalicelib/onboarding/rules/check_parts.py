"""Each part of an onboarding check from what was read: pure, one function for one part.

`sources` are entries {name, version, age_seconds, status} as lookups have them; `types` names the kind of list that
each feed delivers; `matches` are those of a lookup, with the verdict of each of their listings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib import messages
from chalicelib.licences.rules import licence as licences
from chalicelib.licences.rules import licence_check, national_licence_link
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.lookups.rules.find_candidates import Applicant
from chalicelib.onboarding.rules.onboarding_verdicts import ROWS, Part, Source, part
from chalicelib.registry.rules.subject import Registration
from chalicelib.values.timestamps import age_seconds, china_date, iso
from chalicelib.verdicts.rules.verdict_by_severity import VERDICTS

Match = Mapping[str, Any]
# Platforms' evictions are read from the registry itself, so they are as new as the last save.
LIVE: Final = {"name": "platform_evictions", "version": "live", "age_seconds": 0, "status": "ok"}
SUCCESSION: Final = ("successor_of", "carries_on")
# The part in which entries of a kind of list are told.
PART_OF: Final = {
    "serious_violations": "serious_violations",
    "beijing_serious_violations": "serious_violations",
    "abnormal_operations": "abnormal_operations",
    "penalties": "penalties",
    "registration": "registration",
}
# A check that lacks one of these lists is not complete.
REQUIRED: Final = ("serious_violations", "abnormal_operations", "registration")
# Reasons that only the lists of serious violations give (GX10: of before September 2021).
SERIOUS: Final = ("GX10", "GX11")


@dataclass(frozen=True, slots=True)
class Names:
    """What a code is called: by the register now and formerly, and on the verified licence ('' where unknown)."""

    registered: str = ""
    former: tuple[str, ...] = ()
    licence: str = ""
    licence_source: tuple[Source, ...] = ()


def listed(matches: Sequence[Match], sources: Sequence[Source], types: Mapping[str, str]) -> list[Part]:
    """What stands against the applicant, by who says so: platforms, and each kind of government list."""
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for match in matches:
        if match["relation"] not in SUCCESSION:
            for one in match["listings"]:
                entries.setdefault(_part_of(one, types), []).append(one)
    made = []
    for name in ("evictions", "serious_violations", "abnormal_operations", "penalties"):
        searched = [LIVE] if name == "evictions" else sources_of(name, sources, types)
        if name == "penalties" and not searched and name not in entries:
            made.append(part(name, "not_connected"))
        else:
            made.append(_listed(name, entries.get(name, []), searched))
    return made


def sources_of(name: str, sources: Sequence[Source], types: Mapping[str, str]) -> list[Source]:
    """The sources that a part needs; a required kind that no feed delivers is named as missing."""
    found = [one for one in sources if PART_OF.get(types.get(one["name"], "")) == name]
    if name in REQUIRED and not any(types.get(one["name"]) == name for one in found):
        found.append({"name": name, "version": "", "age_seconds": None, "status": "missing"})
    return found


def all_sources(sources: Sequence[Source], types: Mapping[str, str]) -> list[Source]:
    """The sources of a lookup, and each required list that no feed delivers as missing."""
    return [*sources, *(one for name in REQUIRED for one in sources_of(name, sources, types) if one not in sources)]


def registration(known: Registration, who: Applicant, sources: Sequence[Source]) -> Part:
    """What the register says of the applicant's code; `known` is empty where it says nothing."""
    if not who.uscc:
        return part("registration", "natural_person" if who.person else "no_code")
    if known == Registration():
        return part("registration", "not_in_register", sources)
    shown = ("name", "former_names", "status", "entity_type", "registered_by", "established_on", "approved_on")
    details = {key: known[key] for key in shown if known.get(key)}
    status = known.get("status") or "status_unread"
    return part("registration", status, sources, registered=details, said_at=known.get("at", ""))


def name_and_uscc(who: Applicant, names: Names, sources: Sequence[Source]) -> Part:
    """Whether the applicant's name belongs to its code, by the register, or where that has none by the licence.

    Without a name in the request the one on the verified licence is held against the register.
    """
    if not who.uscc:
        return part("name_and_uscc", "natural_person" if who.person else "no_code")
    if who.repaired:
        return part("name_and_uscc", "repaired_code", sources, given=who.uscc_as_given, repaired=who.uscc)
    given = who.name or names.licence
    if not given:
        return part("name_and_uscc", "no_name", sources)
    if names.registered:
        outcome, relation, other = _agreement(given, who.uscc, names.registered, names.former)
    elif names.licence and who.name:
        outcome, relation, other = _agreement(given, who.uscc, names.licence)
        outcome, sources = {"same_name": "licence_name"}.get(outcome, outcome), names.licence_source
    else:
        return part("name_and_uscc", "nothing_to_compare", sources, given=given)
    return part("name_and_uscc", outcome, sources, given=given, compared_with=other, relation=relation)


def licence(who: Applicant, record: VerifiedLicence | None, check: LicenceCheck | None, now: datetime) -> Part:
    """The licence check that was named, if one was; then the licence as it was last verified (None: never)."""
    if check is not None:
        state = licence_check.state_of(check, iso(now))
        if state != licence_check.VERIFIED:
            outcome = "unreachable" if state == licence_check.UNKNOWN else state
            return part("licence", outcome, reason=check.reason)
        if check.uscc != who.uscc:
            return part("licence", "other_code")
    if not who.uscc:
        return part("licence", "natural_person" if who.person else "no_code")
    if record is None:
        return part("licence", "none")
    return part("licence", licence_state(record, now), licence_source(record, now), licence=licences.view(record))


def licence_state(record: VerifiedLicence, now: datetime) -> str:
    """Whether a verified licence is current, due to be verified again, or revoked."""
    if record.state == licences.REVOKED:
        return "revoked"
    return "current" if record.state == licences.VERIFIED and china_date(now) <= record.due_on else "due"


def licence_source(record: VerifiedLicence, now: datetime) -> tuple[Source, ...]:
    """The verified licence as a source of an answer."""
    at = record.verified_at
    return ({"name": "licence", "version": at, "age_seconds": age_seconds(at, now), "status": "ok"},)


def display_link(url: str, who: Applicant, now: datetime) -> Part:
    """Whether the shop's display link (亮照链接) has the form of one, for this merchant."""
    if not url:
        return part("display_link", "not_given")
    checked = national_licence_link.check_link(url, who.uscc, now)
    outcome = "malformed" if checked.problems else "wellformed"
    if "link_other_merchant" in checked.problems:
        outcome = "other_merchant"
    problems = [{"code": code, "message": messages.message(code)} for code in checked.problems]
    more: dict[str, Any] = {"made_at": checked.made_at} if checked.made_at else {}
    return part("display_link", outcome, problems=problems, link_confirmed=False, **more)


def successors(who: Applicant, matches: Sequence[Match]) -> Part:
    """Whether an evicted subject seems to come back in another shell (换壳), by the register or by shared signals."""
    given = sorted(who.signals)
    shared = [match for match in matches if match["relation"] in SUCCESSION]
    if shared:
        worst = max(shared, key=_gravity)
        row = ROWS["successor_signals", "found"]
        ids = [match["subject"]["subject_id"] for match in shared]
        return part("successor_signals", "found", [LIVE], (worst["verdict"], row.zh, row.en), subjects=ids, given=given)
    if not given:
        return part("successor_signals", "not_given")
    return part("successor_signals", "nothing", [LIVE], given=given)


def _listed(name: str, entries: Sequence[Mapping[str, Any]], sources: Sequence[Source]) -> Part:
    if not entries:
        return part(name, "nothing", sources)
    worst = max(entries, key=_gravity)
    ids = list(dict.fromkeys(one["listing_id"] for one in entries))
    return part(name, "found", sources, (worst["verdict"], worst["why"]["zh"], worst["why"]["en"]), listings=ids)


def _gravity(one: Mapping[str, Any]) -> int:
    return VERDICTS.index(one["verdict"])


def _part_of(one: Mapping[str, Any], types: Mapping[str, str]) -> str:
    """The part that tells of a listing; one of a list that is pulled no more is known by its reasons."""
    kind, _, name = one["source"].partition(":")
    if kind != "government":
        return "evictions"
    known = PART_OF.get(types.get(name, ""))
    if known:
        return known
    if any(code in SERIOUS for code in one["reasons"]):
        return "serious_violations"
    return "abnormal_operations" if all(code.startswith("GX0") for code in one["reasons"]) else "penalties"


def _agreement(given: str, code: str, name: str, former: Sequence[str] = ()) -> tuple[str, str, str]:
    """The outcome, the relation of the two names, and the name that it was compared with."""
    from chalicelib.matching.name_scoring import compare
    from chalicelib.matching.parse_name import comparison_key, parse

    key, division = comparison_key(given), code[2:8]
    if key == comparison_key(name):
        return "same_name", "same_name", name
    old = next((one for one in former if comparison_key(one) == key), "")
    if old:
        return "former_name", "same_name", old
    relation = compare(parse(given, division), parse(name, division)).relation
    return "other_name" if relation == "different" else "similar_name", relation, name
