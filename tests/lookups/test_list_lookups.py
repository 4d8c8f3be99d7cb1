"""The history of lookups: the newest first, by purpose, verdict and asker; what was asked, masked, and answered."""

from typing import Any

from chalicelib import wiring
from chalicelib.lookups.rules.applicant import Applicant
from chalicelib.lookups.rules.shown_applicant import asked_fields, kept_fields
from chalicelib.storage.item_keys import closure_task_keys, lookup_keys
from chalicelib.storage.item_keys.lookup_keys import lookup_id_of
from chalicelib.values.timestamps import china_date
from tests.support.builders import listed, uscc
from tests.world import World

ASKS: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
    ({"uscc": uscc(1)}, {"uscc": uscc(1)}),
    ({"uscc": uscc(1), "name": "杭州樾野商贸有限公司"}, {"uscc": uscc(1), "name": "杭州樾野商贸有限公司"}),
    ({"name": "杭州樾野商贸有限公司", "phone": "13812345678"}, {"name": "杭州樾野商贸有限公司", "phone": "***"}),
    ({"name": "欧阳示例", "resident_id": "11010519491231002X"}, {"name": "欧阳*", "resident_id": "***"}),
    ({"name": "古丽·示例", "id_no": "11010519491231002X"}, {"name": "古*", "id_no": "***"}),
    ({"shop_name": "陈示例", "address": "杭州市示例路1号"}, {"shop_name": "陈*", "address": "***"}),
    ({"uscc": uscc(1), "legal_representative": "王示例"}, {"uscc": uscc(1), "legal_representative": "***"}),
)


def look_up(world: World, key: str, purpose: str = "recheck", **given: str) -> dict[str, Any]:
    status, answer, _ = world.call("POST", "/v1/lookups", key, {**given, "purpose": purpose})
    assert status == 200, answer
    return dict(answer)


def listed_ids(world: World, key: str, query: str = "", limit: int = 2) -> list[str]:
    ids, after = [], ""
    while True:
        page = world.call("GET", f"/v1/lookups?limit={limit}{query}{after}", key)[1]
        ids += [entry["lookup_id"] for entry in page["lookups"]]
        if not page["next"]:
            return ids
        after = f"&after={page['next']}"


def test_what_is_asked_is_shown_masked_and_nothing_personal_is_kept(world: World) -> None:
    alpha = world.admit("alpha")
    for given, shown in ASKS:
        answer = look_up(world, alpha, **given)
        made = world.call("GET", f"/v1/lookups/{answer['lookup_id']}", alpha)[1]
        assert made["asked"] == shown, given
        assert (made["verdict"], made["policy_version"], made["key_id"]) == (answer["verdict"], 0, alpha.split("_")[1])
    stored = world.everything_stored()
    for personal in ("13812345678", "11010519491231002X", "欧阳示例", "古丽", "陈示例", "王示例"):
        assert personal not in stored, personal


def test_lookups_are_listed_the_newest_first_each_once(world: World) -> None:
    alpha, beta, bureau = world.admit("alpha"), world.admit("beta"), world.admit("bureau", "regulator")
    wiring.registry().save(listed("beta", identity={"uscc": uscc(2), "name": "苏州霁昱商贸有限公司"}))
    made = [look_up(world, alpha, uscc=uscc(number)) for number in (1, 2, 3)]
    body = {"purpose": "onboarding", "applicants": [{"uscc": uscc(4)}, {"uscc": "x"}, {"uscc": uscc(2)}]}
    made += [each for each in world.call("POST", "/v1/lookups/batch", alpha, body)[1]["lookups"] if "verdict" in each]
    ids = [each["lookup_id"] for each in made]
    assert len(set(ids)) == 5
    for limit in (1, 2, 100):
        assert listed_ids(world, alpha, limit=limit) == list(reversed(ids))
    assert listed_ids(world, bureau, "&platform=alpha") == list(reversed(ids))
    assert listed_ids(world, alpha, "&purpose=onboarding") == [ids[4], ids[3]]
    hits = [each["lookup_id"] for each in made if each["matches"]]
    assert listed_ids(world, alpha, f"&verdict={made[1]['verdict']}") == list(reversed(hits))
    assert listed_ids(world, alpha, f"&by={alpha.split('_')[1]}") == list(reversed(ids))
    assert listed_ids(world, alpha, "&by=p_other") == []
    assert listed_ids(world, beta) == []
    assert world.call("GET", "/v1/lookups?platform=alpha", beta)[0] == 403
    answered = world.call("GET", f"/v1/lookups/{ids[1]}", bureau)[1]["answered"]
    assert answered == [
        {"subject_id": f"uscc:{uscc(2)}", "relation": "same_uscc", "verdict": made[1]["matches"][0]["verdict"]}
    ]
    for key, lookup_id in ((beta, ids[0]), (alpha, "k_0"), (alpha, "o_1")):
        assert world.call("GET", f"/v1/lookups/{lookup_id}", key)[0] == 404


