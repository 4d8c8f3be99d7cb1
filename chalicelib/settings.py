"""What a deployment decides, read from the environment here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

# Stands where no environment was set, so that `import app` works; a deploy with it is refused.
UNSET_STREAM: Final = "arn:aws:dynamodb:us-east-1:000000000000:table/unset/stream/unset"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides; each field is the environment variable of the same name in upper case."""

    stage: str
    subjects_table: str
    keys_table: str
    exchange_table: str
    files_bucket: str
    report_files_queue: str
    report_chunks_queue: str
    roster_files_queue: str
    roster_chunks_queue: str
    subjects_stream_arn: str
    closures_topic_arn: str
    platform_topic_prefix: str
    digest_key_secret: str
    statement_key_secret: str
    serious_violations_url: str
    feeds_from_loopback: str
    public_url: str
    national_licences_url: str
    display_links_online: str
    licence_months: str

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings of this environment; a missing variable is named (an empty one counts as given)."""
        missing = [one.name.upper() for one in fields(cls) if one.name.upper() not in environ]
        if missing:
            raise LookupError("environment variables not set: " + ", ".join(missing))
        return cls(**{one.name: environ[one.name.upper()] for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class Sources:
    """What the decorators of `app.py` need at import, before any setting is required."""

    report_files_queue: str
    report_chunks_queue: str
    roster_files_queue: str
    roster_chunks_queue: str
    subjects_stream_arn: str


def event_sources() -> Sources:
    """The queues and the stream that wake functions, with names derived from the stage where none is set."""
    stage = os.environ.get("STAGE", "dev")
    return Sources(
        os.environ.get("REPORT_FILES_QUEUE", f"lianfang-report-files-{stage}"),
        os.environ.get("REPORT_CHUNKS_QUEUE", f"lianfang-report-chunks-{stage}"),
        os.environ.get("ROSTER_FILES_QUEUE", f"lianfang-roster-files-{stage}"),
        os.environ.get("ROSTER_CHUNKS_QUEUE", f"lianfang-roster-chunks-{stage}"),
        os.environ.get("SUBJECTS_STREAM_ARN", UNSET_STREAM),
    )


@cache
def settings() -> Settings:
    """This container's settings."""
    return Settings.read(os.environ)


def is_local_cloud() -> bool:
    """Whether AWS is played by a server on this machine."""
    return bool(os.environ.get("AWS_ENDPOINT_URL"))
