"""What is kept of a lookup to recognise probing: by which id it asked, and what it looked like; no personal value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.lookups.rules import second_field
from chalicelib.lookups.rules.applicant import USED, Applicant
from chalicelib.values.organisation_codes import is_unverified_uscc, is_valid_org_code

NUMBERS: Final = frozenset({*second_field.PERSONAL, "phone"})
NAMES: Final = frozenset(second_field.NAMES)
HIT, PERSONAL, ODD, CHECK = "h", "p", "o", "c"
_SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class Asked:
    """One lookup: the id that it asked by ('' for none), whether it hit, and what it looked like.

    `personal`: it asked by a number of a natural person, with no more than the one name that a lookup needs beside it.
    `odd_code`: its credit code holds an organisation code that fails its check. `check`: it was an onboarding check.
    """

    asked_id: str
    hit: bool = False
    personal: bool = False
    odd_code: bool = False
    check: bool = False

    def entry(self) -> str:
        """The lookup as it stands in a sample."""
        flags = HIT * self.hit + PERSONAL * self.personal + ODD * self.odd_code + CHECK * self.check
        return f"{self.asked_id}{_SEPARATOR}{flags}"


def asked_of(applicant: Applicant, hit: bool, check: bool = False) -> Asked:
    """What a lookup of that applicant looks like."""
    return Asked(
        asked_id=applicant.asked_id,
        hit=hit,
        personal=_is_personal(applicant.asked),
        odd_code=is_odd(applicant.code),
        check=check,
    )


def from_entry(entry: str) -> Asked:
    """The lookup that an entry of a sample stands for."""
    asked_id, _, flags = entry.rpartition(_SEPARATOR)
    return Asked(asked_id, hit=HIT in flags, personal=PERSONAL in flags, odd_code=ODD in flags, check=CHECK in flags)


def asked_by_code(code: str, hit: bool) -> Asked:
    """What asking for a merchant by its code alone looks like."""
    prefix = "unverified" if is_unverified_uscc(code) else "uscc"
    return Asked(f"{prefix}:{code}", hit=hit, odd_code=is_odd(code))


def is_odd(code: str) -> bool:
    """Whether no register can have issued the code: characters 9 to 17 are an organisation code with its own check
    (GB 32100, GB 11714), which those who make codes up forget."""
    return bool(code) and not is_valid_org_code(code[8:17])


def counts(lookups: Iterable[Asked]) -> dict[str, int]:
    """What is counted of the lookups of one request."""
    asked = list(lookups)
    return {
        "requests": 1,
        "hits": sum(each.hit for each in asked),
        "personal": sum(each.personal for each in asked),
        "odd_codes": sum(each.odd_code for each in asked),
    }


def _is_personal(asked: Mapping[str, str]) -> bool:
    used = {field for field, state in asked.items() if state == USED}
    return bool(used & NUMBERS) and used <= NUMBERS | NAMES and len(used & NAMES) <= 1
