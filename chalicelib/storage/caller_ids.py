"""Ids that callers send: refused before they become a key that the store would refuse."""

from typing import Final

from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode

# A key may have 2,048 bytes; half of it leaves room for the kind and the caller's own id.
MOST_ID_BYTES: Final = 1_024


def caller_id(value: str, field: str, most_bytes: int = MOST_ID_BYTES) -> str:
    """The id as the caller sent it, if it can be part of a key; otherwise `BadRequest` (`invalid_request`).

    `field` is the name of the parameter or body field, which the answer names. Refused: more than `most_bytes` bytes
    of UTF-8, and text that has no UTF-8 (a lone surrogate).
    """
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise BadRequest(ErrorCode.INVALID_REQUEST, field=field, expected="Unicode text") from None
    if size > most_bytes:
        raise BadRequest(ErrorCode.INVALID_REQUEST, field=field, bytes=size, most=most_bytes)
    return value
