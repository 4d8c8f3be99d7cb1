"""Licences for tests: an issuer made once, and wallets that answer well or badly."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib import wiring
from chalicelib.licences.adapters.exchange_issuer import LicenceIssuer, Owner, WalletRequest, present
from chalicelib.licences.adapters.trust_store import LICENCES, TrustStore
from chalicelib.licences.rules.certificate_chain import Trust, read_trust
from chalicelib.licences.rules.licence import Licence
from chalicelib.licences.rules.licence_check import LicenceCheck
from tests.support.builders import uscc

NAME = "苏州霁昱商贸有限公司"
LICENCE = Licence(
    uscc=uscc(1),
    name=NAME,
    entity_type="有限责任公司（自然人独资）",
    legal_representative="樾小野",
    address="苏州工业园区樾野路1号",
    registered_capital="100万元人民币",
    scope="日用百货销售",
    authority="苏州工业园区市场监督管理局",
    established_on="2021-03-01",
    status="在营",
    holder_role="法定代表人",
)


def yesterday() -> datetime:
    """When everything that is trusted was made: before the moment that any test takes for now."""
    return datetime.now(UTC) - timedelta(days=1)


@cache
def office() -> LicenceIssuer:
    """The issuer that every test trusts; no test changes it."""
    return LicenceIssuer.make("test", yesterday())


def another_office(now: datetime) -> LicenceIssuer:
    """An issuer that a test may change, or that is not trusted."""
    return LicenceIssuer.make("other", now)


@cache
def holder() -> Owner:
    """The holder of the licence."""
    return office().holder(LICENCE.uscc, yesterday())


def trust(now: datetime) -> Trust:
    """The trust anchors and revocation lists at that moment."""
    return read_trust(office().anchors(), office().lists(now))


def publish_trust() -> None:
    """Put what is to be trusted into the world's bucket."""
    TrustStore(wiring.bucket(), LICENCES).publish(office(), wiring.now())


def stored_check(now: datetime, **more: Any) -> dict[str, Any]:
    """A check as it is stored, open since that moment."""
    return {
        "id": "licence_check#k_1",
        "check_id": "k_1",
        "receipt_id": "r_1",
        "platform_id": "alpha",
        "uscc": LICENCE.uscc,
        "name": "",
        "purpose": "onboarding",
        "method": "local",
        "session": "k_1",
        "nonce": "a nonce of this check",
        "audience": "lianfang-test/alpha",
        "state": "pending",
        "outage": "",
        "created_at": now.isoformat(),
        "answer_until": "9999",
        "expires_at": int((now + timedelta(days=360)).timestamp()),
        **more,
    }


def check(now: datetime, **more: Any) -> LicenceCheck:
    """A check, open since that moment."""
    return LicenceCheck.from_item(stored_check(now, **more))


def challenge(made: dict[str, Any]) -> dict[str, str]:
    """The challenge in a deep link, as a wallet reads it."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(made["deep_link"]).query).items()}
    return {**query, "audience": query["aud"]}


def wallet_request(made: dict[str, Any]) -> WalletRequest:
    """The challenge's fields that a wallet signs."""
    asked = challenge(made)
    return WalletRequest(asked["audience"], asked["nonce"], asked["session"])


def present_licence(made: dict[str, Any], now: datetime | None = None, **fields: Any) -> str:
    """The presentation of the holder's wallet, with a licence whose `fields` differ."""
    at = now or wiring.now()
    annotations = fields.pop("annotations", ())
    licence = office().licence(replace(LICENCE, **fields), holder(), at, annotations)
    return present(holder(), licence, wallet_request(made), at)
