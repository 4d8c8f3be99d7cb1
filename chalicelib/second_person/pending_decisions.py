"""Acts that wait for a second person of their organisation: held, approved or refused, and over after seven days.

An act is held as it was asked for; once it is approved it is done in the name of the person who asked. What was
approved and not done, because the worker died, may be approved again after some minutes.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.accounts.api_keys import Caller
from chalicelib.errors import Conflict, Forbidden, NotFound
from chalicelib.messages import ErrorCode
from chalicelib.people import people
from chalicelib.people.duties import Duty
from chalicelib.second_person.pending_decision import PendingDecision, State
from chalicelib.second_person.rules.second_person_rule import Mode, SecondPersonRule, may_approve, waits
from chalicelib.storage.item_keys.people import decision_keys
from chalicelib.values.masking import mask_personal
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.numbered_log import NumberedLog

WAITS: Final = timedelta(days=7)
TAKEN_AGAIN: Final = timedelta(minutes=5)
MOST_LISTED: Final = 100
IDENT: Final = re.compile(r"([a-z][a-z0-9-]{1,39})\.(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Context:
    """What pending decisions are kept in: the exchange table, and the log of each organisation."""

    exchange: "ExchangeTable"
    logs: "Callable[[str], NumberedLog]"

    def log(self, organisation: str) -> "NumberedLog":
        """The log of the decisions of an organisation."""
        return self.logs(decision_keys.decision_log_name(organisation))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to do: an operation that takes a duty, with its path and its body."""

    operation: str
    duty: str
    path: Mapping[str, str]
    body: Mapping[str, object]


def read_rule(exchange: "ExchangeTable") -> SecondPersonRule:
    """The regulator's switch as it is set, or as it is until one sets it."""
    item = exchange.get(decision_keys.SECOND_PERSON_RULE)
    return SecondPersonRule.from_item(item) if item else SecondPersonRule()


def set_rule(exchange: "ExchangeTable", mode: str, organisations: Mapping[str, str], by: str, now: datetime) -> Json:
    """Set the mode of all organisations, and those of some; the rule before and after."""
    before = read_rule(exchange)
    rule = SecondPersonRule(
        id=decision_keys.SECOND_PERSON_RULE, mode=mode, organisations=organisations, set_at=iso(now), set_by=by
    )
    exchange.put(rule.to_item())
    return {"before": before.view(), "after": rule.view()}


def hold(context: Context, caller: Caller, wanted: Wanted, now: datetime) -> PendingDecision | None:
    """The decision for which the act waits; None where it needs no second person. `Forbidden` for a person without its
    duty.

    One read for a key; for a person the organisation's people as well.
    """
    mode = read_rule(context.exchange).mode_of(caller.platform_id)
    others = _others(context, caller, Duty(wanted.duty)) if caller.person_id and mode != Mode.OFF else 0
    if not waits(mode, bool(caller.person_id), others):
        return None
    decision = PendingDecision(
        organisation=caller.platform_id,
        role=caller.role,
        person_id=caller.person_id,
        key_id="" if caller.person_id else caller.key_id,
        operation=wanted.operation,
        duty=wanted.duty,
        path=wanted.path,
        body=json.dumps({name: _masked(value) for name, value in wanted.body.items()}, ensure_ascii=False),
        asked_at=iso(now),
        ends_at=iso(now + WAITS),
        expires_at=int((now + decision_keys.DECISION_KEPT).timestamp()),
    )
    return PendingDecision.from_item(context.log(caller.platform_id).add(decision.to_item()))


def list_decisions(context: Context, organisation: str, before: int, limit: int) -> list[PendingDecision]:
    """The decisions of an organisation, newest first: those before a number, from the newest on where it is 0."""
    log = context.log(organisation)
    last = before - 1 if before else log.end()
    first = max(0, last - min(limit, MOST_LISTED))
    return [PendingDecision.from_item(item) for item in reversed(log.read(first, last - first))] if last > first else []


