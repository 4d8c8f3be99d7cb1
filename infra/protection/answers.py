"""What the gateway answers by itself, without asking a function, in the shape of all our errors."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from chalicelib.messages import message
from chalicelib.values.records import Json
from infra.protection import gateway as protection

# 21 platforms at their default limits of 3,000 requests a minute send 1,050 a second.
REQUESTS_PER_SECOND: Final = 1_200.0
REQUESTS_AT_ONCE: Final = 2_400
# Answers that the gateway gives without asking us: type, status, code.
GATEWAY_ANSWERS: Final = (
    ("UNAUTHORIZED", "401", "missing_key"),
    ("ACCESS_DENIED", "403", "wrong_role"),
    ("MISSING_AUTHENTICATION_TOKEN", "404", "not_found"),
    ("REQUEST_TOO_LARGE", "413", "too_large"),
    ("UNSUPPORTED_MEDIA_TYPE", "415", "unsupported_type"),
    ("THROTTLED", "429", "too_many_requests"),
    ("QUOTA_EXCEEDED", "429", "too_many_requests"),
    ("DEFAULT_4XX", "", "invalid_request"),
    ("DEFAULT_5XX", "", "internal_error"),
)
# Throttled to nothing, a gateway that is closed answers every request with this.
OF_CLOSED: Final = {"THROTTLED": ("503", "restoring")}
# Its rate is refilled all the time (a token bucket), so the next second has some again.
OF_THROTTLED: Final[Mapping[str, str]] = {
    "gatewayresponse.header.Retry-After": "'1'",
    "gatewayresponse.header.RateLimit-Policy": f"""'"gateway";q={int(REQUESTS_PER_SECOND)};w=1'""",
    "gatewayresponse.header.RateLimit": """'"gateway";r=0;t=1'""",
}
OF_STATUS: Final = {"429": OF_THROTTLED, "503": {"gatewayresponse.header.Retry-After": "'600'"}}
# Where it asks for signatures, it says the same of a request without one and of a route that there is not.
OF_SIGNATURES: Final = dict.fromkeys(
    ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "ACCESS_DENIED"), ("403", "signature_needed")
)
# The gateway's own sentence, as a JSON string:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
ITS_SENTENCE: Final = "$context.error.messageString"


def gateway_answers(signed: bool = False) -> Iterator[Json]:
    """The gateway's own answers as API Gateway takes them; `signed`: whether it asks for signatures.

    Those that refuse a signature keep AWS's own `message` beside our error, for it alone says what is wrong with it.
    """
    answers = {kind: (status, code) for kind, status, code in GATEWAY_ANSWERS} | (OF_SIGNATURES if signed else {})
    yield from _in_our_shape(answers)


def closed_answers() -> Iterator[Json]:
    """What a gateway answers that lets nothing through, other than `gateway_answers`."""
    yield from _in_our_shape(OF_CLOSED)


def stage_settings(*, closed: bool = False) -> dict[str, str]:
    """Throttling and metrics of the gateway's stage, by patch path; `closed` lets no request through."""
    return {
        "/*/*/throttling/rateLimit": str(0.0 if closed else REQUESTS_PER_SECOND),
        "/*/*/throttling/burstLimit": str(0 if closed else REQUESTS_AT_ONCE),
        "/*/*/metrics/enabled": "false",
    }


def _in_our_shape(answers: Mapping[str, tuple[str, str]]) -> Iterator[Json]:
    for kind, (status, code) in answers.items():
        body = json.dumps({"error": {"code": code, "message": message(code), "details": {}}}, ensure_ascii=False)
        if code == "signature_needed":
            body = body.replace("{", f'{{"message": {ITS_SENTENCE}, ', 1)
        yield {
            "responseType": kind,
            **({"statusCode": status} if status else {}),
            "responseParameters": {
                "gatewayresponse.header.Content-Type": "'application/json; charset=utf-8'",
                "gatewayresponse.header.X-Request-Id": "context.requestId",
                **protection.header_parameters(),
                **OF_STATUS.get(status, {}),
            },
            "responseTemplates": {"application/json": body},
        }
