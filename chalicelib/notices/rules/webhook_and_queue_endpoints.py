"""Push endpoints, checked before notices go there: a queue by its ARN, a web address (webhook), an e-mail address."""

import re
from collections.abc import Callable
from typing import Final

from chalicelib.errors import BadRequest
from chalicelib.messages import ErrorCode

QUEUE: Final = re.compile(r"arn:(aws|aws-cn):sqs:([a-z0-9-]{4,30}):(\d{12}):([A-Za-z0-9_-]{1,80})")
MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
LONGEST_MAIL: Final = 254
SQS, EMAIL, HTTPS = "sqs", "email", "https"


def check_endpoint(
    protocol: str, endpoint: str, topic_arn: str, account: str, check_web_address: Callable[[str], None]
) -> None:
    """Raise `BadRequest` unless notices can be pushed to the endpoint by this protocol: sqs, email or https.

    `topic_arn` is a topic of the platform, `account` its AWS account; `check_web_address` raises for a web address
    that must not be called.
    """
    if protocol == SQS:
        check_queue(endpoint, topic_arn, account)
    elif protocol == EMAIL:
        check_mail(endpoint)
    else:
        check_web_address(endpoint)


def check_queue(endpoint: str, topic_arn: str, account: str) -> None:
    """Raise `BadRequest` unless the endpoint is a standard queue of that account, in the partition of the topic."""
    if not account:
        raise BadRequest(ErrorCode.ACCOUNT_MISSING)
    arn = QUEUE.fullmatch(endpoint)
    if not arn:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="not the ARN of a standard queue")
    if arn[3] != account:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="the queue is in another account", account=account)
    if arn[1] != topic_arn.split(":")[1]:
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="the queue is in another partition")


def check_mail(endpoint: str) -> None:
    """Raise `BadRequest` unless the endpoint looks like an e-mail address."""
    if len(endpoint) > LONGEST_MAIL or not MAIL.fullmatch(endpoint):
        raise BadRequest(ErrorCode.ENDPOINT_REFUSED, problem="not an e-mail address")


def sns_protocol(protocol: str, endpoint: str) -> str:
    """The protocol as SNS names it: of a web address its scheme, which is plain http on a loopback address alone."""
    return endpoint.partition(":")[0] if protocol == HTTPS else protocol
