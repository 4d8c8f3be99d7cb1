"""The commands of operating.md that run a schedule by hand send what Chalice takes, to functions that exist."""

import json
import re
import shlex
from pathlib import Path

from chalice.app import CloudWatchEvent, ScheduledEventConfig

import app

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


def test_each_command_sends_a_whole_event_to_a_schedule_that_exists() -> None:
    text = OPERATING.read_text("utf-8")
    (fields,) = re.findall(r"^EVENT='(.*)'$", text, re.MULTILINE)
    runs = [shlex.split(line, comments=True)[1:] for line in re.findall(r"\brun [a-z]+_due\b.*$", text, re.MULTILINE)]
    schedules = {event.name for event in app.app.event_sources if isinstance(event, ScheduledEventConfig)}
    assert len(runs) >= 4
    for name, *more in runs:
        assert name in schedules, name
        event = CloudWatchEvent(json.loads(f"{{{', '.join([fields, *more])}}}"), None).to_dict()
        assert event["detail-type"] == "Scheduled Event"
