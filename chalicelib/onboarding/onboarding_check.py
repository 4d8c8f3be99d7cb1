"""Check an applicant before it may sell (入驻核验): every part in one request, with a receipt.

The caller waits for the store three times at most: one read of everything, a second of the subjects that match by name
or signal, and the writes, which leave together.
"""

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.accounts.permissions import may_see_records_of
from chalicelib.errors import NotFound
from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.licences.rules import licence as licences
from chalicelib.licences.rules.licence_check import LicenceCheck
from chalicelib.lookups import look_up_applicant, not_same_decisions, show_answer
from chalicelib.lookups.look_up_applicant import Searched
from chalicelib.lookups.rules import lookup_answer
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.lookup_answer import Match
from chalicelib.messages import ErrorCode
from chalicelib.monitoring import lookup_index, roster_index
from chalicelib.monitoring.rules import monitored_merchant
from chalicelib.onboarding import list_onboarding_checks
from chalicelib.onboarding.rules import onboarding_check_parts, onboarding_receipt, onboarding_verdicts
from chalicelib.onboarding.rules.onboarding_receipt import OnboardingReceipt
from chalicelib.onboarding.rules.onboarding_verdicts import Part
from chalicelib.storage.item_keys import licence_keys, lookup_keys
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules.registration_verdicts import NOT_CHECKED

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

# As many connections as a client keeps open.
AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Context:
    """What onboarding checks work with; `feeds` are the lists that count as missing while nothing is stored of them."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    feeds: Sequence[str]


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a platform asks about one applicant; '' is not given. `enrol` needs the platform's own `merchant_id`."""

    applicant: Applicant
    merchant_id: str = ""
    licence_check_id: str = ""
    display_link: str = ""
    enrol: bool = True


@dataclass(frozen=True, slots=True)
class OnboardingCheck:
    """The verdict on an applicant, part by part, with the number of its receipt; `place` is its number in the day."""

    receipt: str
    verdict: str
    parts: Sequence[Part]
    matches: Sequence[Match]
    not_same: Sequence[str]
    sources: Sequence[SourceState]
    checked_at: str
    request: CheckRequest
    place: int = 0

    def view(self, caller: Caller) -> Json:
        """The check as the caller may see it."""
        merchant_id, uscc = self.request.merchant_id, self.request.applicant.uscc
        unverified = self.request.applicant.unverified_uscc
        return {
            "receipt": self.receipt,
            "verdict": self.verdict,
            "asked": dict(self.request.applicant.asked),
            "findings": [show_answer.coded(code) for code in self.request.applicant.findings],
            "parts": [onboarding_verdicts.view(part) for part in self.parts],
            "not_checked": [part.name for part in self.parts if part.verdict == NOT_CHECKED],
            "matches": [show_answer.match_view(match, caller) for match in self.matches],
            "told_apart": list(self.not_same),
            "sources": [source.view() for source in self.sources],
            "enrolled": self.request.enrol,
            "checked_at": self.checked_at,
            **({"merchant_id": merchant_id} if merchant_id else {}),
            **({"uscc": uscc} if uscc else {}),
            **({"unverified_uscc": unverified} if unverified else {}),
        }


def check_applicant(context: Context, caller: Caller, request: CheckRequest, now: datetime) -> OnboardingCheck:
    """Check an applicant, and keep the receipt, which gives the same answer for three years.

    Raises `NotFound` for a licence check that is not the caller's.
    """
    lookups = look_up_applicant.Context(context.registry, context.feeds)
    also = _items_to_read(caller, request)
    with ThreadPoolExecutor(1) as beside:
        # Its number in the list of the day is drawn meanwhile; of a check that fails it is left out.
        drawn = beside.submit(list_onboarding_checks.draw_place, context.exchange, caller.platform_id, now)
        searched = look_up_applicant.search(lookups, caller, request.applicant, now, also)
        place = drawn.result()
    types = source_freshness.list_types(searched.lists)
    parts = _parts(caller, request, searched, types, now)
    checked = OnboardingCheck(
        receipt="o_" + secrets.token_hex(12),
        verdict=onboarding_verdicts.verdict_of(parts, searched.sources),
        parts=parts,
        matches=searched.matches,
        not_same=searched.not_same,
        sources=onboarding_check_parts.all_sources(searched.sources, types),
        checked_at=iso(now),
        request=request,
        place=place,
    )
    _write(context.exchange, caller, checked, searched.items, now)
    return checked


def read_receipt(exchange: "ExchangeTable", caller: Caller, number: str, now: datetime) -> Json:
    """The answer of that receipt, word for word, for the platform that asked and for regulators; else `NotFound`."""
    item = exchange.get(lookup_keys.onboarding_receipt(number)) if number.startswith("o_") else None
    receipt = OnboardingReceipt.from_item(item) if item else None
    if receipt is None or receipt.expires_at <= now.timestamp():
        raise NotFound(ErrorCode.NOT_FOUND, receipt=number[:40])
    if not may_see_records_of(caller, receipt.platform_id):
        raise NotFound(ErrorCode.NOT_FOUND, receipt=number[:40])
    return receipt.answer()


