"""An exchange that runs is upgraded in place: what an earlier version wrote is read, carried on, and derived again.

`tests/recorded` holds every kind of item as the earlier version wrote it, and what it answered; see the README there.
Nothing of the product is named here but the API, the functions of `app.py`, and the clock.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.recorded import replay, state
from tests.recorded.stage import TimeLeft
from tests.world import World

# What the stream derives, so that `rebuild` derives it again.
DERIVED = ("/v1/changes", "/v1/tasks", "/v1/notices", "/v1/listings?", "/v1/licences?")

# Answers that are meant to differ from the recorded ones: how the difference begins.
MEANT = (
    # A natural person is its own representative, so that its name and phone find it for review.
    "POST /v1/lookups by delta: .body.matches: \"[{'subject': {'subject_id': 'person:",
    "POST /v1/lookups by delta: .body.verdict: 'review', recorded 'unknown'",
    "GET /v1/statistics?days=5 by bureau: .body.platforms.2.matches: '3', recorded '2'",
    # A licence is shown, at onboarding and on displays, only for the platform to which its holder showed it.
    "POST /v1/onboarding-checks by delta: .body.parts.6.",
    "POST /v1/displays by beta: .",
    "GET /v1/displays by beta: .",
    "GET /v1/licences?due_within=184d by bureau: .body.licences.1.displays: ",
    "POST /v1/identity-reports by beta: .body.rows: '1', recorded '2'",
    # A task whose listing blocks no more, since the campaign over it has ended, is undone.
    "GET /v1/tasks?after=15 by beta: .body.",
    "GET /v1/notices?after=40 by beta: .body.",
    "GET /v1/statistics?days=5 by beta: .body.own.undo.",
    "GET /v1/statistics?days=5 by bureau: .body.platforms.1.undo.",
    "GET /v1/statistics?days=5 by bureau: .body.platforms.3.undo.",
    # Regulators read the tasks of a platform that they name.
    "GET /v1/tasks by bureau: .",
    # A place beyond the end of a log is refused.
    "GET /v1/notices?after=100 by bureau: .",
    # Two characters of the same sound weigh a little less against a name than two changes of other kinds.
    "GET /v1/rosters/m_d2b5fec4afaf387c4b0f3821/results by beta: .body.results.3.matches.0.score: '0.2807',",
    "GET /v1/rosters/m_d2b5fec4afaf387c4b0f3821/results by beta: .body.results.3.matches.1.score: '0.2807',",
)
# A rebuild asks those whom a campaign concerns, and undoes what a listing without evidence asked.
TASK_OWNERS = ("beta", "gamma", "delta")
NOTICE_FILTERS = ("", "?state=unacknowledged&limit=5", "?state=acknowledged")
MEANT_AFTER_REBUILD = (
    *(f"GET /v1/tasks{filters} by {owner}: .body." for filters in ("", "?state=overdue") for owner in TASK_OWNERS),
    *(f"GET /v1/notices{filters} by {owner}: .body." for filters in NOTICE_FILTERS for owner in TASK_OWNERS),
)


@cache
def recorded(name: str) -> Any:
    return state.read(name)


@pytest.fixture
def clock() -> Iterator[state.Clock]:
    with state.stopped_at(recorded("answers")["at"]) as stopped:
        yield stopped


@pytest.fixture
def upgraded(world: World) -> World:
    """The recorded state, under the code of today."""
    state.load(world, recorded("state"))
    return world


@pytest.fixture
def settled(world: World) -> World:
    """The recorded state without the subject whose record of the stream still waited."""
    waiting = [images["NewImage"]["subject_id"] for images in recorded("state")["stream"]]
    subjects = [item for item in recorded("state")["subjects"] if item["subject_id"] not in waiting]
    state.load(world, {**recorded("state"), "subjects": subjects})
    return world


def postings(world: World) -> dict[str, Any]:
    """Who stands under each key by which names; not since which version of the subject.

    Without the keys of addresses, which are made in another way now and are only made anew by a rebuild.
    """
    filed = {}
    for key, item in state.items(world, "keys").items():
        if key.startswith("address#"):
            continue
        # The masked name of a natural person, 张*, is posted no more: it is that of everyone with the surname.
        posted = {name: value["M"].get("n") for name, value in item.items() if "M" in value}
        filed[key] = {name: names for name, names in posted.items() if not str(names).endswith("*'}]}")}
    return {key: names for key, names in filed.items() if names}


def replayed(world: World, clock: state.Clock, part: str, *paths: str) -> list[str]:
    """Every difference between what is answered now and what was answered then, with the request."""
    problems = []
    for step, answered in recorded("answers")[part]:
        # A rebuild pushes what was not pushed.
        if paths and (not step["path"].startswith(paths) or "unpushed" in step["path"]):
            continue
        taken = replay.take(world, clock, recorded("state"), step, recorded("answers")["keys"])
        request = (
            f"{step.get('method', step['do'])} {step.get('path', step.get('function', ''))} by {step.get('actor', '')}"
        )
        problems += [f"{request}: {problem}" for problem in replay.differences(answered, taken)]
    return [problem for problem in problems if not problem.startswith(MEANT)]


def sweep() -> None:
    """One leg of the sweep: a hundred posting lists."""
    import app

    assert app.rebuild({"sweep": True}, TimeLeft(0))["next"] != ""


def rebuild() -> None:
    """The rebuild job from its start to its end."""
    import app

    start = ""
    while True:
        start = app.rebuild({"start": start}, TimeLeft(300_000))["next"]
        if not start:
            return


def test_what_is_recorded_holds_every_kind_of_item() -> None:
    kinds = {item["id"]["S"].partition("#")[0].partition(":")[0] for item in recorded("state")["exchange"]}
    assert kinds >= {
        "acknowledged", "answer-due", "apart", "asked", "campaign", "campaign-answered", "campaign-closed",
        "campaign-in_time", "campaign-listings", "campaign-tasks", "campaigns", "change", "claim",
        "clocks-done-until", "content", "corroborated", "corroboration", "credential", "decided", "display",
        "displays", "dispute", "dispute-words", "disputes", "disputes-chased-until", "due", "enrolled",
        "evidence", "expired-until", "expiring", "feed", "feeds", "figures", "figures-state", "filed", "guard",
        "head", "hold", "idempotency", "identity", "known", "lately", "lease", "ledger", "licence",
        "licence_check", "licences-reviewed-until", "licences_due", "lookup", "notice", "numbered", "platform",
        "platforms", "policy", "presented", "pushed", "ranges", "receipt", "report", "restricted", "roster",
        "roster-news", "rosters", "ruling", "session", "shops-looked-until", "shops_due", "shown", "snapshot",
        "snapshot-building", "sources", "stale", "starts", "subscription", "subscriptions", "taken", "task",
        "told", "trust",
    }  # fmt: skip


@pytest.mark.long
def test_everything_recorded_is_answered_as_it_was_and_carried_on(upgraded: World, clock: state.Clock) -> None:
    assert replayed(upgraded, clock, "reads") == []
    assert replayed(upgraded, clock, "look_ups") == []
    assert replayed(upgraded, clock, "going_on") == []


@pytest.mark.long
def test_rebuilt_from_the_recorded_subjects_everything_is_as_it_was(settled: World, clock: state.Clock) -> None:
    # Addresses are filed by their parts now, and one that names no road and number is a signal no more.
    filed = {key: names for key, names in postings(settled).items() if not key.startswith("address#")}
    sweep()
    assert filed.items() <= postings(settled).items(), "nothing that was filed is stale"
    state.empty(settled, "keys")
    rebuild()
    rebuilt = postings(settled)
    assert {key: rebuilt.get(key) for key in filed} == filed, "what found a merchant still does, beside newer keys"
    problems = replayed(settled, clock, "reads", *DERIVED)
    assert [problem for problem in problems if not problem.startswith(MEANT_AFTER_REBUILD)] == []
    assert replayed(settled, clock, "look_ups") == []
