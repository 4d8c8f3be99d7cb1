"""Which hosts of shop pages were too slow several times in a row, and until when each is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

from chalicelib.government_lists.rest_periods import rest_after
from chalicelib.values.records import Json
from chalicelib.values.timestamps import iso

FIRST_REST: Final = timedelta(days=1)
LONGEST_REST: Final = timedelta(days=14)
# Of more hosts, those that rest the shortest are forgotten; a name has 255 characters at most.
MOST_HOSTS: Final = 500


@dataclass(frozen=True, slots=True)
class SlowHost:
    """How often in a row a host was too slow, and until when it is left alone ('' for not yet)."""

    slow: int
    until: str = ""


@dataclass(frozen=True, slots=True)
class RestingHosts:
    """The hosts that were too slow the last time, by name."""

    hosts: Mapping[str, SlowHost]

    @classmethod
    def from_item(cls, item: Json | None) -> Self:
        """The hosts as they are stored."""
        stored = (item or {}).get("hosts", {})
        return cls({host: SlowHost(int(entry["slow"]), str(entry["until"])) for host, entry in stored.items()})

    def to_item(self) -> Json:
        """What is stored of them."""
        return {"hosts": {host: {"slow": entry.slow, "until": entry.until} for host, entry in self.hosts.items()}}

    def is_resting(self, host: str, now: datetime) -> bool:
        """Whether the host is left alone."""
        entry = self.hosts.get(host)
        return entry is not None and entry.until > iso(now)

    def after(self, host: str, was_slow: bool, now: datetime) -> Self:
        """The hosts after an answer of one: an answer in time ends its row of slow ones."""
        others = {name: entry for name, entry in self.hosts.items() if name != host}
        if not was_slow:
            return replace(self, hosts=others) if host in self.hosts else self
        slow = self.hosts[host].slow + 1 if host in self.hosts else 1
        rest = rest_after(slow, FIRST_REST, LONGEST_REST)
        others[host[:255]] = SlowHost(slow, iso(now + rest) if rest else "")
        kept = sorted(others.items(), key=lambda entry: (entry[1].until, entry[1].slow))[-MOST_HOSTS:]
        return replace(self, hosts=dict(kept))

    def resting(self, now: datetime) -> list[str]:
        """The names of the hosts that are left alone now."""
        return sorted(host for host in self.hosts if self.is_resting(host, now))
