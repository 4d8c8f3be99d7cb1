"""A personal number alone is not looked up: whoever guesses numbers would learn which natural persons are listed.

Beside a document or a bank account stands how the applicant calls itself (its name, its shop's, its representative's)
or its code in a register. Every applicant for a shop has given that; who has only a number, or a list of numbers, has
not. A second number (a phone, an account, another document), an address or a link is none: numbers leak and are guessed
in pairs, and one address may be sent with each of them. A wrong name is no reason to hide a match: the number decides,
so that nobody gets past a listing by a misspelling.
"""

from collections.abc import Mapping
from typing import Final

PERSONAL: Final = ("resident_id", "id_no", "bank_account")
CODES: Final = ("uscc", "registration_no", "org_code")
NAMES: Final = ("name", "former_name", "legal_representative", "shop_name")
# Two letters or Han characters at least: no mark, no number, no resident ID of the older form with its X.
LEAST_LETTERS: Final = 2


def lacks_second_field(text: Mapping[str, str], used: Mapping[str, bool]) -> str:
    """The personal field that stands alone; '' where none is given or something stands beside it.

    `text` is what was given by field, `used` of which fields it can be searched.
    """
    personal = [field for field in PERSONAL if used.get(field)]
    if not personal or any(used.get(field) for field in CODES):
        return ""
    numbers = {_bare(text[field]) for field in personal}
    named = any(used.get(field) and _is_name(text[field], numbers) for field in NAMES)
    return "" if named else personal[0]


def _is_name(value: str, numbers: set[str]) -> bool:
    letters = sum(character.isalpha() for character in value)
    return letters >= LEAST_LETTERS and _bare(value) not in numbers


def _bare(value: str) -> str:
    return "".join(character for character in value.upper() if character.isalnum())
