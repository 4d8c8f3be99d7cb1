"""Personal values are shown masked: a name by its first character, numbers by their ends."""

import re

from chalicelib.values.personal_identifiers import _MANY_DIGITS, _PERSONAL, _PLAIN, _masked


def shown_name(name: str) -> str:
    """The name of a person as others may see it: the first character and a star."""
    return f"{name[0]}*" if name else ""


def mask_personal(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with resident IDs, bank cards and phones masked, and which of these it held.

    A number of the right shape is masked even if its check fails: a mistyped resident ID still identifies its holder.
    Credit codes and registration numbers stay.
    """
    if _MANY_DIGITS.search(text) is None:
        return text, ()
    kinds: list[str] = []
    plain = text.translate(_PLAIN)
    for kind, pattern, keep in _PERSONAL:
        pieces: list[str] = []
        end = 0
        for match in pattern.finditer(plain):
            number = re.sub("[^0-9Xx]", "", match.group(match.lastindex or 0))
            if not keep(number):
                kinds.append(kind)
                start = match.start(match.lastindex or 0)
                pieces += (text[end:start], _masked(kind, number))
                end = match.end()
        if pieces:
            text = "".join([*pieces, text[end:]])
            plain = text.translate(_PLAIN)
    return text, tuple(dict.fromkeys(kinds))
