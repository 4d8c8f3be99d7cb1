"""The logger and the metrics; nothing that is logged holds a name, an identifier or a contact in clear."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.settings import metrics_are_off

NAMESPACE = "Lianfang"


@cache
def logger() -> Logger:
    """The logger: one JSON line for each event, in UTF-8."""
    # The location would be that of a function of this module.
    return Logger(service="lianfang", json_serializer=_dumps, serialize_stacktrace=False, location=None)


def note(event: str, **facts: Any) -> None:
    """Log that something happened, with ids and counts; personal values have no place in `facts`."""
    logger().info(event, extra=facts)


def warn(event: str, **facts: Any) -> None:
    """Log something that a person may have to look at."""
    logger().warning(event, extra=facts)


def failed(event: str, **facts: Any) -> None:
    """Log the exception that is being handled."""
    logger().exception(event, extra=facts)


def failed_with(event: str, error: Exception, **facts: Any) -> None:
    """Log an exception that was handled before."""
    logger().error(event, extra=facts, exc_info=error)


def measure(values: Mapping[str, float], **dimensions: str) -> None:
    """Emit metrics in CloudWatch's embedded format: counts, or seconds where the name ends so.

    Where they are off nothing is gathered; Powertools alone would gather them until there are too many.
    """
    if metrics_are_off():
        return
    metrics = Metrics(namespace=NAMESPACE)
    for name, text in dimensions.items():
        metrics.add_dimension(name=name, value=text)
    for name, value in values.items():
        unit = MetricUnit.Seconds if name.endswith("Seconds") else MetricUnit.Count
        metrics.add_metric(name=name, unit=unit, value=value)
    metrics.flush_metrics()


def _dumps(record: dict[str, Any]) -> str:
    import json

    return json.dumps(record, ensure_ascii=False, default=str)
