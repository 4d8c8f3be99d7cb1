"""What template, configuration and `app.py` say there is: alarms, secrets, queues, schedules, memory, sampling."""

import importlib
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cfnlint.decode.cfn_yaml import load
from chalice.app import Rate, ScheduledEventConfig

from chalicelib.values.records import Json

ROOT: Final = Path(__file__).resolve().parent.parent.parent
MONTH: Final = timedelta(days=30)
MB_A_GB: Final = 1024


@dataclass(frozen=True, slots=True)
class Deployed:
    """`alarms` counts the metrics that alarms look at, `runs` the runs of each schedule a month, `memory` is in GB."""

    alarms: int
    secrets: int
    queues: int
    traced_share: float
    runs: dict[str, float]
    memory: dict[str, float]


def read_deployed() -> Deployed:
    """What is deployed for a stage."""
    template = load(str(ROOT / "infra/template.yaml"))["Resources"]
    config = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))
    runs = {
        source.name: MONTH / timedelta(**{_plural(source.schedule_expression): source.schedule_expression.value})
        for source in importlib.import_module("app").app.event_sources
        if isinstance(source, ScheduledEventConfig) and isinstance(source.schedule_expression, Rate)
    }
    rules = _properties(template, "AWS::XRay::SamplingRule")
    return Deployed(
        alarms=sum(_metrics(alarm) for alarm in _properties(template, "AWS::CloudWatch::Alarm")),
        secrets=len(_properties(template, "AWS::SecretsManager::Secret")),
        queues=len([queue for queue in _properties(template, "AWS::SQS::Queue") if "RedrivePolicy" in queue]),
        traced_share=float(rules[0]["SamplingRule"]["FixedRate"]),
        runs=runs,
        memory={
            name: settings["lambda_memory_size"] / MB_A_GB for name, settings in config["lambda_functions"].items()
        },
    )


def _properties(template: Json, kind: str) -> list[Json]:
    return [resource["Properties"] for resource in template.values() if resource["Type"] == kind]


def _metrics(alarm: Json) -> int:
    """How many metrics an alarm looks at; each is priced."""
    return len([metric for metric in alarm.get("Metrics", ()) if "MetricStat" in metric]) or 1


def _plural(rate: Rate) -> str:
    return str(rate.unit).lower().rstrip("s") + "s"
