"""The imitation of API Gateway, over a small app of its own and real HTTP."""

import http.client
import json
import threading
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import waitress
from chalice import Chalice, IAMAuthorizer, Response

from local.aws.gateway import MAX_BODY, Gateway


def small_app() -> Chalice:
    app = Chalice(app_name="small")
    app.api.binary_types.append("text/csv")

    @app.route("/things/{name}")
    def thing(name: str) -> dict[str, object]:
        request = app.current_request
        return {"name": unquote(name), "query": dict(request.query_params or {}), "context": request.context}

    @app.route("/bytes", methods=["POST"], content_types=["text/csv"])
    def echo() -> Response:
        return Response(app.current_request.raw_body, {"Content-Type": "application/octet-stream"})

    @app.route("/text", methods=["POST"])
    def text() -> dict[str, str]:
        return {"got": app.current_request.raw_body.hex()}

    @app.route("/signed", authorizer=IAMAuthorizer())
    def signed() -> dict[str, str]:
        return {"authorization": app.current_request.headers["authorization"]}

    @app.route("/broken")
    def broken() -> Response:
        return Response({1, 2, 3})

    return app


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    gateway = Gateway(small_app(), {("GET", "/_local/page"): lambda: {"said": "对"}})
    server = waitress.create_server(gateway, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.trigger.pull_trigger(server.close)
    thread.join(5)


def ask(port: int, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent, encode_chunked="Transfer_Encoding" in headers)
    answer = connection.getresponse()
    result = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return result


def test_an_encoded_slash_stays_in_its_path_segment(port: int) -> None:
    status, _, body = ask(port, "GET", "/things/%E5%8C%97%E4%BA%AC%2F%E4%B8%8A%3B%E6%B5%B7?q=%E5%BA%97")
    assert status == 200
    assert json.loads(body)["name"] == "北京/上;海"
    assert json.loads(body)["query"] == {"q": "店"}


def test_the_request_id_is_in_the_context_and_in_the_answer(port: int) -> None:
    _, headers, body = ask(port, "GET", "/things/a")
    assert json.loads(body)["context"]["requestId"] == headers["x-request-id"]


def test_binary_types_keep_every_byte_both_ways(port: int) -> None:
    sent = "清退".encode("gb18030") + bytes(range(256))
    headers = {"Content_Type": "text/csv; charset=gb18030", "Accept": "application/octet-stream"}
    status, _, body = ask(port, "POST", "/bytes", sent, **headers)
    assert (status, body) == (200, sent)


def test_a_chunked_body_arrives_whole(port: int) -> None:
    pieces = iter([b"a" * 70_000, b"b" * 70_000])
    headers = {"Content_Type": "text/csv", "Accept": "application/octet-stream", "Transfer_Encoding": "chunked"}
    status, _, body = ask(port, "POST", "/bytes", pieces, **headers)
    assert (status, body) == (200, b"a" * 70_000 + b"b" * 70_000)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_json_arrives_byte_by_byte_whatever_its_character_set(port: int, charset: str) -> None:
    sent = "清退".encode(charset)
    _, _, body = ask(port, "POST", "/text", sent, Content_Type="application/json")
    assert json.loads(body)["got"] == sent.hex()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not_found"),
        ("GET", "//health", 404, "not_found"),
        ("DELETE", "/text", 405, "method_not_allowed"),
        ("HEAD", "/text", 405, ""),
        ("GET", "/broken", 500, ""),
    ],
)
def test_what_the_app_never_sees_is_answered_in_our_form(
    port: int, method: str, path: str, status: int, code: str
) -> None:
    got, headers, body = ask(port, method, path)
    assert got == status
    assert headers["x-request-id"]
    if code:
        error = json.loads(body)["error"]
        assert error["code"] == code
        assert set(error["message"]) == {"zh", "en"}
        assert "details" in error


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not(port: int) -> None:
    headers = {"Content_Type": "text/csv", "Accept": "application/octet-stream"}
    status, _, body = ask(port, "POST", "/bytes", bytes(MAX_BODY + 1), **headers)
    assert (status, json.loads(body)["error"]["code"]) == (413, "too_large")
    assert ask(port, "POST", "/bytes", bytes(MAX_BODY), **headers)[0] == 200


def test_requests_at_the_same_time_do_not_see_each_other(port: int) -> None:
    wrong: list[str] = []

    def many(name: str) -> None:
        for _ in range(20):
            if json.loads(ask(port, "GET", f"/things/{name}")[2])["name"] != name:
                wrong.append(name)

    threads = [threading.Thread(target=many, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_pages_of_the_local_stack_stand_beside_the_app(port: int) -> None:
    assert json.loads(ask(port, "GET", "/_local/page")[2]) == {"said": "对"}


def test_a_route_that_asks_for_a_signature_is_refused_without_one_as_aws_does(port: int) -> None:
    signature = "Credential=AKIA/20261127/cn-north-1/{}/aws4_request, SignedHeaders=host, Signature=0"
    for sent in ("", "Bearer lf_1", f"AWS4-HMAC-SHA256 {signature.format('s3')}"):
        status, headers, body = ask(port, "GET", "/signed", **({"Authorization": sent} if sent else {}))
        refused = json.loads(body)
        assert (status, refused["message"]) == (403, "Missing Authentication Token")
        assert refused["error"]["code"] == "signature_needed"
        assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
    good = f"AWS4-HMAC-SHA256 {signature.format('execute-api')}"
    status, _, body = ask(port, "GET", "/signed", Authorization=good)
    assert (status, json.loads(body)) == (200, {"authorization": good})
