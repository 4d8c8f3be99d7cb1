"""How the regions of two names relate, and how much their agreement says."""

from chalicelib.matching import find_region
from chalicelib.matching.character_variants import is_traditional
from chalicelib.matching.edits.name_edits import letters
from chalicelib.matching.parse_name import Name

Relation = tuple[str, float]  # how two parts relate, and the bits of their agreement

_OTHER: Relation = ("other", 0.0)
_UNKNOWN: Relation = ("unknown", 0.0)
_BITS = {2: 4.5, 4: 8.0, 6: 10.0}  # of a province, a city, a county, by the digits of its code


def of_regions(asked: Name, listed: Name) -> Relation:
    """How the regions relate, and the bits of their agreement.

    same: the same division; narrower: one name says a district or town more; registrar: the listed name has no
    region, but its registrar lies there; within: one lies in the other, as 保定 in 河北; other: they contradict.
    """
    if not asked.codes:
        return _unplaced(asked, listed)
    if _towns_contradict(asked, listed):
        return _OTHER
    if not listed.codes:
        return _of_registrar(asked, listed.division)
    return _of_divisions(asked, listed)


def _unplaced(asked: Name, listed: Name) -> Relation:
    """What the lack of a place says: of a firm that was registered without one, and in traditional characters."""
    if listed.codes:
        is_national = "中国" in asked.key and "中国" not in asked.body + listed.key
        return ("within", 0.0) if is_national else _UNKNOWN
    if is_traditional(asked.raw) and is_traditional(listed.raw):
        return "script", 4.0
    is_whole = (asked.form or asked.spelling) and listed.form and asked.kind != "shop"
    return ("unplaced", 2.5) if is_whole else _UNKNOWN


def region_bits(name: Name) -> float:
    """How much a region says of a firm, as powers of two; the narrower, the more."""
    return _BITS.get(len(name.codes[0]), 8.0)


def _towns_contradict(asked: Name, listed: Name) -> bool:
    """Both names have a town, and the two differ in sound."""
    return bool(asked.town and listed.town) and letters(asked.town) != letters(listed.town)


def _of_registrar(asked: Name, division: str) -> Relation:
    """How the region of the asked name relates to the division of the registrar of a name without a region."""
    if not division:
        return _UNKNOWN
    inside = any(division.startswith(c[:4]) for c in asked.codes)
    return ("registrar", min(region_bits(asked), 7.0)) if inside else _OTHER


def _of_divisions(asked: Name, listed: Name) -> Relation:
    """How two regions relate that both names have."""
    shared = not set(asked.codes).isdisjoint(listed.codes)
    if not shared and not find_region.related(asked.codes, listed.codes):
        return _OTHER
    town = 4.0 if asked.town and asked.town == listed.town else 0.0
    if shared or _same_stem(asked, listed):
        return "same", region_bits(asked) + town
    if asked.places[-1] in listed.places[:-1] or listed.places[-1] in asked.places[:-1]:
        return "narrower", min(region_bits(asked), region_bits(listed)) + town
    return "within", 3.0


def _same_stem(asked: Name, listed: Name) -> bool:
    """The last divisions share a stem that one of the names writes short, for a short form names no level."""
    stem = asked.places[-1]
    return stem == listed.places[-1] and stem in (asked.place, listed.place)
