"""A worker that dies right after one of its writes, or that another worker overtakes right before one of its writes.

Both hook into the clients of the wiring, so the code under test is the code that runs. No test sleeps or races threads:
the second worker runs whole, in the middle of a call of the first.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.world import World

SERVICES = ("dynamodb", "s3", "sqs", "sns", "secretsmanager")
READS = ("Get", "BatchGet", "Query", "Scan", "List", "Head", "Describe", "Receive")
# The queue itself forgets a message, once the work is done.
OF_THE_QUEUE = {"DeleteMessage", "DeleteMessageBatch"}
# When something happened may differ from run to run; what happened may not.
TIMES = {
    "at",
    "updated_at",
    "told_at",
    "pushed_at",
    "as_of",
    "done_at",
    "received_at",
    "reported_at",
    "opened_at",
    "changed_at",
    "first_reported_at",
    "due_at",
    "asked_by:beta",
    "received_by:beta",
    "expires_at",
    # The store names the versions of its objects at random.
    "object_version",
}


# How the keys of the audit log stand in the body of a request.
AUDIT_KEYS = (b'{"S": "audit', b'{"S": "head#audit')


class Killed(Exception):
    """The function died here."""


class ProcessKilled(BaseException):
    """The process died here; nothing catches that."""


@dataclass(slots=True)
class SecondWorker:
    """How often the second worker ran: at most once."""

    runs: int = 0


@contextmanager
def killed_after(world: World, writes: int) -> Iterator[list[str]]:
    """Die right after the n-th write to anything, which itself took effect; 0: never. Yields what was written."""
    done: list[str] = []

    def count(model: Any, **_: Any) -> None:
        if is_write(model.name):
            done.append(model.name)
            if len(done) == writes:
                raise Killed(model.name)

    with _hooked(world, "after-call", count):
        yield done


@contextmanager
def process_killed_after(world: World, writes: int, with_audit_log: bool = False) -> Iterator[list[str]]:
    """Kill the process right after the n-th write, which itself took effect; 0: never. Yields what was written.

    No call that the process makes while it unwinds, to give back a lease for example, reaches anything. Writes of the
    audit log count `with_audit_log`: they are the same around every act, and one test kills after each of them.
    """
    done: list[str] = []

    def refuse(model: Any, params: Any = None, context: Any = None, **_: Any) -> None:
        if context is not None and params is not None:
            # Requests to the store are bytes; those of other services may be text or forms, and hold no log.
            body = params.get("body")
            context["is_of_audit"] = isinstance(body, bytes) and any(key in body for key in AUDIT_KEYS)
        if 0 < writes <= len(done):
            raise ProcessKilled(model.name)

    def count(model: Any, context: Any = None, **_: Any) -> None:
        if is_write(model.name) and (with_audit_log or not (context or {}).get("is_of_audit")):
            done.append(model.name)
            refuse(model)

    with _hooked(world, "before-call", refuse), _hooked(world, "after-call", count), suppress(ProcessKilled):
        yield done


@contextmanager
def overtaken_before(
    world: World, act: Callable[[], object], is_the_write: Callable[[str, Mapping[str, Any]], bool]
) -> Iterator[SecondWorker]:
    """Let a second worker run whole right before the first write for which `is_the_write` holds.

    `is_the_write` gets the operation and its parameters as the client was given them. Fails if there was no such write.
    """
    second = SecondWorker()

    def interpose(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if not second.runs and is_write(model.name) and is_the_write(model.name, params):
            second.runs = 1
            act()

    with _hooked(world, "provide-client-params", interpose):
        yield second
    assert second.runs == 1, "the first worker made no such write"


def writes_to(item_id: str, *fields: str, by: str = "Item") -> Callable[[str, Mapping[str, Any]], bool]:
    """Whether a write is one to the item of that id, names these fields, and is of the kind `by` (`PutItem`...)."""

    def is_the_write(operation: str, params: Mapping[str, Any]) -> bool:
        if by not in operation:
            return False
        key = params.get("Key") or params.get("Item") or {}
        names = {*dict(params.get("ExpressionAttributeNames", {})).values(), *dict(params.get("Item", {}))}
        return {"S": item_id} in dict(key).values() and set(fields) <= names

    return is_the_write


def is_write(operation: str) -> bool:
    """Whether an operation of AWS changes anything of ours."""
    return not operation.startswith(READS) and operation not in OF_THE_QUEUE


def timeless(value: Any) -> Any:
    """The value without moments."""
    if isinstance(value, dict):
        return {key: timeless(element) for key, element in value.items() if key not in TIMES}
    if isinstance(value, list):
        return [timeless(entry) for entry in value]
    return value


@contextmanager
def _hooked(world: World, event: str, hook: Callable[..., None]) -> Iterator[None]:
    emitters = {name: world.clients[name].meta.events for name in SERVICES}
    for name, emitter in emitters.items():
        emitter.register(f"{event}.{name}", hook, unique_id=f"{event} {id(hook)}")
    try:
        yield
    finally:
        for name, emitter in emitters.items():
            emitter.unregister(f"{event}.{name}", unique_id=f"{event} {id(hook)}")
