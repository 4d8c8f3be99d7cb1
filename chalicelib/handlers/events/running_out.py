"""Measures what runs out by itself, so that an alarm tells a person in time: trust, revocation lists, the calendar."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib import logs, settings, wiring
from chalicelib.values.timestamps import CHINA

if TYPE_CHECKING:
    from chalicelib.licences.rules.certificate_chain import Trust
    from chalicelib.storage.file_bucket import FileBucket

DAY_SECONDS: Final = 86_400
# The calendar knows this year and, from its announcement in November on, the next; no year further ahead.
YEARS_AHEAD: Final = 3


def measure(time_is_left: object) -> Mapping[str, Any]:  # noqa: ARG001 (a job of a schedule is given it)
    """Publish in how many days each ends; what was never set up is not measured."""
    values = dict(days_left(wiring.now(), wiring.bucket()))
    logs.measure(values)
    return values


def days_left(now: datetime, bucket: "FileBucket") -> Iterator[tuple[str, float]]:
    """Each metric with the days that are left; negative once it is over."""
    from chalicelib.licences.adapters.trust_store import LICENCES, NATIONAL, TrustStore

    yield "CalendarDaysLeft", calendar_days_left(now)
    trusts = [trust for name in (LICENCES, NATIONAL) if (trust := TrustStore(bucket, name).read(now))]
    ends = [end for trust in trusts for end in _ends_of_lists(trust, now)]
    if ends:
        yield "RevocationListDaysLeft", _days(min(ends), now)
    if trusts:
        anchors = [anchor.not_valid_after_utc for trust in trusts for anchor in trust.anchors]
        yield "AnchorDaysLeft", _days(min(anchors), now)


def calendar_days_left(now: datetime) -> float:
    """Days until the working days are no longer known but estimated."""
    from chalicelib.values.working_days import is_working_day

    today = now.astimezone(CHINA).date()
    ends = [date(today.year + ahead, 12, 31) for ahead in range(YEARS_AHEAD)]
    announced = [end for end in ends if is_working_day(end)[1]]
    return float((announced[-1] - today).days) if announced else -1.0


def probe_api(time_is_left: object) -> Mapping[str, Any]:  # noqa: ARG001 (a job of a schedule is given it)
    """Ask the live version of the API's function for GET /ready and publish whether it is; only on Lambda."""
    if not settings.is_on_lambda():
        return {"asked": False}
    status = 0
    try:
        status = _ask(f"lianfang-{wiring.settings().stage}:live")
    except Exception:
        logs.failed("api_not_asked")
    logs.measure({"ApiNotReady": float(status != 200)})
    return {"asked": True, "status": status}


def _ask(function: str) -> int:
    import json

    request = {"httpMethod": "GET", "path": "/ready", "headers": {}, "multiValueHeaders": {}, "isBase64Encoded": False}
    context = {"httpMethod": "GET", "resourcePath": "/ready", "path": "/ready", "identity": {"sourceIp": "127.0.0.1"}}
    empty = ("body", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables")
    event = {**request, **dict.fromkeys(empty), "resource": "/ready", "requestContext": context}
    answer = wiring.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    return int(json.loads(answer["Payload"].read()).get("statusCode", 0))


def _ends_of_lists(trust: "Trust", now: datetime) -> Iterator[datetime]:
    """When the latest list of each issuer ends, of those that have begun."""
    ends: dict[str, datetime] = {}
    for published in trust.lists:
        if published.next_update_utc and published.last_update_utc <= now:
            issuer = published.issuer.rfc4514_string()
            ends[issuer] = max(published.next_update_utc, ends.get(issuer, published.next_update_utc))
    yield from ends.values()


def _days(end: datetime, now: datetime) -> float:
    return round((end - now).total_seconds() / DAY_SECONDS, 2)
