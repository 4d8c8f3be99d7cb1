"""Every adapter, built once per container and only when it is used."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.settings import event_sources as event_sources
from chalicelib.settings import is_local_cloud
from chalicelib.settings import settings as settings

if TYPE_CHECKING:
    from chalicelib.government_lists.rules.feed import Feed
    from chalicelib.government_lists.rules.fetched_list import DeliveryMethod
    from chalicelib.licences.adapters.national_link_client import NationalLinkClient
    from chalicelib.licences.rules.licence_verifier import LicenceVerifier
    from chalicelib.merchant_record.adapters.signing_keys import SigningKeys
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.numbered_log import NumberedLog
    from chalicelib.storage.sqs_queue import Queue
    from chalicelib.values.keyed_digest import Digest


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
        s3={"addressing_style": "path" if is_local_cloud() else "virtual"},
    )
    return boto3.client(service, config=config)


@cache
def exchange() -> "ExchangeTable":
    """The table of everything that is not a subject."""
    from chalicelib.storage.exchange_table import ExchangeTable

    return ExchangeTable(client("dynamodb"), settings().exchange_table)


@cache
def registry() -> "RegistryTable":
    """The subjects and their posting lists."""
    from chalicelib.registry.adapters.registry_table import RegistryTable

    names = settings()
    return RegistryTable(client("dynamodb"), names.subjects_table, names.keys_table, names.exchange_table)


@cache
def bucket() -> "FileBucket":
    """The bucket of files."""
    from chalicelib.storage.file_bucket import FileBucket

    return FileBucket(client("s3"), settings().files_bucket)


@cache
def topics() -> "Topics":
    """The SNS topics."""
    from chalicelib.notices.adapters.sns_topics import Topics

    names = settings()
    key_alias = f"alias/lianfang-{names.stage}"
    return Topics(client("sns"), names.closures_topic_arn, names.platform_topic_prefix, key_alias)


@cache
def report_chunks() -> "Queue":
    """The queue of report chunks that wait to be saved."""
    from chalicelib.storage.sqs_queue import Queue

    return Queue(client("sqs"), settings().report_chunks_queue)


def feed(name: str) -> "NumberedLog":
    """The numbered feed of that name."""
    from chalicelib.storage.numbered_log import NumberedLog

    return NumberedLog(exchange(), name)


@cache
def roster_chunks() -> "Queue":
    """The queue of shards of rosters that wait for their work."""
    from chalicelib.storage.sqs_queue import Queue

    return Queue(client("sqs"), settings().roster_chunks_queue)


@cache
def changes() -> "NumberedLog":
    """The change feed."""
    return feed("change")


@cache
def corroborations() -> "NumberedLog":
    """The changes of how platforms and government stand to each other."""
    return feed("corroboration")


def restricted() -> "NumberedLog":
    """Every listing that may ever have blocked, in the order in which it first did; the truth is in the subjects."""
    return feed("restricted")


def tasks_of(platform_id: str) -> "NumberedLog":
    """The closure ledger of one platform."""
    return feed(f"task:{platform_id}")


def notices_of(platform_id: str) -> "NumberedLog":
    """The notices to one platform alone."""
    return feed(f"notice:{platform_id}")


def displays_of(platform_id: str) -> "NumberedLog":
    """The displays of one platform, in the order of their making."""
    return feed(f"shown:{platform_id}")


def verified_of(platform_id: str) -> "NumberedLog":
    """The licences that were verified for one platform."""
    return feed(f"licence:{platform_id}")


@cache
def licence_verifiers() -> "Mapping[str, LicenceVerifier]":
    """Who verifies licences."""
    from chalicelib.licences.adapters.verifier_list import verifiers

    url, stage = settings().national_licences_url, settings().stage
    loopback = settings().feeds_from_loopback == "yes"
    return verifiers(bucket(), url, lambda: secret(f"lianfang/{stage}/national-licences"), loopback)


@cache
def display_links() -> "NationalLinkClient | None":
    """Where display links are looked up; None while that is off."""
    from chalicelib.licences.adapters.national_link_client import NationalLinkClient

    return NationalLinkClient() if settings().display_links_online == "yes" else None


def disputes_of(platform_id: str) -> "NumberedLog":
    """The disputes in which one platform takes part; of '' all."""
    from chalicelib.storage.numbered_log import NumberedLog

    return NumberedLog(exchange(), f"disputes:{platform_id}" if platform_id else "disputes")


def default_feeds() -> "list[Feed]":
    """The government lists that the environment names, until an operator edits them."""
    from dataclasses import replace

    from chalicelib.government_lists.rules.feed import FEEDS

    url = settings().serious_violations_url
    return [replace(FEEDS["serious_violations"], address=url)] if url else []


@cache
def delivery_methods() -> "Mapping[str, DeliveryMethod]":
    """How government lists are delivered, by the name of the method."""
    from chalicelib.government_lists.adapters.delivery_methods import DroppedFile, FileAtAddress, Manifest, SignedPages
    from chalicelib.government_lists.adapters.http_source import HttpSource

    source = HttpSource(let_loopback=settings().feeds_from_loopback == "yes")
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
    from chalicelib.values.keyed_digest import keyed_digest

    return keyed_digest(secret(settings().digest_key_secret).encode())


@cache
def statement_keys() -> "SigningKeys":
    """The keys that sign statements of standing."""
    from chalicelib.merchant_record.adapters.signing_keys import SigningKeys

    return SigningKeys(client("secretsmanager"), settings().statement_key_secret)


def reset(keep_clients: bool = False) -> None:
    """Forget settings and adapters; a test that changes the environment starts afresh."""
    tables = (exchange, registry, bucket, topics, report_chunks, roster_chunks, changes, corroborations)
    built = (settings, *tables, delivery_methods, digest, licence_verifiers, display_links, statement_keys)
    for one in built if keep_clients else (*built, client):
        one.cache_clear()
