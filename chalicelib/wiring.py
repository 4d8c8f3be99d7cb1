"""Every adapter, built once per container and only when it is used."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib import container_cache
from chalicelib.container_cache import once_per_container
from chalicelib.settings import event_sources as event_sources
from chalicelib.settings import settings as settings
from chalicelib.storage.item_keys import numbered_log_keys

if TYPE_CHECKING:
    from chalicelib.accounts.request_limits import Background, RequestLimits
    from chalicelib.government_lists.rules.feed import Feed
    from chalicelib.government_lists.rules.fetched_list import DeliveryMethod
    from chalicelib.licences.adapters.national_link_client import NationalLinkClient
    from chalicelib.licences.rules.licence_verifier import LicenceVerifier
    from chalicelib.merchant_record.adapters.signing_keys import SigningKeys
    from chalicelib.notices.adapters.sns_topics import Topics
    from chalicelib.notices.change_log import ChangeLog
    from chalicelib.registry.adapters.registry_table import RegistryTable
    from chalicelib.storage.exchange_table import ExchangeTable
    from chalicelib.storage.file_bucket import FileBucket
    from chalicelib.storage.numbered_log import NumberedLog
    from chalicelib.storage.sqs_queue import Queue
    from chalicelib.values.keyed_digest import KeyState, RotatingDigest


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@once_per_container
def client(service: str, is_waited_for: bool = False) -> Any:
    """A low-level AWS client with timeouts and bounded retries, shorter where a person waits for each call."""
    from chalicelib.storage.clients.aws_clients import make_client
    from chalicelib.storage.item_kind import EXCHANGE, KEYS, SUBJECTS

    names = settings()
    tables = {names.subjects_table: SUBJECTS, names.keys_table: KEYS, names.exchange_table: EXCHANGE}
    return make_client(service, tables, is_waited_for)


@once_per_container
def exchange() -> "ExchangeTable":
    """The table of everything that is not a subject."""
    from chalicelib.storage.exchange_table import ExchangeTable

    return ExchangeTable(client("dynamodb"), settings().exchange_table, int(settings().epoch or 0))


@once_per_container
def registry() -> "RegistryTable":
    """The subjects and their posting lists."""
    from chalicelib.registry.adapters.registry_table import RegistryTable

    names = settings()
    return RegistryTable(client("dynamodb"), names.subjects_table, names.keys_table, names.exchange_table)


@once_per_container
def bucket() -> "FileBucket":
    """The bucket of files."""
    from chalicelib.storage.file_bucket import FileBucket

    return FileBucket(client("s3"), settings().files_bucket)


@once_per_container
def topics() -> "Topics":
    """The SNS topics."""
    from chalicelib.notices.adapters.sns_topics import Topics

    names = settings()
    key_alias = f"alias/lianfang-{names.stage}"
    return Topics(client("sns"), names.closures_topic_arn, names.platform_topic_prefix, key_alias)


@once_per_container
def queue(name: str, is_waited_for: bool = False) -> "Queue":
    """The queue of that name."""
    from chalicelib.storage.sqs_queue import Queue

    return Queue(client("sqs", True) if is_waited_for else client("sqs"), name)


def report_chunks() -> "Queue":
    """The queue of report chunks that wait to be saved."""
    return queue(settings().report_chunks_queue)


def roster_chunks() -> "Queue":
    """The queue of shards of rosters that wait for their work."""
    return queue(settings().roster_chunks_queue)


def numbered_log(name: str) -> "NumberedLog":
    """The numbered log of that name."""
    from chalicelib.storage.numbered_log import NumberedLog

    return NumberedLog(exchange(), name)


def change_log() -> "ChangeLog":
    """The log of the changes of all listings."""
    from chalicelib.notices.change_log import ChangeLog

    return ChangeLog(numbered_log(numbered_log_keys.CHANGES))


def corroboration_log() -> "NumberedLog":
    """The log of the changes of whether platforms and government agree on a subject."""
    return numbered_log(numbered_log_keys.CORROBORATIONS)


def restricted_log() -> "NumberedLog":
    """The log of listings that may ever have blocked, in the order in which each first did; the subjects decide."""
    return numbered_log(numbered_log_keys.RESTRICTED)


def task_log(platform_id: str) -> "NumberedLog":
    """The log of one platform's closure tasks."""
    return numbered_log(numbered_log_keys.task_log_name(platform_id))


