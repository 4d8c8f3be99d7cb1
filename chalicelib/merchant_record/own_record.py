"""A merchant's own record and the signed statement of it (企业自证合规), and whether a statement is still true."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.platforms import Platform
from chalicelib.government_lists.rules import source_freshness
from chalicelib.government_lists.rules.source_freshness import SourceState
from chalicelib.licences.rules.licence import VerifiedLicence
from chalicelib.lookups.rules.lookup_answer import PLATFORM_EVICTIONS
from chalicelib.merchant_record.merchant_sessions import Session
from chalicelib.merchant_record.rules import signed_statement, standing
from chalicelib.merchant_record.rules.signed_statement import Statement
from chalicelib.merchant_record.rules.standing import Standing
from chalicelib.onboarding.rules import onboarding_check_parts
from chalicelib.registry.rules.subject import Registration
from chalicelib.storage.item_keys import account_keys, government_list_keys, licence_keys, registry_keys
from chalicelib.values.organisation_codes import is_unverified_uscc
from chalicelib.values.records import Json
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

# What the record shows of the registration.
REGISTERED: Final = ("name", "former_names", "status")


@dataclass(frozen=True, slots=True)
class Context:
    """What records are read with; `feeds` are the lists that count as missing while nothing is stored of them."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    feeds: Sequence[str]


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Everything that a merchant may see of itself; `registration` is what the register says of it."""

    uscc: str
    name: str
    standing: Standing
    listings: Sequence[Json]
    registration: Json
    sources: Sequence[SourceState]
    as_of: str

    def as_json(self) -> Json:
        """The record as the API answers it."""
        return {
            "uscc": self.uscc,
            "name": self.name,
            "standing": self.standing.as_json(),
            "listings": list(self.listings),
            "registration": self.registration,
            "sources": [source.view() for source in self.sources],
            "as_of": self.as_of,
        }


def read_record(context: Context, uscc: str, now: datetime) -> OwnRecord:
    """Everything that the exchange holds of the merchant with this code and may show it, in two round trips.

    By exact numbers alone: the code, and the organisation code that it contains. A like name may be another merchant's.
    """
    ids, licence_id = subject_ids(uscc), licence_keys.licence(uscc)
    page = context.registry.candidates(ids, (), [government_list_keys.SOURCES, licence_id], fresh=True)
    items = {item["id"]: item for item in page.others}
    searched = source_freshness.read_sources(items.get(government_list_keys.SOURCES), context.feeds)
    types = source_freshness.list_types(searched)
    subjects = [page.subjects[subject_id] for subject_id in ids if subject_id in page.subjects]
    names = platform_names(context.exchange, standing.sources(subjects))
    listings = standing.listings(subjects, names, types, china_date(now))
    itself = page.subjects.get(registry_keys.subject_with_uscc(uscc))
    registration = itself.registration if itself else Registration()
    registered = registration.to_item()
    licence = VerifiedLicence.from_item(items[licence_id]) if licence_id in items else None
    sources = [
        PLATFORM_EVICTIONS,
        *onboarding_check_parts.all_sources(source_freshness.source_states(searched, now), types),
    ]
    licence_state = onboarding_check_parts.licence_state(licence, now) if licence else "none"
    return OwnRecord(
        uscc=uscc,
        name=registration.name or (licence.name if licence else ""),
        standing=standing.summary(listings, registration.status, licence_state, sources),
        listings=listings,
        registration={field: value for field in REGISTERED if (value := registered.get(field))},
        sources=sources,
        as_of=iso(now),
    )


def subject_ids(uscc: str) -> list[str]:
    """The ids of the subjects that are this merchant by number; a registration number may be mistyped."""
    by_code = registry_keys.subject_with_uscc(uscc)
    if is_unverified_uscc(uscc):
        by_code = registry_keys.subject_with_unverified_uscc(uscc)
    return [by_code, registry_keys.subject("org", uscc[8:17])]


def sign_statement(
    context: Context, session: Session, issuer: str, keys: signed_statement.Keyring, now: datetime
) -> Json:
    """A signed statement of the session's own standing, good for 24 hours."""
    record = read_record(context, session.uscc, now)
    statement = Statement(
        uscc=session.uscc,
        name=record.name or session.name,
        standing=record.standing,
        sources=record.sources,
        as_of=record.as_of,
        receipt_id=session.receipt_id,
        verified_at=session.verified_at,
    )
    claims = signed_statement.claims(issuer, "s_" + secrets.token_hex(12), statement, now)
    return {"statement": keys.sign(claims), "expires_at": iso(now + signed_statement.GOOD_FOR), "claims": claims}


def check_statement(context: Context, text: str, keys: signed_statement.Keyring, now: datetime) -> Json:
    """Whether a statement is genuine and in time, what it said then, and whether that is still so."""
    checked = keys.check(text.strip(), now)
    answer: Json = {
        "genuine": bool(checked.claims),
        "in_time": bool(checked.claims) and not checked.problem,
        "problem": checked.problem,
        "checked_at": iso(now),
    }
    if not checked.claims:
        return answer
    record = read_record(context, checked.claims["uscc"], now)
    changed = standing.changed(checked.claims.get("standing", {}), record.standing)
    current = record.as_json()
    return {
        **answer,
        "said": dict(checked.claims),
        "now": {field: current[field] for field in ("standing", "as_of", "sources")},
        "still_true": not changed,
        "changed": changed,
    }


def platform_names(exchange: "ExchangeTable", platform_ids: set[str]) -> dict[str, str]:
    """The names of platforms by their ids."""
    if not platform_ids:
        return {}
    items = exchange.get_many(account_keys.platform(platform_id) for platform_id in sorted(platform_ids))
    platforms = (Platform.from_item(item) for item in items.values())
    return {platform.platform_id: platform.name for platform in platforms}
