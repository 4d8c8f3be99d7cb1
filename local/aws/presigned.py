"""What S3 demands of a presigned form or link before it takes or gives an object, which moto does not.

Checked are signature, expiry and every condition of a form's policy, in the order and with the error codes of S3
("Browser-based uploads using POST", "Authenticating requests: using query parameters (AWS signature version 4)").
Requests that a client signs in their headers are the exchange's own and pass.
"""

import base64
import binascii
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote
from wsgiref.types import WSGIApplication, WSGIEnvironment
from xml.sax.saxutils import escape

from werkzeug.formparser import parse_form_data

from chalicelib.values.records import Json
from local.aws.cloud import take_body

_ALGORITHM = "AWS4-HMAC-SHA256"
_DATE = "%Y%m%dT%H%M%SZ"
_LONGEST_EXPIRY = 7 * 24 * 3600
# Fields of a form that its policy need not name.
_FREE = {"policy", "x-amz-signature", "file"}


class S3Error(Exception):
    """An error as S3 answers it."""

    def __init__(self, status: int, code: str, text: str, **more: object) -> None:
        super().__init__(code)
        self.status, self.code, self.text, self.more = status, code, text, more

    def body(self) -> bytes:
        """The XML of the answer."""
        inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in self.more.items())
        text = f"<Error><Code>{self.code}</Code><Message>{escape(self.text)}</Message>{inner}</Error>"
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()


