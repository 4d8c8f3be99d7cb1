"""The pulls of a list over time: how each went, how large the list was, and who may read it."""

from tests.handlers.oversight.test_feed_rejections import HEAD, deliver, row
from tests.handlers.oversight.test_government_lists import tick
from tests.world import World


def test_the_pulls_of_a_list_are_read_back(world: World) -> None:
    keys = {role: world.admit(f"some-{role}", role) for role in ("platform", "regulator", "operator")}
    deliver(world, keys, HEAD + row(1) + row(2))
    deliver(world, keys, HEAD + row(1) + row(2) + row(3))
    tick("some_list")
    path = "/v1/feeds/some_list/runs"
    runs = world.call("GET", path, keys["regulator"])[1]["runs"]
    assert [(run["result"], run.get("rows"), run.get("changed")) for run in runs[-2:]] == [
        ("applied", 3, 1),
        ("applied", 2, 2),
    ]
    assert runs[0]["age_seconds"] < 3_600
    first = world.call("GET", f"{path}?limit=1", keys["operator"])[1]
    rest = world.call("GET", f"{path}?after={first['next']}", keys["operator"])[1]["runs"]
    assert [*first["runs"], *rest] == runs
    assert world.call("GET", path, keys["platform"])[0] == 403
    assert world.call("GET", "/v1/feeds/no_list/runs", keys["operator"])[0] == 404
