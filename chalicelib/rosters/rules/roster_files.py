"""Where the files of a roster lie in the bucket: the file sent, the rows of shards, what a run keeps, the results."""

from dataclasses import dataclass
from typing import Final

from chalicelib.rosters.rules.roster import Roster

# What a run keeps of each shard: its merchants, what was found of them, what of that changed, and counts.
KINDS: Final = ("merchants", "results", "changed", "counts")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `shards` shards of a platform's roster, as the run `run_id` made it."""

    platform_id: str
    run_id: str
    number: int
    shards: int

    def key(self, kind: str) -> str:
        """Where that part of the shard is kept."""
        return f"rosters/kept/{self.platform_id}/{self.run_id}/{self.number:04d}-of-{self.shards}-{kind}"


def incoming_key(platform_id: str, roster_id: str, file_name: str) -> str:
    """Where a roster file is put when it is received."""
    return f"rosters/incoming/{platform_id}/{roster_id}/{file_name}"


def rows_key(roster_id: str, shard: int) -> str:
    """Where the rows of a shard wait."""
    return f"chunks/{roster_id}/{shard:04d}.jsonl"


def generation_key(platform_id: str, run_id: str) -> str:
    """Where it is written which run holds each shard of a generation."""
    return f"rosters/kept/{platform_id}/{run_id}/manifest.json"


def results_key(platform_id: str, roster_id: str, file: str, form: str) -> str:
    """Where a file of results is: `results` or `changed`, as `jsonl` or `csv`."""
    return f"results/{platform_id}/{roster_id}/{file}.{form}"


def shard_of(roster: Roster, number: int) -> Shard:
    """A shard as the run over this roster makes it."""
    return Shard(roster.platform_id, roster.roster_id, number, roster.shards)
