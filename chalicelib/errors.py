"""Everything that can go wrong for a caller, drawn once.

    LianfangError
    ├── BadRequest 400        malformed_json, unknown_field, invalid_field, ...
    ├── Unauthorised 401      missing_key, unknown_key, revoked_key
    │   └── SignInNeeded      sign_in_needed; pages lead to the sign-in
    ├── Forbidden 403         wrong_role, not_yours
    ├── NotFound 404          not_found
    ├── Conflict 409          idempotency_conflict, ...
    ├── Gone 410              display_deleted
    ├── TooLarge 413          too_large
    ├── UnsupportedType 415   unsupported_type
    ├── TooMany 429           too_many_requests
    ├── Unavailable 503       store_unavailable
    ├── NotSaved 409          a change that no repetition would save; loops set it aside
    ├── UnreadableRecord 500  record_unreadable; loops set it aside
    ├── FeedUnreachable       a government list could not be fetched; never reaches a caller of the API
    ├── PushFailed            a notice could not be pushed; never reaches a caller of the API
    └── FileRefused           a report file refused whole: unreadable_file, unknown_columns, empty_file, too_large

A code is declared once, with its status and its sentences, in `messages/error_codes.py`; the classes are there to be
caught. Rejections of single rows are no exceptions: a bad row is a result, not a failure.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.messages import ErrorCode, FindingCode, message


class LianfangError(Exception):
    """An error with a stable code, a status and a sentence in zh and en.

    The status is that of the code, unless the class has one of its own.
    """

    own_status = 0

    def __init__(self, code: ErrorCode, **details: Any) -> None:
        super().__init__(str(code))
        self.code = code
        self.status = self.own_status or code.status
        self.details: Mapping[str, Any] = details

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer that carries this error."""
        return {"error": {"code": str(self.code), "message": message(self.code), "details": dict(self.details)}}


class BadRequest(LianfangError):
    """The request cannot be understood as it is."""


class Unauthorised(LianfangError):
    """Nobody that is known is asking."""


class SignInNeeded(Unauthorised):
    """A page of the console is asked for without a session; its reader is led to the sign-in."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.SIGN_IN_NEEDED)


class Forbidden(LianfangError):
    """Somebody is asking who may not."""


class NotFound(LianfangError):
    """There is nothing under that name, or nothing that this caller may know of."""


class Conflict(LianfangError):
    """The request contradicts what is already so."""

    own_status = 409


class Gone(LianfangError):
    """There was something under that name, and it was taken away for good."""


class TooLarge(LianfangError):
    """The body is over the limit of this route."""


class UnsupportedType(LianfangError):
    """The body is of a type that this route does not take."""


class TooMany(LianfangError):
    """Somebody asks too often."""


class Unavailable(LianfangError):
    """Something outside did not answer in time; the same request may pass later."""


class NotSaved(LianfangError):
    """A change that the store or a rule refuses, however often it is tried; `finding` says why."""

    def __init__(self, finding: FindingCode, **details: Any) -> None:
        super().__init__(ErrorCode.RECORD_FULL, **details)
        self.finding = finding


class UnreadableRecord(LianfangError):
    """A stored record that this version cannot read; `record_id` is its key."""

    def __init__(self, record_id: str) -> None:
        super().__init__(ErrorCode.RECORD_UNREADABLE)
        self.record_id = record_id


class FileRefused(LianfangError):
    """A file refused whole; nothing of it was taken."""


class FeedUnreachable(LianfangError):
    """A source of a government list did not give it, after every try; `is_slow` when it took all of its time."""

    def __init__(self, problem: str, is_slow: bool = False) -> None:
        super().__init__(ErrorCode.STORE_UNAVAILABLE, problem=problem)
        self.problem = problem
        self.is_slow = is_slow


class PushFailed(LianfangError):
    """SNS did not take a notice: of one topic alone, or (`everywhere`) of any."""

    def __init__(self, problem: str, everywhere: bool) -> None:
        super().__init__(ErrorCode.STORE_UNAVAILABLE, problem=problem)
        self.problem = problem
        self.everywhere = everywhere
