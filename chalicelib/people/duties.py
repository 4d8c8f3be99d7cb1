"""Duties: what a person may do in the name of its organisation; the role of the organisation bounds each of them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Duty(StrEnum):
    """A duty of a person, such as to report in the name of its platform."""

    READ = "read"
    REPORT = "report"
    DECIDE = "decide"
    ADMINISTER = "administer"
    AUDIT = "audit"


# What each duty is called, in zh and en.
NAMES: Final[Mapping[Duty, tuple[str, str]]] = {
    Duty.READ: ("查询", "look up and read"),
    Duty.REPORT: ("报送与处理", "report and answer tasks"),
    Duty.DECIDE: ("决定", "decide"),
    Duty.ADMINISTER: ("管理人员与密钥", "administer people and keys"),
    Duty.AUDIT: ("审计", "audit"),
}


def duties_named(names: Iterable[str]) -> frozenset[Duty]:
    """The duties of these names; a name that a later version has stored is left out, so that it permits nothing."""
    return frozenset(Duty(name) for name in names if name in set(Duty))
