"""Every alarm has its line in the runbook, and the runbook speaks of no other."""

import re

import pytest

from tests.infra.project import ROOT, properties, text

RUNBOOK = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
TABLE = RUNBOOK.partition("## Alarms")[2].partition("\n\n`rebuild`")[0]
LINES = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("| `")]
NAMED = {name: line for line in LINES for name in re.findall(r"`([^`]+)`", line[0])}
ALARMS = {
    text(alarm["AlarmName"]).removeprefix("lianfang-prod-"): alarm
    for alarm in properties("AWS::CloudWatch::Alarm").values()
}


def line_of(alarm: str) -> list[str] | None:
    """The line that names an alarm, alone or for every function."""
    of_a_function = re.sub(r"^\w+(?=-errors$)", "<function>", re.sub(r"^subject_\w+(?=-late$)", "subject_…", alarm))
    return NAMED.get(alarm) or NAMED.get(of_a_function)


@pytest.mark.parametrize("alarm", sorted(ALARMS))
def test_an_alarm_says_what_it_means_and_what_to_do(alarm: str) -> None:
    line = line_of(alarm)
    assert line is not None, f"{alarm} is not in docs/deploying.md"
    _name, means, action = line
    assert len(means) > 15
    assert action
    description = ALARMS[alarm]["AlarmDescription"]
    assert len(text(description)) > 15


def test_the_runbook_names_no_alarm_that_there_is_not() -> None:
    named = {name for name in NAMED if "<" not in name and "…" not in name}
    assert named - set(ALARMS) == set()
