"""Low-level clients of AWS with timeouts and bounded retries."""

from collections.abc import Mapping
from typing import Any

from chalicelib.settings import is_local_cloud, trace_daemon


def make_client(service: str, tables: Mapping[str, str], is_waited_for: bool = False) -> Any:
    """A client of that service; one of DynamoDB measures what it writes to `tables` (name of the table -> kind).

    Where the function is traced, its calls are. `is_waited_for`: a person waits for each call, so that one fails
    within 7 seconds.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=1 if is_waited_for else 2,
        # A push that is not taken is left to the clock, so nobody waits for it as long as for an answer.
        read_timeout=3 if service == "sns" or is_waited_for else 10,
        retries={"mode": "standard", "max_attempts": 1 if is_waited_for else 4},
        max_pool_connections=32,
        # A form signed the old way, or for another region's host, is refused by a bucket encrypted with our key.
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path" if is_local_cloud() else "virtual"},
    )
    client = boto3.client(service, config=config)
    if service == "dynamodb":
        from chalicelib.storage import item_growth

        item_growth.watch(client, tables)
    if address := trace_daemon():
        from chalicelib.storage.clients import call_traces

        call_traces.follow(client, call_traces.daemon(address))
    return client
