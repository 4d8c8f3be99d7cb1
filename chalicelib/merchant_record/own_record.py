"""A merchant's own record and the signed statement of it (企业自证合规), and whether a statement is still true."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.government_lists.rules import source_freshness
from chalicelib.licences.rules import licence_validity
from chalicelib.merchant_record.merchant_sessions import Session
from chalicelib.merchant_record.rules import signed_statement, standing
from chalicelib.onboarding.rules import check_parts
from chalicelib.onboarding.rules.check_parts import LIVE
from chalicelib.storage.item_keys import government_list_keys
from chalicelib.values.timestamps import china_date, iso

if TYPE_CHECKING:
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What attesting works with; `feeds` are the lists that count as missing while nothing is known of them."""

    registry: "RegistryTable"
    exchange: "ExchangeTable"
    feeds: Sequence[str]


def record(context: Context, uscc: str, now: datetime) -> View:
    """Everything that the exchange holds of the merchant with this code and may show it, in two round trips.

    By exact numbers alone: the code, and the organisation code that it holds. What bears a like name may be another's.
    """
    ids = subject_ids(uscc)
    items = (government_list_keys.SOURCES, licence_validity.item_id(uscc))
    page = context.registry.candidates(ids, (), items, fresh=True)
    others = {one["id"]: one for one in page.others}
    searched = source_freshness.read_sources(others.get(government_list_keys.SOURCES), context.feeds)
    types = source_freshness.list_types(searched)
    subjects = [page.subjects[one] for one in ids if one in page.subjects]
    names = _names(context.exchange, standing.sources(subjects))
    listings = standing.listings(subjects, names, types, china_date(now))
    registration = page.subjects.get(f"uscc:{uscc}", {}).get("registration", {})
    licence = others.get(licence_validity.item_id(uscc))
    sources = [LIVE, *check_parts.all_sources(source_freshness.source_statuses(searched, now), types)]
    state = check_parts.licence_state(licence, now) if licence else "none"
    return {
        "uscc": uscc,
        "name": registration.get("name") or (licence or {}).get("name", ""),
        "standing": standing.summary(listings, registration.get("status", ""), state, sources),
        "listings": listings,
        "registration": {key: registration[key] for key in ("name", "former_names", "status") if registration.get(key)},
        "sources": sources,
        "as_of": iso(now),
    }


def subject_ids(uscc: str) -> list[str]:
    """The ids of the subjects that are this merchant by number; a registration number may be anyone's mistake."""
    return [f"uscc:{uscc}", f"org:{uscc[8:17]}"]


def state(context: Context, session: Session, issuer: str, keys: signed_statement.Keyring, now: datetime) -> View:
    """A signed statement of the session's own standing, good for 24 hours."""
    found = record(context, session.uscc, now)
    said = {
        "name": found["name"] or session.name,
        "standing": found["standing"],
        "sources": found["sources"],
        "as_of": found["as_of"],
        "licence": {"receipt_id": session.receipt_id, "verified_at": session.verified_at},
    }
    claims = signed_statement.claims(issuer, "s_" + secrets.token_hex(12), session.uscc, said, now)
    return {"statement": keys.sign(claims), "expires_at": iso(now + signed_statement.GOOD_FOR), "claims": claims}


def check(context: Context, text: str, keys: signed_statement.Keyring, now: datetime) -> View:
    """Whether a statement is genuine and in time, what it said then, and whether that is still so."""
    checked = keys.check(text.strip(), now)
    answer: View = {
        "genuine": bool(checked.claims),
        "in_time": bool(checked.claims) and not checked.problem,
        "problem": checked.problem,
        "checked_at": iso(now),
    }
    if not checked.claims:
        return answer
    found = record(context, checked.claims["uscc"], now)
    said: Mapping[str, Any] = checked.claims.get("standing", {})
    changed = standing.changed(said, found["standing"])
    return {
        **answer,
        "said": dict(checked.claims),
        "now": {"standing": found["standing"], "as_of": found["as_of"], "sources": found["sources"]},
        "still_true": not changed,
        "changed": changed,
    }


def _names(exchange: "ExchangeTable", platform_ids: set[str]) -> dict[str, str]:
    if not platform_ids:
        return {}
    found = exchange.get_many(f"platform#{one}" for one in sorted(platform_ids))
    return {item["platform_id"]: item["name"] for item in found.values()}
