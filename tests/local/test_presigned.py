"""Presigned forms and links against the local store: each condition, with the error code of S3."""

import base64
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from werkzeug.test import EnvironBuilder, run_wsgi_app

from local.aws.presigned import PresignedRequests

HOST = "http://127.0.0.1:5000"
FORM = "multipart/form-data"
BAD_QUERY = "AuthorizationQueryParametersError"
KEY = "evidence/d_1/e_1/证据.pdf"
Changes = dict[str, str | None]


def client(secret: str = "local", access_key: str = "local") -> Any:
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return boto3.client(
        "s3", endpoint_url=HOST, region_name="cn-north-1", config=config,
        aws_access_key_id=access_key, aws_secret_access_key=secret,
    )  # fmt: skip


def form(seconds: int = 3_600, secret: str = "local", access_key: str = "local") -> dict[str, str]:
    typed = {"Content-Type": "application/pdf"}
    made = client(secret, access_key).generate_presigned_post(
        "files", KEY, Fields=dict(typed), Conditions=[["content-length-range", 2, 10], typed], ExpiresIn=seconds
    )
    return dict(made["fields"])


def answer(builder: EnvironBuilder, later: float = 0) -> tuple[int, str]:
    """Status and code of the error, or the body that went on to the store."""

    def store(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("204 No Content", [])
        return [b"taken " + str(len(environ["wsgi.input"].read())).encode()]

    app = PresignedRequests(
        store, lambda name: name == "files", {"local": "local"}, lambda: datetime.now(UTC) + timedelta(seconds=later)
    )
    environ = builder.get_environ()
    sent = environ["wsgi.input"]
    chunks, status, _headers = run_wsgi_app(app, environ)
    body = b"".join(chunks).decode()
    sent.close()
    builder.close()
    code = re.search("<Code>(.*)</Code>", body)
    return int(status.split()[0]), code[1] if code else body.partition(" ")[0]


def posted(fields: Changes, content: bytes | None = b"%PDF-1.4", later: float = 0, path: str = "/files") -> Any:
    data: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    if content is not None:
        data["file"] = (io.BytesIO(content), "a.pdf")
    return answer(EnvironBuilder(path, HOST, method="POST", data=data, content_type=FORM), later)


def test_a_form_as_it_was_given_is_taken() -> None:
    assert posted({**form()}) == (204, "taken")
    assert posted({**form(), "x-ignore-me": "1"}) == (204, "taken")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "trust/licences-anchors.pem"}, (403, "AccessDenied")),
        ({"Content-Type": "text/html"}, (403, "AccessDenied")),
        ({"Content-Type": None}, (403, "AccessDenied")),
        ({"acl": "public-read"}, (403, "AccessDenied")),
        ({"policy": None}, (403, "AccessDenied")),
        ({"key": None}, (400, "InvalidArgument")),
        ({"x-amz-signature": None}, (400, "InvalidArgument")),
        ({"x-amz-signature": "0" * 64}, (403, "SignatureDoesNotMatch")),
        ({"x-amz-credential": "other/20261127/cn-north-1/s3/aws4_request"}, (403, "InvalidAccessKeyId")),
        (
            {"x-amz-credential": "local/20261127/cn-north-1/sqs/aws4_request"},
            (400, BAD_QUERY),
        ),
    ],
)
def test_a_form_that_was_changed_is_refused(changes: Changes, code: tuple[int, str]) -> None:
    assert posted({**form(), **changes}) == code


def test_a_policy_that_was_widened_has_another_signature() -> None:
    fields = form()
    policy = json.loads(base64.b64decode(fields["policy"]))
    policy["conditions"] = [["starts-with", "$key", ""]]
    widened = base64.b64encode(json.dumps(policy).encode()).decode()
    assert posted({**fields, "policy": widened}) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, (400, "EntityTooSmall")),
        (2, (204, "taken")),
        (10, (204, "taken")),
        (11, (400, "EntityTooLarge")),
    ],
)
def test_the_file_has_a_size_of_the_range(size: int, expected: tuple[int, str]) -> None:
    assert posted({**form()}, b"x" * size) == expected


def test_a_form_ends_is_for_one_bucket_and_holds_a_file() -> None:
    assert posted({**form(60)}, later=59) == (204, "taken")
    assert posted({**form(60)}, later=62) == (403, "AccessDenied")
    assert posted({**form()}, None) == (400, "InvalidArgument")
    assert posted({**form(secret="guessed")}) == (403, "SignatureDoesNotMatch")
    assert posted({**form(access_key="other")}) == (403, "InvalidAccessKeyId")
    other = client().generate_presigned_post("another", KEY)["fields"]
    assert posted(other) == (403, "AccessDenied")


def linked(method: str, url: str, later: float = 0, **more: Any) -> tuple[int, str]:
    parts = urlsplit(url)
    builder = EnvironBuilder(parts.path, HOST, query_string=parts.query, method=method, **more)
    environ_url = {"REQUEST_URI": f"{parts.path}?{parts.query}", "RAW_URI": f"{parts.path}?{parts.query}"}
    builder.environ_overrides = environ_url
    return answer(builder, later)


def link(method: str, seconds: int = 60, **more: Any) -> str:
    asked = {"Bucket": "files", "Key": KEY, **more}
    return str(client().generate_presigned_url(method, Params=asked, ExpiresIn=seconds))


def test_a_link_is_good_for_its_time_method_object_and_answer() -> None:
    url = link("get_object", ResponseContentDisposition="attachment; filename*=UTF-8''a%20b.pdf", VersionId="v~1")
    assert linked("GET", url) == (204, "taken")
    assert linked("GET", url, 59) == (204, "taken")
    assert linked("GET", url, 62) == (403, "AccessDenied")
    for changed in (
        url.replace("e_1", "e_2"),
        url.replace("attachment", "inline"),
        url + "&response-content-type=text%2Fhtml",
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
    ):
        assert linked("GET", changed) == (403, "SignatureDoesNotMatch")
    assert linked("PUT", url) == (403, "SignatureDoesNotMatch")
    assert linked("GET", url.replace("X-Amz-Expires=60", "X-Amz-Expires=604801"))[1] == BAD_QUERY
    assert linked("GET", url.partition("&X-Amz-Signature")[0])[1] == BAD_QUERY


def test_a_link_to_put_holds_its_type() -> None:
    url = link("put_object", ContentType="application/pdf")
    assert linked("PUT", url, data=b"x", content_type="application/pdf") == (204, "taken")
    assert linked("PUT", url, data=b"x", content_type="text/html") == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_an_unsigned_request_for_an_object_is_refused(method: str) -> None:
    status, code = answer(EnvironBuilder("/files/trust/anchors.pem", HOST, method=method))
    assert (status, code if method != "HEAD" else "AccessDenied") == (403, "AccessDenied")
    assert answer(EnvironBuilder("/", HOST, method="POST", data={"Action": "ConfirmSubscription"}))[0] == 204
