"""The numbered changes of listings, as each caller may read them after a cursor."""

from typing import TYPE_CHECKING

from chalicelib.accounts.api_keys import Caller
from chalicelib.notices.rules import numbered_change
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.notices.change_log import ChangeLog


def read_changes(log: "ChangeLog", caller: Caller, after: int, limit: int) -> Json:
    """The changes after a number that this caller may see, in order, and the cursor to read on from.

    `next` counts what was withheld too, so a reader always advances; it equals `after` at the end of the log.
    """
    changes = log.read_on(after, limit)
    views = [
        numbered_change.view(change, caller.role, caller.platform_id)
        for change in changes
        if numbered_change.may_see(change, caller.role, caller.platform_id)
    ]
    return {"changes": views, "next": str(changes[-1].number if changes else after)}
