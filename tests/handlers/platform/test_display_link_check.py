"""The display-link check through the API."""

from tests.licences.test_national_licence_link import link
from tests.support.builders import uscc
from tests.world import World


def test_well_formed_is_not_confirmed(world: World) -> None:
    beta = world.admit("beta")
    status, body, _ = world.call("POST", "/v1/licence-links/check", beta, {"url": link(), "uscc": uscc(1)})
    assert status == 200
    assert (body["link_wellformed"], body["link_confirmed"], body["uscc"]) == (True, False, uscc(1))
    body = world.call("POST", "/v1/licence-links/check", beta, {"url": link(), "uscc": uscc(2)})[1]
    assert [problem["code"] for problem in body["problems"]] == ["link_other_merchant"]
    assert body["problems"][0]["message"]["zh"]
    status, body, _ = world.call("POST", "/v1/licence-links/check", beta, {"url": link(), "uscc": "91"})
    assert (status, body["error"]["code"]) == (400, "invalid_uscc")
