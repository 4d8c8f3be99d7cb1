"""The contents page of Lianfang: every route, queue, stream and schedule.

HTTPS routes come from the Blueprints; all other event sources (queues, the stream, schedules) are
declared here, because on Lambda the handlers of a Blueprint would load without this module.
"""

from typing import Any

from chalice import Chalice, Rate, Response
from chalice.app import CloudWatchEvent, DynamoDBEvent, Request, SQSEvent

from chalicelib import wiring
from chalicelib.handlers import body, routing, uploaded_file
from chalicelib.handlers.console import console_routes, provider_sign_in, sign_in
from chalicelib.handlers.desk import checks, feed_runs, filings, lookups_made, merchants, series, work_queue
from chalicelib.handlers.events import queues, scheduled_jobs, subject_stream
from chalicelib.handlers.events.queue_deliveries import take_messages
from chalicelib.handlers.oversight import (
    audit,
    campaigns,
    dead_letters,
    government_lists,
    pending_decisions,
    people,
    platforms,
    probing,
    statistics,
)
from chalicelib.handlers.platform import (
    closure_tasks,
    displays,
    disputes,
    licence_checks,
    licence_renewals,
    listings,
    lookups,
    notices,
    onboarding,
    person_records,
    policies,
    reports,
    rosters,
    subscriptions,
)
from chalicelib.handlers.public import display_pages, health_and_openapi, merchant_record, merchant_record_pages
from chalicelib.values.records import Json

# Its own log handler would write every line of ours a second time.
app = Chalice(app_name="lianfang", configure_logs=False)
app.api.binary_types.extend((*uploaded_file.FILE_TYPES, body.MULTIPART))
HTTPS = (
    health_and_openapi,
    platforms,
    reports,
    rosters,
    lookups,
    listings,
    closure_tasks,
    work_queue,
    filings,
    lookups_made,
    checks,
    series,
    merchants,
    feed_runs,
    statistics,
    disputes,
    notices,
    subscriptions,
    policies,
    campaigns,
    probing,
    licence_checks,
    display_pages,
    displays,
    licence_renewals,
    onboarding,
    person_records,
    merchant_record,
    merchant_record_pages,
    government_lists,
    dead_letters,
    people,
    audit,
    pending_decisions,
    sign_in,
    provider_sign_in,
    console_routes,
)
for module in HTTPS:
    app.register_blueprint(module.routes.blueprint)

woken_by = wiring.event_sources()


@app.middleware("http")
def speak_one_language(request: Request, get_response: Any) -> Response:
    """Give Chalice's own errors (no route, wrong method, wrong Content-Type) the form of all others."""
    return routing.speak_one_language(request, get_response(request))


@app.on_sqs_message(queue=woken_by.report_files_queue, batch_size=1)
def report_file_arrived(event: SQSEvent) -> Json:
    """The bucket says that a report's file was written."""
    return take_messages(event.to_dict()["Records"], queues.report_file_arrived)


@app.on_sqs_message(queue=woken_by.report_chunks_queue, batch_size=1)
def report_chunk_arrived(event: SQSEvent) -> Json:
    """A chunk of a report waits to be saved."""
    return take_messages(event.to_dict()["Records"], queues.report_chunk_arrived)


@app.on_sqs_message(queue=woken_by.roster_files_queue, batch_size=1)
def roster_file_arrived(event: SQSEvent) -> Json:
    """The bucket says that the file of a roster was written."""
    return take_messages(event.to_dict()["Records"], queues.roster_file_arrived)


@app.on_sqs_message(queue=woken_by.roster_chunks_queue, batch_size=1)
def roster_chunk_arrived(event: SQSEvent) -> Json:
    """A shard of a roster waits to be merged, monitored and screened."""
    return take_messages(event.to_dict()["Records"], queues.roster_chunk_arrived)


@app.on_dynamodb_record(stream_arn=woken_by.subjects_stream_arn, batch_size=100, starting_position="TRIM_HORIZON")
def subject_indexed(event: DynamoDBEvent) -> Json:
    """A subject was saved: its posting lists follow."""
    return subject_stream.subject_indexed(event.to_dict())


@app.on_dynamodb_record(stream_arn=woken_by.subjects_stream_arn, batch_size=100, starting_position="TRIM_HORIZON")
def subject_announced(event: DynamoDBEvent) -> Json:
    """A subject was saved: the change feed and the notices follow."""
    return subject_stream.subject_announced(event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES))
def feeds_due(event: CloudWatchEvent) -> None:
    """It may be time to pull a government list, to carry on what a pull began, to end listings of the day,
    or to flag a dispute whose answer is overdue."""
    scheduled_jobs.feeds_due(event.to_dict(), event.context)


@app.schedule(Rate(15, unit=Rate.MINUTES))
def snapshot_due(event: CloudWatchEvent) -> None:
    """It may be time to build the snapshot that rosters are screened against, or to go on with it."""
    scheduled_jobs.snapshot_due(event.to_dict(), event.context)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def clocks_due(event: CloudWatchEvent) -> None:
    """It may be time to remind a platform of its tasks, to notify the regulator of them, to fold figures, or to watch
    for probing."""
    scheduled_jobs.clocks_due(event.to_dict(), event.context)


@app.schedule(Rate(1, unit=Rate.HOURS))
def licences_due(event: CloudWatchEvent) -> None:
    """Licences may be due, shop pages are to be looked at, reports of identity data to be made."""
    scheduled_jobs.licences_due(event.to_dict(), event.context)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def notices_due(event: CloudWatchEvent) -> None:
    """Some notices may not have been pushed: push them."""
    scheduled_jobs.notices_due(event.to_dict(), event.context)


@app.lambda_function()
def rebuild(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Derive everything again: {"sweep": true}, then {}, each again with `start` from `next` until that is empty."""
    return subject_stream.rebuild(event, context)
