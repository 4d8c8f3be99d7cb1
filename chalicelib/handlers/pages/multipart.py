"""Forms with files as browsers send them (multipart/form-data, RFC 7578), read within bounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from chalicelib import errors
from chalicelib.handlers.body import MULTIPART
from chalicelib.messages import ErrorCode

# Lambda takes a request of 6 MB, of which base64 leaves 4.5 MB.
MOST_BYTES: Final = 4_718_592
LONGEST_HEAD: Final = 2_048
LONGEST_BOUNDARY: Final = 70


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form: its name as the browser says it, and its bytes."""

    name: str
    content: bytes


@dataclass(slots=True)
class Parts:
    """The fields of a form, each with its values in order, and its files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, SentFile] = field(default_factory=dict)


def is_multipart(content_type: str) -> bool:
    """Whether a body of that type is a form with files."""
    return content_type.partition(";")[0].strip().lower() == MULTIPART


def read_parts(content_type: str, body: bytes, most_parts: int) -> Parts:
    """The parts of a form; a file field that was left empty is no file.

    `TooLarge` past `MOST_BYTES`, before anything is read; `BadRequest` for what is no such form or has more parts.
    """
    if len(body) > MOST_BYTES:
        raise errors.TooLarge(ErrorCode.TOO_LARGE, bytes=len(body), most=MOST_BYTES)
    boundary = _boundary(content_type)
    parts = Parts()
    for piece in _pieces(body, boundary, most_parts):
        head, separator, content = piece.partition(b"\r\n\r\n")
        if not separator or len(head) > LONGEST_HEAD:
            raise _malformed()
        _add(parts, _disposition(head), content)
    return parts


def _boundary(content_type: str) -> bytes:
    head = Message()
    head["Content-Type"] = content_type
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= LONGEST_BOUNDARY or not boundary.isascii():
        raise _malformed()
    return b"\r\n--" + boundary.encode()


def _pieces(body: bytes, boundary: bytes, most_parts: int) -> Sequence[bytes]:
    """What stands between the boundaries; the last of them ends with two hyphens."""
    # The first boundary has no line end before it; what follows more than the permitted parts stays in one piece.
    pieces = (b"\r\n" + body).split(boundary, most_parts + 2)
    if len(pieces) > most_parts + 2:
        raise errors.BadRequest(ErrorCode.INVALID_REQUEST, expected=f"at most {most_parts} fields")
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise _malformed()
    return pieces[1:-1]


def _disposition(head: bytes) -> str:
    """The Content-Disposition of a part, whose names browsers write in UTF-8 as they are."""
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return value
    raise _malformed()


def _add(parts: Parts, disposition: str, content: bytes) -> None:
    name, file_name = _parameter(disposition, "name"), _parameter(disposition, "filename")
    if name is None:
        raise _malformed()
    if file_name is None:
        parts.fields.setdefault(name, []).append(content.decode("utf-8", "replace"))
    elif file_name or content:
        parts.files.setdefault(name, SentFile(file_name, content))


def _parameter(disposition: str, name: str) -> str | None:
    """A quoted parameter, in which browsers write quotes as %22 (HTML, multipart/form-data encoding algorithm)."""
    _, separator, rest = disposition.partition(f'; {name}="')
    if not separator:
        return None
    return rest.partition('"')[0].replace("%22", '"').replace("%0D", "").replace("%0A", "")


def _malformed() -> errors.BadRequest:
    return errors.BadRequest(ErrorCode.INVALID_REQUEST, expected=MULTIPART)
