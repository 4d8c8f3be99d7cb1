"""Save platforms' own policies and the regulator's bounds; each version is kept.

A version is claimed by its number before it comes into force. A writer that finds its number taken first brings that
version into force, whose writer may have died in between, and takes the next number; so versions have no gaps and none
is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from chalicelib.accounts import platforms
from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import BadRequest, NotFound
from chalicelib.messages import ErrorCode, message
from chalicelib.storage.item_keys import verdict_keys
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.load_rules import rules_for
from chalicelib.verdicts.rules import platform_policy
from chalicelib.verdicts.rules.platform_policy import Bound, Policy, PolicyBounds, PolicyRow, Problem

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable

V = TypeVar("V", Policy, PolicyBounds)


@dataclass(frozen=True, slots=True)
class Place(Generic[V]):
    """Where a table is in force: the field of an item, and the record of its versions."""

    item_id: str
    field: str
    kind: type[V]


BOUNDS_PLACE: Final = Place(verdict_keys.RULING, verdict_keys.BOUNDS_FIELD, PolicyBounds)


def policy_place(platform_id: str) -> Place[Policy]:
    """Where a platform's table is in force."""
    return Place(verdict_keys.policy(platform_id), verdict_keys.POLICY_FIELD, Policy)


def put_policy(exchange: "ExchangeTable", caller: Caller, rows: Sequence[PolicyRow], why: str, now: datetime) -> Policy:
    """Put a platform's table into force as its next version; the same table again is the same version.

    `BadRequest` names each row that is refused, and what would be allowed.
    """
    require_valid(rows, rules_for(exchange, "").bounds)
    return _put(exchange, policy_place(caller.platform_id), _signed(Policy(rows=tuple(rows)), caller, why, now))


def get_policy(exchange: "ExchangeTable", platform_id: str, version: int = 0) -> Policy:
    """A platform's table, as it is in force or was in that version; without rows where there never was one."""
    return _get(exchange, policy_place(platform_id), version)


def put_bounds(
    exchange: "ExchangeTable", caller: Caller, bounds: Sequence[Bound], why: str, now: datetime
) -> PolicyBounds:
    """Set the bounds of all platforms' policies. A policy that lies outside is not changed, but kept within them."""
    _refuse(platform_policy.bound_problems(bounds))
    return _put(exchange, BOUNDS_PLACE, _signed(PolicyBounds(rows=tuple(bounds)), caller, why, now))


def get_bounds(exchange: "ExchangeTable", version: int = 0) -> PolicyBounds:
    """The bounds in force, or those of that version; version 0 is what counts until a regulator sets any."""
    return _get(exchange, BOUNDS_PLACE, version)


def policies_outside(exchange: "ExchangeTable", bounds: Sequence[Bound]) -> dict[str, list[int]]:
    """Which platforms' policies lie outside proposed bounds, with the numbers of their rows; nothing is saved.

    Reads the policy of each account. `BadRequest` for bounds that are not valid.
    """
    _refuse(platform_policy.bound_problems(bounds))
    ids = [account.platform_id for account in platforms.find_all(exchange)]
    items = exchange.get_many(verdict_keys.policy(platform_id) for platform_id in ids)
    outside: dict[str, list[int]] = {}
    for platform_id in ids:
        item = items.get(verdict_keys.policy(platform_id), {}).get(verdict_keys.POLICY_FIELD)
        problems = platform_policy.problems(Policy.from_item(item).rows, bounds) if item else []
        if rows := sorted({problem.row for problem in problems if problem.code != "policy_row_unreachable"}):
            outside[platform_id] = rows
    return outside


def require_valid(rows: Sequence[PolicyRow], bounds: Sequence[Bound]) -> None:
    """Raise `BadRequest` for a table with an invalid row."""
    _refuse(platform_policy.problems(rows, bounds))


def enforce(exchange: "ExchangeTable", place: Place[V], version: V) -> None:
    """Bring a version into force unless a later one is."""
    while not exchange.add_field(place.item_id, place.field, version.to_item()):
        current: Json = (exchange.get(place.item_id) or {})[place.field]
        if current["version"] >= version.version or exchange.set_fields(
            place.item_id, {place.field: version.to_item()}, only_if={place.field: current}
        ):
            return


def _signed(version: V, caller: Caller, why: str, now: datetime) -> V:
    return version.replace(
        set_by=caller.platform_id, key_id=caller.key_id, set_at=iso(now), why=mask_personal(why)[0] if why else ""
    )


def _put(exchange: "ExchangeTable", place: Place[V], table: V) -> V:
    while True:
        current = _in_force(exchange, place)
        if current.version and current.rows == table.rows:
            return current
        wanted = table.replace(version=current.version + 1)
        taken = exchange.put_new({"id": _version_id(place, wanted.version), **wanted.to_item()})
        enforce(exchange, place, _read(place, taken) if taken else wanted)
        if taken is None:
            return wanted


def _get(exchange: "ExchangeTable", place: Place[V], version: int) -> V:
    if not version:
        return _in_force(exchange, place)
    item = exchange.get(_version_id(place, version))
    if item is None:
        raise NotFound(ErrorCode.NOT_FOUND, version=version)
    return _read(place, item)


def _in_force(exchange: "ExchangeTable", place: Place[V]) -> V:
    return _read(place, (exchange.get(place.item_id) or {}).get(place.field, {}))


def _read(place: Place[V], item: Json) -> V:
    return place.kind.from_item({field: value for field, value in item.items() if field != "id"})


def _version_id(place: Place[V], version: int) -> str:
    return verdict_keys.rules_version(place.item_id, place.field, version)


def _refuse(problems: Iterable[Problem]) -> None:
    refused: list[Json] = [
        {"row": problem.row, "code": problem.code, "message": message(problem.code), "allowed": problem.allowed}
        for problem in problems
    ]
    if refused:
        raise BadRequest(ErrorCode(refused[0]["code"]), problems=refused)