def test_a_regulators_lookups_are_its_own(world: World) -> None:
    bureau = world.admit("bureau", "regulator")
    made = [look_up(world, bureau, uscc=uscc(number))["lookup_id"] for number in (1, 2)]
    assert listed_ids(world, bureau) == list(reversed(made))


def test_lookups_of_earlier_versions_are_read_by_their_ids(world: World) -> None:
    alpha = world.admit("alpha")
    item = {
        "id": "lookup#k_0123456789abcdef01234567",
        "lookup_id": "k_0123456789abcdef01234567",
        "platform_id": "alpha",
    }
    asked = {"purpose": "recheck", "at": "2026-11-20T08:00:00.000Z", "asked_id": f"uscc:{uscc(1)}", "verdict": "clear"}
    wiring.exchange().put({**item, **asked, "relations": {}, "expires_at": 1_826_000_000})
    made = world.call("GET", "/v1/lookups/k_0123456789abcdef01234567", alpha)[1]
    assert (made["asked"], made["matches"], "key_id" in made) == ({"uscc": uscc(1)}, 0, False)
    world.dynamodb.delete_item(TableName=wiring.settings().exchange_table, Key={"id": {"S": item["id"]}})


def test_after_a_restore_no_id_is_given_out_again_and_all_lookups_are_listed(world: World) -> None:
    alpha = world.admit("alpha")
    made = [look_up(world, alpha, uscc=uscc(number))["lookup_id"] for number in (1, 2, 3)]
    # A restore to the moment before the third: its number is given again, in a new epoch.
    usage = closure_task_keys.usage(china_date(wiring.now()), "alpha")
    block, place = lookup_keys.place_of_lookup(made[2])
    wiring.exchange().upsert(usage, {"lookups": 2})
    wiring.exchange().remove_field(block, place)
    wiring.exchange().epoch = 1
    again = [look_up(world, alpha, uscc=uscc(number))["lookup_id"] for number in (4, 5)]
    assert not {*again} & {*made}
    assert listed_ids(world, alpha) == [*reversed(again), made[1], made[0]]
    assert world.call("GET", f"/v1/lookups/{made[2]}", alpha)[0] == 404
    assert world.call("GET", f"/v1/lookups/{again[0]}", alpha)[1]["asked"] == {"uscc": uscc(4)}


def test_the_id_of_a_lookup_says_its_day_its_caller_and_its_number() -> None:
    ids = {
        lookup_id_of(platform_id, day, number, epoch)
        for epoch in (0, 1)
        for platform_id in ("alpha", "beta")
        for day in ("2026-11-27", "2026-11-28", "2099-01-01")
        for number in (1, 2, 10**9)
    }
    assert len(ids) == 36
    assert {len(each) for each in ids} == {26}


def test_fields_are_kept_once() -> None:
    applicant = Applicant(uscc=uscc(1), asked={"uscc": "used", "phone": "used"})
    assert kept_fields(applicant) == {"phone": ""}
    assert asked_fields(applicant.asked_id, kept_fields(applicant)) == {"uscc": uscc(1), "phone": "***"}
