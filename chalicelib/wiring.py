"""Settings, read once from the environment, and every adapter, built once per container and only when it is used."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from chalicelib.adapters.exchange_table import ExchangeTable
    from chalicelib.adapters.file_bucket import FileBucket
    from chalicelib.adapters.numbered_feed import NumberedFeed
    from chalicelib.adapters.queue import Queue
    from chalicelib.adapters.registry_table import RegistryTable
    from chalicelib.adapters.topics import Topics
    from chalicelib.domain.arrival import Way
    from chalicelib.domain.digest import Digest
    from chalicelib.domain.feed import Feed

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
    subjects_stream_arn: str
    closures_topic_arn: str
    platform_topic_prefix: str
    digest_key_secret: str
    serious_violations_url: str
    feeds_from_loopback: str

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
    subjects_stream_arn: str


def event_sources() -> Sources:
    """The queues and the stream that wake functions, with names derived from the stage where none is set."""
    stage = os.environ.get("STAGE", "dev")
    return Sources(
        os.environ.get("REPORT_FILES_QUEUE", f"lianfang-report-files-{stage}"),
        os.environ.get("REPORT_CHUNKS_QUEUE", f"lianfang-report-chunks-{stage}"),
        os.environ.get("SUBJECTS_STREAM_ARN", UNSET_STREAM),
    )


@cache
def settings() -> Settings:
    """This container's settings."""
    return Settings.read(os.environ)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@cache
def client(service: str) -> Any:
    """A low-level AWS client with timeouts and bounded retries."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=2,
        # A push that is not taken is left to the clock, so nobody waits for it as long as for an answer.
        read_timeout=3 if service == "sns" else 10,
        retries={"mode": "standard", "max_attempts": 4},
        max_pool_connections=32,
        # A form signed the old way, or for another region's host, is refused by a bucket encrypted with our key.
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path" if os.environ.get("AWS_ENDPOINT_URL") else "virtual"},
    )
    return boto3.client(service, config=config)


@cache
def exchange() -> "ExchangeTable":
    """The table of everything that is not a subject."""
    from chalicelib.adapters.exchange_table import ExchangeTable

    return ExchangeTable(client("dynamodb"), settings().exchange_table)


@cache
def registry() -> "RegistryTable":
    """The subjects and their posting lists."""
    from chalicelib.adapters.registry_table import RegistryTable

    names = settings()
    return RegistryTable(client("dynamodb"), names.subjects_table, names.keys_table, names.exchange_table)


@cache
def bucket() -> "FileBucket":
    """The bucket of files."""
    from chalicelib.adapters.file_bucket import FileBucket

    return FileBucket(client("s3"), settings().files_bucket)


@cache
def topics() -> "Topics":
    """The SNS topics."""
    from chalicelib.adapters.topics import Topics

    names = settings()
    key_alias = f"alias/lianfang-{names.stage}"
    return Topics(client("sns"), names.closures_topic_arn, names.platform_topic_prefix, key_alias)


@cache
def report_chunks() -> "Queue":
    """The queue of report chunks that wait to be saved."""
    from chalicelib.adapters.queue import Queue

    return Queue(client("sqs"), settings().report_chunks_queue)


@cache
def changes() -> "NumberedFeed":
    """The change feed."""
    from chalicelib.adapters.numbered_feed import NumberedFeed

    return NumberedFeed(exchange(), "change")


@cache
def corroborations() -> "NumberedFeed":
    """The changes of how platforms and government stand to each other."""
    from chalicelib.adapters.numbered_feed import NumberedFeed

    return NumberedFeed(exchange(), "corroboration")


def tasks_of(platform_id: str) -> "NumberedFeed":
    """The closure ledger of one platform."""
    from chalicelib.adapters.numbered_feed import NumberedFeed

    return NumberedFeed(exchange(), f"task:{platform_id}")


def notices_of(platform_id: str) -> "NumberedFeed":
    """The notices to one platform alone."""
    from chalicelib.adapters.numbered_feed import NumberedFeed

    return NumberedFeed(exchange(), f"notice:{platform_id}")


def default_feeds() -> "list[Feed]":
    """The government lists that the environment names, until an operator edits them."""
    from dataclasses import replace

    from chalicelib.domain.feed import FEEDS

    url = settings().serious_violations_url
    return [replace(FEEDS["serious_violations"], address=url)] if url else []


@cache
def feed_ways() -> "Mapping[str, Way]":
    """How government lists arrive, by the name of the way."""
    from chalicelib.adapters.feed_ways import DroppedFile, FileAtAddress, Manifest, SignedPages
    from chalicelib.adapters.government_feed import GovernmentFeed

    source = GovernmentFeed(let_loopback=settings().feeds_from_loopback == "yes")
    return {
        "file": FileAtAddress(source),
        "manifest": Manifest(source),
        "dropped": DroppedFile(bucket()),
        "pages": SignedPages(source, secret),
    }


def secret(name: str) -> str:
    """The value of a secret, read anew each time, so that a rotated one counts at once."""
    return str(client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


@cache
def digest() -> "Digest":
    """The keyed digest of personal values; its key stays in Secrets Manager and in this container's memory."""
    from chalicelib.domain.digest import keyed_digest

    return keyed_digest(secret(settings().digest_key_secret).encode())


def reset(keep_clients: bool = False) -> None:
    """Forget settings and adapters; a test that changes the environment starts afresh."""
    built = (settings, exchange, registry, bucket, topics, report_chunks, changes, corroborations, feed_ways, digest)
    for one in built if keep_clients else (*built, client):
        one.cache_clear()
