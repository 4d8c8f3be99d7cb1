"""Settings that must stand before anything of ours is imported, and the world that AWS tests run in."""

import os

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "cn-north-1",
    # Without it botocore asks for DynamoDB streams at an address that moto does not play.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "RAPIDFUZZ_IMPLEMENTATION": "cpp",
    "POWERTOOLS_TRACE_DISABLED": "1",
    "POWERTOOLS_SERVICE_NAME": "lianfang",
    "STAGE": "test",
    "SUBJECTS_TABLE": "lianfang-subjects-test",
    "KEYS_TABLE": "lianfang-keys-test",
    "EXCHANGE_TABLE": "lianfang-exchange-test",
    "FILES_BUCKET": "lianfang-files-test",
    "REPORT_FILES_QUEUE": "lianfang-report-files-test",
    "REPORT_CHUNKS_QUEUE": "lianfang-report-chunks-test",
    "ROSTER_FILES_QUEUE": "lianfang-roster-files-test",
    "ROSTER_CHUNKS_QUEUE": "lianfang-roster-chunks-test",
    "SUBJECTS_STREAM_ARN": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/lianfang-subjects-test/stream/0",
    "CLOSURES_TOPIC_ARN": "arn:aws-cn:sns:cn-north-1:123456789012:lianfang-closures-test",
    "PLATFORM_TOPIC_PREFIX": "lianfang-platform-test-",
    "DIGEST_KEY_SECRET": "lianfang/test/digest-key",
    "STATEMENT_KEY_SECRET": "lianfang/test/statement-key",
    "SERIOUS_VIOLATIONS_URL": "",
    "FEEDS_FROM_LOOPBACK": "yes",
    "PUBLIC_URL": "",
    "NATIONAL_LICENCES_URL": "",
    "DISPLAY_LINKS_ONLINE": "",
    "LICENCE_MONTHS": "6",
    # Counts are shared by threads, which tests do without: they count every call of the store.
    "USAGE_SHARED": "no",
}
os.environ.update(ENVIRONMENT)

from collections.abc import Iterator  # noqa: E402

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from tests.world import World, aws_clients  # noqa: E402

# The same examples each time, so that a change is judged by itself; HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture
def clients() -> dict[str, object]:
    """The AWS clients of the wiring, made once: making them is ten times the cost of the rest of a test."""
    return aws_clients()


@pytest.fixture
def world(clients: dict[str, object], request: pytest.FixtureRequest) -> Iterator[World]:
    """An exchange of its own on moto, without participants."""
    from moto import mock_aws

    with mock_aws():
        made = World(clients)
        yield made
        made.close(declared=request.node.get_closest_marker("invented_items") is None)
