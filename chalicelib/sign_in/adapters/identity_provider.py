"""An identity provider by OpenID Connect: what it says of itself, its keys, and the ID token for a code.

Source: OpenID Connect Discovery 1.0; Core 1.0, 3.1.3; RFC 6749, 4.1.3; RFC 7636 (PKCE). Any provider that follows them.
"""

import base64
import http.client
import json
import random
import threading
import time
import urllib.error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from chalicelib.errors import FeedUnreachable, Unauthorised, Unavailable
from chalicelib.government_lists.adapters.request_deadline import BoundedRequest, Deadline, open_until
from chalicelib.government_lists.adapters.ssrf_guard import Resolve, check_url, opener, resolve
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

TIMEOUT_SECONDS: Final = 4.0
# Of one call with its tries; a sign-in makes three, and the gateway waits 29 seconds.
MOST_SECONDS: Final = 8.0
TRIES: Final = 2
MOST_BYTES: Final = 256 * 1024
MOST_KEYS: Final = 50
# How long what a provider says of itself is kept, and how soon its keys may be asked for again for an unknown one.
KEPT_SECONDS: Final = 3_600
ASKED_AGAIN_SECONDS: Final = 60
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider lets people sign in, gives tokens, and publishes its keys."""

    authorization: str
    token: str
    keys: str
    takes_basic: bool


@dataclass(frozen=True, slots=True)
class Client:
    """This exchange as the provider knows it; `secret` is read anew for each token, so that a rotated one counts."""

    issuer: str
    client_id: str
    secret: Callable[[], str]


class IdentityProvider:
    """The provider of one issuer; `let_loopback` lets tests and the local stack have it on this machine."""

    def __init__(
        self,
        client: Client,
        let_loopback: bool = False,
        resolved: Resolve = resolve,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self.issuer = client.issuer
        self.client_id = client.client_id
        self._secret = client.secret
        self._let_loopback = let_loopback
        self._opener = opener(let_loopback, resolved)
        self._sleep = sleep
        self._clock = clock
        self._most_seconds = most_seconds
        self._lock = threading.Lock()
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, tuple[Json, ...]] | None = None

    def authorization_url(self, parameters: Mapping[str, str]) -> str:
        """Where a browser signs in, with these parameters of a request for a code."""
        address = self._discovered().authorization
        return address + ("&" if urlsplit(address).query else "?") + urlencode(parameters)

    def keys(self, wanted: str) -> tuple[Json, ...]:
        """The provider's public keys; asked for anew where the wanted one is not among them, at most once a minute."""
        with self._lock:
            before = self._keys
        now = self._clock()
        if before:
            at, keys = before
            is_there = not wanted or any(key.get("kid") == wanted for key in keys)
            if now - at < (KEPT_SECONDS if is_there else ASKED_AGAIN_SECONDS):
                return keys
        answer = self._ask(self._discovered().keys, None, {})
        listed = answer.get("keys")
        keys = tuple(key for key in listed if isinstance(key, dict)) if isinstance(listed, list) else ()
        if not 0 < len(keys) <= MOST_KEYS:
            raise Unavailable(ErrorCode.PROVIDER_UNAVAILABLE, problem="no keys")
        with self._lock:
            self._keys = now, keys
        return keys

    def id_token(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The ID token for the code of a sign-in; `Unauthorised` for a code that the provider refuses."""
        endpoints, secret = self._discovered(), self._secret()
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        form["redirect_uri"] = redirect_uri
        headers = {}
        if secret and endpoints.takes_basic:
            pair = f"{quote(self.client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": self.client_id, **({"client_secret": secret} if secret else {})}
        token = self._ask(endpoints.token, urlencode(form).encode(), headers).get("id_token")
        if not isinstance(token, str):
            raise Unavailable(ErrorCode.PROVIDER_UNAVAILABLE, problem="no ID token")
        return token

    def _discovered(self) -> Endpoints:
        with self._lock:
            before = self._endpoints
        now = self._clock()
        if before and now - before[0] < KEPT_SECONDS:
            return before[1]
        document = self._ask(self.issuer.rstrip("/") + "/.well-known/openid-configuration", None, {})
        # A document of another issuer would let it sign for this one (Discovery 4.3).
        if document.get("issuer") != self.issuer or not all(isinstance(document.get(name), str) for name in ENDPOINTS):
            raise Unavailable(ErrorCode.PROVIDER_UNAVAILABLE, problem="another issuer")
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        endpoints = Endpoints(
            authorization=str(document["authorization_endpoint"]),
            token=str(document["token_endpoint"]),
            keys=str(document["jwks_uri"]),
            takes_basic="client_secret_basic" in methods,
        )
        for address in (endpoints.authorization, endpoints.token, endpoints.keys):
            self._check(address)
        with self._lock:
            self._endpoints = now, endpoints
        return endpoints

    def _check(self, address: str) -> None:
        try:
            check_url(address, self._let_loopback)
        except FeedUnreachable as error:
            raise Unavailable(ErrorCode.PROVIDER_UNAVAILABLE, problem="not an https address") from error

    def _ask(self, address: str, form: bytes | None, headers: Mapping[str, str]) -> Json:
        self._check(address)
        try:
            with Deadline(self._most_seconds) as deadline:
                return self._ask_with_retries(address, form, headers, deadline)
        except FeedUnreachable as error:
            raise Unavailable(ErrorCode.PROVIDER_UNAVAILABLE, problem=error.problem) from error

    def _ask_with_retries(
        self, address: str, form: bytes | None, headers: Mapping[str, str], deadline: Deadline
    ) -> Json:
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(random.uniform(0.2, 0.4))  # noqa: S311 (jitter, not a secret)
            try:
                return self._ask_once(address, form, headers, deadline)
            except urllib.error.HTTPError as error:
                error.close()
                if form is not None and error.code in (400, 401):
                    # A code that is used, too old, or another client's (RFC 6749, 5.2).
                    raise Unauthorised(ErrorCode.SIGN_IN_REFUSED) from None
                problem = f"HTTP {error.code}"
                if error.code < 500 and error.code != 429:
                    break
            except (OSError, http.client.HTTPException) as error:
                problem = type(error).__name__
        raise FeedUnreachable(problem)

    def _ask_once(self, address: str, form: bytes | None, headers: Mapping[str, str], deadline: Deadline) -> Json:
        request = BoundedRequest(address, form, {"Accept": "application/json", "User-Agent": "lianfang", **headers})
        with open_until(self._opener, request, deadline, TIMEOUT_SECONDS) as answer:
            body = answer.read(MOST_BYTES + 1)
        try:
            content = json.loads(body) if len(body) <= MOST_BYTES else None
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise FeedUnreachable("not a JSON object")
        return content