def _items_to_read(caller: Caller, request: CheckRequest) -> list[str]:
    """The keys of the items that the parts need beside a lookup's, and of the merchant's enrolment."""
    uscc, check_id = request.applicant.code, request.licence_check_id
    return [
        *([licence_keys.licence(uscc)] if uscc else []),
        *([licence_keys.licence_check(check_id)] if check_id else []),
        *([roster_index.enrolments_id(caller.platform_id, request.merchant_id)] if request.enrol else []),
    ]


def _parts(
    caller: Caller, request: CheckRequest, searched: Searched, types: Mapping[str, str], now: datetime
) -> list[Part]:
    """Every part, in the order of the table."""
    applicant = request.applicant
    record = licences.shown_to(caller.platform_id, searched.items.get(licence_keys.licence(applicant.code)))
    registration = searched.registration(applicant.code)
    register = onboarding_check_parts.sources_of("registration", searched.sources, types)
    licence = onboarding_check_parts.check_licence(applicant, record, _licence_check(caller, request, searched), now)
    current = record if licence.outcome == "current" else None
    names = onboarding_check_parts.Names(
        registered=registration.name,
        former=registration.former_names,
        licence=current.name if current else "",
        licence_source=onboarding_check_parts.licence_source(current, now) if current else (),
    )
    return [
        *onboarding_check_parts.check_listings(applicant, searched.matches, searched.sources, types),
        onboarding_check_parts.check_registration(registration, applicant, register),
        onboarding_check_parts.check_name(applicant, names, register),
        licence,
        onboarding_check_parts.check_display_link(request.display_link, applicant, now),
        onboarding_check_parts.check_successor(applicant, searched.matches),
    ]


def _licence_check(caller: Caller, request: CheckRequest, searched: Searched) -> LicenceCheck | None:
    if not request.licence_check_id:
        return None
    item = searched.items.get(licence_keys.licence_check(request.licence_check_id))
    check = LicenceCheck.from_item(item) if item else None
    if check is None or check.platform_id != caller.platform_id:
        raise NotFound(ErrorCode.NOT_FOUND, licence_check_id=request.licence_check_id[:60])
    return check


def _write(
    exchange: "ExchangeTable", caller: Caller, checked: OnboardingCheck, items: Mapping[str, Json], now: datetime
) -> None:
    """Keep the receipt, who asked, and the merchant on the roster: all at once, and each may be written again.

    The answer leaves only when all are written; a caller that gets none asks again.
    """
    request, platform_id = checked.request, caller.platform_id
    asked_id = request.applicant.asked_id
    writes: list[roster_index.Write] = [
        lambda: _keep_receipt(exchange, caller, checked),
        lambda: list_onboarding_checks.enter(exchange, platform_id, checked.place, checked.receipt, now),
    ]
    if asked_id:
        writes.append(lambda: lookup_index.record_check(exchange, asked_id, platform_id, now))
    if checked.not_same:
        writes.append(lambda: not_same_decisions.move_decisions(exchange, platform_id, asked_id))
    for match in checked.matches:
        subject_id = match.subject.subject_id
        writes.append(partial(lookup_index.record_disclosure, exchange, subject_id, platform_id, now))
    if request.enrol:
        writes += _enrolment(exchange, platform_id, request, items, now)
    with ThreadPoolExecutor(min(len(writes), AT_ONCE)) as pool:
        for written in [pool.submit(write) for write in writes]:
            written.result()


def _enrolment(
    exchange: "ExchangeTable", platform_id: str, request: CheckRequest, items: Mapping[str, Json], now: datetime
) -> list[roster_index.Write]:
    """The writes that put the merchant on the platform's roster."""
    slot = items.get(roster_index.enrolments_id(platform_id, request.merchant_id))
    merchant = monitored_merchant.merchant_of(request.applicant, request.merchant_id)
    return roster_index.writes_to_add(exchange, platform_id, merchant, slot, now)


def _keep_receipt(exchange: "ExchangeTable", caller: Caller, checked: OnboardingCheck) -> None:
    """Store the receipt, which is written once and never changed."""
    expires_at = datetime.fromisoformat(checked.checked_at) + lookup_keys.ONBOARDING_RECEIPT_KEPT
    receipt = OnboardingReceipt(
        platform_id=caller.platform_id,
        purpose="onboarding",
        at=checked.checked_at,
        asked_id=checked.request.applicant.asked_id,
        verdict=checked.verdict,
        relations=lookup_answer.relations(checked.matches),
        said=onboarding_receipt.packed(checked.view(caller), checked.request.applicant),
        expires_at=int(expires_at.timestamp()),
    )
    exchange.put_new({"id": lookup_keys.onboarding_receipt(checked.receipt), **receipt.to_item()})
