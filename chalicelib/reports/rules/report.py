"""A report: a file or a call of evictions, from its receipt to its end, and what its sender sees of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.roles import Role, actor_name
from chalicelib.registry.rules.listing_source import Source
from chalicelib.values.file_names import plain_file_name
from chalicelib.values.records import Json, Record, stored

RECEIVED, PROCESSING, DONE, REFUSED = "received", "processing", "done", "refused"
FINISHED: Final = (DONE, REFUSED)
# An administrative penalty; a judgment (E5) stays one.
LEAST_ENFORCEMENT: Final = "E4"
_SHOWN: Final = (
    "report_id", "same_as", "followed_by", "on_behalf_of", "enforcement", "file_name", "received_at", "done_at",
    "status", "nearest", "refused", "waits_until",
)  # fmt: skip
_COUNTS: Final = ("rows", "accepted", "rejected", "warnings")


@dataclass(frozen=True, slots=True)
class Filing:
    """For whom a report is filed: neither field for a platform's own report, one of the two for a regulator's."""

    on_behalf_of: str = ""
    enforcement: bool = False

    @property
    def scope(self) -> str:
        """What distinguishes the same bytes filed for different platforms; '' for a platform's own."""
        if self.enforcement:
            return "|enforcement"
        return f"|for:{self.on_behalf_of}" if self.on_behalf_of else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A report as its sender submits it: the sender, for whom, the name of its file; the idempotency key may be empty.

    `key_id` is the API key that it came by, whose quota of rows it uses.
    """

    platform_id: str
    file_name: str
    idempotency_key: str = ""
    filing: Filing = Filing()
    key_id: str = ""

    @property
    def filer(self) -> str:
        """The sender, distinguished by the platform that it files for."""
        return self.platform_id + self.filing.scope

    @property
    def stored_name(self) -> str:
        """The name of the file as part of a key: no folders, no control characters, the last 120 characters."""
        return plain_file_name(self.file_name)

    def report_id(self, content: str) -> str:
        """The id of the report with that content: sent again, it is the same report."""
        return "r_" + hashlib.sha256(f"{self.filer}|{content}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """A report and how far it is.

    `key` is where its bytes are, `content` their SHA-256. `chunks` is how many chunks its rows were split into, None
    until they were; `chunks_done` are those that were saved, `chunks_rejected` those of them with rows that could not
    be saved. `same_as` is the report that had the same bytes first. `object_version` is the version of the object that
    the report is made of; `followed_by` is the report that was made of what was posted with its form afterwards.
    `waits_until` is when its file is looked at again, while a quota of rows is used up. `places` are its numbers in the
    lists of its day, by whose list.
    """

    id: str = stored()
    report_id: str = stored()
    platform_id: str = stored()
    file_name: str = stored()
    key: str = stored()
    received_at: str = stored()
    status: str = stored()
    on_behalf_of: str = stored("")
    enforcement: bool = stored(False)
    content: str = stored("")
    rows: int = stored(0)
    accepted: int = stored(0)
    rejected: int = stored(0)
    warnings: int = stored(0)
    chunks: int | None = stored(None)
    chunks_done: tuple[int, ...] = stored((), many="values")
    chunks_rejected: tuple[int, ...] = stored((), many="values")
    nearest: Json | None = stored(None)
    refused: Json | None = stored(None)
    same_as: str = stored("")
    object_version: str = stored("")
    followed_by: str = stored("")
    key_id: str = stored("")
    waits_until: str = stored("")
    done_at: str = stored("")
    places: Mapping[str, int] = stored(factory=dict)

    @property
    def submission(self) -> Submission:
        """The submission that the report came by, but for its idempotency key."""
        filing = Filing(self.on_behalf_of, self.enforcement)
        return Submission(platform_id=self.platform_id, file_name=self.file_name, filing=filing, key_id=self.key_id)

    @property
    def is_own(self) -> bool:
        """Whether a platform reports for itself: its trust and its bursts are counted by that alone."""
        return not (self.on_behalf_of or self.enforcement)

    @property
    def is_saved(self) -> bool:
        """Whether the file was split and every chunk of it is saved."""
        return self.chunks is not None and len(self.chunks_done) == self.chunks

    @property
    def source(self) -> Source:
        """The source of the report's listings."""
        if self.enforcement:
            return Source.of_enforcement(self.platform_id)
        return Source.of_platform(self.on_behalf_of or self.platform_id)

    @property
    def filed_by(self) -> str:
        """The regulator that filed the listings for their source; '' where the source itself did."""
        return actor_name(Role.REGULATOR, self.platform_id) if self.on_behalf_of else ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who is notified how the report ended: its sender, and the platform that it was filed for."""
        return tuple(dict.fromkeys(filter(None, (self.platform_id, self.on_behalf_of))))

    def evidence_level(self, reported: str) -> str:
        """The level that counts: a regulator's own enforcement is a penalty at least."""
        return max(reported, LEAST_ENFORCEMENT) if self.enforcement else reported


def view(report: Report) -> Json:
    """The report as its sender sees it."""
    fields: Json = {field: value for field in _SHOWN if (value := getattr(report, field))}
    return fields | {field: getattr(report, field) for field in _COUNTS}


def chunk_key(report_id: str, number: int) -> str:
    """Where a chunk waits in the bucket to be saved."""
    return f"chunks/{report_id}/{number:06d}.jsonl"


def rows_key(report: Report, kind: str) -> str:
    """Where the `rejected` rows of a report, those with `warnings`, or the ids of its `listings` are kept in the
    bucket."""
    return f"results/{report.platform_id}/{report.same_as or report.report_id}/{kind}.jsonl"
