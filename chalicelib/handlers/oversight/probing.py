"""Probing: what platforms' lookups look like, what looks like probing, and what follows. /v1/probing."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib import logs, wiring
from chalicelib.handlers.parameters import Number, Parameter
from chalicelib.handlers.routing import REGULATOR, Request, Routes
from chalicelib.messages import ErrorCode
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from chalicelib.handlers.requests.platforms import NewSlowingRule

routes = Routes(__name__, "statistics")
DAYS: Final = Number("days", "最近多少天", "over how many days", 7, most=31, least=1)
PLATFORM_ID: Final = Parameter("platform", "仅此平台", "of this platform alone", most=40)


@routes.route(
    "/v1/probing",
    "GET",
    "getProbing",
    roles=(REGULATOR,),
    query=(DAYS, PLATFORM_ID),
    returns="accounts:Probing",
)
def probing(request: Request) -> Json:
    """What the lookups of each platform and day look like, with the findings, and the rule in force."""
    from chalicelib.probing import show_figures
    from chalicelib.values.timestamps import china_date

    until = china_date(wiring.now())
    since = (date.fromisoformat(until) - timedelta(days=request.number("days") - 1)).isoformat()
    return show_figures.show(wiring.exchange(), request.text("platform"), since, until)


@routes.route(
    "/v1/probing/rule",
    "PUT",
    "setSlowingRule",
    roles=(REGULATOR,),
    body="platforms:NewSlowingRule",
    returns="accounts:SlowingRule",
)
def set_rule(request: Request, body: "NewSlowingRule") -> Json:
    """Say whether a finding slows the keys that probed, to how much, and for how long."""
    from chalicelib.probing import slow_keys
    from chalicelib.probing.rules.slowing_rule import SlowingRule
    from chalicelib.values.timestamps import iso

    rule = SlowingRule(**body.model_dump(), set_by=request.caller.platform_id, set_at=iso(wiring.now()))
    slow_keys.set_rule(wiring.exchange(), rule)
    logs.note("slowing_rule_set", slows=rule.slows, by=request.caller.platform_id)
    return rule.view()


@routes.route(
    "/v1/probing/slowed-keys/{key_id}",
    "DELETE",
    "letKeyGo",
    roles=(REGULATOR,),
    returns="accounts:ReleasedKey",
    errors=(ErrorCode.NOT_FOUND,),
)
def let_go(request: Request, key_id: str) -> Json:
    """Let a slowed key go on as before; every container knows it within some seconds."""
    from chalicelib.probing import slow_keys

    slow_keys.let_go(wiring.exchange(), key_id, wiring.now())
    logs.note("key_let_go", key_id=key_id, by=request.caller.platform_id)
    return {"key_id": key_id}
