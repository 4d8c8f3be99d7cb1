"""Making a display page (亮照页) and changing what it shows: a form with rows of links and permits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from chalicelib import errors, wiring
from chalicelib.displays import manage_displays
from chalicelib.displays.rules.display import DELETED
from chalicelib.displays.rules.displayed_fields import DECLARATIONS
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame, performing
from chalicelib.handlers.console.screens.licences.licence_texts import options
from chalicelib.handlers.console.texts.listing_texts import Fields
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.replies import Reply
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

NEW: Final = ("新建亮照页", "A new display page")
EDIT: Final = ("更改亮照页", "Change the display page")
TEXTS: Final = ("uscc", "declaration", "shop_id", "shop_name", "rules_url")
OF_NEW: Final = ("uscc", "declaration", "shop_id")
# Parts of which there are several: their fields, in the order of the form.
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "shop_links": ("name", "url"),
    "permits": ("name", "number", "authority", "valid_until", "url"),
}
MOST_ROWS: Final = 20
LONGEST: Final = 500
# The field of an error that names none.
FIELD_OF: Final = {
    ErrorCode.INVALID_USCC: "uscc",
    ErrorCode.LICENCE_NOT_VERIFIED: "uscc",
    ErrorCode.TOO_MANY_DISPLAYS: "uscc",
    ErrorCode.DISPLAY_EXISTS: "shop_id",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the texts by their fields, and the rows of links and permits, empty ones too."""

    texts: Mapping[str, str]
    over_limit: bool
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    def places(self, part: str) -> list[int]:
        """The places of the rows that hold something, in the order in which they are sent."""
        return [place for place, row in enumerate(self.rows[part]) if any(row.values())]

    def content(self) -> Json:
        """The body as the API takes it: rows that are empty, and fields that are, are left out."""
        sent: Json = {name: text for name, text in self.texts.items() if text}
        for part in ROWS:
            sent[part] = [dict(self.rows[part][place]) for place in self.places(part)]
        return sent | {"over_limit": self.over_limit}

    def with_room(self, wanted: str = "") -> "Typed":
        """The same with an empty row at the end of each part; one more of the part that is `wanted`."""
        rows = {}
        for part, names in ROWS.items():
            given = list(self.rows.get(part, ()))
            if len(given) < MOST_ROWS and (part == wanted or not given or any(given[-1].values())):
                given.append(dict.fromkeys(names, ""))
            rows[part] = given
        return Typed(self.texts, self.over_limit, rows)


def new(visit: Visit) -> Reply:
    """The form of a new display; a code that the address names is filled in."""
    texts = {**dict.fromkeys(TEXTS, ""), "uscc": visit.query("uscc")}
    return _draw(visit, "", Typed(texts, over_limit=False))


def edit(visit: Visit, display_id: str) -> Reply:
    """The form with what the display shows now. Three reads."""
    view = _own(visit, display_id)
    rows = {
        part: [{name: str(row.get(name, "")) for name in names} for row in view.get(part, ())]
        for part, names in ROWS.items()
    }
    texts = {name: str(view.get(name, "")) for name in TEXTS}
    return _draw(visit, display_id, Typed(texts, bool(view.get("over_limit")), rows))


def draft(visit: Visit) -> Reply:
    """The form with one more row; nothing is saved."""
    return _draw(visit, visit.field("display_id"), _typed(visit), wanted=visit.field("act"))


def make(visit: Visit) -> Reply:
    """Make the display and lead to it; what does not fit is said beside its field."""
    typed = _typed(visit)
    try:
        done = performing.do(visit, "createDisplay", typed.content(), {})
    except errors.LianfangError as error:
        return _draw(visit, "", typed, _wrong(visit, typed, error))
    return console_frame.go_to(visit, f"licences/displays/{done.body['display_id']}?done=made")


def change(visit: Visit, display_id: str) -> Reply:
    """Show other permits, links and names."""
    typed = _typed(visit)
    sent = {name: value for name, value in typed.content().items() if name not in OF_NEW}
    try:
        performing.do(visit, "changeDisplay", sent, {"display_id": display_id})
    except errors.NotFound:
        raise
    except errors.LianfangError as error:
        return _draw(visit, display_id, typed, _wrong(visit, typed, error))
    return console_frame.go_to(visit, f"licences/displays/{display_id}?done=changed")


def _own(visit: Visit, display_id: str) -> Json:
    view = manage_displays.find(dependencies.displays(), visit.caller, display_id, wiring.now())
    if view["state"] == DELETED:
        raise errors.Conflict(ErrorCode.DISPLAY_DELETED, display_id=display_id)
    return view


def _typed(visit: Visit) -> Typed:
    texts = {name: visit.field(name, LONGEST) for name in TEXTS}
    rows = {}
    for part, names in ROWS.items():
        columns = [visit.fields(f"{part}_{name}")[:MOST_ROWS] for name in names]
        rows[part] = [dict(zip(names, cells, strict=True)) for cells in zip_longest(*columns, fillvalue="")]
    return Typed(texts, visit.field("over_limit") == "yes", rows)


def _wrong(visit: Visit, typed: Typed, error: errors.LianfangError) -> dict[str, str]:
    """The sentence of each field that does not fit, by its name in the form; '' names what is of none."""
    problems = error.details.get("problems") or [{"field": error.details.get("field", FIELD_OF.get(error.code, ""))}]
    said: dict[str, str] = {}
    for problem in problems:
        sentence = problem.get("message", {}).get(visit.language) or visit.says(error.code)
        said.setdefault(_in_form(typed, str(problem["field"])), sentence)
    return said


def _in_form(typed: Typed, name: str) -> str:
    """A field of the body as the form names it: of a row, at the place at which it was typed."""
    part, _, rest = name.partition(".")
    place, _, cell = rest.partition(".")
    if part not in ROWS or not place.isdigit():
        return name if name in TEXTS else ""
    places = typed.places(part)
    return f"{part}.{places[int(place)]}.{cell}" if int(place) < len(places) else ""


def _draw(
    visit: Visit, display_id: str, typed: Typed, wrong: Mapping[str, str] | None = None, wanted: str = ""
) -> Reply:
    shown = typed.with_room(wanted)
    return console_frame.page(
        visit,
        "licences/display_form.html",
        EDIT if display_id else NEW,
        400 if wrong else 200,
        display_id=display_id,
        typed=Fields(shown.texts),
        over_limit=shown.over_limit,
        rows=shown.rows,
        room={part: len(shown.rows[part]) < MOST_ROWS for part in ROWS},
        declarations=[
            {"value": "", "text": visit.t("无（须有营业执照）", "none: it has a licence")},
            *options(visit, DECLARATIONS),
        ],
        wrong=Fields(wrong or {}),
    )
