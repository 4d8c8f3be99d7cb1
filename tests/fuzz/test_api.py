"""The API answers whatever its description lets be generated, and what it does not: never 5xx, never undescribed.

schemathesis makes requests of the description, good and bad; ids of things that there are take the place of some.
"""

import json
from itertools import cycle
from typing import Any
from urllib.parse import unquote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from chalicelib.handlers.openapi.document import description
from chalicelib.handlers.routing import DECLARED, Route
from tests.fuzz.odd_values import IN_HEADER, IN_JSON, IN_URL, ODD_BODIES, names_in, places, some, with_value
from tests.fuzz.served import EXAMPLES, IS_WIDE, ROUTES, Exchange, key_for, keys, known_ids, path_of
from tests.handlers.test_declarations import EXAMPLES as OF_ROUTES
from tests.support.builders import uscc

SCHEMA = schemathesis.openapi.from_dict(description("0.1.0", DECLARED, "http://127.0.0.1"))
OPERATIONS = {
    operation.definition.raw["operationId"]: operation
    for operation in (each.ok() for each in SCHEMA.get_all_operations())
}
FUZZED = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
# Operations that take nothing, of which nothing can be wrong.
TAKES_NOTHING = {
    route.operation for route in DECLARED if not (route.query or route.body or route.headers or "{" in route.path)
}
# All of it asks one exchange, which is dear to load.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzz")]
REQUEST = ("method", "url", "headers", "files", "data", "json", "params", "cookies")

ROW = {
    "name": "绍兴若耶溪示例纺织有限公司",
    "uscc": uscc(900),
    "evicted_on": "2026-11-01",
    "reason_text": "假冒注册商标",
    "shop_name": "若耶溪",
    "phone": "13800138000",
    "legal_rep": "王示例",
    "address": "绍兴市示例路1号",
    "shop_id": "m1",
}


def test_every_operation_is_fuzzed() -> None:
    assert OPERATIONS.keys() == ROUTES.keys()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_breaks_the_api(exchange: Exchange, mode: GenerationMode) -> None:
    # In the short form the odd values below do for what has no body.
    plain = TAKES_NOTHING if IS_WIDE else {route.operation for route in DECLARED if not route.body}
    skipped = plain if mode is GenerationMode.NEGATIVE else frozenset()
    faults = {}
    for operation in OPERATIONS.keys() - skipped:
        try:
            _fuzz(exchange, operation, mode)
        except Unsatisfiable:
            continue
        except Exception as error:
            faults[operation] = error
    assert faults == {}


def _fuzz(exchange: Exchange, operation: str, mode: GenerationMode) -> None:
    route = ROUTES[operation]

    @settings(FUZZED, max_examples=EXAMPLES or (2 if mode is GenerationMode.POSITIVE and route.body else 1))
    @given(case=OPERATIONS[operation].as_strategy(generation_mode=mode), data=st.data())
    def run(case: Any, data: st.DataObject) -> None:
        _put_known(case.path_parameters, data)
        _put_known(case.body if isinstance(case.body, dict) else {}, data)
        described = case.as_transport_kwargs(base_url="http://127.0.0.1")
        sent = requests.Request(**{name: value for name, value in described.items() if name in REQUEST}).prepare()
        body = sent.body.encode() if isinstance(sent.body, str) else bytes(sent.body or b"")
        headers = {name: value for name, value in sent.headers.items() if name != "Authorization"}
        for key in keys(route):
            exchange.ask(route, sent.path_url, key, body, headers)

    run()


def _put_known(values: Any, data: st.DataObject) -> None:
    """Put ids of things that there are in the place of half of those generated."""
    for name in list(values or ()):
        ids = known_ids().get(name, [])
        if ids and data.draw(st.booleans()):
            values[name] = data.draw(st.sampled_from(ids))


def test_no_odd_id_breaks_a_route(exchange: Exchange) -> None:
    faults = {}
    for route in DECLARED:
        for name in names_in(route.path):
            for value in some(IN_URL, 2):
                faults |= fault(exchange, route, path_of(route, {name: value}), example(route))
    assert faults == {}


def test_no_odd_query_breaks_a_route(exchange: Exchange) -> None:
    faults = {}
    for route in DECLARED:
        for name in (*(parameter.name for parameter in route.query), "x"):
            for value in some(IN_URL, 1):
                faults |= fault(exchange, route, f"{path_of(route, {})}?{name}={value}", example(route))
    assert faults == {}


