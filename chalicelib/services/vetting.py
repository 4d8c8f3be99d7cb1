"""One onboarding check (入驻核验): everything that is to be asked of an applicant, in one request, with a receipt.

The caller waits for the store three times at most: one read of everything, a second of the subjects that were found
by name or signal, and the writes, which leave together.
"""

import json
import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib import errors
from chalicelib.domain import feed, licence, licence_check, licence_record, onboarding, search, verdict
from chalicelib.domain.moment import age_seconds, china_date, iso
from chalicelib.domain.onboarding import Part
from chalicelib.domain.search import Applicant
from chalicelib.errors import NotFound
from chalicelib.services import monitoring, screening
from chalicelib.services.admitting import Caller
from chalicelib.services.screening import Searched

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.registry_table import RegistryTable

Answer = dict[str, Any]
# Identity data are kept for three years (网络交易监督管理办法 31), and so is the proof that they were checked.
KEPT: Final = timedelta(days=3 * 365 + 1)
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
# Reasons that only the lists of serious violations give (GX10: of before September 2021).
SERIOUS: Final = ("GX10", "GX11")
REQUIRED: Final = ("serious_violations", "abnormal_operations", "registration")


@dataclass(frozen=True, slots=True)
class Desk:
    """What vetting works with; `feeds` are the lists that count as missing while nothing is known of them."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    feeds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a platform asks of one applicant; '' is not given. `enrol` needs the platform's own `merchant_id`."""

    applicant: Applicant
    merchant_id: str = ""
    licence_check_id: str = ""
    display_link: str = ""
    enrol: bool = True


def check(desk: Desk, caller: Caller, asked: Asked, now: datetime) -> Answer:
    """The verdict on an applicant, part by part, with the number of a receipt that says the same for three years.

    Raises `NotFound` for a licence check that is not the caller's.
    """
    who = asked.applicant
    items = [licence_record.item_id(who.uscc)] if who.uscc else []
    if asked.licence_check_id:
        items.append(licence_check_id(asked.licence_check_id))
    found = screening.search_for(desk.registry, desk.feeds, caller, who, now, items)
    parts = [*_listed_parts(desk, found), *_identity_parts(desk, caller, asked, found, now)]
    parts.append(_display_link(asked, now))
    parts.append(_successors(who, found))
    parts.sort(key=lambda one: onboarding.PARTS.index(one.name))
    answer: Answer = {
        "receipt": "o_" + secrets.token_hex(12),
        "verdict": onboarding.verdict_of(parts),
        "parts": [onboarding.view(one) for one in parts],
        "not_checked": [one.name for one in parts if one.verdict == onboarding.NOT_CHECKED],
        "matches": found.matches,
        "told_apart": found.told_apart,
        "sources": found.sources,
        "enrolled": asked.enrol,
        "checked_at": iso(now),
        **({"merchant_id": asked.merchant_id} if asked.merchant_id else {}),
        **({"uscc": who.uscc} if who.uscc else {}),
    }
    _write(desk, caller, asked, answer, now)
    return answer


def receipt(exchange: "ExchangeTable", caller: Caller, number: str, now: datetime) -> Answer:
    """What was said then, word for word, to the platform that asked and to regulators; `NotFound` to all others."""
    kept = exchange.get(f"lookup#{number}") if number.startswith("o_") else None
    if kept is None or kept["expires_at"] <= now.timestamp() or not _may_read(caller, kept):
        raise NotFound("not_found", receipt=number[:40])
    said: Answer = json.loads(zlib.decompress(bytes(kept["said"])))
    return {**said, "platform_id": kept["platform_id"]}


def licence_check_id(check_id: str) -> str:
    """The exchange item of a licence check."""
    return f"licence_check#{check_id}"


def _may_read(caller: Caller, kept: Mapping[str, Any]) -> bool:
    return caller.role == "regulator" or kept["platform_id"] == caller.platform_id


