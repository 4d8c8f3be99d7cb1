"""Files that are sent as the body of a request: which types are taken, how large they may be, what they are called."""

from typing import Final

from chalicelib import errors
from chalicelib.handlers.routing import Request
from chalicelib.messages import ErrorCode
from chalicelib.values.file_names import decoded_file_name

MOST_FILE_BYTES: Final = 5 * 1024 * 1024
# One route may not mix binary and text bodies on API Gateway, so files have routes of their own.
FILE_TYPES: Final = (
    "application/octet-stream",
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/x-ndjson",
    "application/x-www-form-urlencoded",  # what curl sends with --data-binary by default
)


def sent_file(request: Request, **larger: str) -> tuple[str, bytes]:
    """Name and bytes of the file; `BadRequest` without a name, `TooLarge` (with `larger`, what to use instead)."""
    name = decoded_file_name(request.header("x-file-name"))
    if not name:
        raise errors.BadRequest(ErrorCode.MISSING_FILE_NAME)
    body = request.content
    if len(body) > MOST_FILE_BYTES:
        raise errors.TooLarge(ErrorCode.TOO_LARGE, bytes=len(body), most=MOST_FILE_BYTES, **larger)
    return name, body