def notice_log(platform_id: str) -> "NumberedLog":
    """The log of the notices to one platform alone."""
    return numbered_log(numbered_log_keys.notice_log_name(platform_id))


def display_log(platform_id: str) -> "NumberedLog":
    """The log of one platform's displays, in the order in which they were made."""
    return numbered_log(numbered_log_keys.display_log_name(platform_id))


def verified_licence_log(platform_id: str) -> "NumberedLog":
    """The log of the licences that were verified for one platform."""
    return numbered_log(numbered_log_keys.verified_licence_log_name(platform_id))


def waiting_rosters(platform_id: str) -> "NumberedLog":
    """The log of the rosters of one platform that wait behind many others."""
    return numbered_log(numbered_log_keys.waiting_log_name(platform_id))


def dispute_log(platform_id: str) -> "NumberedLog":
    """The log of the disputes in which one platform takes part; of '' all disputes."""
    return numbered_log(numbered_log_keys.dispute_log_name(platform_id))


@once_per_container
def licence_verifiers() -> "Mapping[str, LicenceVerifier]":
    """Who verifies licences."""
    from chalicelib.licences.adapters.verifier_list import verifiers

    url, stage = settings().national_licences_url, settings().stage
    loopback = settings().feeds_from_loopback == "yes"
    return verifiers(bucket(), url, lambda: secret(f"lianfang/{stage}/national-licences"), loopback)


@once_per_container
def display_links() -> "NationalLinkClient | None":
    """Where display links are looked up; None while that is off."""
    from chalicelib.licences.adapters.national_link_client import NationalLinkClient

    return NationalLinkClient() if settings().display_links_online == "yes" else None


def default_feeds() -> "list[Feed]":
    """The government lists that the environment names, until an operator edits them."""
    from dataclasses import replace

    from chalicelib.government_lists.rules.feed import FEEDS

    url = settings().serious_violations_url
    return [replace(FEEDS["serious_violations"], address=url)] if url else []


@once_per_container
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
    answer = client("secretsmanager").get_secret_value(SecretId=name, VersionStage="AWSCURRENT")
    return str(answer["SecretString"])


def background() -> "Background":
    """What runs work beside a request; it leaves the work undone where counts are not shared, as in tests."""
    from chalicelib.accounts.request_limits import in_background, never

    return in_background if settings().usage_shared == "yes" else never


@once_per_container
def request_limits() -> "RequestLimits":
    """What this container knows of how much each caller asks."""
    from chalicelib.accounts.request_limits import RequestLimits

    return RequestLimits(exchange(), background(), lambda address: digest().current("source", address))


@once_per_container
def digest() -> "RotatingDigest":
    """The keyed digest of personal values; its keys stay in Secrets Manager and in this container's memory."""
    from chalicelib.keys.kept_secret import kept_secret
    from chalicelib.values.keyed_digest import RotatingDigest, digest_keys

    keys = kept_secret(secret, settings().digest_key_secret, digest_keys)
    keys()  # a container that cannot read them is of no use, and says so at its first request
    return RotatingDigest(keys)


def key_state() -> "KeyState":
    """How far the rotation of the keys of the digests is; they are fetched only when that is asked."""
    return digest().state()


@once_per_container
def statement_keys() -> "SigningKeys":
    """The keys that sign statements of standing."""
    from chalicelib.merchant_record.adapters.signing_keys import SigningKeys

    return SigningKeys(client("secretsmanager"), settings().statement_key_secret)


def reset(keep_clients: bool = False) -> None:
    """Forget the settings and every adapter, so that a test that changes the environment starts afresh.

    `keep_clients` keeps the clients of AWS, which are slow to build.
    """
    container_cache.clear(keep=(client,) if keep_clients else ())
