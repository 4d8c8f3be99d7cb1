"""Who set which rules: platforms' own policies and the regulator's bounds, each version kept, and what judges now.

A version is claimed by its number before it comes into force. Whoever finds a number taken first brings that version
into force, whose writer may have died in between, and takes the next; so versions have no gaps and none is lost.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import BadRequest, NotFound, message
from chalicelib.values.masking import mask_personal
from chalicelib.values.timestamps import china_date, iso
from chalicelib.verdicts.rules import decide_verdict, platform_policy
from chalicelib.verdicts.rules.decide_verdict import RULING_ID, Rules
from chalicelib.verdicts.rules.platform_policy import Bound, Problem, Row

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

Version = dict[str, Any]
# Of each platform so many lookups that found something are kept at hand for a dry run.
MOST_LATELY: Final = 200
LATELY_DAYS: Final = 360


def rules_for(exchange: "ExchangeTable", platform_id: str) -> Rules:
    """What judges for one platform; '' for nobody's own policy."""
    return decide_verdict.read_rules(exchange.get_many(rule_ids(platform_id)).values(), platform_id)


def rule_ids(platform_id: str) -> list[str]:
    """The items that hold the rules for one platform, to be read together with others."""
    return [RULING_ID, *([decide_verdict.policy_id(platform_id)] if platform_id else [])]


def clocks(exchange: "ExchangeTable") -> Callable[..., tuple[Mapping[str, Any], ...]]:
    """What tightens clocks, for the ledger to ask: platform, what is asked, subject, listing, now -> overlays."""

    def of(
        platform_id: str, asked: str, subject: Mapping[str, Any], listing: Mapping[str, Any], now: datetime
    ) -> tuple[Mapping[str, Any], ...]:
        if asked != "check":
            return ()
        return decide_verdict.clocks_of(subject, listing, rules_for(exchange, platform_id), china_date(now))

    return of


def put_policy(
    exchange: "ExchangeTable", caller: Caller, rows: Sequence[Row], why: str, now: datetime
) -> dict[str, Any]:
    """Put a platform's table into force as its next version; the same table again is the same version.

    `BadRequest` names each row that cannot stand, and what would be allowed.
    """
    check(rows, rules_for(exchange, "").bounds)
    holder = decide_verdict.policy_id(caller.platform_id)
    return _put(exchange, holder, decide_verdict.CURRENT, platform_policy.as_plain(rows), caller, why, now)


def get_policy(exchange: "ExchangeTable", platform_id: str, version: int = 0) -> dict[str, Any]:
    """A platform's table, as it is in force or was in that version; with no rows where there never was one."""
    holder = decide_verdict.policy_id(platform_id)
    return _get(exchange, holder, decide_verdict.CURRENT, version) or {"version": 0, "rows": []}


def put_bounds(
    exchange: "ExchangeTable", caller: Caller, bounds: Sequence[Bound], why: str, now: datetime
) -> dict[str, Any]:
    """Set the bounds of all platforms' policies. A policy that lies outside is not changed, but held to them."""
    _refuse(platform_policy.bound_problems(bounds))
    return _put(exchange, RULING_ID, decide_verdict.BOUNDS, platform_policy.as_plain(bounds), caller, why, now)


def get_bounds(exchange: "ExchangeTable", version: int = 0) -> dict[str, Any]:
    """The bounds in force, or those of that version; version 0 is what holds until a regulator sets any."""
    default = {"version": 0, "rows": platform_policy.as_plain(platform_policy.BOUNDS)}
    return _get(exchange, RULING_ID, decide_verdict.BOUNDS, version) or default


def check(rows: Sequence[Row], bounds: Sequence[Bound]) -> None:
    """Raise `BadRequest` for a table that cannot stand."""
    _refuse(platform_policy.problems(rows, bounds))


def remember_found(exchange: "ExchangeTable", platform_id: str, lookup: Mapping[str, Any], now: datetime) -> None:
    """Keep a lookup that found something among the platform's latest, in the place of the oldest."""
    counter = exchange.increment(f"lately#{platform_id}", "number")
    expires_at = int((now + timedelta(days=LATELY_DAYS)).timestamp())
    place = {"id": _place(platform_id, counter), "number": counter, "expires_at": expires_at}
    exchange.put({**{field: lookup[field] for field in ("lookup_id", "at", "asked_id", "relations")}, **place})


def lately(exchange: "ExchangeTable", platform_id: str, now: datetime) -> list[dict[str, Any]]:
    """The latest lookups of a platform that found something, the newest first; `relations`: subject -> relation."""
    found = exchange.get_many(_place(platform_id, number) for number in range(MOST_LATELY)).values()
    kept = (one for one in found if one["expires_at"] > now.timestamp())
    return sorted(kept, key=lambda one: int(one["number"]), reverse=True)


def _put(
    exchange: "ExchangeTable",
    holder: str,
    field: str,
    rows: list[dict[str, Any]],
    caller: Caller,
    why: str,
    now: datetime,
) -> Version:
    while True:
        current = (exchange.get(holder) or {}).get(field, {"version": 0, "rows": None})
        if current["rows"] == rows:
            return dict(current)
        who = {"set_by": caller.platform_id, "key_id": caller.key_id, "set_at": iso(now)}
        wanted: Version = {
            "version": current["version"] + 1,
            "rows": rows,
            **who,
            **({"why": mask_personal(why)[0]} if why else {}),
        }
        taken = exchange.put_new({"id": _version_id(holder, field, wanted["version"]), **wanted})
        _enforce(exchange, holder, field, _version(taken) if taken else wanted)
        if taken is None:
            return wanted


def _enforce(exchange: "ExchangeTable", holder: str, field: str, wanted: Version) -> None:
    """Bring a version into force unless a later one is."""
    while not exchange.add_field(holder, field, wanted):
        known = (exchange.get(holder) or {})[field]
        if known["version"] >= wanted["version"] or exchange.set_fields(holder, {field: wanted}, {field: known}):
            return


def _get(exchange: "ExchangeTable", holder: str, field: str, version: int) -> Version | None:
    if not version:
        return (exchange.get(holder) or {}).get(field)
    kept = exchange.get(_version_id(holder, field, version))
    if kept is None:
        raise NotFound("not_found", version=version)
    return _version(kept)


def _version(item: Mapping[str, Any]) -> Version:
    return {field: value for field, value in item.items() if field != "id"}


def _version_id(holder: str, field: str, version: int) -> str:
    return f"{holder}#{field}#{version:06d}"


def _place(platform_id: str, number: int) -> str:
    return f"lately#{platform_id}#{number % MOST_LATELY}"


def _refuse(found: Iterable[Problem]) -> None:
    problems: list[dict[str, Any]] = [
        {"row": one.row, "code": one.code, "message": message(one.code), "allowed": one.allowed} for one in found
    ]
    if problems:
        raise BadRequest(problems[0]["code"], problems=problems)
