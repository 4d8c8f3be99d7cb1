"""Record an exchange that has seen everything, and what it answers: `python -m tests.recorded.record`.

Run it with the version whose items later versions are to read; `tests/test_upgrade.py` replays what it writes.
"""

import sys
from typing import Any

from tests.recorded import licences, replay, state, steps, story
from tests.recorded.stage import Stage
from tests.world import World, aws_clients

SPRING, AUTUMN, END = "2026-05-20T02:00:00+00:00", "2026-11-09T02:00:00+00:00", "2026-11-24T15:00:00+00:00"


def play(world: World, clock: state.Clock) -> Stage:
    """Everything that happens before the recording."""
    stage = Stage(world, clock)
    story.admit(stage)
    office = licences.Office(stage)
    licences.in_spring(stage, office)
    clock.set(AUTUMN)
    for act in (story.subscribe, story.rules, story.arrange_lists, story.ask_before, story.rosters):
        act(stage)
    stage.invoke("clocks_due")
    clock.set("2026-11-10T02:00:00+00:00")
    for act in (story.report, story.bursts, story.lists_move, story.answers, story.decisions):
        act(stage)
    licences.in_autumn(stage, office)
    licences.displays(stage)
    world.sns.delete_topic(TopicArn=stage.get("delta", "/v1/platforms/me")["topics"]["own"])
    story.disputes(stage)
    story.low_trust(stage)
    clock.set("2026-11-13T02:00:00+00:00")
    stage.invoke("feeds_due", feeds=["serious_violations"])
    stage.invoke("clocks_due")
    story.later(stage)
    clock.set(END)
    for function in ("licences_due", "clocks_due", "notices_due"):
        stage.invoke(function)
    licences.merchants(stage, office)
    licences.pending(stage, office)
    story.listings(stage)
    story.in_flight(stage)
    clock.set(END)
    return stage


def recorded(clients: dict[str, Any]) -> tuple[state.State, dict[str, Any]]:
    """The state after everything, and the steps with what each answers, as two files."""
    from moto import mock_aws

    with state.stopped_at(SPRING) as clock:
        with mock_aws():
            world = World(clients)
            stage = play(world, clock)
            kept = state.as_written(state.dump(world, world.stream_records()[world.stream_position :]))
            world.close()
        wanted = {
            "reads": steps.reads(stage),
            "look_ups": steps.look_ups(),
            "going_on": steps.going_on(stage),
        }
        flat = [step for some in wanted.values() for step in some]
        at, answers = clock.now.isoformat(), []
        # What differs between two runs over the same state is random, and is compared by later versions to nothing.
        for _ in range(2):
            with mock_aws():
                world = World(clients)
                state.load(world, kept)
                clock.set(at)
                answers.append([replay.take(world, clock, kept, step, stage.keys) for step in flat])
                world.close()
    masked = iter([replay.masked(first, second) for first, second in zip(*answers, strict=True)])
    parts = {part: [[step, next(masked)] for step in some] for part, some in wanted.items()}
    return kept, {"at": at, "keys": stage.keys, **parts}


def main() -> int:
    """Write both files."""
    kept, answers = recorded(aws_clients())
    for name, content in (("state", kept), ("answers", answers)):
        path = state.write(name, content)
        print(f"{path}: {path.stat().st_size:,} bytes")  # noqa: T201 (whoever records wants to see it)
    return 0


if __name__ == "__main__":
    sys.exit(main())
