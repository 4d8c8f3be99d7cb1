"""Keys of lookups, of what people decided on their matches, and of which platforms a merchant concerns."""

import hashlib
import re
from datetime import date, timedelta
from typing import Final

# How long an item is kept after its moment; what the moment is, its kind says.
LOOKUP_KEPT: Final = timedelta(days=360)
ONBOARDING_RECEIPT_KEPT: Final = timedelta(days=3 * 365 + 1)
RECENT_LOOKUP_KEPT: Final = timedelta(days=360)
INQUIRY_KEPT: Final = timedelta(days=360)
BATCHES_KEPT: Final = timedelta(days=1)
# Ids of lookups count days from here.
_FIRST_DAY: Final = date(2020, 1, 1).toordinal()
_NUMBER_DIGITS: Final = 8
_EPOCHS: Final = 256
LOOKUPS_IN_A_BLOCK: Final = 6
_NUMBERED_ID: Final = re.compile("k_[0-9a-f]{24}")


def lookup(lookup_id: str) -> str:
    """A lookup that has an item of its own, or the receipt of an onboarding check (its id begins with `o_`)."""
    return f"lookup#{lookup_id}"


def lookup_block(first_id: str) -> str:
    """Six lookups of one caller and day that follow one another, under the id of the first."""
    return f"lookups#{first_id}"


def lookup_id_of(platform_id: str, day: str, number: int, epoch: int = 0) -> str:
    """The id of a caller's so-manieth lookup of a day, from 1: the day, a digest of the caller, the epoch, the number.

    A restore takes the numbers of a day back, and begins an epoch: no id is given out twice.
    """
    since = date.fromisoformat(day).toordinal() - _FIRST_DAY
    caller = hashlib.sha256(platform_id.encode()).hexdigest()[:10]
    return f"k_{since:04x}{caller}{epoch % _EPOCHS:02x}{number:0{_NUMBER_DIGITS}x}"


def is_numbered(lookup_id: str) -> bool:
    """Whether an id has the form of those that `lookup_id_of` makes."""
    return _NUMBERED_ID.fullmatch(lookup_id) is not None


def day_of_lookup(lookup_id: str) -> str:
    """The day (YYYY-MM-DD in China) in an id that `lookup_id_of` made; of any other id it says nothing."""
    return date.fromordinal(_FIRST_DAY + int(lookup_id[2:6], 16)).isoformat()


def place_of_lookup(lookup_id: str) -> tuple[str, str]:
    """The key of the block in which a lookup lies, by its id, and the attribute there."""
    before, number = lookup_id[:-_NUMBER_DIGITS], int(lookup_id[-_NUMBER_DIGITS:], 16)
    block, place = divmod(number - 1, LOOKUPS_IN_A_BLOCK)
    first = block * LOOKUPS_IN_A_BLOCK + 1
    return lookup_block(f"{before}{first:0{_NUMBER_DIGITS}x}"), str(place)


def onboarding_receipt(receipt: str) -> str:
    """The receipt of an onboarding check; it is kept among the lookups, so that its matches can be decided on."""
    return lookup(receipt)


def recent_lookup_count(platform_id: str) -> str:
    """How many of a platform's lookups found something."""
    return f"lately#{platform_id}"


def recent_lookup(platform_id: str, place: int) -> str:
    """One of the places (0 to 199) in which a platform's latest lookups that found something are kept."""
    return f"lately#{platform_id}#{place}"


def match_decisions(platform_id: str, asked_id: str) -> str:
    """The subjects that a platform distinguished from one applicant."""
    return f"decided#{platform_id}#{asked_id}"


def more_match_decisions(platform_id: str, asked_id: str, part: int) -> str:
    """Further subjects that a platform distinguished from one applicant."""
    return f"decided#{platform_id}#{asked_id}#{part:02x}"


def match_decisions_on(subject_id: str) -> str:
    """The applicants that any platform distinguished from one subject."""
    return f"apart#{subject_id}"


def more_match_decisions_on(subject_id: str, part: int) -> str:
    """Further applicants that any platform distinguished from one subject."""
    return f"apart#{subject_id}#{part:02x}"


def inquiry_index(subject_id: str) -> str:
    """Which platforms asked for a subject, or were given its listings."""
    return f"asked#{subject_id}"


def roster_index(subject_id: str) -> str:
    """Which platforms have a merchant with that identifier or name on their rosters."""
    return f"known#{subject_id}"


def batches(person_id: str) -> str:
    """The batches that a person looked up within a day."""
    return f"batches#{person_id}"
