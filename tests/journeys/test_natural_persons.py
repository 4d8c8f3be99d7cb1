"""A natural person without registration, evicted in one place: five platforms, by each kind of identifier."""

import json
from typing import Any

import pytest

from chalicelib.values.masking import shown_name
from tests.disputes.dispute_calls import act, dispute
from tests.support.roster_files import evict, send, snapshot
from tests.world import World

ACCOUNT = "6299990000000000058"
HEADER = "店铺ID,主体名称,证件类型,证件号码,银行账号"
# What the reporter wrote, what the others write, the name, how it is recognised.
PERSONS = [
    ({"id_no": "11990019000101001X"}, {"id_no": "119900 19000101 001x"}, "李会芳", "same_resident_id"),
    ({"resident_id": "H8765432101"}, {"id_type": "516", "id_no": "Ｈ８７６５４３２１"}, "欧阳示例", "same_permit"),
    ({"id_type": "台胞证", "id_no": "00000025"}, {"id_no": "0000002501(B)"}, "古丽巴哈尔", "same_permit"),
    (
        {"id_type": "护照", "id_no": "ZZ0000041"},
        {"id_type": "passport", "id_no": "zz 0000041"},
        "JOHN EXAMPLE",
        "same_permit",
    ),
    ({"bank_account": ACCOUNT}, {"bank_account": "6299 9900 0000 0000 058"}, "王示（个人）", "same_bank_account"),
]


@pytest.mark.parametrize(("reported", "given", "name", "relation"), PERSONS, ids=[each[2] for each in PERSONS])
def test_a_natural_person_is_reported_found_asked_about_and_heard(
    world: World, reported: dict[str, str], given: dict[str, str], name: str, relation: str
) -> None:
    keys = {platform: world.admit(platform) for platform in ("a", "b", "c", "d", "e")}
    bureau = world.admit("bureau", role="regulator")
    mailbox = world.listen(world.call("GET", "/v1/platforms/me", keys["d"])[1]["topics"]["closures"])

    # B has the person on its roster, C enrolled it by an onboarding call, D looked it up, E knows nothing of it.
    row = ",".join(("S-b", name, given.get("id_type", ""), given.get("id_no", ""), given.get("bank_account", "")))
    roster = send(world, keys["b"], row, header=HEADER)["roster_id"]
    world.settle()
    status, checked, _ = world.call(
        "POST", "/v1/onboarding-checks", keys["c"], {**given, "name": name, "merchant_id": "S-c"}
    )
    assert (status, checked["matches"], checked["enrolled"]) == (200, [], True)
    asked = {**given, "name": name, "purpose": "onboarding"}
    assert world.call("POST", "/v1/lookups", keys["d"], asked)[1]["verdict"] == "clear"

    # A reports it. Everyone who knows it has a task, and nobody reads its name.
    texts = {"name": name, "reason_text": f"{name}售假", "shop_name": "示例小铺", "entity_type": "自然人"}
    evict(world, keys["a"], uscc=None, **texts, **reported)
    tasks = {platform: tasks_of(world, keys[platform]) for platform in keys}
    assert {platform: len(found) for platform, found in tasks.items()} == {"a": 0, "b": 1, "c": 1, "d": 1, "e": 0}
    assert [tasks["b"][0]["known_by"][field] for field in ("by", "merchants")] == ["roster", ["S-b"]]
    assert tasks["c"][0]["known_by"]["merchants"] == ["S-c"]
    assert tasks["b"][0]["subject"]["name"] == shown_name(name)
    listing = tasks["b"][0]["listing"]["listing_id"]

    # E is asked by the person for a shop: refused, by the identifier alone.
    found = world.call("POST", "/v1/lookups", keys["e"], asked)[1]
    assert (found["verdict"], [match["relation"] for match in found["matches"]]) == ("block", [relation])
    assert (
        world.call("POST", "/v1/onboarding-checks", keys["e"], {**given, "name": name, "enrol": False})[1]["verdict"]
        == "block"
    )
    snapshot(world)
    results = world.call("GET", f"/v1/rosters/{roster}/results", keys["b"])
    told = json.dumps([found, tasks, results[1], world.heard(mailbox)], ensure_ascii=False)
    bare = name.partition("（")[0]
    assert shown_name(name) in told
    assert bare not in told.replace(json.dumps(name, ensure_ascii=False), "")

    # The person asks B for its own record, disputes through B, and is heard.
    record = world.call("POST", "/v1/person-records", keys["b"], {**given, "name": name})[1]
    assert [(each["listing_id"], each["can_dispute"]) for each in record["listings"]] == [(listing, True)]
    assert record["standing"]["verdict"] == "block"
    ident = dispute(world, keys["b"], listing, kind="for_merchant")[1]["dispute_id"]
    world.deliver_stream()
    assert world.call("POST", "/v1/lookups", keys["e"], asked)[1]["verdict"] == "review"
    act(world, keys["a"], ident, "answer", stand="stand_by", statement="属实")
    assert act(world, bureau, ident, "decision", decision="void", statement="证据不足，予以撤销")[0] == 200
    world.settle()
    assert world.call("POST", "/v1/lookups", keys["e"], asked)[1]["verdict"] == "clear"
    assert "undo" in [task["kind"] for task in tasks_of(world, keys["b"])]
    after = world.call("POST", "/v1/person-records", keys["b"], {**given, "name": name})[1]
    assert [each["state"] for each in after["listings"]] == ["voided"]
    held = world.everything_stored()
    assert bare not in held, held[held.index(bare) - 300 :][:400]


def tasks_of(world: World, key: str) -> list[dict[str, Any]]:
    return list(world.call("GET", "/v1/tasks", key)[1]["tasks"])


def test_a_person_record_needs_a_document_or_an_account(world: World) -> None:
    key = world.admit("a")
    assert world.call("POST", "/v1/person-records", key, {})[1]["error"]["code"] == "nothing_to_look_up"
    answer = world.call("POST", "/v1/person-records", key, {"id_no": "110105********002X"})[1]
    assert answer["error"]["code"] == "invalid_resident_id"
    answer = world.call("POST", "/v1/person-records", key, {"id_no": "11990019000101001X"})[1]
    assert answer["error"]["code"] == "second_field_needed"
    empty = world.call("POST", "/v1/person-records", key, {"id_no": "11990019000101001X", "name": "李会芳"})[1]
    assert (empty["listings"], empty["standing"]["verdict"]) == ([], "clear")
