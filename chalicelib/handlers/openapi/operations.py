"""One declared route as an operation of OpenAPI: parameters, body, answers, errors, security."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.handlers.openapi import schemas
from chalicelib.handlers.parameters import LONGEST_ID_BYTES, PATH_PARAMETERS, Cursor, DayCursor, LogCursor, Parameter
from chalicelib.handlers.replies import HTML
from chalicelib.handlers.routing import Route
from chalicelib.messages import ErrorCode
from chalicelib.settings import gateway_asks_for_signatures
from chalicelib.values.records import Json

JSON: Final = "application/json"
REQUEST_ID: Final = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
# What any route may be answered, and what those with a body, a key or a session may be answered beside.
ALWAYS: Final = (ErrorCode.TOO_MANY_REQUESTS, ErrorCode.INTERNAL_ERROR, ErrorCode.STORE_UNAVAILABLE)
OF_BODIES: Final = (
    ErrorCode.MALFORMED_JSON,
    ErrorCode.DAMAGED_TEXT,
    ErrorCode.INVALID_REQUEST,
    ErrorCode.UNKNOWN_FIELD,
    ErrorCode.TOO_LARGE,
)
NO_KEY: Final = (ErrorCode.MISSING_KEY, ErrorCode.UNKNOWN_KEY, ErrorCode.REVOKED_KEY)
OF_KEYS: Final = (*NO_KEY, ErrorCode.WRONG_ROLE, ErrorCode.CONFLICTING_KEYS)
OF_SESSIONS: Final = (ErrorCode.NO_SESSION, ErrorCode.SESSION_OVER)
SHARED: Final = {
    tuple(sorted(NO_KEY)): "NoKey",
    tuple(sorted(OF_SESSIONS)): "NoSession",
    (ErrorCode.WRONG_ROLE,): "WrongRole",
    (ErrorCode.NOT_FOUND,): "NotFound",
    (ErrorCode.TOO_LARGE,): "TooLarge",
    (ErrorCode.UNSUPPORTED_TYPE,): "UnsupportedType",
    (ErrorCode.TOO_MANY_REQUESTS,): "TooManyRequests",
    (ErrorCode.INTERNAL_ERROR,): "InternalError",
    (ErrorCode.STORE_UNAVAILABLE,): "StoreUnavailable",
}
SAID: Final = {
    200: "完成 done",
    201: "已创建 made",
    202: "已接收 accepted",
    303: "转到下一页 on to the next page",
    304: "未变化 not modified",
    400: "请求有误 the request does not fit",
    401: "未核验身份 nobody that is known is asking",
    403: "无权访问 not for this role",
    404: "未找到 nothing there",
    409: "与现状冲突 contradicts what is already so",
    410: "已撤下 gone for good",
    413: "超过大小限制 over the size limit",
    415: "不支持的类型 a type that is not taken",
    422: "文件无法处理 a file that cannot be taken",
    429: "过于频繁 too many requests",
    500: "内部错误 something failed on our side",
    503: "暂不可用 try again later",
}
Object = Json


def operation(route: Route, texts: Mapping[str, Any], example: Mapping[str, Any]) -> Object:
    """The operation object of a route; `texts` is its summary and description, `example` a real call of it."""
    summary, description = texts["summary"], texts["description"]
    described: Object = {
        "operationId": route.operation,
        "summary": f"{summary['zh']} {summary['en']}",
        "description": f"{description['zh']}\n\n{description['en']}",
        "tags": list(route.tags),
        "security": _security(route),
        "parameters": list(_parameters(route)),
        "responses": _responses(route, example),
    }
    if not described["parameters"]:
        del described["parameters"]
    content = _body(route, example)
    if content:
        described["requestBody"] = {"required": True, "content": content}
        if len(route.content_types) > 1:
            described["requestBody"]["description"] = "也可用 also " + ", ".join(route.content_types[1:])
    if route.roles:
        described["x-roles"] = list(route.roles)
    return described


def errors_of(route: Route) -> list[ErrorCode]:
    """Every error that the route may be answered with."""
    codes: list[ErrorCode] = [*route.errors, *route.conflicts]
    if not route.any_query:
        codes.append(ErrorCode.UNKNOWN_PARAMETER)
    if any(isinstance(parameter, Cursor | DayCursor) for parameter in route.query):
        codes.append(ErrorCode.INVALID_CURSOR)
    if any(isinstance(parameter, LogCursor) for parameter in route.query):
        codes.append(ErrorCode.RESTORED)
    if route.query or route.headers or "{" in route.path:
        codes.append(ErrorCode.INVALID_REQUEST)
    codes += OF_BODIES if route.body else ()
    codes += [ErrorCode.UNSUPPORTED_TYPE] if route.takes_body else []
    # What is written may find a record that an earlier version has filled.
    codes += [ErrorCode.RECORD_FULL] if route.method != "GET" and (route.roles or route.session) else []
    codes += OF_KEYS if route.roles else ()
    codes += OF_SESSIONS if route.session else ()
    if route.is_page and route.takes_body:
        codes += [*OF_SESSIONS, ErrorCode.FORM_NOT_OURS, ErrorCode.TOO_LARGE]
    return sorted({*codes, *ALWAYS}, key=lambda code: (code.status, code))


def _security(route: Route) -> list[Object]:
    if route.session:
        return [{"session": []}]
    if gateway_asks_for_signatures() and route.is_signed:
        return [{"signature": [], **({"key_header": []} if route.roles else {})}]
    return [{"key": []}, {"key_header": []}] if route.roles else []


def _parameters(route: Route) -> Iterable[Object]:
    for part in route.path.split("/"):
        if part.startswith("{"):
            zh, en = PATH_PARAMETERS[part[1:-1]]
            text = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID_BYTES}
            yield {"name": part[1:-1], "in": "path", "required": True, "description": f"{zh} {en}", "schema": text}
    for parameter in route.query:
        yield _parameter(parameter, "query", required=False)
    for parameter in route.headers:
        yield _parameter(parameter, "header", required=parameter.name == "X-File-Name")


def _parameter(parameter: Parameter, place: str, required: bool) -> Object:
    description = f"{parameter.zh} {parameter.en}"
    return {
        "name": parameter.name,
        "in": place,
        "required": required,
        "description": description,
        "schema": parameter.schema(),
    }


def _body(route: Route, example: Mapping[str, Any]) -> Object:
    if route.body:
        content: Object = {"schema": schemas.reference(route.body.partition(":")[2])}
        return {JSON: content | ({"example": example["request"]} if "request" in example else {})}
    if not route.takes_body or route.content_types == (JSON,):
        return {}
    if route.is_page:
        form = {"type": "object", "additionalProperties": {"type": "string"}}
        return {kind: {"schema": form} for kind in route.content_types}
    # Generators of clients know no other type of bytes; what else is taken stands in the description.
    return {route.content_types[0]: {"schema": {"type": "string", "format": "binary"}}}


def _responses(route: Route, example: Mapping[str, Any]) -> Object:
    responses: dict[int, Object] = {route.status: _success(route, example)}
    for status, reference in route.also.items():
        own_example = example if str(status) == str(example.get("status", "")) else {}
        responses[status] = _answer(status, _content(reference, own_example), route)
    for status, codes in errors_by_status(route).items():
        if status in responses:
            content = {**responses[status].get("content", {}), **_errors(route, codes)}
            responses[status] = _answer(status, content, route, codes)
        else:
            responses[status] = _shared(route, tuple(codes)) or _answer(status, _errors(route, codes), route, codes)
    described: Object = {str(status): responses[status] for status in sorted(responses)}
    return described | {"default": {"$ref": "#/components/responses/OtherError"}}


def shared_responses() -> Object:
    """The answers that many operations have in common, by name; `OtherError` is what a gateway may answer besides."""
    plain = Route("", "", "")
    shared = {
        name: _answer(codes[0].status, _errors(plain, list(codes)), plain, codes) for codes, name in SHARED.items()
    }
    other = {"description": "其他错误 any other error", "content": {JSON: {"schema": schemas.reference("Error")}}}
    return shared | {"OtherError": other}


def _shared(route: Route, codes: tuple[ErrorCode, ...]) -> Object:
    """A reference to the answer, where many operations have the same; {} otherwise."""
    if codes not in SHARED or not is_json(route, codes):
        return {}
    return {"$ref": f"#/components/responses/{SHARED[codes]}"}


def is_json(route: Route, codes: Sequence[ErrorCode]) -> bool:
    """Whether these errors are JSON: of pages, only what Chalice refuses before a view runs."""
    return not route.is_page or tuple(codes) == (ErrorCode.UNSUPPORTED_TYPE,)


def _success(route: Route, example: Mapping[str, Any]) -> Object:
    content = _content(route.returns, example) if route.returns else {}
    # A page and a picture say nothing of their form but their type.
    sample = {"example": example["text"]} if "text" in example else {}
    content |= {_plain_type(kind): {"schema": {"type": "string"}, **sample} for kind in route.media}
    if route.status in (303, 304):
        content = {}
    return _answer(route.status, content, route)


def _content(reference: str, example: Mapping[str, Any]) -> Object:
    """The content of an answer: of a model, of a media type, or none."""
    if not reference:
        return {}
    if ":" not in reference:
        return {_plain_type(reference): {"schema": {"type": "string"}}}
    sample = {"example": example["response"]} if "response" in example else {}
    return {JSON: {"schema": schemas.answer(reference), **sample}}


def _errors(route: Route, codes: list[ErrorCode]) -> Object:
    if not is_json(route, codes):
        return {_plain_type(HTML): {"schema": {"type": "string"}}}
    examples = {str(code): {"$ref": f"#/components/examples/error_{code}"} for code in codes}
    return {JSON: {"schema": schemas.reference("Error"), "examples": examples}}


def _answer(status: int, content: Object, route: Route, codes: Iterable[ErrorCode] = ()) -> Object:
    description = SAID[status] + "".join(f"\n- `{code}` {code.zh} {code.en}" for code in codes)
    return {
        "description": description,
        "headers": {**REQUEST_ID, **_headers(status, route, content)},
        **({"content": content} if content else {}),
    }


def _headers(status: int, route: Route, content: Object) -> Object:
    names = {
        "WWW-Authenticate": status == 401,
        "Retry-After": status == 429,
        "RateLimit": True,
        "RateLimit-Policy": True,
        "Location": status == 303,
        "Set-Cookie": status == 303,
        "ETag": status in (200, 304) and 304 in route.also,
        "X-Next": status == 200 and "text/comma-separated-values" in content,
        "Content-Disposition": status == 200 and "text/comma-separated-values" in content,
    }
    parts = {name: name.replace("-", "").replace("WWWAuthenticate", "Challenge") for name in names}
    return {name: {"$ref": f"#/components/headers/{parts[name]}"} for name, sent in names.items() if sent}


def errors_by_status(route: Route) -> dict[int, list[ErrorCode]]:
    """Every error that the route may be answered with, by its status there."""
    by_status: dict[int, list[ErrorCode]] = {}
    for code in errors_of(route):
        by_status.setdefault(409 if code in route.conflicts else code.status, []).append(code)
    return by_status


def _plain_type(kind: str) -> str:
    return kind.partition(";")[0]
