"""Everything that can go wrong for a caller, drawn once.

    LianfangError
    ├── BadRequest 400        malformed_json, unknown_field, invalid_field, ...
    ├── Unauthorised 401      missing_key, unknown_key, revoked_key
    ├── Forbidden 403         wrong_role, not_yours
    ├── NotFound 404          not_found
    ├── Conflict 409          idempotency_conflict, ...
    ├── Gone 410              display_deleted
    ├── TooLarge 413          too_large
    ├── UnsupportedType 415   unsupported_type
    ├── TooMany 429           too_many_requests
    ├── Unavailable 503       store_unavailable
    ├── FeedUnreachable       a government list could not be fetched; never reaches a caller of the API
    ├── PushFailed            a notice could not be pushed; never reaches a caller of the API
    └── FileRefused           a report file refused whole: unreadable_file, unknown_columns, empty_file, too_large

A code is stable for ever; its sentence in Chinese and English stands in `sentences.py`. Rejections of single rows are
not exceptions (a bad row is a result, not a failure) and share the same table of sentences.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.messages import TEXTS


def message(code: str) -> dict[str, str]:
    """The sentence of a code in Chinese and English."""
    zh, en = TEXTS[code]
    return {"zh": zh, "en": en}


class LianfangError(Exception):
    """An error with a stable code, a status and a sentence in zh and en."""

    status = 500

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, Any] = details

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer that carries this error."""
        return {"error": {"code": self.code, "message": message(self.code), "details": dict(self.details)}}


class BadRequest(LianfangError):
    """The request cannot be understood as it is."""

    status = 400


class Unauthorised(LianfangError):
    """Nobody that is known is asking."""

    status = 401


class Forbidden(LianfangError):
    """Somebody is asking who may not."""

    status = 403


class NotFound(LianfangError):
    """There is nothing under that name, or nothing that this caller may know of."""

    status = 404


class Conflict(LianfangError):
    """The request contradicts what is already so."""

    status = 409


class Gone(LianfangError):
    """There was something under that name, and it was taken away for good."""

    status = 410


class TooLarge(LianfangError):
    """The body is over the limit of this route."""

    status = 413


class UnsupportedType(LianfangError):
    """The body is of a type that this route does not take."""

    status = 415


class TooMany(LianfangError):
    """Somebody asks too often."""

    status = 429


class Unavailable(LianfangError):
    """Something outside did not answer in time; the same request may pass later."""

    status = 503


class FileRefused(LianfangError):
    """A file refused whole; nothing of it was taken."""

    status = 422


class FeedUnreachable(LianfangError):
    """A source of a government list did not give it, after every try."""

    def __init__(self, problem: str) -> None:
        super().__init__("store_unavailable", problem=problem)
        self.problem = problem


class PushFailed(LianfangError):
    """SNS did not take a notice: of one topic alone, or (`everywhere`) of any."""

    def __init__(self, problem: str, everywhere: bool) -> None:
        super().__init__("store_unavailable", problem=problem)
        self.problem = problem
        self.everywhere = everywhere
