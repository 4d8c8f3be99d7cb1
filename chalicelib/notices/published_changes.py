"""The numbered changes of listings, as each caller may read them after a cursor."""

from typing import TYPE_CHECKING, Any

from chalicelib.accounts.api_keys import Caller
from chalicelib.notices.rules import notice

if TYPE_CHECKING:
    from chalicelib.storage.numbered_log import NumberedLog


def read_changes(changes: "NumberedLog", caller: Caller, after: int, limit: int) -> dict[str, Any]:
    """The changes after a number that this caller may see, in order, and the cursor to read on from.

    `next` counts what was withheld too, so a reader never stands still; it equals `after` at the end of the feed.
    """
    entries = changes.read(after, max(limit, 1))
    shown = [
        notice.change_view(entry, caller.role, caller.platform_id)
        for entry in entries
        if notice.may_see(entry, caller.role, caller.platform_id)
    ]
    return {"changes": shown, "next": str(entries[-1]["number"] if entries else after)}