def _listed_parts(desk: Desk, found: Searched) -> list[Part]:
    """What stands against the applicant, by who says so: platforms, and each kind of government list."""
    types = feed.list_types(found.others.get(feed.SOURCES_ID), desk.feeds)
    entries: dict[str, list[Answer]] = {"evictions": []}
    for match in found.matches:
        if match["relation"] in SUCCESSION:
            continue
        for one in match["listings"]:
            entries.setdefault(_part_of(one, types), []).append(one)
    made = []
    for name in ("evictions", "serious_violations", "abnormal_operations", "penalties"):
        sources = [LIVE] if name == "evictions" else sources_of(found.sources, types, name)
        if name == "penalties" and not sources and not entries.get(name):
            made.append(onboarding.part(name, "not_connected"))
            continue
        made.append(_listed_part(name, entries.get(name, []), sources))
    return made


def _listed_part(name: str, entries: Sequence[Answer], sources: Sequence[Mapping[str, Any]]) -> Part:
    if not entries:
        return onboarding.part(name, "nothing", sources)
    worst = max(entries, key=lambda one: verdict.VERDICTS.index(one["verdict"]))
    listed = (worst["verdict"], worst["why"]["zh"], worst["why"]["en"])
    ids = [one["listing_id"] for one in entries]
    return onboarding.part(name, "found", sources, listed, listings=list(dict.fromkeys(ids)))


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


def sources_of(
    sources: Sequence[Mapping[str, Any]], types: Mapping[str, str], part: str
) -> list[Mapping[str, Any]]:
    """The sources that a part needs; a required kind that no feed delivers is named as missing."""
    found = [one for one in sources if PART_OF.get(types.get(one["name"], "")) == part]
    if part in REQUIRED and not any(types.get(one["name"]) == part for one in found):
        found.append({"name": part, "version": "", "age_seconds": None, "status": "missing"})
    return found


def _identity_parts(desk: Desk, caller: Caller, asked: Asked, found: Searched, now: datetime) -> list[Part]:
    """What the register and the licence say of who the applicant is."""
    who = asked.applicant
    code, person = who.uscc, bool(who.person)
    subject = found.subjects.get(f"uscc:{code}", {})
    known = subject.get("registration", {})
    types = feed.list_types(found.others.get(feed.SOURCES_ID), desk.feeds)
    sources = sources_of(found.sources, types, "registration")
    record = found.others.get(licence_record.item_id(code), {})
    licence = _licence(caller, asked, found.others, record, now)
    standing = licence.outcome == "current"
    names = onboarding.Names(
        known.get("name", ""),
        tuple(known.get("former_names", ())),
        record["name"] if standing else "",
        age_seconds(record["verified_at"], now) if standing else 0,
    )
    return [
        onboarding.registration(known, code, person, sources),
        onboarding.name_and_uscc(who.name, code, who.repaired, person, names, sources),
        licence,
    ]


def _licence(
    caller: Caller, asked: Asked, items: Mapping[str, Mapping[str, Any]], record: Mapping[str, Any], now: datetime
) -> Part:
    """The licence check that the platform names, else the licence as it was last verified for anyone."""
    code, source = asked.applicant.uscc, [onboarding.licence_source(record["verified_at"], now)] if record else []
    if asked.licence_check_id:
        one = items.get(licence_check_id(asked.licence_check_id))
        if one is None or one["platform_id"] != caller.platform_id:
            raise NotFound("not_found", licence_check_id=asked.licence_check_id[:60])
        state = licence_check.state_of(one, iso(now))
        if state != licence_check.VERIFIED:
            outcome = {licence_check.UNKNOWN: "unreachable"}.get(state, state)
            return onboarding.part("licence", outcome, reason=one.get("reason", ""))
        if one["uscc"] != code:
            return onboarding.part("licence", "other_code")
    if not code:
        return onboarding.part("licence", "natural_person" if asked.applicant.person else "no_code")
    if not record:
        return onboarding.part("licence", "none")
    return onboarding.part("licence", _licence_state(record, now), source, licence=licence_record.view(record))


