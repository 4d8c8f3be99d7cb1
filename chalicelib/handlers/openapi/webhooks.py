"""What the exchange sends by itself: the notices of its two topics, as they reach an https endpoint through SNS."""

from typing import TYPE_CHECKING

from chalicelib.handlers.openapi.schemas import reference
from chalicelib.values.records import Json

if TYPE_CHECKING:
    from pydantic import BaseModel


def models() -> "list[type[BaseModel]]":
    """The models of all notices."""
    from chalicelib.handlers.responses import notices

    return [notices.ClosureNotice, *notices.private_notices()]


def described() -> Json:
    """The webhooks of OpenAPI, by the topic that they come from."""
    closures, *private = (reference(model.__name__) for model in models())
    return {
        "closures": _webhook(
            "receiveClosureNotice",
            "条目变动通知 A change of a listing",
            "订阅主题 closures 的端点收到每次条目变动，以及针对该订阅的投递测试。\n\n"
            "Endpoints subscribed to `closures` get each change of a listing, and tests of that very subscription.",
            {"oneOf": [closures, reference("DeliveryTestNotice")]},
        ),
        "own": _webhook(
            "receivePrivateNotice",
            "本方通知 A notice to this participant alone",
            "订阅主题 own 的端点收到发给本方的通知；未知的 kind 应忽略。\n\n"
            "Endpoints subscribed to `own` get the notices to this participant; pass over a kind that you do not know.",
            {"oneOf": private},
        ),
    }


def _webhook(ident: str, summary: str, description: str, schema: Json) -> Json:
    return {
        "post": {
            "operationId": ident,
            "summary": summary,
            "description": description,
            "tags": ["notices"],
            "security": [],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {
                "200": {"description": "已收到 received"},
                "4XX": {"description": "未收到，将重试 not received; SNS tries again"},
            },
        }
    }
