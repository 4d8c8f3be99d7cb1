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
    `asks`: a label where a reason must be typed (field `why`); `warning` says what may be regretted; `see` is the
    address and the label of a page with the cases behind the numbers.
    """

    heading: str
    says: str
    action: str
    button: str
    back: str
    rows: Sequence[tuple[str, str]] = ()
    sent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warning: str = ""
    asks: str = ""
    see: tuple[str, str] | None = None


def draw(visit: Visit, title: console_frame.Text, preview: Preview, wrong: str = "") -> Reply:
    """The page of a preview; `wrong` is what is wrong with the reason (then its status is 400)."""
    return console_frame.page(visit, "preview.html", title, 400 if wrong else 200, preview=preview, wrong=wrong)
