"""Whether an act waits for a second person of its organisation (four eyes, 双人复核)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.accounts.roles import organisation_of
from chalicelib.values.records import Json, Record, stored


class Mode(StrEnum):
    """For whom acts wait: nobody's, those of people where there are two with the duty, or those of keys as well."""

    OFF = "off"
    PEOPLE = "people"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPersonRule(Record):
    """The regulator's switch: the mode of all organisations, and that of those for which another one was set."""

    id: str = stored("")
    mode: str = stored(str(Mode.PEOPLE), always=True)
    organisations: Mapping[str, str] = stored(factory=dict, always=True)
    set_at: str = stored("")
    set_by: str = stored("")

    def mode_of(self, organisation: str) -> Mode:
        """The mode that holds for an organisation."""
        return Mode(self.organisations.get(organisation, self.mode))

    def view(self) -> Json:
        """The rule as the API shows it to everybody: by which organisation it was set, not by whom of it."""
        fields: Json = {"mode": self.mode, "organisations": dict(self.organisations)}
        return fields | ({"set_at": self.set_at, "set_by": organisation_of(self.set_by)} if self.set_at else {})


def waits(mode: Mode, is_person: bool, others: int) -> bool:
    """Whether an act waits, where so many other people of the organisation could be the second.

    A person's act waits where there is a second person, so that an organisation of one can work. A key's act waits in
    mode `all` alone, and there always: whoever set that mode wants no machine to act by itself.
    """
    if mode == Mode.OFF:
        return False
    return others > 0 if is_person else mode == Mode.ALL


def may_approve(mode: Mode, is_person: bool, is_same: bool) -> bool:
    """Whether a caller of the organisation may be the second: another person, and a key where keys act by themselves.

    A key could do the same act at once in the other modes, so that its approval takes nothing away.
    """
    return not is_same and (is_person or mode != Mode.ALL)
