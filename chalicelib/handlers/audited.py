"""An act around which the audit log is written: by a route that is declared so, or by a form of the console."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from chalice.app import Request as RawRequest

from chalicelib import errors, logs, wiring
from chalicelib.accounts.api_keys import Caller
from chalicelib.handlers.source_network import network_of

if TYPE_CHECKING:
    from chalicelib.audit.record_acts import Act, Changes

# Where the kind of an object is not the name of its id, and ids of what is a part of another object.
OBJECTS: Final[Mapping[str, str]] = {"name": "feed", "queue": "queue", "uscc": "merchant"}
PARTS: Final = ("evidence_id", "hold_id")


class Noted:
    """What a view notes of its act for the audit log: its object, and the fields that it changes.

    `object_name` is a kind and an id, such as `listing:l_…`. Values are kept masked, and those alone that name nobody.
    `is_refused`: nothing was done, although no error was raised, for a form is drawn again with what is wrong in it.
    """

    __slots__ = ("after", "before", "is_refused", "object_name")

    def __init__(self) -> None:
        self.object_name = ""
        self.is_refused = False
        self.before: Mapping[str, object] = {}
        self.after: Mapping[str, object] = {}

    def changes(self, before: Mapping[str, object], after: Mapping[str, object]) -> None:
        """Note which values fields had before, and which they have after."""
        self.before, self.after = before, after


@contextmanager
def audited(act: "Act", noted: Noted) -> Iterator[None]:
    """Write down that the act is begun, and at the end how it ended. Without the first nothing is done.

    The end is written as far as the store takes it: what was done is not undone by an outage after it.
    """
    from chalicelib.audit import record_acts
    from chalicelib.audit.rules.audit_entry import Outcome

    begun = record_acts.begin(wiring.numbered_log, act, wiring.now())

    def end(outcome: Outcome, error: str = "") -> None:
        try:
            record_acts.end(wiring.numbered_log, begun, outcome, _changes(noted), error)
        except Exception as failure:
            logs.failed("audit_end_not_written", entry=begun.id, outcome=str(outcome), kind=type(failure).__name__)

    try:
        yield
    except errors.LianfangError as error:
        end(Outcome.REFUSED, str(error.code))
        raise
    except Exception:
        end(Outcome.FAILED)
        raise
    end(Outcome.REFUSED if noted.is_refused else Outcome.DONE)


def act_of(
    raw: RawRequest, ident: str, caller: Caller, action: str, object_name: str, fields: Mapping[str, object]
) -> "Act":
    """The act that the request of that id asks for, of its fields those that may be kept.

    `action` is the operation as the API names it, also of a form of the console.
    """
    from chalicelib.audit.record_acts import Act

    network = network_of(raw)
    return Act(
        caller=caller,
        action=action,
        object_name=object_name,
        fields=fields,
        source=wiring.digest()("source", network)[:16] if network else "",
        request_id=ident,
    )


def object_of(path: Mapping[str, str], result: object = None) -> str:
    """The object of a route: what its path names last, else the first id that it answers; '' without either."""
    names = path or (result if isinstance(result, Mapping) else {})
    ids = [
        (name, value)
        for name, value in names.items()
        if name in OBJECTS or (name.endswith("_id") and name not in PARTS)
    ]
    if not path:
        ids = ids[:1]
    if not ids:
        return ""
    name, value = ids[-1]
    return f"{OBJECTS.get(name, name.removesuffix('_id'))}:{value}" if value and isinstance(value, str) else ""


def parts_of(path: Mapping[str, str]) -> dict[str, object]:
    """The ids of a path that name a part of its object, such as one file of a dispute's evidence."""
    return {name: value for name, value in path.items() if name in PARTS}


def _changes(noted: Noted) -> "Changes":
    from chalicelib.audit.record_acts import Changes

    return Changes(noted.object_name, noted.before, noted.after)
