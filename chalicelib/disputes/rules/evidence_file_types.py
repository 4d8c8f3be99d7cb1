"""What may be laid before a dispute: documents, pictures and films that begin as their type says."""

from typing import Final

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_FILES: Final = 20
# Type -> where in the file its mark stands, and the marks of which it must bear one.
TYPES: Final[dict[str, tuple[int, tuple[bytes, ...]]]] = {
    "application/pdf": (0, (b"%PDF-",)),
    "image/jpeg": (0, (b"\xff\xd8\xff",)),
    "image/png": (0, (b"\x89PNG\r\n\x1a\n",)),
    "video/mp4": (4, (b"ftyp",)),
}
LONGEST_MARK: Final = 16


def problem(content_type: str, size: int, head: bytes) -> str:
    """The code of what is wrong with a file that arrived, '' when it may stay; `head` is its first bytes."""
    if size > MOST_BYTES:
        return "too_large"
    if size == 0:
        return "empty_file"
    place, marks = TYPES[content_type]
    return "" if any(head[place : place + len(mark)] == mark for mark in marks) else "evidence_other_type"


def plain_name(file_name: str) -> str:
    """A file's name as part of a key and of a header: no folders, no controls, no quotes; at most 120 characters."""
    kept = "".join(one for one in file_name.replace("\\", "/").rpartition("/")[2] if one.isprintable() and one != '"')
    return kept.strip(". ")[-120:] or "file"
