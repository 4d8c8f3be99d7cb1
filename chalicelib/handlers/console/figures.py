"""A figure of a screen: a number with what it counts, and the list that stands behind it."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name; `path` is the page with the cases behind it, from /console/ on, '' for none.

    `beside` is what it is held against (the median of others, the change since), `spark` its course as a sparkline.
    """

    label: str
    value: int | str
    path: str = ""
    beside: str = ""
    is_late: bool = False
    spark: Markup | str = ""