class PresignedRequests:
    """A WSGI application that answers as S3 does to presigned and unsigned requests that it would refuse."""

    def __init__(
        self,
        inner: WSGIApplication,
        is_bucket: Callable[[str], bool],
        keys: Mapping[str, str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`keys` are the access keys that may sign, each with its secret."""
        self._inner, self._is_bucket, self._keys, self._now = inner, is_bucket, keys, now

    def __call__(self, environ: WSGIEnvironment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on what S3 would do."""
        try:
            self._check(environ)
        except S3Error as error:
            body = error.body()
            headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
            start_response(f"{error.status} {HTTPStatus(error.status).phrase}", headers)
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        return self._inner(environ, start_response)

    def _check(self, environ: WSGIEnvironment) -> None:
        bucket = environ["PATH_INFO"].strip("/").partition("/")[0]
        method = environ["REQUEST_METHOD"]
        if environ.get("HTTP_AUTHORIZATION") or method == "OPTIONS" or not self._is_bucket(bucket):
            return
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        if "X-Amz-Signature" in query or "X-Amz-Algorithm" in query:
            self._check_link(environ, query)
        elif method == "POST" and environ.get("CONTENT_TYPE", "").startswith("multipart/form-data"):
            self._check_form(environ, bucket)
        else:
            raise _denied("Access Denied")

    def _check_link(self, environ: WSGIEnvironment, query: dict[str, str]) -> None:
        wanted = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
        if any(not query.get(f"X-Amz-{name}") for name in wanted) or query["X-Amz-Algorithm"] != _ALGORITHM:
            raise _bad_query("Query-string authentication version 4 requires the X-Amz-* parameters.")
        expires = query["X-Amz-Expires"]
        if not (expires.isascii() and expires.isdigit() and 0 < int(expires[:9]) <= _LONGEST_EXPIRY):
            raise _bad_query("X-Amz-Expires must be between 1 and 604800 seconds.")
        at = _moment(query["X-Amz-Date"])
        key = self._signing_key(query["X-Amz-Credential"], query["X-Amz-Date"])
        if self._now() > at + timedelta(seconds=int(expires)):
            raise _denied("Request has expired")
        signed = _text_to_sign(environ, query)
        if not hmac.compare_digest(_hmac(key, signed).hex(), query["X-Amz-Signature"]):
            raise _other_signature()

    def _check_form(self, environ: WSGIEnvironment, bucket: str) -> None:
        take_body(environ)
        _stream, form, files = parse_form_data(environ, stream_factory=_in_memory)
        environ["wsgi.input"].seek(0)
        fields = {name.lower(): value for name, value in form.items()}
        content = files["file"].read() if "file" in files else None
        if content is None and "file" in fields:
            content = fields["file"].encode()
        if content is None:
            raise S3Error(400, "InvalidArgument", "POST requires exactly one file upload per request.")
        if "key" not in fields:
            raise S3Error(400, "InvalidArgument", "Bucket POST must contain a field named 'key'.")
        if "policy" not in fields:
            raise _denied("Access Denied")
        self._check_policy(fields, bucket, len(content))

    def _check_policy(self, fields: dict[str, str], bucket: str, size: int) -> None:
        for name in ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"):
            if not fields.get(name):
                raise S3Error(400, "InvalidArgument", f"Bucket POST must contain a field named '{name}'.")
        key = self._signing_key(fields["x-amz-credential"], fields["x-amz-date"])
        if not hmac.compare_digest(_hmac(key, fields["policy"]).hex(), fields["x-amz-signature"]):
            raise _other_signature()
        policy = _policy(fields["policy"])
        if self._now() > _expiration(policy):
            raise _denied("Invalid according to Policy: Policy expired.")
        _check_conditions(policy["conditions"], {**fields, "bucket": bucket}, size)

    def _signing_key(self, credential: str, moment: str) -> bytes:
        access_key, *scope = credential.split("/")
        if access_key not in self._keys:
            raise S3Error(
                403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
            )
        if len(scope) != 4 or scope[0] != moment[:8] or scope[2:] != ["s3", "aws4_request"]:
            raise _bad_query("Error parsing the X-Amz-Credential parameter.")
        key = ("AWS4" + self._keys[access_key]).encode()
        for part in scope:
            key = _hmac(key, part)
        return key


def _in_memory(*_sizes: object, **_more: object) -> io.BytesIO:
    return io.BytesIO()


def _check_conditions(conditions: list[Any], fields: Mapping[str, str], size: int) -> None:
    """Raise where a field is not as the policy wants it, is not named by it, or the file has another size."""
    named = set(_FREE)
    for condition in conditions:
        if isinstance(condition, list) and condition and condition[0] == "content-length-range":
            _check_size(condition, size)
            continue
        for kind, name, wanted in _parts(condition):
            named.add(name)
            value = fields.get(name, "")
            if not (value.startswith(wanted) if kind == "starts-with" else value == wanted):
                raise _denied(f"Invalid according to Policy: Policy Condition failed: {json.dumps(condition)}")
    for name in fields:
        if name not in named and name != "bucket" and not name.startswith("x-ignore-"):
            raise _denied(f"Invalid according to Policy: Extra input fields: {name}")


def _parts(condition: Any) -> list[tuple[str, str, str]]:
    """The kind, the field and the value of each demand of a condition."""
    if isinstance(condition, dict):
        return [("eq", str(name).lower(), str(value)) for name, value in condition.items()]
    match condition:
        case [("eq" | "starts-with") as kind, str(name), str(value)] if name.startswith("$"):
            return [(kind, name[1:].lower(), value)]
    raise S3Error(400, "InvalidPolicyDocument", "Invalid Policy: Invalid condition.")


def _check_size(condition: list[Any], size: int) -> None:
    match condition:
        case [_, int(least), int(most)]:
            pass
        case _:
            raise S3Error(400, "InvalidPolicyDocument", "Invalid Policy: Invalid content-length-range.")
    if size < least:
        raise S3Error(
            400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size.",
            ProposedSize=size, MinSizeAllowed=least,
        )  # fmt: skip
    if size > most:
        raise S3Error(
            400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
            ProposedSize=size, MaxSizeAllowed=most,
        )  # fmt: skip


def _policy(encoded: str) -> Json:
    try:
        policy = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        policy = None
    if not isinstance(policy, dict) or not isinstance(policy.get("conditions"), list):
        raise S3Error(400, "InvalidPolicyDocument", "Invalid Policy: Invalid JSON.")
    return policy


def _expiration(policy: Json) -> datetime:
    try:
        return datetime.fromisoformat(str(policy["expiration"]))
    except (KeyError, ValueError):
        raise S3Error(400, "InvalidPolicyDocument", "Invalid Policy: Invalid 'expiration' value.") from None


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, _DATE).replace(tzinfo=UTC)
    except ValueError:
        raise _bad_query("X-Amz-Date must be in the ISO8601 Long Format.") from None


def _text_to_sign(environ: WSGIEnvironment, query: Mapping[str, str]) -> str:
    """The string that the signature of a link is of."""
    path = (environ.get("RAW_URI") or environ.get("REQUEST_URI") or quote(environ["PATH_INFO"])).partition("?")[0]
    pairs = sorted((quote(name, "~"), quote(value, "~")) for name, value in query.items() if name != "X-Amz-Signature")
    names = query["X-Amz-SignedHeaders"].split(";")
    headers = "".join(f"{name}:{' '.join(_header(environ, name).split())}\n" for name in names)
    asked = (environ["REQUEST_METHOD"], path, "&".join(map("=".join, pairs)), headers, ";".join(names))
    digest = hashlib.sha256("\n".join((*asked, "UNSIGNED-PAYLOAD")).encode()).hexdigest()
    scope = query["X-Amz-Credential"].partition("/")[2]
    return "\n".join((_ALGORITHM, query["X-Amz-Date"], scope, digest))


def _header(environ: WSGIEnvironment, name: str) -> str:
    variable = name.upper().replace("-", "_")
    return str(environ.get(variable if variable in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{variable}", ""))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _denied(text: str) -> S3Error:
    return S3Error(403, "AccessDenied", text)


def _bad_query(text: str) -> S3Error:
    return S3Error(400, "AuthorizationQueryParametersError", text)


def _other_signature() -> S3Error:
    text = "The request signature we calculated does not match the signature you provided."
    return S3Error(403, "SignatureDoesNotMatch", text)
