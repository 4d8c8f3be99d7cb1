"""How the holder of a licence answers each verifier, so that one contract test covers all of them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from chalicelib import wiring
from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, TrustStore
from tests.support.licence_issuing import LICENCE, office, present_licence
from tests.support.national_office import CREDENTIALS, NationalOffice
from tests.world import World

PICTURE = b"\x89PNG\r\n\x1a\n a picture of a licence"
METHODS = ("local", "manual", "national")
UNTYPED = "annotated_revoked"


class Holders:
    """The world with every verifier on, two readers admitted, and holders who show what a test wants."""

    def __init__(self, world: World, national: NationalOffice) -> None:
        self.world = world
        self.national = national
        self.key = world.admit("alpha")
        self.readers = [world.admit("bureau", "regulator"), self.key]
        for name in (LICENCES, NATIONAL):
            TrustStore(wiring.bucket(), name).publish(office(), wiring.now())
        secret = wiring.client("secretsmanager")
        secret.create_secret(Name="lianfang/test/national-licences", SecretString=json.dumps(CREDENTIALS))

    def open(self, method: str, **asked: Any) -> dict[str, Any]:
        """Ask for a licence to be shown."""
        wanted = {"uscc": LICENCE.uscc, "purpose": "onboarding", "method": method, **asked}
        status, made, _ = self.world.call("POST", "/v1/licence-checks", self.key, wanted)
        assert status == 201, made
        return dict(made)

    def look(self, made: dict[str, Any], key: str = "", soon: bool = False) -> dict[str, Any]:
        """The state of the check, asked two seconds after the last time or `soon`er."""
        if not soon:
            wiring.exchange().set_fields(f"licence_check#{made['check_id']}", {"polled_at": ""})
        status, seen, _ = self.world.call("GET", f"/v1/licence-checks/{made['check_id']}", key or self.key)
        assert status == 200, seen
        return dict(seen)

    def show(self, made: dict[str, Any], **says: Any) -> None:
        """Let the holder show a licence that says `says` differently."""
        {"local": self._local, "manual": self._manual, "national": self._national}[made["method"]](made, says)

    def forge(self, made: dict[str, Any]) -> str:
        """Present a forgery; returns the expected reason of refusal."""
        forgeries: dict[str, Callable[[], str]] = {
            "local": lambda: self._forged(made, present_licence(made)),
            "national": lambda: self._forged(made, self.national.statement(made["session"])),
            "manual": lambda: self._manual(made, {}, name="苏州樾野商贸有限公司") or "reviews_disagree",
        }
        return forgeries[made["method"]]()

    def _forged(self, made: dict[str, Any], good: str) -> str:
        self.respond(made, good.rpartition(".")[0] + "." + "A" * 86)
        return "signature_wrong"

    def respond(self, made: dict[str, Any], presentation: str) -> tuple[int, Any]:
        """Post a wallet's presentation."""
        path = f"/v1/licence-checks/{made['check_id']}/response"
        return self.world.call("POST", path, "", {"presentation": presentation})[:2]

    def upload(self, made: dict[str, Any], body: bytes = PICTURE) -> None:
        """Post the picture with the form."""
        wiring.bucket().put(made["upload"]["fields"]["key"], body)

    def review(self, made: dict[str, Any], key: str, **typed: Any) -> tuple[int, Any]:
        """One review, of the licence as it is unless `typed` says otherwise."""
        typed_off = {field: value for field, value in asdict(LICENCE).items() if field != UNTYPED}
        path = f"/v1/licence-checks/{made['check_id']}/reviews"
        return self.world.call("POST", path, key, {"decision": "genuine", **typed_off, **typed})[:2]

    def _local(self, made: dict[str, Any], says: dict[str, Any]) -> None:
        status, answered = self.respond(made, present_licence(made, **says))
        assert status == 200, answered

    def _national(self, made: dict[str, Any], says: dict[str, Any]) -> None:
        self.national.shows(made["session"], **says)

    def _manual(self, made: dict[str, Any], says: dict[str, Any], **second: Any) -> str:
        self.upload(made)
        for key, more in zip(self.readers, ({}, second), strict=True):
            status, answered = self.review(made, key, **{**says, **more})
            assert status == 200, answered
        return ""