def get(context: Context, caller: Caller, ident: str) -> PendingDecision:
    """A decision of the caller's organisation; `NotFound` for any other."""
    parts = IDENT.fullmatch(ident)
    item = context.log(parts[1]).at(int(parts[2])) if parts and parts[1] == caller.platform_id else None
    if item is None:
        raise NotFound(ErrorCode.NOT_FOUND, decision_id=ident)
    return PendingDecision.from_item(item)


def take(context: Context, caller: Caller, ident: str, now: datetime) -> PendingDecision:
    """Approve a decision, which the caller then has done; of two at the same moment one.

    `Forbidden` for the one who asked, a person without the duty, and a key where keys do not act by themselves;
    `Conflict` when it was decided already, is over, or was asked for by somebody who may not ask any more.
    """
    decision = _decidable(context, caller, ident, now)
    asked_by = people.find(context.exchange, decision.person_id) if decision.person_id else None
    if decision.person_id and (asked_by is None or not asked_by.is_active or decision.duty not in asked_by.duties):
        raise Conflict(ErrorCode.DECISION_OVER, state="asked_by_former_person")
    return _set(context, decision, State.TAKEN, caller.signature, now)


def refuse(context: Context, caller: Caller, ident: str, why: str, now: datetime) -> PendingDecision:
    """Refuse a decision; nothing is done. The one who asked may take it back so as well."""
    decision = get(context, caller, ident)
    if not _is_by(caller, decision):
        decision = _decidable(context, caller, ident, now)
    elif decision.state_at(now) != State.PENDING:
        raise Conflict(ErrorCode.DECISION_OVER, state=decision.state_at(now))
    return _set(context, decision, State.REFUSED, caller.signature, now, mask_personal(why)[0])


def end(context: Context, taken: PendingDecision, error: str = "") -> PendingDecision:
    """Keep that what was approved is done, or with which error it was not."""
    ended = taken.replace(state=str(State.FAILED if error else State.DONE), error=error)
    context.log(taken.organisation).set_fields(taken.number, ended.changes_since(taken))
    return ended


def _decidable(context: Context, caller: Caller, ident: str, now: datetime) -> PendingDecision:
    decision = get(context, caller, ident)
    mode = read_rule(context.exchange).mode_of(decision.organisation)
    if not may_approve(mode, bool(caller.person_id), _is_by(caller, decision)):
        raise Forbidden(ErrorCode.SECOND_PERSON_NEEDED)
    person = people.find(context.exchange, caller.person_id) if caller.person_id else None
    if person is not None and decision.duty not in person.duties:
        raise Forbidden(ErrorCode.WRONG_DUTY, needed=[decision.duty])
    state = decision.state_at(now)
    was_cut_off = state == State.TAKEN and decision.decided_at <= iso(now - TAKEN_AGAIN)
    if state != State.PENDING and not was_cut_off:
        raise Conflict(ErrorCode.DECISION_OVER, state=state)
    return decision


def _is_by(caller: Caller, decision: PendingDecision) -> bool:
    """Whether the caller is the one who asked: the same person, or the same key."""
    if decision.person_id or caller.person_id:
        return caller.person_id == decision.person_id
    return caller.key_id == decision.key_id


def _set(
    context: Context, decision: PendingDecision, state: State, by: str, now: datetime, why: str = ""
) -> PendingDecision:
    changed = decision.replace(state=str(state), decided_by=by, decided_at=iso(now), why=why)
    was = {"state": decision.state, "decided_by": decision.decided_by}
    if not context.log(decision.organisation).set_fields(decision.number, changed.changes_since(decision), was):
        raise Conflict(ErrorCode.DECISION_OVER, state="decided_meanwhile")
    return changed


def _others(context: Context, caller: Caller, duty: Duty) -> int:
    """How many other people of the organisation have the duty; `Forbidden` where the person who asks has it not."""
    listed = people.list_people(context.exchange, caller.platform_id)
    with_duty = {person.person_id for person in listed if person.is_active and duty in person.duties}
    if caller.person_id not in with_duty:
        raise Forbidden(ErrorCode.WRONG_DUTY, needed=[duty])
    return len(with_duty) - 1


def _masked(value: object) -> object:
    if isinstance(value, str):
        return mask_personal(value)[0]
    if isinstance(value, list):
        return [_masked(member) for member in value]
    return value
