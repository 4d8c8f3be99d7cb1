"""The style sheet and scripts of the console, under names that hold a hash of their bytes: a browser keeps them a year.

`htmx.min.js` is the work of others (`vendored.json` says whose, which version and under which licence);
`python tables/vendor_htmx.py` fetches it again.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from chalicelib.errors import NotFound
from chalicelib.handlers.pages.page_frame import EVERYWHERE
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode

FOLDER: Final = Path(__file__).parent / "assets"
TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
KEEP: Final = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "same-origin"}


@cache
def hashed_name(name: str) -> str:
    """The name under which a file is served, such as `console.1a2b3c4d5e6f.css`."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}{dot}{suffix}"


@cache
def _names() -> dict[str, str]:
    return {hashed_name(path.name): path.name for path in FOLDER.iterdir() if path.suffix in TYPES}


def serve(hashed: str) -> Reply:
    """The file of that hashed name; `NotFound` for any other."""
    name = _names().get(hashed)
    if name is None:
        raise NotFound(ErrorCode.NOT_FOUND, name=hashed[:80])
    text = (FOLDER / name).read_text("utf-8")
    return Reply(text, 200, TYPES[Path(name).suffix], EVERYWHERE | KEEP)
