"""The other ways to read an asked name beside a listed one: a place as brand, a town left out, a short name."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.matching.compare_names import Likeness
from chalicelib.matching.compare_regions import Relation, of_regions
from chalicelib.matching.legal_forms import CLASSES, JOINT_STOCK, PLACES_OF_BUSINESS
from chalicelib.matching.parse_name import Name, branded, unplaced
from chalicelib.matching.trade_words import begins, brand_length

_LONGEST_SHORT = 6  # characters of a short name


def short_likeness(asked: Name, listed: Name, region: Relation) -> Likeness | None:
    """How a short name relates to a joint-stock company that may be called so; None of any other name."""
    if len(asked.key) > _LONGEST_SHORT or listed.form not in JOINT_STOCK:
        return None
    from chalicelib.matching.readings.short_names import of_short

    return of_short(asked, listed, region)


def variants(asked: Name, listed: Name, region: Relation) -> Iterator[tuple[Name, Relation]]:
    """The other ways to read the asked name: a place as brand, 旅行社 as trade and not as form."""
    if asked.unread and any(x == y for x, y in zip(asked.unread, listed.body, strict=False)):
        yield unplaced(asked), ("unknown", 0.0)
    if asked.brand != listed.brand and (variant := _split_alike(asked, listed)):
        yield variant, region
    if listed.town or asked.town:
        yield from _with_town(asked, listed, region)
    if not asked.brand and asked.places and listed.brand:
        variant = branded(asked)
        yield variant, of_regions(variant, listed)
    if asked.form != listed.form and CLASSES.get(asked.form) in PLACES_OF_BUSINESS:
        yield replace(asked, trade=asked.trade + asked.form, body=asked.body + asked.form, form=""), region


def _split_alike(asked: Name, listed: Name) -> Name | None:
    """The asked name split where the listed one is, if that leaves a trade or nothing: 山地|测绘 for 山地测绘.

    What a joint-stock company has behind the brand need be no word of trades: they are few.
    """
    brand = listed.brand
    if len(brand) < 2 or not asked.body.startswith(brand):
        return None
    rest = asked.body[len(brand) :]
    if rest and not begins(rest) and not listed.trade.startswith(rest) and asked.form not in JOINT_STOCK:
        return None
    return replace(asked, brand=brand, trade=rest)


def _with_town(asked: Name, listed: Name, region: Relation) -> Iterator[tuple[Name, Relation]]:
    """The asked name with its town as the listed one has it, where one of the two writes it short or not at all."""
    town = listed.town
    if not asked.town and town:
        stem = town[:-1] if town[-1] in "镇乡村" else town
        cuts = [town, stem, *(town[n + 1 :] for n in range(1, len(town) - 1) if town[n] in "镇乡")]
        for head in cuts:
            if asked.body.startswith(head) and len(asked.body) > len(head) + 1:
                yield _behind(asked, head), (region[0], region[1] + 2.0)
    elif asked.town and not town:
        stem = asked.town[:-1] if asked.town[-1] in "镇乡村" else asked.town
        if listed.body.startswith(stem):
            body = stem + asked.body
            length = len(stem) + len(asked.brand)
            yield replace(asked, body=body, brand=body[:length], trade=body[length:], town=""), region


def _behind(name: Name, head: str) -> Name:
    """The name without the town at the head of its brand."""
    body = name.body[len(head) :]
    length = brand_length(body)
    return replace(name, body=body, brand=body[:length], trade=body[length:])
