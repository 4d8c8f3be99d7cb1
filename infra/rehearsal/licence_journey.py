"""Licence checks of the deployed exchange: one answered by a wallet, one uploaded and read by two readers."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import requests

from chalicelib.licences.adapters.exchange_issuer import WalletRequest, present
from chalicelib.licences.rules.licence import Licence
from chalicelib.values.records import Json
from infra import licence_issuer
from infra.aws import DeployError

if TYPE_CHECKING:
    from infra.rehearsal.deployed_exchange import Journey

PICTURE = b"%PDF-1.7 a licence, scanned"


def show_licences(journey: "Journey", stage: str, key: str, licence: Licence) -> Json:
    """One licence by a wallet, one by two readers; the states that came of it."""
    licence_issuer.make(stage, datetime.now(UTC))
    return {"by_wallet": _wallet(journey, stage, key, licence), "by_two_readers": _readers(journey, key, licence)}


def _wallet(journey: "Journey", stage: str, key: str, licence: Licence) -> str:
    wanted = {"uscc": licence.uscc, "name": licence.name, "purpose": "onboarding"}
    made = journey.ask("POST", "/v1/licence-checks", wanted, key, status=201)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(made["deep_link"]).query).items()}
    request = WalletRequest(asked["aud"], asked["nonce"], asked["session"])
    now, issuer = datetime.now(UTC), licence_issuer.load(stage)
    holder = issuer.holder(licence.uscc, now)
    presentation = present(holder, issuer.licence(licence, holder, now), request, now)
    path = f"/v1/licence-checks/{made['check_id']}"
    answered = journey.ask("POST", f"{path}/response", {"presentation": presentation})
    seen = journey.ask("GET", path, key=key)
    _expect(answered["state"] == seen["state"] == "verified", f"the licence: {answered}, {seen}")
    return str(seen["state"])


def _readers(journey: "Journey", key: str, licence: Licence) -> str:
    wanted = {"uscc": licence.uscc, "purpose": "recheck", "method": "manual"}
    made = journey.ask("POST", "/v1/licence-checks", wanted, key, status=201)
    form, path = made["upload"], f"/v1/licence-checks/{made['check_id']}"
    # The function that signs the form must be allowed to write the file.
    signed = {"Bucket": journey.result.outputs["FilesBucket"], "Key": form["fields"]["key"]}
    journey.functions.calls["api_handler"].append(("s3", "PutObject", signed))
    posted = requests.post(form["url"], data=form["fields"], files={"file": ("file", PICTURE)}, timeout=60)
    _expect(posted.ok, f"posting a licence: {posted.status_code} {posted.text}")
    typed = {"decision": "genuine", "uscc": licence.uscc, "name": licence.name}
    typed |= {"status": licence.status, "holder_role": licence.holder_role}
    for reader in (key, str(journey.result.operator_key)):
        journey.ask("GET", f"{path}/document", key=reader)
        seen = journey.ask("POST", f"{path}/reviews", typed, reader)
    _expect(seen["state"] == "verified", f"the reviews: {seen}")
    return str(seen["state"])


def _expect(holds: object, expectation: str) -> None:
    if not holds:
        raise DeployError(expectation)
