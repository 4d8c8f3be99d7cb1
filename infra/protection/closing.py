"""Closes the gateway: every request is answered 503 `restoring`, and no function is asked."""

from typing import Any

from infra.protection.answers import closed_answers, stage_settings
from infra.protection.gateway import put_settings


def close_gateway(gateway: Any, rest_api_id: str, api_stage: str) -> None:
    """Let no request through from now on; `harden_gateway` opens it again. Safe to repeat."""
    put_settings(gateway, rest_api_id, api_stage, closed_answers(), stage_settings(closed=True))
