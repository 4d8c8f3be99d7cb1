"""Where a caller's key stands: in `Authorization: Bearer …`, or in `X-Lianfang-Key`.

Before a gateway that asks for signatures (`GATEWAY_AUTH=iam`) `Authorization` carries the signature of the caller's AWS
account (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html), so the key has a header of its own.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode

KEY_HEADER: Final = "X-Lianfang-Key"
# AWS4-HMAC-SHA256, and AWS4-ECDSA-P256-SHA256 of signatures for several regions.
SIGNATURE: Final = "AWS4-"


def bearer(headers: Mapping[str, str]) -> str:
    """The token of the Authorization header; '' without one, or with another scheme."""
    scheme, _, token = str(headers.get("authorization", "") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def key(headers: Mapping[str, str]) -> str:
    """The key that a request carries; '' without one. Raises `BadRequest` when the two headers do not say the same."""
    own = str(headers.get(KEY_HEADER.lower(), "") or "").strip()
    authorization = str(headers.get("authorization", "") or "").strip()
    if not own or not authorization or authorization.startswith(SIGNATURE):
        return own or bearer(headers)
    if bearer(headers) != own:
        raise BadRequest(ErrorCode.CONFLICTING_KEYS, headers=["Authorization", KEY_HEADER])
    return own
