"""What is declared of one kind of item: its key, fields, writer, life and size.

The key's template and pattern are read off the function that builds the key, so that a key is spelt in one place.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

SUBJECTS, KEYS, EXCHANGE = "subjects", "keys", "exchange"
# The attribute that is the key of each table.
KEY_ATTRIBUTE: Final[Mapping[str, str]] = {SUBJECTS: "subject_id", KEYS: "key", EXCHANGE: "id"}
# The attribute by which the store deletes items (seconds since 1970), some time after that moment.
EXPIRY: Final = "expires_at"
# The store refuses larger items.
MOST_ITEM_BYTES: Final = 400 * 1024
FIXED: Final = "fixed: a set number of short fields"
# What earlier versions have written and this one only reads.
PAST: Final = "bounded: nothing is added any more; read until the day has passed"
# What a short field takes up on average, its name included: 300 Chinese characters.
FIELD_BYTES: Final = 1_000
# What the parameters of key functions look like in a key; any other holds no `#`.
FORMS: Final[Mapping[str, str]] = {
    "number": r"\d{12,}",
    "version": r"\d{6,}",
    "day": r"\d{4}-\d{2}-\d{2}",
    "hour": r"\d{4}-\d{2}-\d{2}T\d{2}",
    "shard": "[0-9a-f]",
    "part": "[0-9a-f]{2,}",
    "window": r"\d+",
}
# What varying parts of the names of attributes look like; any other is any text.
FIELD_FORMS: Final[Mapping[str, str]] = {
    "subject_id": "(?:uscc|reg|org|person|permit|account|unverified|name):.+",
    "display_id": "d_.+",
    "date": r"\d{8}",
}
_PLACEHOLDER: Final = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Ttl:
    """How long an item is kept and from which moment; `after` is a field of the item, or words where none says it.

    `at_once`: the item has its expiry from its first write on; otherwise only once that moment has come.
    """

    kept: timedelta
    after: str
    at_once: bool = True


@dataclass(frozen=True, slots=True)
class Growth:
    """What an item may gather: so many members at most, each of so many bytes at most, its overhead included."""

    members: str
    most: int
    bytes_each: int


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of item of one table.

    `key` is the function that builds the key, or the key itself of a single item. `fields` are the top-level
    attributes besides the key and the expiry; `<…>` stands for the part of a name that varies. `limit` says what
    limits the item's size and begins with `fixed` or `bounded`; `growth` is the arithmetic of a bound. `writer` is a
    capability. `forms` are patterns of key parameters that differ from `FORMS`. `goes_on`: what does not fit is written
    into a further item, so that full items are usual.
    """

    name: str
    key: Callable[..., str] | str
    fields: tuple[str, ...]
    holds: str
    writer: str
    limit: str = FIXED
    ttl: Ttl | None = None
    growth: tuple[Growth, ...] = ()
    table: str = EXCHANGE
    forms: Mapping[str, str] = field(default_factory=dict)
    goes_on: bool = False

    @property
    def template(self) -> str:
        """The key with `<parameter>` in the place of each value."""
        if isinstance(self.key, str):
            return self.key
        return self.key(*(_Placeholder(f"<{name}>") for name in inspect.signature(self.key).parameters))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What every key of this kind matches whole."""
        return _pattern(self.template, {**FORMS, **self.forms}, "[^#]+")

    @property
    def field_pattern(self) -> re.Pattern[str]:
        """What the name of every attribute of such an item matches whole."""
        names = [KEY_ATTRIBUTE[self.table], *self.fields, *([EXPIRY] if self.ttl else [])]
        return re.compile("|".join(_pattern(name, FIELD_FORMS, ".+").pattern for name in names), re.DOTALL)

    @property
    def most_bytes(self) -> int:
        """The size of the largest item: what it gathers, and its short fields."""
        return sum(each.most * each.bytes_each for each in self.growth) + len(self.fields) * FIELD_BYTES


def chained(first: ItemKind, key: Callable[..., str], holds: str) -> tuple[ItemKind, ItemKind]:
    """The kinds of a chain of fields (`field_chain`): of its first item, and of those that follow it."""
    first = replace(first, goes_on=True)
    return first, replace(first, name=f"further {first.name}", key=key, holds=holds)


def names(text: str) -> tuple[str, ...]:
    """The names in a text, separated by spaces."""
    return tuple(text.split())


class _Placeholder(str):
    """A value that any format specification leaves as it is, and the remainder of a division too."""

    __slots__ = ()

    def __mod__(self, _by: object) -> "_Placeholder":
        return self

    def __format__(self, _spec: str) -> str:
        return str(self)


def _pattern(template: str, forms: Mapping[str, str], otherwise: str) -> re.Pattern[str]:
    pieces = _PLACEHOLDER.split(template)
    fixed = [re.escape(piece) for piece in pieces[::2]]
    varying = [f"(?:{forms.get(name, otherwise)})" for name in pieces[1::2]]
    return re.compile("".join(a + b for a, b in zip(fixed, [*varying, ""], strict=True)), re.DOTALL)
