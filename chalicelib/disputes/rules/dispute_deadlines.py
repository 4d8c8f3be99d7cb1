"""The deadline of a dispute: how long a reporter has to answer, by the severity of its listing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.values.working_days import add_working_days

# severity -> working days in which the reporter answers
ANSWER_DAYS: Final[Mapping[int, int]] = {3: 3, 2: 5, 1: 5}


def answer_due(severity: int, opened_at: datetime) -> datetime:
    """When the answer to a dispute is due that is opened at that moment."""
    return add_working_days(opened_at, ANSWER_DAYS[severity])
