"""A preview: what an act will do, shown before the button that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act will do, in words (`says`) and by field (`rows`), and the form that does it.

    `action` and `back` are addresses from /console/ on; `sent` are the fields of the form, which the page passes on;
    `warning` says what may be regretted.
    """

    heading: str
    says: str
    action: str
    button: str
    back: str
    rows: Sequence[tuple[str, str]] = ()
    sent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warning: str = ""


def draw(visit: Visit, title: console_frame.Text, preview: Preview) -> Reply:
    """The page of a preview."""
    return console_frame.page(visit, "preview.html", title, preview=preview)
