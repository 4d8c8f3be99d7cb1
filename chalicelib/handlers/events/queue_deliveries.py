"""Messages of one delivery are worked on one by one; those that fail come again within seconds, the others are done.

Lambda leaves a failed message hidden for the rest of its visibility timeout, six times the time that the function may
take (30 or 90 minutes). So the worker shortens that itself. A worker that is killed cannot: its message comes again
after the timeout.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from chalicelib import logs, wiring
from chalicelib.errors import Unavailable
from chalicelib.values.records import Json

Work = Callable[[str, int], None]
# After the first failure, in the middle; each further one waits as much longer.
RETRY_SECONDS: Final = 5.0
# While the database or another service is unavailable, four tries may not be over within a minute.
RETRY_SECONDS_WHILE_AWAY: Final = 150.0
JITTER: Final = 0.5


def receive_count(record: Mapping[str, Any]) -> int:
    """How often a message was received, this time included."""
    return int(record["attributes"]["ApproximateReceiveCount"])


def retry_seconds(tries: int, error: Exception | None = None, chance: Callable[[], float] = random.random) -> int:
    """In how many seconds a message is tried again that has failed so often: seconds × tries, half more or less."""
    step = RETRY_SECONDS_WHILE_AWAY if _is_away(error) else RETRY_SECONDS
    return round(step * tries * (1 - JITTER + 2 * JITTER * chance()))


def _is_away(error: Exception | None) -> bool:
    """Whether the store or another service did not answer, or refused to for now."""
    from botocore.exceptions import BotoCoreError, ClientError

    return isinstance(error, Unavailable | BotoCoreError | ClientError)


def take_messages(records: Iterable[Mapping[str, Any]], work: Work) -> Json:
    """Work on each message; returns those that failed, as Lambda takes it (`ReportBatchItemFailures`).

    Raises what the work raised when no message was done, so that Lambda counts the failure.
    """
    failed: list[str] = []
    raised: list[Exception] = []
    done = 0
    for record in records:
        tries = receive_count(record)
        try:
            work(str(record["body"]), tries)
            done += 1
        except Exception as error:
            raised.append(error)
            failed.append(str(record["messageId"]))
            _come_again(record, retry_seconds(tries, error))
    if raised and not done:
        raise raised[0]
    for cause in raised:
        logs.failed_with("message_failed", cause)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _come_again(record: Mapping[str, Any], seconds: int) -> None:
    """Let the message be received again in so many seconds; where that fails, it comes after the queue's timeout."""
    from botocore.exceptions import BotoCoreError, ClientError

    queue = str(record["eventSourceARN"]).rpartition(":")[2]
    try:
        wiring.queue(queue).hide(str(record["receiptHandle"]), seconds)
    except (BotoCoreError, ClientError) as error:
        logs.warn("message_stays_hidden", queue=queue, error=type(error).__name__)
