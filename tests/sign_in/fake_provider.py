"""An identity provider on this machine, which does as a test says: it gives codes, checks PKCE and signs tokens."""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.local_server import LocalServer, QuietHandler

CLIENT_ID, CLIENT_SECRET = "lianfang", "s3cret/with:colon"
# Signing keys are slow to make, and any will do.
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key: ec.EllipticCurvePrivateKey, ident: str) -> dict[str, Any]:
    public: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": ident, "use": "sig", "alg": "ES256"}


class FakeProvider(LocalServer):
    """`sign_in` is what a browser does there; `claims`, `answers` and `keys` are what a test may change."""

    def __init__(self) -> None:
        provider = self
        self.asked: list[str] = []
        self.authorizations: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.keys = [jwk(KEY, "k1")]
        self.claims: dict[str, Any] = {"sub": "u-1", "email": "wang@example.com", "email_verified": True}
        self.sign: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(claims, KEY, "ES256", {"kid": "k1"})
        # A status and a body in place of the usual answer, by path.
        self.instead: dict[str, tuple[int, bytes]] = {}
        self.discovery: dict[str, Any] = {}

        class Handler(QuietHandler):
            def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
                provider.asked.append(self.path)
                if self.path == "/.well-known/openid-configuration":
                    return self._send(200, provider.described())
                if self.path == "/keys":
                    return self._send(200, {"keys": provider.keys})
                return self._send(404, {})

            def do_POST(self) -> None:  # noqa: N802
                provider.asked.append(self.path)
                provider.authorizations.append(self.headers.get("Authorization", ""))
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._send(*provider.token({name: values[0] for name, values in form.items()}))

            def _send(self, status: int, body: object) -> None:
                status, content = provider.instead.get(self.path, (status, json.dumps(body).encode()))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        super().__init__(Handler)

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            **self.discovery,
        }

    def sign_in(self, address: str) -> dict[str, str]:
        """What the provider sends back by way of the browser that signed in at the address: code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        verified = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != verified.decode().rstrip("="):
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.origin, "aud": CLIENT_ID, "nonce": asked["nonce"], "iat": now, "exp": now + 300}
        return 200, {"id_token": self.sign({**claims, **self.claims}), "token_type": "Bearer"}
