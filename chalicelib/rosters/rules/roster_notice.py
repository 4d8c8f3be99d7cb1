"""The notice to a platform that its roster was dealt with, or that its merchants were screened again."""

from chalicelib.notices.rules.notice import Notice, notice_id
from chalicelib.rosters.rules.roster import RESCREEN
from chalicelib.values.records import Json


def roster_notice(view: Json) -> Notice:
    """The notice of a roster that is done or refused; of a re-screening, that results have changed."""
    kind = "roster_rescreened" if view["mode"] == RESCREEN else f"roster_{view['status']}"
    return Notice(
        notice_id=notice_id(f"{view['roster_id']}.{kind}", "platform"),
        kind=kind,
        at=view["done_at"],
        content={"roster": dict(view)},
    )
