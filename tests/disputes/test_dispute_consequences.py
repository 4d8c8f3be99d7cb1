"""What follows from a dispute: who is told, whose tasks stand still, who undoes, what the reporter's figures say."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.disputes.rules.dispute import Disputed
from chalicelib.monitoring import lookup_index
from chalicelib.values.timestamps import iso
from chalicelib.verdicts.rules.reporter_trust import OUTCOMES
from tests.disputes.dispute_calls import act, dispute, evict, kinds, look_up
from tests.interruptions.interruption import process_killed_after
from tests.interruptions.saved_world import SavedWorld
from tests.support.builders import listed, uscc
from tests.world import World


class Stage:
    """alpha reports; beta knew the merchant, gamma was given an answer that named it, delta was not; all listen."""

    def __init__(self, world: World, **eviction: Any) -> None:
        self.world = world
        self.keys = {name: world.admit(name) for name in ("alpha", "beta", "gamma", "delta", "epsilon")}
        self.bureau = world.admit("bureau", "regulator")
        self.ears = {name: world.listen(wiring.topics().platform_arn(name)) for name in (*self.keys, "bureau")}
        self.closures = world.listen(wiring.settings().closures_topic_arn)
        look_up(world, self.keys["beta"])
        # What gamma asks for by name is answered with the subject, though gamma never knew its code.
        self.listing = evict(world, self.keys["alpha"], name="苏州霁昱商贸有限公司", **eviction)
        look_up(world, self.keys["gamma"], name="苏州霁昱商贸有限公司")
        self.forget()

    def forget(self) -> None:
        for ear in (*self.ears.values(), self.closures):
            self.world.heard(ear)

    def open(self, opener: str = "epsilon") -> str:
        ident = dispute(self.world, self.keys[opener], self.listing, kind="found_otherwise")[1]["dispute_id"]
        self.world.deliver_stream()
        return str(ident)

    def decide(self, ident: str, decision: str, **more: Any) -> None:
        status, body = act(self.world, self.bureau, ident, "decision", decision=decision, statement="见决定书", **more)
        assert status == 200, body

    def heard(self) -> dict[str, list[str]]:
        return {name: sorted(kinds(self.world, ear)) for name, ear in self.ears.items()}

    def tasks(self, name: str) -> list[tuple[str, bool]]:
        page = self.world.call("GET", "/v1/tasks", self.keys[name])[1]
        return [(task["task"], "paused_at" in task) for task in page["tasks"]]


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def test_opened_the_parties_and_everyone_who_received_it_are_told_and_tasks_stand_still(stage: Stage) -> None:
    stage.open()
    assert stage.heard() == {
        "alpha": ["dispute_opened"],
        "beta": ["received_changed"],
        "gamma": ["received_changed"],
        "delta": [],
        "epsilon": ["dispute_opened"],
        "bureau": ["dispute_opened"],
    }
    assert kinds(stage.world, stage.closures) == ["disputed"]
    assert stage.tasks("beta") == [("check", True)]


def test_upheld_the_tasks_go_on(stage: Stage) -> None:
    ident = stage.open()
    stage.forget()
    stage.decide(ident, "uphold")
    assert stage.tasks("beta") == [("check", False)]
    # By its lookup gamma knows the merchant since, and the listing blocks from now on.
    assert stage.heard()["gamma"] == ["received_changed", "task_opened"]
    assert stage.tasks("gamma") == [("check", False)]
    assert kinds(stage.world, stage.closures) == ["dispute_closed"]


def test_with_a_second_dispute_open_the_tasks_stand_still_on(stage: Stage) -> None:
    first, second = stage.open("epsilon"), stage.open("delta")
    stage.decide(first, "uphold")
    assert stage.tasks("beta") == [("check", True)]
    act(stage.world, stage.keys["delta"], second, "withdrawal")
    assert stage.tasks("beta") == [("check", False)]


def test_voided_everyone_who_received_it_undoes_and_nobody_else_is_asked(stage: Stage) -> None:
    ident = stage.open()
    stage.forget()
    stage.decide(ident, "void")
    assert stage.heard() == {
        "alpha": ["dispute_over"],
        "beta": ["received_changed", "task_opened"],
        "gamma": ["received_changed", "task_opened"],
        "delta": [],
        "epsilon": ["dispute_over"],
        "bureau": ["dispute_over"],
    }
    assert stage.tasks("beta") == [("check", True), ("undo", False)]
    assert stage.tasks("gamma") == [("undo", False)]
    assert stage.tasks("delta") == []
    assert kinds(stage.world, stage.closures) == ["dispute_closed", "voided"]


def test_amended_below_grave_is_undone_and_amended_within_grave_stays_one_task(world: World) -> None:
    stage = Stage(world)
    stage.decide(stage.open(), "amend", evidence_level="E2")
    assert stage.tasks("beta") == [("check", False)]
    stage.decide(stage.open(), "amend", severity=1)
    assert stage.tasks("beta")[-1] == ("undo", False)
    assert stage.tasks("gamma")[-1] == ("undo", False)
    changes = world.call("GET", "/v1/changes", stage.keys["delta"])[1]["changes"]
    assert (changes[-1]["kind"], changes[-1]["before"]) == ("amended", {"severity": 3})
    assert kinds(world, stage.closures)[-1] == "amended", "told once more, though severity 1 is not shared"


def test_a_listing_that_only_alerts_is_taken_back_from_everyone_who_received_it(world: World) -> None:
    stage = Stage(world, reason_text="刷单炒信")
    ident = stage.open()
    stage.forget()
    stage.decide(ident, "void")
    assert stage.heard()["gamma"] == ["received_changed"]
    assert stage.tasks("gamma") == [], "nobody was asked to close, so nobody is asked to reopen"


def test_whoever_asked_for_exactly_the_code_has_received_it_too(stage: Stage) -> None:
    assert stage.world.call("GET", f"/v1/merchants/{uscc(1)}", stage.keys["delta"])[0] == 200
    ident = stage.open()
    stage.decide(ident, "void")
    assert stage.tasks("delta") == [("undo", False)]


def test_what_the_parties_say_to_each_other_reaches_them_alone(stage: Stage) -> None:
    ident = stage.open()
    stage.forget()
    act(stage.world, stage.keys["alpha"], ident, "answer", stand="stand_by", statement="属实")
    result = stage.heard()
    assert (result["epsilon"], result["bureau"], result["gamma"]) == (["dispute_answered"], ["dispute_answered"], [])
    assert kinds(stage.world, stage.closures) == []
    read = [
        [change["kind"] for change in stage.world.call("GET", "/v1/changes", key)[1]["changes"]]
        for key in (stage.keys["gamma"], stage.keys["alpha"], stage.bureau)
    ]
    assert ["dispute_answered" in entry for entry in read] == [False, True, True]


@pytest.mark.parametrize(
    ("how", "counted"),
    [("uphold", {"upheld"}), ("void", {"voided"}), ("concede", {"conceded"}), ("take back", {"conceded"})],
)
def test_the_outcome_counts_once_among_the_reporters_figures(stage: Stage, how: str, counted: set[str]) -> None:
    import app

    ident = stage.open()
    if how == "concede":
        act(stage.world, stage.keys["alpha"], ident, "answer", stand="concede", statement="误报")
    elif how == "take back":
        stage.world.call("POST", f"/v1/listings/{stage.listing}/withdrawal", stage.keys["alpha"], {})
        stage.world.deliver_stream()
    else:
        stage.decide(ident, how)
    app.subject_announced({"Records": stage.world.stream_records()}, None)
    figures = wiring.exchange().get("trust#alpha") or {}
    assert {field: figures[field] for field in OUTCOMES if field in figures} == dict.fromkeys(counted, 1)


def test_every_notice_is_of_the_published_form(stage: Stage) -> None:
    schema = json.loads(Path("docs/schemas/notice-1.json").read_text("utf-8"))
    ident = stage.open()
    act(stage.world, stage.keys["alpha"], ident, "answer", stand="stand_by", statement="属实")
    stage.decide(ident, "amend", severity=2)
    notified = [notice for ear in (*stage.ears.values(), stage.closures) for notice in stage.world.heard(ear)]
    assert {"received_changed", "dispute_opened", "dispute_answered", "dispute_over", "disputed", "amended"} <= {
        entry["kind"] for entry in notified
    }
    listing_fields = set(schema["$defs"]["listing"]["properties"])
    for result in notified:
        assert result["kind"] in schema["properties"]["kind"]["enum"]
        branch = next(each for each in schema["oneOf"] if result["kind"] in _kinds(each))
        assert set(branch["required"]) <= result.keys()
        assert set(result.get("listing", {})) <= listing_fields
        assert set(result) <= set(branch["properties"]) | set(schema["properties"]) | {"sequence"}


def _kinds(branch: dict[str, Any]) -> list[str]:
    kind = branch.get("properties", {}).get("kind", {})
    return list(kind.get("enum", [kind.get("const")]))


def test_a_stream_delivered_twice_tells_nobody_twice(stage: Stage) -> None:
    import app

    stage.decide(stage.open(), "void")
    stage.forget()
    app.subject_announced({"Records": stage.world.stream_records()}, None)
    assert not any(stage.heard().values())
    assert stage.tasks("gamma") == [("undo", False)]


def _play(world: World) -> tuple[str, list[dict[str, Any]]]:
    """A dispute opened and voided, of which the stream has told nothing yet; an ear, and what it will tell."""
    world.admit("bureau", "regulator")
    for name in ("alpha", "beta", "gamma", "epsilon"):
        wiring.topics().open_platform(name, "")
    lookup_index.record_inquiry(wiring.exchange(), f"uscc:{uscc(1)}", "beta", wiring.now())
    eviction = listed()
    wiring.registry().save(eviction)
    world.deliver_stream()
    lookup_index.record_disclosure(wiring.exchange(), f"uscc:{uscc(1)}", "gamma", wiring.now())
    before = len(world.stream_records())
    for step, by, details in (
        ("open", "platform:epsilon", {"kind": "found_otherwise", "due": "2099-01-01T00:00:00.000Z"}),
        ("void", "regulator:bureau", {"words": "x"}),
    ):
        dispute = {"listing_id": eviction.listing.listing_id, "dispute_id": "d_1", **details}
        change = Disputed(subject_id=eviction.subject_id, step=step, at=iso(wiring.now()), by=by, **dispute)
        assert wiring.registry().save(change)
    return world.listen(wiring.settings().closures_topic_arn), world.stream_records()[before:]


@pytest.mark.long
def test_killed_after_each_write_and_delivered_again_it_ends_the_same(world: World) -> None:
    import app

    ear, records = _play(world)
    saved = SavedWorld(world)
    with process_killed_after(world, 0) as done:
        app.subject_announced({"Records": records}, None)
    writes = len(done)
    expected = _summary(world, ear)
    assert writes > 40
    for number in range(1, writes + 1):
        saved.restore()
        with process_killed_after(world, number) as done:
            app.subject_announced({"Records": records}, None)
        assert len(done) == number
        app.subject_announced({"Records": records}, None)
        assert _summary(world, ear) == expected, f"after write {number}"


def _summary(world: World, ear: str) -> dict[str, Any]:
    """What lasts: kinds by feed in order, what the tasks ask, the figures, and no notice under two ids."""
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "bureau")
    heard = {(notice["notice_id"], notice["kind"]) for notice in world.heard(ear)}
    return {
        "notices": {n: [entry["notice"]["kind"] for entry in wiring.notice_log(n).read(0)] for n in names},
        "tasks": {
            n: [(entry["task"], bool(entry.get("paused_at"))) for entry in wiring.task_log(n).read(0)] for n in names
        },
        "disputes": {n: len(wiring.dispute_log(n).read(0)) for n in ("", *names)},
        "changes": [entry.kind for entry in wiring.change_log().read(0, 100)],
        "figures": {k: v for k, v in (wiring.exchange().get("trust#alpha") or {}).items() if k in OUTCOMES},
        "closures": sorted(kind for _, kind in heard),
    }
