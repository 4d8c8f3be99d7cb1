"""Links that S3 takes for the signature in them: to one object, with its answer's headers and who asked for it."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from chalicelib.values.records import Json

# botocore has no parameter for what a link's query says besides; this name never reaches S3.
ASKED: Final = "Asked"


def link(client: Any, wanted: Json, seconds: int, asked: Mapping[str, str] | None) -> str:
    """A presigned GET for so many seconds; `wanted` is what GetObject takes, and `asked` is signed with it."""
    if asked:
        events = client.meta.events
        events.register("provide-client-params.s3.GetObject", _keep_aside, unique_id="asked-aside")
        events.register("before-sign.s3.GetObject", _sign_in_query, unique_id="asked-signed")
        wanted = {**wanted, ASKED: dict(asked)}
    return str(client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds))


def disposition(kind: str, file_name: str) -> str:
    """The header by which a browser saves a file or shows it, under that name (RFC 6266)."""
    return f"{kind}; filename*=UTF-8''{quote(file_name, safe='')}" if file_name else kind


def _keep_aside(params: Json, context: Json, **_: Any) -> Json:
    context[ASKED] = params.get(ASKED, {})
    return {name: value for name, value in params.items() if name != ASKED}


def _sign_in_query(request: Any, **_: Any) -> None:
    request.params.update(request.context.get(ASKED, {}))
