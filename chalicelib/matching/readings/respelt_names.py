"""A name whose parts stand in an unusual order, or in two scripts: the text in the usual order, in Chinese.

>>> respelt("沐岚进出口有限公司宁波")
['宁波沐岚进出口有限公司']
>>> respelt("4平市澜庭越电子商务有限公司")
['四平市澜庭越电子商务有限公司']
>>> respelt("Shenzhen 澜庭越电子商务 Co.,Ltd")
['深圳澜庭越电子商务', '澜庭越电子商务']
"""

import re
from collections.abc import Iterator

from chalicelib.matching import find_region, trade_words
from chalicelib.matching.character_variants import numerals, plain
from chalicelib.matching.readings.misread_places import corrected

_LATIN_HEAD = re.compile(r"^([a-z]{2,40})(?:\([^()]{1,20}\))?(?=[\u3400-\u9fff])")
_LATIN_FORM = re.compile(r"(?:company|corporation|coltd|colimited|limited|ltd|inc|co|llc)$")
_BRANCHES = re.compile(r"(?:公司|店|厂|部|行|所|站|处|社|场|队|中心|院|馆|库|矿|段|局|分会|连锁|药房|超市)$")
_PARENTS = ("有限责任公司", "股份有限公司", "有限公司", "公司")


def respelt(raw: str) -> list[str]:
    """Other texts that a name may be meant for, the likeliest first; none of nearly every name."""
    text = plain(raw)
    bare = text.replace("(", "").replace(")", "")
    texts = [*_numbered_place(bare), *_form_inside(bare), *_two_scripts(text)]
    if not texts and not bare.isascii():
        texts = corrected(bare)
    return list(dict.fromkeys(texts))[:3]


def _numbered_place(text: str) -> Iterator[str]:
    """The name with the digits of its place as the place is called: 四平 for 4平."""
    said = numerals(text)
    if said != text and find_region.place_length(said) > find_region.place_length(text):
        yield said


def _form_inside(text: str) -> Iterator[str]:
    """The name with what stands behind its form put first: a place, or place and brand behind a trade and the form."""
    for form in _PARENTS:
        head, end, tail = text.partition(form)
        if not end or len(head) < 2 or not 2 <= len(tail) <= 10:
            continue
        at = find_region.place_length(tail)
        has_brand = at and 2 <= len(tail) - at <= 5 and not _BRANCHES.search(tail)
        if at == len(tail) or (has_brand and trade_words.brand_length(head) == 0):
            yield tail + head + form
        return


def _two_scripts(text: str) -> Iterator[str]:
    """A Chinese name behind its brand or its place in Latin letters, and before a form in English."""
    match = _LATIN_HEAD.match(text)
    if not match:
        return
    rest = text[match.end() :].replace("(", "").replace(")", "")
    form = _LATIN_FORM.search(rest)
    rest = rest[: form.start()] if form else rest
    if rest.isascii() or len(rest) < 4:
        return
    from chalicelib.matching.readings import latin_places

    for place in latin_places.read(match[1] + "xx", frozenset((len(match[1]),)))[:1]:
        if place.end == len(match[1]):
            yield place.divisions[-1].stem + rest
    yield rest
