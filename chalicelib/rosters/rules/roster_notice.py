"""The notice to a platform that its roster was dealt with, or that its merchants were screened again."""

from chalicelib.notices.rules.notice import SCHEMA, Attributes, Notice, notice_id
from chalicelib.rosters.rules.roster import RESCREEN
from chalicelib.values.records import Json


def roster_notice(view: Json) -> tuple[Notice, Attributes]:
    """The notice of a roster that is done or refused; of a re-screening, that results have changed."""
    kind = "roster_rescreened" if view["mode"] == RESCREEN else f"roster_{view['status']}"
    notice = {
        "schema": SCHEMA,
        "notice_id": notice_id(f"{view['roster_id']}.{kind}", "platform"),
        "kind": kind,
        "at": view["done_at"],
        "roster": dict(view),
    }
    return notice, {"kind": kind}
