"""Closes the gateway: every request is answered 503 `restoring`, and no function is asked."""

from typing import Any

from infra.protection.answers import closed_answers, stage_settings


def close_gateway(gateway: Any, rest_api_id: str, api_stage: str) -> None:
    """Let no request through from now on; `harden_gateway` opens it again. Safe to repeat."""
    for answer in closed_answers():
        gateway.put_gateway_response(restApiId=rest_api_id, **answer)
    # The gateway's answers count from the next deployment of the API on.
    gateway.create_deployment(restApiId=rest_api_id, stageName=api_stage)
    gateway.update_stage(
        restApiId=rest_api_id,
        stageName=api_stage,
        patchOperations=[
            {"op": "replace", "path": path, "value": value} for path, value in stage_settings(closed=True).items()
        ],
    )
