"""A set of any size, such as what is due on one day: parts of bounded size, each an item, and further ones once full.

A part is chosen by the hash of the member, so that adding it twice changes nothing and no item grows past its bound.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.storage.exchange_table import ExchangeTable


def no_older_items(_period: str) -> list[str]:
    """No version stored the set under other keys."""
    return []


@dataclass(frozen=True, slots=True)
class ShardedSet:
    """The sets of one kind, one for each period (a day or an hour).

    `key` builds the key of a part of a period, `field` is the attribute that holds its members, at most `most` of them.
    The first `parts` are numbered from 0; what does not fit into part n goes to part n + `parts`, and so on. `older`
    gives the keys under which earlier versions stored a period, of which every member still counts.
    """

    field: str
    key: Callable[[str, int], str]
    parts: int
    most: int
    older: Callable[[str], list[str]] = no_older_items

    def add(self, exchange: "ExchangeTable", period: str, member: str) -> None:
        """Add a member to the set of a period. Safe to repeat."""
        part = int(hashlib.sha256(member.encode()).hexdigest()[:8], 16) % self.parts
        while not exchange.add_capped(self.key(period, part), self.field, member, self.most):
            part += self.parts

    def parts_of(self, exchange: "ExchangeTable", *periods: str) -> Iterator[tuple[str, list[str]]]:
        """The key and the members of each part of the periods that has any; a member may be in two parts."""
        asked = {key: (period, -1) for period in periods for key in self.older(period)}
        asked |= {self.key(period, part): (period, part) for period in periods for part in range(self.parts)}
        while asked:
            items = exchange.get_many(asked)
            following: dict[str, tuple[str, int]] = {}
            for key in asked:
                members = list(items.get(key, {}).get(self.field, ()))
                period, part = asked[key]
                if members:
                    yield key, members
                if part >= 0 and len(members) >= self.most:
                    following[self.key(period, part + self.parts)] = period, part + self.parts
            asked = following

    def members(self, exchange: "ExchangeTable", period: str) -> list[str]:
        """Every member of a period, each once, in order."""
        return sorted({member for _, some in self.parts_of(exchange, period) for member in some})
