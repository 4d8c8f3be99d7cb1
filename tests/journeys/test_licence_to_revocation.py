"""A merchant shows its licence, trades, and loses it: what the register says reaches everyone who had verified it."""

from datetime import timedelta

from chalicelib import wiring
from tests.government_lists.test_list_types import REGISTER, deliver
from tests.support import licence_issuing
from tests.support.licence_issuing import LICENCE, NAME
from tests.world import World


def test_from_the_scan_to_the_day_on_which_the_register_says_revoked(world: World) -> None:
    licence_issuing.publish_trust()
    alpha, beta = world.admit("alpha"), world.admit("beta")
    ears = {
        name: world.listen(f"arn:aws-cn:sns:cn-north-1:123456789012:lianfang-platform-test-{name}")
        for name in ("alpha", "beta")
    }
    now, row = wiring.now(), f"{LICENCE.uscc},{NAME},,%s,有限责任公司,某局,2026-05-05,,\n"
    deliver("registration", REGISTER + row % "存续", now - timedelta(days=2))
    world.settle()
    wanted = {"uscc": LICENCE.uscc, "name": NAME, "purpose": "onboarding"}
    made = world.call("POST", "/v1/licence-checks", alpha, wanted)[1]
    path = f"/v1/licence-checks/{made['check_id']}"
    assert world.call("GET", path, alpha)[1]["state"] == "pending"
    result = {"presentation": licence_issuing.present_licence(made)}
    assert world.call("POST", f"{path}/response", "", result)[1]["state"] == "verified"
    seen = world.call("GET", path, alpha)[1]
    assert (seen["state"], seen["remarks"], seen["licence"]["state"]) == ("verified", [], "verified")
    asked = {"uscc": LICENCE.uscc, "purpose": "onboarding"}
    answer = world.call("POST", "/v1/lookups", beta, asked)[1]
    assert (answer["registration"]["status"], answer["registration"]["verdict"]) == ("operating", "clear")
    assert answer["verdict"] != "block"

    deliver("registration", REGISTER + row % "吊销，未注销", now + timedelta(days=1))
    world.settle()
    assert world.call("GET", path, alpha)[1]["licence"]["state"] == "revoked"
    answer = world.call("POST", "/v1/lookups", beta, asked)[1]
    assert (answer["verdict"], answer["matches"]) == ("block", [])
    assert answer["registration"]["status"] == "licence_revoked"
    (task,) = world.call("GET", "/v1/tasks", alpha)[1]["tasks"]
    assert (task["kind"], task["subject"]["uscc"]) == ("licence_revoked", LICENCE.uscc)
    (notified,) = [notice for notice in world.heard(ears["alpha"]) if notice["kind"] == "licence_changed"]
    assert (notified["licence"]["uscc"], notified["licence"]["status"]) == (LICENCE.uscc, "licence_revoked")
    assert [notice for notice in world.heard(ears["beta"]) if notice["kind"] == "licence_changed"] == []
    again = world.call("POST", "/v1/licence-checks", beta, wanted)[1]
    path = f"/v1/licence-checks/{again['check_id']}"
    result = {"presentation": licence_issuing.present_licence(again)}
    answered = world.call("POST", f"{path}/response", "", result)[1]
    assert (answered["state"], answered["reason"]["code"]) == ("failed", "not_operating")
