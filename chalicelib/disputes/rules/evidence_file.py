"""A file of evidence in a dispute: a document, picture or film that begins as its type says."""

from dataclasses import dataclass
from typing import Final

from chalicelib.values.file_names import plain_file_name
from chalicelib.values.records import Json, Record, fields_that_are, stored

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_FILES: Final = 20
# Type -> where in the file its signature is, and the signatures of which it must bear one.
TYPES: Final[dict[str, tuple[int, tuple[bytes, ...]]]] = {
    "application/pdf": (0, (b"%PDF-",)),
    "image/jpeg": (0, (b"\xff\xd8\xff",)),
    "image/png": (0, (b"\x89PNG\r\n\x1a\n",)),
    "video/mp4": (4, (b"ftyp",)),
}
LONGEST_SIGNATURE: Final = 16
# By which names files of a type are saved; the first where the sender gave another.
EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "video/mp4": (".mp4",),
}
LONGEST_EXTENSION: Final = 10
WAITING, ARRIVED, REFUSED = "waiting", "arrived", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile(Record):
    """A file that a party of a dispute was given a form for: `waiting`, `arrived`, or `refused` with a code.

    `bytes`, `sha256` and `version` are of the version that was read first; `bytes` is None until then.
    """

    id: str = stored()
    evidence_id: str = stored(public=True)
    file_name: str = stored(public=True)
    content_type: str = stored(public=True)
    by: str = stored(public=True)
    asked_at: str = stored(public=True)
    state: str = stored(public=True)
    bytes: int | None = stored(None, public=True)
    sha256: str = stored("", public=True)
    version: str = stored("")
    arrived_at: str = stored("", public=True)
    refused: str = stored("", public=True)


def view(file: EvidenceFile) -> Json:
    """The file as those who take part in the dispute see it."""
    visible = {field: getattr(file, field) for field in fields_that_are(EvidenceFile, "public")}
    return {field: value for field, value in visible.items() if value not in (None, "")}


def problem(content_type: str, size: int, head: bytes) -> str:
    """The code of what is wrong with a file that arrived, '' when it may stay; `head` is its first bytes."""
    if size > MOST_BYTES:
        return "too_large"
    if size == 0:
        return "empty_file"
    return "" if type_of(head) == content_type else "evidence_other_type"


def type_of(head: bytes) -> str:
    """The type whose signature the first bytes of a file bear, '' for none that evidence may have."""
    for content_type, (place, signatures) in TYPES.items():
        if any(head[place : place + len(signature)] == signature for signature in signatures):
            return content_type
    return ""


def safe_name(file_name: str, content_type: str) -> str:
    """The plain name of a file with the extension of the type that its bytes were checked for.

    A reader's system opens a file by its extension: 材料.pdf.hta would be run, whatever its bytes say.
    """
    name, allowed = plain_file_name(file_name), EXTENSIONS[content_type]
    if name.lower().endswith(allowed):
        return name
    stem, dot, extension = name.rpartition(".")
    is_extension = dot and stem and len(extension) <= LONGEST_EXTENSION and " " not in extension
    stem = stem if is_extension else name
    return stem if stem.lower().endswith(allowed) else plain_file_name(stem[-115:] + allowed[0])
