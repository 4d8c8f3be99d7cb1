"""Names of files as their senders give them, made fit for keys of objects and for headers."""

from typing import Final
from urllib.parse import unquote

# How a file of others is saved, whatever its type: no browser shows it in place, no shell starts it.
DELIVERED_AS: Final = "application/octet-stream"
# What a browser may be given as what it is, once its bytes bear that type's signature: decoders of pictures and films
# and the browser's own reader of documents run no script of a page. Never HTML or SVG.
SHOWN_TYPES: Final = ("application/pdf", "image/jpeg", "image/png", "video/mp4")
MOST_CHARACTERS: Final = 120


def plain_file_name(name: str) -> str:
    """The name without folders, control characters, noncharacters and quotes, its last 120 characters; "file" where
    nothing is left.

    A store keeps objects under keys that its own XML can hold (XML 1.0, 2.2 Characters), and a header has no line
    breaks.
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in base if character.isprintable() and character != '"')
    return kept.strip(". ")[-MOST_CHARACTERS:] or "file"


def decoded_file_name(header: str) -> str:
    """The file name that a header holds: percent-encoded, or bytes of UTF-8 that HTTP passes on as Latin-1."""
    try:
        raw = header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raw = header
    return unquote(raw).strip()
