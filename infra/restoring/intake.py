"""Stops what comes in from everywhere, and starts it again: gateway, queues, stream and schedules.

Until the restored tables are in use, nothing may be taken: it would go into tables that are left behind.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import retry_while_busy
from infra.harden import Deployed
from infra.protection.closing import close_gateway
from infra.release.chalice_client import bare
from infra.restoring.record import Restore

Client = Callable[[str], Any]


def note_enabled(restore: Restore, deployed: Deployed, client: Client) -> None:
    """Note which mappings and schedules are enabled, before any is disabled."""
    restore.mappings = [
        mapping["UUID"]
        for mapping in mappings(deployed, client)
        if mapping["State"] in ("Enabled", "Creating", "Updating", "Enabling")
    ]
    pages = client("events").get_paginator("list_rules").paginate(NamePrefix=f"lianfang-{restore.stage}-")
    restore.rules = [rule["Name"] for page in pages for rule in page["Rules"] if rule["State"] == "ENABLED"]


def stop(restore: Restore, deployed: Deployed, client: Client) -> None:
    """Close the gateway, and disable mappings and schedules. Safe to repeat."""
    close_gateway(client("apigateway"), deployed.rest_api_id, deployed.api_stage)
    for uuid in restore.mappings:
        _enable(client("lambda"), uuid, enabled=False)
    for rule in restore.rules:
        client("events").disable_rule(Name=rule)


def start(restore: Restore, deployed: Deployed, client: Client) -> None:
    """Enable again what was enabled before. Safe to repeat; the gateway is opened by its hardening."""
    there = {mapping["UUID"] for mapping in mappings(deployed, client)}
    for uuid in restore.mappings:
        if uuid in there:
            _enable(client("lambda"), uuid, enabled=True)
    for rule in restore.rules:
        client("events").enable_rule(Name=rule)


def mappings(deployed: Deployed, client: Client) -> list[dict[str, Any]]:
    """The event source mappings of the stage's functions."""
    own = {bare(arn) for arn in deployed.functions.values()}
    pages = client("lambda").get_paginator("list_event_source_mappings").paginate()
    return [
        mapping
        for page in pages
        for mapping in page["EventSourceMappings"]
        if bare(mapping["FunctionArn"]) in own and mapping["State"] != "Deleting"
    ]


def drop_mappings_of_other_streams(deployed: Deployed, stream: str, client: Client) -> None:
    """Delete the mappings of streams of tables that are no longer in use."""
    for mapping in mappings(deployed, client):
        source = mapping["EventSourceArn"]
        if source.split(":")[2] == "dynamodb" and source != stream:
            drop = partial(client("lambda").delete_event_source_mapping, UUID=mapping["UUID"])
            retry_while_busy(drop, f"mapping {mapping['UUID']}")


def purge_queues(restore: Restore, client: Client) -> None:
    """Empty the queues: their messages are of the time that is lost; earlier files are sent again later."""
    sqs = client("sqs")
    for output in ("ReportFilesQueue", "ReportChunksQueue", "RosterFilesQueue", "RosterChunksQueue"):
        url = sqs.get_queue_url(QueueName=restore.outputs[output])["QueueUrl"]
        try:
            sqs.purge_queue(QueueUrl=url)
        except ClientError as error:
            if "PurgeQueueInProgress" not in error.response["Error"]["Code"]:
                raise


def _enable(functions: Any, uuid: str, *, enabled: bool) -> None:
    change = partial(functions.update_event_source_mapping, UUID=uuid, Enabled=enabled)
    retry_while_busy(change, f"event source mapping {uuid}")
