"""The lists of licence checks and of onboarding checks: whose they are, by state and verdict, and who may review."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.builders import uscc
from tests.support.licence_holders import Holders
from tests.support.national_office import NationalOffice
from tests.world import World


@pytest.fixture
def holders(world: World) -> Iterator[Holders]:
    with NationalOffice() as national:
        yield Holders(world, national)


def ids(world: World, key: str, query: str = "") -> list[str]:
    return [check["check_id"] for check in world.call("GET", f"/v1/licence-checks?{query}", key)[1]["checks"]]


def test_a_second_reader_finds_what_waits_for_it(holders: Holders) -> None:
    world = holders.world
    first, second = holders.open("manual"), holders.open("manual")
    other, bureau = world.admit("beta"), holders.readers[0]
    own = [second["check_id"], first["check_id"]]
    assert ids(world, holders.key) == ids(world, bureau, "review=waiting") == own
    assert ids(world, bureau) == own, "a regulator sees what people read, of all platforms"
    holders.upload(first)
    assert holders.review(first, holders.key)[0] == 200
    assert ids(world, holders.key, "review=waiting") == [second["check_id"]]
    assert ids(world, bureau, "review=waiting") == own
    assert holders.review(first, bureau)[0] == 200
    assert ids(world, bureau, "review=waiting") == [second["check_id"]]
    assert ids(world, holders.key, "state=pending") == [second["check_id"]]
    assert ids(world, holders.key, "state=verified") == [first["check_id"]]
    assert ids(world, other) == []
    page = world.call("GET", "/v1/licence-checks?limit=1", holders.key)[1]
    assert len(page["checks"]) == 1
    assert ids(world, holders.key, f"after={page['next']}") == [first["check_id"]]
    ops = world.admit("ops", "operator")
    assert ids(world, ops, "review=waiting") == [second["check_id"]]
    assert world.call("GET", "/v1/licence-checks?platform=beta", ops)[0] == 403


def test_onboarding_checks_are_listed_by_verdict(world: World) -> None:
    beta, gamma, bureau = world.admit("beta"), world.admit("gamma"), world.admit("bureau", "regulator")

    def check(number: int) -> dict[str, Any]:
        body = {"uscc": uscc(number), "name": f"杭州示例{number}有限公司", "merchant_id": f"S-{number}"}
        status, answer, _ = world.call("POST", "/v1/onboarding-checks", beta, body)
        assert status in (200, 201), answer
        return dict(answer)

    made = [check(number) for number in (1, 2, 3)]
    page = world.call("GET", "/v1/onboarding-checks?limit=2", beta)[1]
    rest = world.call("GET", f"/v1/onboarding-checks?limit=2&after={page['next']}", beta)[1]
    receipts = [entry["receipt"] for entry in (*page["checks"], *rest["checks"])]
    assert receipts == [each["receipt"] for each in reversed(made)]
    assert page["checks"][0]["merchant_id"] == "S-3"
    verdict = made[0]["verdict"]
    assert len(world.call("GET", f"/v1/onboarding-checks?verdict={verdict}&platform=beta", bureau)[1]["checks"]) == 3
    other = "clear" if verdict != "clear" else "block"
    assert world.call("GET", f"/v1/onboarding-checks?verdict={other}", beta)[1]["checks"] == []
    assert world.call("GET", "/v1/onboarding-checks", gamma)[1] == {"checks": [], "next": ""}
    assert world.call("GET", "/v1/onboarding-checks", bureau)[1]["error"]["code"] == "platform_needed"
