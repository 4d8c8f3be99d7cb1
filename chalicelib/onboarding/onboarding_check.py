"""One onboarding check (入驻核验): everything that is to be asked of an applicant, in one request, with a receipt.

The caller waits for the store three times at most: one read of everything, a second of the subjects that were found
by name or signal, and the writes, which leave together.
"""

import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import may_see_records_of
from chalicelib.errors import NotFound
from chalicelib.government_lists.rules import source_freshness
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.lookups import look_up_applicant
from chalicelib.lookups.look_up_applicant import Searched
from chalicelib.lookups.rules import find_candidates
from chalicelib.lookups.rules.find_candidates import Applicant
from chalicelib.messages import ErrorCode
from chalicelib.monitoring import inquiry_index, roster_index
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.onboarding.rules import check_parts, onboarding_verdicts
from chalicelib.onboarding.rules.onboarding_verdicts import Part
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import government_list_keys, licence_keys
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules.registration_verdicts import NOT_CHECKED

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

Answer = dict[str, Any]
# Identity data are kept for three years (网络交易监督管理办法 31), and so is the proof that they were checked.
KEPT: Final = timedelta(days=3 * 365 + 1)
# As many connections as a client holds.
AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Context:
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


def check(context: Context, caller: Caller, asked: Asked, now: datetime) -> Answer:
    """The verdict on an applicant, part by part, with the number of a receipt that says the same for three years.

    Raises `NotFound` for a licence check that is not the caller's.
    """
    who = asked.applicant
    items = [licence_keys.licence(who.uscc)] if who.uscc else []
    if asked.licence_check_id:
        items.append(licence_keys.licence_check(asked.licence_check_id))
    if asked.enrol:
        items.append(roster_index.enrolments_id(caller.platform_id, asked.merchant_id))
    found = look_up_applicant.search_for(context.registry, context.feeds, caller, who, now, items)
    searched = source_freshness.read_sources(found.others.get(government_list_keys.SOURCES), context.feeds)
    types = source_freshness.list_types(searched)
    made = _parts(caller, asked, found, types, now)
    answer: Answer = {
        "receipt": "o_" + secrets.token_hex(12),
        "verdict": onboarding_verdicts.verdict_of(made, found.sources),
        "parts": [onboarding_verdicts.view(one) for one in made],
        "not_checked": [one.name for one in made if one.verdict == NOT_CHECKED],
        "matches": found.matches,
        "told_apart": found.told_apart,
        "sources": check_parts.all_sources(found.sources, types),
        "enrolled": asked.enrol,
        "checked_at": iso(now),
        **({"merchant_id": asked.merchant_id} if asked.merchant_id else {}),
        **({"uscc": who.uscc} if who.uscc else {}),
    }
    _write(context, caller, asked, answer, found.others.get(items[-1]) if asked.enrol else None, now)
    return answer


def receipt(exchange: "ExchangeTable", caller: Caller, number: str, now: datetime) -> Answer:
    """What was said then, word for word, to the platform that asked and to regulators; `NotFound` to all others."""
    kept = exchange.get(f"lookup#{number}") if number.startswith("o_") else None
    if kept is None or kept["expires_at"] <= now.timestamp() or not _may_read(caller, kept):
        raise NotFound(ErrorCode.NOT_FOUND, receipt=number[:40])
    said: Answer = json.loads(zlib.decompress(bytes(kept["said"])))
    return {**said, "platform_id": kept["platform_id"]}


def _may_read(caller: Caller, kept: Mapping[str, Any]) -> bool:
    return may_see_records_of(caller, kept["platform_id"])


def _parts(caller: Caller, asked: Asked, found: Searched, types: Mapping[str, str], now: datetime) -> list[Part]:
    """Every part, in the order of the table."""
    who = asked.applicant
    item = found.others.get(licence_keys.licence(who.uscc))
    record = VerifiedLicence.from_item(item) if item else None
    subject = found.subjects.get(f"uscc:{who.uscc}")
    known = subject.registration if subject else Registration()
    register = check_parts.sources_of("registration", found.sources, types)
    licence = check_parts.licence(who, record, _licence_check(caller, asked, found), now)
    current = record if licence.outcome == "current" else None
    names = check_parts.Names(
        known.name,
        known.former_names,
        current.name if current else "",
        check_parts.licence_source(current, now) if current else (),
    )
    return [
        *check_parts.listed(found.matches, found.sources, types),
        check_parts.registration(known, who, register),
        check_parts.name_and_uscc(who, names, register),
        licence,
        check_parts.display_link(asked.display_link, who, now),
        check_parts.successors(who, found.matches),
    ]


def _licence_check(caller: Caller, asked: Asked, found: Searched) -> LicenceCheck | None:
    if not asked.licence_check_id:
        return None
    item = found.others.get(licence_keys.licence_check(asked.licence_check_id))
    check = LicenceCheck.from_item(item) if item else None
    if check is None or check.platform_id != caller.platform_id:
        raise NotFound(ErrorCode.NOT_FOUND, licence_check_id=asked.licence_check_id[:60])
    return check


def _write(
    context: Context, caller: Caller, asked: Asked, answer: Answer, slot: Mapping[str, Any] | None, now: datetime
) -> None:
    """Keep the receipt, who asked, and the merchant on the roster: all at once, and each may be made again.

    The answer leaves only when all are made; whoever hears none asks again.
    """
    who, exchange, platform_id = asked.applicant, context.exchange, caller.platform_id
    known_as = find_candidates.known_as(who)
    writes: list[roster_index.Write] = [lambda: _keep_receipt(exchange, platform_id, known_as, who, answer)]
    if known_as:
        writes.append(lambda: inquiry_index.record_inquiry(exchange, known_as, platform_id, now))
    for match in answer["matches"]:
        told = match["subject"]["subject_id"]
        writes.append(partial(inquiry_index.record_disclosure, exchange, told, platform_id, now))
    if asked.enrol:
        merchant = monitored_merchant.merchant_of(who, asked.merchant_id)
        writes += roster_index.writes_to_add(exchange, platform_id, merchant, slot, now)
    with ThreadPoolExecutor(min(len(writes), AT_ONCE)) as pool:
        for made in [pool.submit(write) for write in writes]:
            made.result()


def _keep_receipt(exchange: "ExchangeTable", platform_id: str, known_as: str, who: Applicant, answer: Answer) -> None:
    """One item, written once and never changed. It stands among the lookups, so that its matches can be decided on."""
    said = json.dumps(_kept(answer, who), ensure_ascii=False, separators=(",", ":")).encode()
    exchange.put_new(
        {
            "id": f"lookup#{answer['receipt']}",
            "platform_id": platform_id,
            "purpose": "onboarding",
            "at": answer["checked_at"],
            "asked_id": known_as,
            "verdict": answer["verdict"],
            "relations": {match["subject"]["subject_id"]: match["relation"] for match in answer["matches"]},
            "said": zlib.compress(said),
            "expires_at": int((datetime.fromisoformat(answer["checked_at"]) + KEPT).timestamp()),
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
