"""How the two sides stand to each other, one case for each state."""

import pytest

from chalicelib.domain.corroboration import state

PLATFORM = {"source": "platform:alpha", "state": "active"}
OFFICIAL = {"source": "government:serious_violations", "state": "active"}


@pytest.mark.parametrize(
    ("listings", "expected"),
    [
        ([PLATFORM, OFFICIAL], "both"),
        ([PLATFORM], "platform_only"),
        ([OFFICIAL], "government_only"),
        ([PLATFORM, {**OFFICIAL, "state": "removed"}], "conflict"),
        ([PLATFORM, {**OFFICIAL, "expires_on": "2026-01-31"}], "conflict"),
        ([PLATFORM, OFFICIAL, {**OFFICIAL, "state": "removed"}], "both"),
        ([{**PLATFORM, "state": "withdrawn"}, OFFICIAL], "government_only"),
        ([{**PLATFORM, "state": "withdrawn"}], "none"),
        ([], "none"),
    ],
)
def test_each_state(listings: list[dict[str, str]], expected: str) -> None:
    subject = {"listings": {str(place): one for place, one in enumerate(listings)}}
    assert state(subject, "2026-02-01") == expected
