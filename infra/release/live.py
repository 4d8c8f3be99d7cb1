"""Asks the deployed API through its gateway, as its callers do: unsigned, or signed where the gateway asks for it."""

import urllib.request
from collections.abc import Callable, Mapping
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from infra.release.readiness import wait_until_ready

HEALTH_SECONDS: Final = 120.0
# The gateway of an account without ICP in China refuses every request with these.
REFUSED_BY_GATEWAY: Final = (401, 403)
# What the gateway's own answers say where it asks for signatures (infra/protection/answers.py).
SIGNATURE_NEEDED: Final = '"signature_needed"'
NO_ICP: Final = (
    " (an account in China without ICP is served no request without IAM: recordal, or gateway_auth: iam; docs/china.md)"
)
NOT_ADMITTED: Final = " (whoever deploys needs execute-api:Invoke on this API: docs/china.md)"
Fetch = Callable[[str], tuple[int, bytes]]
NO_HEADERS: Final[Mapping[str, str]] = {}


def check_live(url: str, fetch: Fetch, seconds: float = HEALTH_SECONDS) -> None:
    """Wait until the deployed API is ready; raises `DeployError` with its last answer."""

    def get(path: str) -> tuple[int, str]:
        status, body = fetch(url.removesuffix("/") + path)
        text = body[:300].decode(errors="replace")
        if status in REFUSED_BY_GATEWAY:
            text += NOT_ADMITTED if SIGNATURE_NEEDED in text else NO_ICP if ".amazonaws.com.cn/" in url else ""
        return status, text

    wait_until_ready(get, seconds, "an API that is ready")


def fetch_over_http(url: str, headers: Mapping[str, str] = NO_HEADERS) -> tuple[int, bytes]:
    """Status and body of a GET, an answer of 4xx or 5xx included."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def fetch_signed(url: str) -> tuple[int, bytes]:
    """The same, signed by the credentials of the environment."""
    return fetch_over_http(url, signature(url))


def signature(url: str) -> dict[str, str]:
    """The headers that sign a GET of a deployed API (Signature Version 4, service execute-api)."""
    credentials = boto3.Session().get_credentials()
    region = (urlsplit(url).hostname or "").split(".")[2]
    request = AWSRequest("GET", url)
    SigV4Auth(credentials, "execute-api", region).add_auth(request)
    return dict(request.headers.items())
