"""Codes in sequence: codes of one register that lie next to each other, as applicants for shops hardly ever do.

A credit code is a division and a number that its register counts up (GB 32100: characters 9 to 16; the rest are
checks). Merchants of one market that join together were registered over years, so that few are neighbours; whoever
tries codes one after the other asks for nothing but neighbours, in whatever order and over however many days.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from chalicelib.values.organisation_codes import ALPHABET

# Neighbours are at most so many numbers apart where every lookup is looked at; more where a part is.
NEAR: Final = 3
MOST_APART: Final = 8
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}


def place_of(asked_id: str) -> tuple[str, int] | None:
    """The register that an id belongs to and its number there; None for what is no code of a register."""
    kind, _, code = asked_id.partition(":")
    if kind in ("uscc", "unverified"):
        return code[:8], _number(code[8:16])
    if kind == "reg" and code.isascii() and code.isdigit():
        return f"reg:{code[:6]}", int(code[6:14])
    return ("org", _number(code[:8])) if kind == "org" else None


def in_sequence(asked_ids: Iterable[str], share_seen: float) -> frozenset[str]:
    """Those of the codes that were asked for in some days that have a neighbour among them.

    `share_seen` is which part of all requests was sampled.
    """
    apart = min(math.ceil(NEAR / max(share_seen, 0.01)), MOST_APART)
    return frozenset(asked_id for ids in _by_register(asked_ids) for asked_id in _neighbours(ids, apart))


def _by_register(asked_ids: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    """The numbers of each register in order, each with its code; a code that was asked for twice stands there once."""
    registers: dict[str, list[tuple[int, str]]] = {}
    for asked_id in set(asked_ids):
        if place := place_of(asked_id):
            registers.setdefault(place[0], []).append((place[1], asked_id))
    for numbers in registers.values():
        yield sorted(numbers)


def _neighbours(numbers: list[tuple[int, str]], apart: int) -> Iterator[str]:
    for (number, asked_id), (following, other) in pairwise(numbers):
        if following - number <= apart:
            yield from (asked_id, other)


def _number(body: str) -> int:
    number = 0
    for character in body:
        number = number * len(ALPHABET) + _VALUES.get(character, 0)
    return number
