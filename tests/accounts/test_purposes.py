"""A platform investigates only where it was granted; a regulator always may."""

import pytest

from tests.support.builders import uscc
from tests.world import World

SINGLE = ("/v1/lookups", {"uscc": uscc(1), "purpose": "investigation"})
BATCH = ("/v1/lookups/batch", {"purpose": "investigation", "applicants": [{"uscc": uscc(1)}]})


@pytest.mark.parametrize(("path", "body"), [SINGLE, BATCH])
@pytest.mark.parametrize("granted_by", ["operator", "regulator"])
def test_investigating_is_for_regulators_unless_granted(
    world: World, path: str, body: dict[str, object], granted_by: str
) -> None:
    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", role="regulator")
    grantor = bureau if granted_by == "regulator" else world.admit("ops", role="operator")
    assert world.call("POST", path, bureau, body)[0] == 200
    status, answer, _ = world.call("POST", path, alpha, body)
    assert (status, answer["error"]["code"]) == (403, "purpose_not_granted")
    assert answer["error"]["details"] == {"purpose": "investigation"}
    assert world.call("POST", path, alpha, {**body, "purpose": "recheck"})[0] == 200

    wanted = {"purposes": ["investigation"]}
    granted = world.call("PUT", "/v1/platforms/alpha/purposes", grantor, wanted)
    assert granted[:2] == (200, {"platform_id": "alpha", "purposes": ["investigation"]})
    assert world.call("POST", path, alpha, body)[0] == 200
    assert world.call("GET", "/v1/platforms/me", alpha)[1]["purposes"] == ["investigation"]
    assert world.call("POST", path, beta, body)[0] == 403
    assert world.call("PUT", "/v1/platforms/alpha/purposes", grantor, {"purposes": []})[0] == 200
    assert world.call("POST", path, alpha, body)[0] == 403


def test_nobody_grants_itself_anything_and_no_other_purpose_is_granted(world: World) -> None:
    alpha, ops = world.admit("alpha"), world.admit("ops", role="operator")
    wanted = {"purposes": ["investigation"]}
    assert world.call("PUT", "/v1/platforms/alpha/purposes", alpha, wanted)[0] == 403
    assert world.call("PUT", "/v1/platforms/nobody/purposes", ops, wanted)[0] == 404
    assert world.call("PUT", "/v1/platforms/alpha/purposes", ops, {"purposes": ["curiosity"]})[0] == 400
