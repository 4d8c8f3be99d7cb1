"""An entry in the log of corroborations: since when platforms and government agree or disagree about a subject."""

from dataclasses import dataclass
from typing import Final

from chalicelib.registry.rules import subject as subjects
from chalicelib.values.records import Json, Record, stored

SHOWN: Final = ("state", "was", "subject", "corroboration", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorroborationEntry(Record):
    """A change of state: what it `was`, the finding and its view, the subject's view, and the platforms that reported.

    `number` is given by the log; `told_at` is set once every recipient was notified. `before` is the number of the
    entry that was the subject's current one, 0 for none; None in entries of earlier versions.
    """

    entry_id: str = stored()
    state: str = stored()
    finding: str = stored()
    was: str = stored()
    at: str = stored()
    subject: Json = stored()
    corroboration: Json = stored()
    platforms: tuple[str, ...] = stored(many="values")
    number: int = stored(0)
    before: int | None = stored(None)
    told_at: str = stored("")

    @property
    def subject_id(self) -> str:
        """The id of the subject that it is about."""
        return str(self.subject["subject_id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentCorroboration(Record):
    """Which entry of the log is current for a subject, and its finding."""

    number: int = stored()
    finding: str = stored()


def view(entry: CorroborationEntry, platforms: list[str]) -> Json:
    """The entry as a caller may see it, who may know of these platforms."""
    visible = {field: getattr(entry, field) for field in SHOWN}
    return {"number": entry.number, **visible, "subject": subjects.shown(entry.subject), "platforms": platforms}
