"""A notice about a task names the platform that has not answered to regulators alone."""

from chalicelib.closure_tasks.rules.task_notice import task_notice
from tests.closure_tasks.test_task_transitions import made
from tests.support.builders import AT


def test_only_a_notice_to_regulators_names_the_platform() -> None:
    own = task_notice("task_opened", made(), "beta", AT)
    assert own.content.keys() == {"task"}
    told = task_notice("task_unanswered", made(), "bureau", AT, "beta")
    assert (told.content["platform_id"], told.content["task"]) == ("beta", own.content["task"])
    assert own.filters == told.filters == {"severity": "3"}
    assert own.notice_id != told.notice_id
