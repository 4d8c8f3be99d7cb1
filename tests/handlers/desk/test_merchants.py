"""Merchants by name for regulators, and accounts with the last use of their keys."""

from datetime import UTC, datetime

from chalicelib import wiring
from chalicelib.accounts.last_use import last_used
from chalicelib.storage.item_keys import account_keys
from tests.support.builders import listed, uscc
from tests.world import World


def test_a_regulator_finds_merchants_by_name(world: World) -> None:
    alpha, bureau, ops = world.admit("alpha"), world.admit("bureau", "regulator"), world.admit("ops", "operator")
    for number, name in ((1, "苏州霁昱商贸有限公司"), (2, "杭州樾野茶业有限公司")):
        wiring.registry().save(listed("beta", identity={"uscc": uscc(number), "name": name}))
    world.settle()
    status, answer, _ = world.call("GET", "/v1/merchants?name=苏州霁昱商贸公司", bureau)
    assert status == 200
    assert [match["subject"]["uscc"] for match in answer["merchants"]] == [uscc(1)]
    assert world.call("GET", "/v1/merchants?name=成都示例餐饮有限公司", bureau)[1] == {"merchants": []}
    assert world.call("GET", "/v1/merchants", bureau)[1]["error"]["code"] == "nothing_to_look_up"
    for key in (alpha, ops):
        assert world.call("GET", "/v1/merchants?name=苏州霁昱", key)[0] == 403


def test_an_account_shows_its_keys_and_their_last_use(world: World) -> None:
    alpha, ops = world.admit("alpha"), world.admit("ops", "operator")
    key_id = alpha.split("_")[1]
    assert "last_used_at" not in world.call("GET", "/v1/platforms/alpha", ops)[1]["keys"][0]
    at = datetime(2026, 11, 27, 8, 15, tzinfo=UTC)
    window = int(at.timestamp()) // 60
    for account in (f"key:{key_id}", "platform:alpha"):
        fields = {f"requests-minute:{window}": 3, f"requests-minute:{window - 9}": 3, "requests-day:20784": 3}
        wiring.exchange().put({"id": account_keys.usage(account), **fields, "expires_at": 1_900_000_000})
    shown = world.call("GET", "/v1/platforms/alpha", ops)[1]
    assert shown["keys"][0] == {**shown["keys"][0], "key_id": key_id, "last_used_at": "2026-11-27T08:15:00.000Z"}
    assert shown["last_used_at"] == "2026-11-27T08:15:00.000Z"
    assert world.call("GET", "/v1/platforms/nobody", ops)[0] == 404
    assert world.call("GET", "/v1/platforms/alpha", alpha)[0] == 403
    assert last_used({"requests-day:20784": 0, "unknown:1": 2}) == ""
