"""Merchants: what stands of the one with a code, and for regulators those that a name may mean."""

from typing import Final

from chalicelib import errors, logs, wiring
from chalicelib.accounts.quotas import MERCHANTS
from chalicelib.accounts.roles import Role
from chalicelib.handlers import dependencies
from chalicelib.handlers.console import console_frame
from chalicelib.handlers.console.texts.match_texts import merchant_row
from chalicelib.handlers.console.visit import Visit
from chalicelib.handlers.platform.lookups import merchant_of
from chalicelib.handlers.replies import Reply
from chalicelib.values.records import Json

TITLE: Final = ("商户", "Merchants")


def find(visit: Visit) -> Reply:
    """The form: a name, which is never part of an address."""
    return _found(visit, "", None, "")


def find_by_name(visit: Visit) -> Reply:
    """The listed merchants that a name may mean, 20 at most: two calls, some 10 read units. Nothing is recorded."""
    from chalicelib.lookups import find_by_name, show_answer

    name = visit.field("name")
    try:
        visit.request.allowance.take({MERCHANTS: 1})
        matches = find_by_name.find_by_name(dependencies.lookups(), visit.caller, name, wiring.digest(), wiring.now())
    except errors.BadRequest as error:
        return _found(visit, name, None, visit.says(error.code))
    logs.note("merchants_found", by=visit.caller.platform_id, matches=len(matches))
    views = [show_answer.match_view(match, visit.caller) for match in matches]
    return _found(visit, name, [merchant_row(visit, view) for view in views], "")


def merchant(visit: Visit, uscc: str) -> Reply:
    """What stands of the merchant with exactly this code. For a platform it counts as a lookup does, for it is told of
    the merchant; where nothing stands, it says so. Some 2 read units."""
    visit.request.allowance.take({MERCHANTS: 1})
    try:
        row = merchant_row(visit, merchant_of(visit.caller, uscc))
    except errors.NotFound:
        row = None
    return console_frame.page(
        visit,
        "records/merchant.html",
        (row["name"], row["name"]) if row else ("没有记录", "Nothing stands"),
        row=row,
        uscc=uscc[:40],
        is_regulator=visit.caller.role == Role.REGULATOR,
    )


def _found(visit: Visit, name: str, rows: list[Json] | None, wrong: str) -> Reply:
    return console_frame.page(
        visit, "records/merchants.html", TITLE, 400 if wrong else 200, name=name, rows=rows, wrong=wrong
    )
