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
    "SIGN_IN_LINKS": "yes",
    "OIDC_ISSUER": "",
    "OIDC_CLIENT_ID": "",
    "EPOCH": "0",
}
os.environ.update(ENVIRONMENT)

from collections.abc import Iterator  # noqa: E402

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from tests.world import World, aws_clients  # noqa: E402

# The same examples each time, so that a change is judged by itself; HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect tests to fail under dynalite where it is known to be wrong; one that passes then is a failure."""
    from tests.dynalite import server

    for item in items if server.REQUIRED else ():
        if (differs := item.get_closest_marker("dynalite_differs")) is not None:
            item.add_marker(pytest.mark.xfail(reason=differs.args[0], strict=True))


@pytest.fixture(scope="session")
def dynalite() -> Iterator[str]:
    """The address of dynalite where DYNALITE=1 puts it in the place of moto's DynamoDB, else ''."""
    from tests.dynalite import server

    if not server.REQUIRED:
        yield ""
        return
    with server.running() as address, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
        yield address


@pytest.fixture
def clients(dynalite: str) -> dict[str, object]:
    """The AWS clients of the wiring, made once: making them is ten times the cost of the rest of a test."""
    return aws_clients()


@pytest.fixture(scope="session")
def dynalite_reader(dynalite: str) -> object:
    """A client of dynalite that is not the wiring's; None where moto plays DynamoDB."""
    import boto3

    return boto3.Session().client("dynamodb", endpoint_url=dynalite) if dynalite else None


@pytest.fixture
def world(clients: dict[str, object], dynalite_reader: object, request: pytest.FixtureRequest) -> Iterator[World]:
    """An exchange of its own on moto, without participants."""
    from moto import mock_aws

    from tests.dynalite.world import DynaliteWorld

    with mock_aws():
        made = DynaliteWorld(clients, dynalite_reader) if dynalite_reader else World(clients)
        yield made
        made.close(declared=request.node.get_closest_marker("invented_items") is None)
