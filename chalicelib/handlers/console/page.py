"""A row of the console's table of pages."""

from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty

EVERYONE: Final = (Role.PLATFORM, Role.REGULATOR, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Page:
    """One page or form: where it is, which view draws it, and who may see or send it.

    `roles`: the kinds of organisation whose people may; `duties`: of these a person needs one, () for none.
    `operation`: what a form does, as the API names it, under which the audit log has it; '' where it changes nothing,
    or where its view does it by `routing.perform`, which writes the log itself.
    `takes_file`: its form brings a file, or more than an address-like form holds.
    """

    method: str
    path: str
    view: str
    roles: tuple[Role, ...] = EVERYONE
    duties: tuple[Duty, ...] = (Duty.READ,)
    operation: str = ""
    takes_file: bool = False
