"""Natural persons that an older version stored with their full name are masked by the rebuild, and shown to nobody."""

import pytest

from chalicelib import wiring
from chalicelib.matching.readings.person_names import person_key
from chalicelib.monitoring import lookup_index
from chalicelib.registry.rules import subject as subjects
from chalicelib.values.masking import shown_name
from chalicelib.values.timestamps import iso
from tests.conftest import ENVIRONMENT
from tests.stream.test_rebuild import rebuild
from tests.support.builders import listed, uscc
from tests.world import World

PERSON = {"person": "d" * 40}


def stored(world: World) -> str:
    """All that is stored of subjects, their posting lists and their numbered changes."""
    tables = "".join(str(world.dynamodb.scan(TableName=ENVIRONMENT[f"{name}_TABLE"])["Items"]) for name in STORES)
    return tables + str(wiring.change_log().read(0, 100))


STORES = ("SUBJECTS", "KEYS")


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (PERSON, "李会芳"),
        (PERSON, "示例商贸有限公司"),
        ({"permit": "d" * 40}, "JOHN EXAMPLE"),
        ({}, "欧阳示例"),
        ({}, "古丽巴哈尔·示例江"),
    ],
)
def test_a_full_name_is_masked_everywhere(world: World, identity: dict[str, str], name: str) -> None:
    texts = {"reason_text": f"店主{name}售假", "measure": f"关闭{name}的店铺"}
    change = listed(identity={"name": name, **identity}, **texts)
    wiring.registry().save(change)
    world.deliver_stream()
    assert name in stored(world)
    rebuild(world)
    world.deliver_stream()
    assert name not in stored(world)
    subject = wiring.registry().subject(change.subject_id)
    assert subject is not None
    assert subject.names == (shown_name(name),)
    (listing,) = subject.listings.values()
    assert listing.reason_text == f"店主{shown_name(name)}售假"
    digest = wiring.digest()("legal_representative", person_key(name))
    assert subject.legal_representative == digest
    version = subject.version
    rebuild(world)
    again = wiring.registry().subject(change.subject_id)
    assert again is not None
    assert again.version == version, "what is masked is not written again"


@pytest.mark.parametrize(
    ("identity", "fields"),
    [
        ({"uscc": uscc(1), "name": "李会芳"}, {}),
        ({"uscc": uscc(1, category="92"), "name": "李会芳", **PERSON}, {}),
        ({"name": "苏州霁昱商贸有限公司"}, {}),
        ({"name": "云栖谷示例家居用品供应链"}, {}),
        ({"name": "第一百货"}, {"source": "government:abnormal", "reasons": ["GX01"], "severity": 1}),
    ],
)
def test_names_of_organisations_and_sole_traders_stay(
    world: World, identity: dict[str, str], fields: dict[str, object]
) -> None:
    change = listed(identity=identity, **fields)
    wiring.registry().save(change)
    world.deliver_stream()
    rebuild(world)
    subject = wiring.registry().subject(change.subject_id)
    assert subject is not None
    assert subject.names == (identity["name"],)


def test_what_was_stored_with_a_full_name_is_never_shown(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    wiring.registry().save(listed(identity={"name": "李会芳", "former_name": "李示例", **PERSON}))
    world.deliver_stream()
    change = world.call("GET", "/v1/changes", beta)[1]["changes"][0]
    assert change["subject"] == {"subject_id": f"person:{PERSON['person']}", "name": "李*"}
    assert "李会芳" not in str(world.call("GET", "/v1/listings", alpha)[1])
    stale = {"subject_id": "account:x", "name": "张示例", "other_names": ["张旧名", "王示例"], "uscc": ""}
    assert subjects.shown(stale) == {"subject_id": "account:x", "name": "张*", "other_names": ["王*"], "uscc": ""}


def test_the_first_of_several_names_says_whose_it_is(world: World) -> None:
    change = listed(identity={"name": "李会芳", "former_name": "示例商贸有限公司"})
    wiring.registry().save(change)
    rebuild(world)
    subject = wiring.registry().subject(change.subject_id)
    assert subject is not None
    assert subject.names[0] == "李*"


@pytest.mark.dynalite_differs("it finds no two maps equal; DynamoDB compares lists and maps")
@pytest.mark.parametrize("identity", [PERSON, {}])
def test_older_entries_of_every_log_are_written_again_masked(world: World, identity: dict[str, str]) -> None:
    world.admit("alpha")
    beta = world.admit("beta")
    world.admit("bureau", "regulator")
    change = listed(
        identity={"name": "李会芳", **identity},
        reason_text="店主李会芳售假",
        evidence_level="E4",
        shop_name="李会芳的店",
    )
    lookup_index.record_inquiry(wiring.exchange(), change.identity.subject_id, "beta", wiring.now())
    wiring.registry().save(listed(identity={"name": "示例商贸有限公司"}, reason_text="与李会芳无关"))
    wiring.registry().save(change)
    world.deliver_stream()
    subject = {"subject_id": change.identity.subject_id, "name": "李会芳", "other_names": ["李会芳 示例"]}
    entry = {"entry_id": "c1", "state": "none", "finding": "x", "was": "none", "at": iso(wiring.now())}
    wiring.corroboration_log().append({**entry, "subject": subject, "corroboration": {}, "platforms": ["alpha"]})
    logs = {
        "changes": wiring.change_log().entries,
        "corroborations": wiring.corroboration_log(),
        "tasks": wiring.task_log("beta"),
        "notices": wiring.notice_log("beta"),
    }
    before = {name: log.read(0, 100) for name, log in logs.items()}
    assert all("店主李会芳" in str(before[name]) for name in ("changes", "tasks", "notices"))
    rebuild(world)
    for name, log in logs.items():
        after = log.read(0, 100)
        assert "李会芳" not in str(after).replace("与李会芳无关", ""), name
        assert len(after) == len(before[name])
        assert name == "corroborations" or "店主李*售假" in str(after)
    assert "示例商贸有限公司" in str(logs["changes"].read(0, 100)), "an organisation keeps its name"
    assert world.call("GET", "/v1/tasks", beta)[1]["tasks"][0]["listing"]["reason_text"] == "店主李*售假"
    once = {name: log.read(0, 100) for name, log in logs.items()}
    rebuild(world)
    assert once == {name: log.read(0, 100) for name, log in logs.items()}