def _licence_state(record: Mapping[str, Any], now: datetime) -> str:
    if record["state"] == licence_record.REVOKED:
        return "revoked"
    return "current" if record["state"] == licence_record.STANDING and china_date(now) <= record["due_on"] else "due"


def _display_link(asked: Asked, now: datetime) -> Part:
    if not asked.display_link:
        return onboarding.part("display_link", "not_given")
    checked = licence.check_link(asked.display_link, asked.applicant.uscc, now)
    outcome = "malformed" if checked.problems else "wellformed"
    if "link_other_merchant" in checked.problems:
        outcome = "other_merchant"
    problems = [{"code": code, "message": errors.message(code)} for code in checked.problems]
    more = {"made_at": checked.made_at} if checked.made_at else {}
    return onboarding.part("display_link", outcome, problems=problems, link_confirmed=False, **more)


def _successors(who: Applicant, found: Searched) -> Part:
    """Whether an evicted subject seems to come back in another shell (换壳), by what the platform told of it."""
    shared = [match for match in found.matches if match["relation"] in SUCCESSION]
    if shared:
        worst = max(shared, key=lambda one: verdict.VERDICTS.index(one["verdict"]))
        row = onboarding.ROWS["successor_signals", "found"]
        ids = [match["subject"]["subject_id"] for match in shared]
        listed = (worst["verdict"], row.zh, row.en)
        return onboarding.part("successor_signals", "found", [LIVE], listed, subjects=ids, given=sorted(who.signals))
    if not who.signals:
        return onboarding.part("successor_signals", "not_given")
    return onboarding.part("successor_signals", "nothing", [LIVE], given=sorted(who.signals))


def _write(desk: Desk, caller: Caller, asked: Asked, answer: Answer, now: datetime) -> None:
    """Keep the receipt, who asked, and the merchant on the roster; all at once, and each may be written again."""
    who = asked.applicant
    known_as = search.known_as(who)
    steps: list[Callable[[], None]] = [lambda: _keep_receipt(desk.exchange, caller, known_as, who, answer, now)]
    if known_as:
        steps.append(lambda: monitoring.remember_asking(desk.exchange, known_as, caller.platform_id, now))
    if asked.enrol:
        steps.append(lambda: _enrol(desk.exchange, caller, asked, now))
    with ThreadPoolExecutor(len(steps)) as pool:
        for written in [pool.submit(step) for step in steps]:
            written.result()


def _keep_receipt(
    exchange: "ExchangeTable", caller: Caller, known_as: str, who: Applicant, answer: Answer, now: datetime
) -> None:
    """One item, written once and never changed. It stands among the lookups, so that its matches can be decided on."""
    said = json.dumps(_kept(answer, who), ensure_ascii=False, separators=(",", ":")).encode()
    exchange.put_new(
        {
            "id": f"lookup#{answer['receipt']}",
            "platform_id": caller.platform_id,
            "purpose": "onboarding",
            "at": answer["checked_at"],
            "asked_id": known_as,
            "verdict": answer["verdict"],
            "relations": {match["subject"]["subject_id"]: match["relation"] for match in answer["matches"]},
            "said": zlib.compress(said),
            "expires_at": int((now + KEPT).timestamp()),
        }
    )


def _kept(answer: Answer, who: Applicant) -> Answer:
    """The answer as it is kept: of somebody without a code, who may be a natural person, no name that was typed."""
    if who.uscc or who.registration_no:
        return answer
    matches = [
        {**match, "reasons": [{k: v for k, v in why.items() if k not in ("query", "says")} for why in match["reasons"]]}
        for match in answer["matches"]
    ]
    return {**answer, "matches": matches}


def _enrol(exchange: "ExchangeTable", caller: Caller, asked: Asked, now: datetime) -> None:
    """Put the merchant on the platform's roster, so that it is told of what becomes of it later."""
