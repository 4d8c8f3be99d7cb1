"""What each duty comes for is done from the sign-in to its end: by the mouse and by the keyboard alone, on a phone and
on a computer, in zh and in en. A journey of each duty is in test_console_pages, whose exchange it shares."""

from pathlib import Path

import pytest

from chalicelib.accounts.roles import Role
from chalicelib.people.duties import Duty
from tests.browser.console_windows import Windows
from tests.browser.duties import journeys
from tests.browser.duties.hands import Hand

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("local")]


@pytest.mark.parametrize(journeys.HEADS, journeys.LONG)
def test_a_duty_is_done_from_the_sign_in_to_its_end(
    windows: Windows, tmp_path: Path, role: Role, duty: Duty, hand: type[Hand], size: str, language: str
) -> None:
    journeys.do(windows, tmp_path, role, duty, hand, size, language)
