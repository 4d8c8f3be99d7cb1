"""The stream and the rebuild job run the same projections, so that whatever one derives the other derives."""

import inspect
from typing import Any

from chalicelib import wiring
from chalicelib.handlers.events import subject_stream
from chalicelib.stream import projections
from tests.stream.test_rebuild import rebuild
from tests.support import roster_files
from tests.support.builders import listed, registered
from tests.support.licence_records import COMPANY, licence
from tests.world import World

NAME = "杭州霁川示例商贸有限公司"


def live(world: World) -> None:
    """A merchant on beta's roster, its licence verified for gamma: evicted by alpha, then ended by the register."""
    for platform in ("alpha", "beta", "gamma"):
        world.admit(platform)
    wiring.exchange().put(licence(verified_for={"gamma": "r_1"}))
    key = world.admit("delta")
    roster_files.done(world, key, f"S-1,{COMPANY},{NAME}")
    wiring.registry().save(registered({"uscc": COMPANY}, {"status": "operating", "name": NAME}, "2026-11-01T00:00:00Z"))
    wiring.registry().save(listed(identity={"uscc": COMPANY, "name": NAME}))
    ended = {"status": "deregistered", "name": NAME}
    wiring.registry().save(registered({"uscc": COMPANY}, ended, "2026-11-02T00:00:00Z"))


def derived(world: World) -> dict[str, Any]:
    """Everything that follows from the subjects: logs by their entries, the licence, the index of last days."""
    platforms = ("alpha", "beta", "gamma", "delta")
    return {
        "changes": [(entry.entry_id, entry.kind) for entry in wiring.change_log().read(0, 100)],
        "corroboration": [entry["entry_id"] for entry in wiring.corroboration_log().read(0)],
        "tasks": {name: sorted(task["entry_id"] for task in wiring.task_log(name).read(0)) for name in platforms},
        "notices": {
            name: sorted(entry["notice"]["kind"] for entry in wiring.notice_log(name).read(0)) for name in platforms
        },
        "licence": (wiring.exchange().get(f"licence#{COMPANY}") or {})["state"],
        "postings": sorted(each.key for each in wiring.registry().all_posting_lists()[0] if each.postings),
    }


def test_rebuild_derives_what_the_stream_derives(world: World) -> None:
    live(world)
    assert world.skip_stream() > 0
    rebuild(world)
    world.settle()
    rebuilt = derived(world)
    assert rebuilt["licence"] == "revoked"
    assert rebuilt["tasks"]["delta"], "who has it on its roster is asked"
    rebuild(world)
    assert derived(world) == rebuilt, "derived again, nothing is derived twice"
    images = [record for record in world.stream_records() if "OldImage" not in record["dynamodb"]]
    subject_stream.subject_announced({"Records": images})
    assert derived(world) == rebuilt, "the stream, late, derives nothing that the rebuild did not"


def test_the_stream_derives_what_rebuild_derives(world: World) -> None:
    live(world)
    world.settle()
    streamed = derived(world)
    rebuild(world)
    assert derived(world) == streamed


def test_each_projection_is_run_by_a_deployed_function() -> None:
    import app

    functions = {projection.function for projection in projections.PROJECTIONS}
    assert functions == {"subject_indexed", "subject_announced", "rebuild"}
    assert all(callable(getattr(app, function)) for function in functions)
    names = [projection.name for projection in projections.PROJECTIONS]
    assert len(set(names)) == len(names)


def test_images_reach_derived_views_through_the_projections_alone() -> None:
    """Whoever else handled images of the stream would be missing from a rebuild."""
    source = inspect.getsource(subject_stream)
    assert source.count("projections.derive(") == 1
    assert source.count("_images(event)") == 1
