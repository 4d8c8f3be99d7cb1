"""Short names, as exchanges have them of joint-stock companies: 先锋精科 for 江苏先锋精密科技股份有限公司.

They are the brand or its beginning, and often single characters of the words of the trade, in their order. Only
joint-stock companies are called so: they are few.
"""

from chalicelib.matching import trade_words
from chalicelib.matching.compare_names import Likeness, joined, of_forms
from chalicelib.matching.compare_regions import Relation
from chalicelib.matching.edits.brand_edits import worth
from chalicelib.matching.parse_name import Name

_PER_CHARACTER = 3.0  # bits of a character of the trade that is said


def of_short(asked: Name, listed: Name, where: Relation) -> Likeness | None:
    """What the features see of a short name; None where it is none of the listed one."""
    if asked.form not in ("", "股份") or asked.kind == "shop" or asked.key.isascii():
        return None
    text, body = asked.key.removesuffix("股份"), listed.body
    kept = next((n for n in range(min(len(text), len(body)), 1, -1) if text[:n] == body[:n]), 0)
    if kept < min(2, len(listed.brand)) or not _in_order(text[kept:], body[kept:]):
        return None
    brand = min(kept, len(listed.brand)) or kept
    said = len(text) - brand
    trades: Relation = ("missing", 0.0)
    if said:
        trades = "contained", min(_PER_CHARACTER * said, float(trade_words.bits(body[brand:])))
    region = where if where[0] in ("same", "script") else ("unknown", 0.0)
    return joined((), ("same", worth(body, (), brand)), trades, region, of_forms(asked, listed))


def _in_order(characters: str, body: str) -> bool:
    """The characters stand in the text in that order."""
    rest = iter(body)
    return all(char in rest for char in characters)
