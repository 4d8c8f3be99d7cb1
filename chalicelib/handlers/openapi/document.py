"""The API in OpenAPI 3.1, made from the declarations of the routes and the models of requests and answers."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.handlers.credentials import KEY_HEADER
from chalicelib.handlers.openapi import schemas, webhooks
from chalicelib.handlers.openapi.operations import errors_by_status, is_json, operation, shared_responses
from chalicelib.messages import ErrorCode
from chalicelib.settings import gateway_asks_for_signatures
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from chalicelib.handlers.routing import Route

FOLDER: Final = Path(__file__).parent
Object = Json
INFO: Final = {
    "title": "Lianfang",
    "summary": "联防：一处清退、处处关店 Evicted in one place, closed everywhere",
    "description": (
        "电商平台之间交换被清退商户信息的接口。每个请求用参与方的密钥（`Authorization: Bearer lf_…` "
        "或 `X-Lianfang-Key`）；"
        "商户自己的记录用执照核验换取的会话（`Bearer rs_…`）。错误格式一致，`code` 稳定不变，可能新增。"
        "列表的 `next` 一律为字符串：作为 `after` 发送即可续读，空字符串表示没有更多。\n\n"
        "The exchange of evicted merchants between e-commerce platforms. Requests carry a participant's key "
        "(`Authorization: Bearer lf_…` or `X-Lianfang-Key`); a merchant's own record takes the session that its "
        "licence opens (`Bearer rs_…`). All errors have one form; a `code` is stable for ever; there may be new ones. "
        'The `next` of a list is always a text: sent as `after` it reads on, and "" says that there is no more.'
    ),
    "contact": {"name": "运营方 the operator of this exchange"},
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
SECURITY: Final = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "lf_<id>_<secret>",
        "description": "参与方的密钥 the key of a participant",
    },
    "key_header": {
        "type": "apiKey",
        "in": "header",
        "name": KEY_HEADER,
        "description": "参与方的密钥，不占用 Authorization 头 the same key, where Authorization carries something else",
    },
    "session": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "rs_<id>_<secret>",
        "description": "商户的会话，由执照核验换取 the session of a merchant, opened by a licence check",
    },
}
# How API Gateway writes authorisation by IAM in OpenAPI:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
SIGNATURE: Final = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "x-amazon-apigateway-authtype": "awsSigv4",
    "description": "AWS 账号的签名 the signature of the caller's AWS account (SigV4, service execute-api)",
}
HEADERS: Final = {
    "RequestId": "请求编号 the id of the request",
    "Challenge": "Bearer",
    "RetryAfter": "多少秒后重试 after how many seconds to try again",
    "RateLimit": "各项限额的剩余与重置秒数 what is left of each quota, and in how many seconds it begins anew",
    "RateLimitPolicy": "各项限额 each quota: units and seconds of its window",
    "Location": "下一页 the next page",
    "SetCookie": "会话 the session",
    "ETag": "内容校验值 the validator of the content",
    "XNext": "续页位置，没有更多时无此头 where to read on; absent when there is no more",
    "ContentDisposition": "文件名 the name of the file",
}


def description(version: str, routes: "Sequence[Route]", server: str) -> Object:
    """The whole description as plain data; `server` is the address under which the API was asked."""
    texts, examples = _data("texts"), _data("examples")
    paths: Object = {}
    for route in routes:
        described = operation(route, texts["operations"][route.operation], examples.get(route.operation, {}))
        paths.setdefault(route.path, {})[route.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {**INFO, "version": version},
        "servers": [{"url": server, "description": "此交换系统 this exchange"}],
        "tags": [{"name": name, "description": f"{text['zh']} {text['en']}"} for name, text in texts["tags"].items()],
        "paths": paths,
        "webhooks": webhooks.described(),
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": _security_schemes(),
            "headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in HEADERS.items()},
            "responses": shared_responses(),
            "examples": _error_examples(routes),
        },
    }


def _security_schemes() -> Object:
    if not gateway_asks_for_signatures():
        return SECURITY
    return {"signature": SIGNATURE, **{name: scheme for name, scheme in SECURITY.items() if name != "key"}}


def _schemas(routes: "Sequence[Route]") -> Object:
    from chalicelib.handlers.responses.shared import Error

    models: list[type[BaseModel]] = [Error, *webhooks.models()]
    for route in routes:
        for reference in (route.returns, *route.also.values()):
            if ":" in reference:
                models += schemas.answers(reference)
    components = schemas.components((route.body for route in routes if route.body), models)
    components["ErrorBody"]["properties"]["code"]["examples"] = [str(code) for code in ErrorCode]
    return components


def _error_examples(routes: "Sequence[Route]") -> Object:
    code_lists = (codes for route in routes for codes in errors_by_status(route).values() if is_json(route, codes))
    used = {code for codes in code_lists for code in codes}
    return {
        f"error_{code}": {
            "summary": f"{code.zh} {code.en}",
            "value": {"error": {"code": str(code), "message": {"zh": code.zh, "en": code.en}, "details": {}}},
        }
        for code in sorted(used)
    }


@cache
def _data(name: str) -> Object:
    data: Object = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return data