def test_no_odd_header_breaks_a_route(exchange: Exchange) -> None:
    few = cycle((1, 0, 0))
    common = (
        "If-None-Match",
        "Content-Type",
        "Origin",
        "Accept-Language",
        "Cookie",
        "X-Forwarded-For",
        "Sec-Fetch-Site",
    )
    faults = {}
    for route in DECLARED:
        for name in (*(parameter.name for parameter in route.headers), *some(common, next(few))):
            for value in some(IN_HEADER, 1):
                faults |= fault(exchange, route, path_of(route, {}), example(route), {name: value})
    assert faults == {}


def test_no_odd_authorization_breaks_a_route(exchange: Exchange) -> None:
    faults = {}
    for route in DECLARED:
        for value in some((*IN_HEADER, *(f"Bearer {value}" for value in IN_HEADER)), 1):
            try:
                exchange.ask(route, path_of(route, {}), "", b"", {"Authorization": value})
            except AssertionError as error:
                faults[f"{route.operation} {value[:40]!r}"] = str(error)[:600]
    assert faults == {}


def test_no_odd_value_of_a_body_breaks_a_route(exchange: Exchange) -> None:
    faults = {}
    for route in DECLARED:
        if not route.body:
            continue
        whole = request_of(route)
        for place in places(whole):
            for value in some(IN_JSON, 1):
                faults |= fault(exchange, route, path_of(route, {}), with_value(whole, place, value))
    assert faults == {}


def test_no_odd_body_breaks_a_route(exchange: Exchange) -> None:
    faults = {}
    for route in DECLARED:
        if route.method in ("POST", "PUT"):
            for body in some(ODD_BODIES, 2):
                faults |= fault(exchange, route, path_of(route, {}), body)
    assert faults == {}


def test_no_odd_value_of_a_file_is_lost(exchange: Exchange) -> None:
    rows = [with_value(ROW, (field,), value) for field in ROW for value in some(IN_JSON, 2)]
    # No table has U+0000 in it.
    texts = [(field, unquote(value)) for field in ROW for value in some(IN_URL, 1) if "%00" not in value]
    lines = [",".join(ROW), *(",".join({**ROW, field: value}.values()) for field, value in texts)]
    table = "\n".join(lines).encode("utf-8", "surrogatepass")
    files = (b"[" + b",\n".join(rows) + b"]", b"\n".join(rows), table)
    for operation in ("createReportFromFile", "createRosterFromFile", "answerTasksFromFile"):
        route = ROUTES[operation]
        for body in files if IS_WIDE else files[1:]:
            sent = {"Content-Type": "text/csv", "X-File-Name": "odd.csv"}
            answer = exchange.ask(route, path_of(route, {}), key_for(route), body, sent)
            if operation == "createReportFromFile":
                exchange.settle()
                report = ROUTES["getReport"]
                url = f"/v1/reports/{json.loads(answer.content)['report_id']}"
                end = json.loads(exchange.ask(report, url, key_for(report)).content)
                assert (end["status"], end["accepted"] + end["rejected"]) == (
                    "done",
                    body.count(b"\n") + (body != table),
                ), end


def fault(
    exchange: Exchange, route: Route, url: str, body: bytes, headers: dict[str, str] | None = None
) -> dict[str, str]:
    """What is wrong with the answers to one request, sent with each credential."""
    sent = {parameter.name: "a.csv" for parameter in route.headers if parameter.name == "X-File-Name"}
    sent |= {"Content-Type": route.content_types[0]} if route.method in ("POST", "PUT") else {}
    for key in keys(route):
        try:
            exchange.ask(route, url, key, body, {**sent, **(headers or {})})
        except Exception as error:
            return {f"{route.operation} {url[-60:]} {headers} {body[-60:]!r}": str(error)[:800]}
    return {}


def example(route: Route) -> bytes:
    """A body that the route takes."""
    if route.body:
        return json.dumps(request_of(route)).encode()
    return b"a,b\n1,2\n" if route.method in ("POST", "PUT") else b""


def request_of(route: Route) -> Any:
    """The example of the route's body, about things that there are."""
    whole = OF_ROUTES[route.operation]["request"]
    known = {
        name: ids[0] for name, ids in known_ids().items() if ids and name in whole and isinstance(whole[name], str)
    }
    return {**whole, **known}
