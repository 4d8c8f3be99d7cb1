"""What a restore refuses before it changes anything, and what stays refused until it is done."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib import wiring
from chalicelib.accounts import platforms, purposes
from chalicelib.people import people
from chalicelib.people.duties import Duty
from chalicelib.storage.exchange_table import ExchangeTable
from infra import stack
from infra.aws import DeployError
from infra.release.lock import LOCKED_FOR, RENEWED_AFTER, locked
from infra.restore import read_moment
from infra.restoring import record, report
from infra.restoring.access import take_away_again
from infra.restoring.logs import Exchanges, File, begin_epoch, lost, send_runs_again, unfinished
from infra.restoring.record import Restore
from tests.people.persons import add_person
from tests.recorded import state
from tests.world import World

OUTPUTS = {"FilesBucket": "files", "ExchangeTable": "lianfang-exchange-dev", "SubjectsTable": "x", "KeysTable": "y"}
MOMENT = "2026-03-01T02:30:00+00:00"


def restoring(**more: Any) -> Restore:
    return Restore("dev", MOMENT, MOMENT, 1, "-r20260301023000", OUTPUTS, **more)


@pytest.fixture
def s3() -> Any:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
        yield client


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T02:30:00",
        "yesterday",
        "2026-03-01",
        "",
        "2026-02-30T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+08:00",
    ],
)
def test_a_text_that_is_no_moment_with_its_time_zone_is_refused(text: str) -> None:
    with pytest.raises(DeployError, match="say it as"):
        read_moment(text)


def test_a_moment_of_any_time_zone_is_taken() -> None:
    wanted = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    assert read_moment("2026-03-01T02:30:00Z") == read_moment("2026-03-01T10:30:00.7+08:00") == wanted


def test_no_deploy_while_a_restore_is_not_done(s3: Any) -> None:
    record.refuse_while_restoring(s3, "files", "dev")
    record.refuse_while_restoring(s3, "no-such-bucket", "dev")
    restore = restoring(done=["close", "copies"])
    record.write(s3, restore)
    assert record.read(s3, "files", "dev") == restore
    with pytest.raises(
        DeployError, match=r"broke off after close, copies: go on with .*--to 2026-03-01T02:30:00\+00:00"
    ):
        record.refuse_while_restoring(s3, "files", "dev")
    record.refuse_while_restoring(s3, "files", "prod")
    restore.done_at = MOMENT
    record.write(s3, restore)
    record.refuse_while_restoring(s3, "files", "dev")


def test_the_lock_of_what_takes_long_is_renewed_and_missed_when_it_was_taken_over(s3: Any) -> None:
    now = datetime(2026, 11, 27, 8, tzinfo=UTC)
    times = [now]
    with locked(s3, "files", "dev", lambda: times[-1]) as lock:
        for _ in range(12):
            times.append(times[-1] + RENEWED_AFTER)
            lock.renew()
        with pytest.raises(DeployError, match="has been deploying"), locked(s3, "files", "dev", lambda: times[-1]):
            raise AssertionError
        times.append(times[-1] + LOCKED_FOR)
        with locked(s3, "files", "dev", lambda: times[-1]), pytest.raises(DeployError, match="taken over"):
            lock.renew()


def test_a_template_of_before_restores_is_refused_for_a_restored_stage() -> None:
    def existing(suffix: str) -> dict[str, Any]:
        return {"Parameters": [{"ParameterKey": "TableSuffix", "ParameterValue": suffix}]}

    stack._refuse_older_tables(existing(""), {"Stage"}, "dev")
    stack._refuse_older_tables(None, {"Stage"}, "dev")
    stack._refuse_older_tables(existing("-r20260301023000"), {"Stage", "TableSuffix"}, "dev")
    with pytest.raises(DeployError, match="works on restored tables"):
        stack._refuse_older_tables(existing("-r20260301023000"), {"Stage"}, "dev")


def copied(world: World) -> ExchangeTable:
    """A table with the items of the exchange as they are now, in the next epoch."""
    world.dynamodb.create_table(
        TableName="restored",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in state.items(world, "exchange").values():
        world.dynamodb.put_item(TableName="restored", Item=state._from_json(item))
    return ExchangeTable(world.dynamodb, "restored", 1)


def test_what_is_lost_is_told_by_participant_and_keys_stay_revoked(world: World) -> None:
    alpha, beta = world.admit("alpha"), world.admit("beta")
    operator = world.admit("operations", "operator")
    issued = world.call("POST", "/v1/platforms/beta/keys", operator, {})[1]
    restored = copied(world)
    evictions = [{"uscc": "91110108MA01ABCD84", "evicted_on": "2026-01-02", "reason_text": "售假"}]
    world.call("POST", "/v1/reports", alpha, {"evictions": evictions})
    world.settle()
    world.call("DELETE", f"/v1/platforms/beta/keys/{issued['key_id']}", operator)
    world.admit("gamma")
    exchanges = Exchanges(wiring.exchange(), restored)
    ends = begin_epoch(exchanges, 1)
    told = lost(exchanges, ends)
    assert (told["changes"], told["changes_of_government"], told["admitted_since"]) == (1, 0, ["gamma"])
    assert told["participants"]["alpha"] == {"changes": 1, "notices": 1}
    assert told["participants"]["beta"] == {}
    assert take_away_again(exchanges, wiring.now()) == {"keys": [issued["key_id"]], "people": [], "purposes": []}
    assert take_away_again(exchanges, wiring.now()) == {"keys": [], "people": [], "purposes": []}
    assert exchanges.after.get(f"credential#{issued['key_id']}")["revoked_from"]  # type: ignore[index]
    assert not exchanges.after.get(f"credential#{beta.split('_')[1]}").get("revoked_from")  # type: ignore[union-attr]
    restore = restoring(lost=told, ends=ends, closed_at=MOMENT)
    made = report.report(restore)
    assert made["senders_in_that_time"] == ["alpha"]
    assert json.loads(json.dumps(made)) == made
    assert all("2026-03-01" in text for text in made["tell_participants"].values())
    lines = "\n".join(report.describe(restore, told, {"results": 2}))
    assert "alpha: 1 notices, 1 changes" in lines
    assert "gamma" in lines


def test_people_and_purposes_of_the_lost_time_are_taken_away_again(world: World) -> None:
    world.admit("alpha")
    kept, lost = (add_person(world, "alpha", Duty.READ) for _ in range(2))
    then = sorted(purposes.grant(wiring.exchange(), "alpha", ["recheck", "onboarding"]))
    restored = copied(world)
    people.revoke(wiring.exchange(), lost, wiring.now())
    purposes.grant(wiring.exchange(), "alpha", ["recheck"])
    late = add_person(world, "alpha", Duty.READ)
    people.revoke(wiring.exchange(), late, wiring.now())
    exchanges = Exchanges(wiring.exchange(), restored)
    taken = {"keys": [], "people": [lost.person_id], "purposes": ["alpha: onboarding"]}
    assert then == ["onboarding", "recheck"]
    assert take_away_again(exchanges, wiring.now()) == taken
    assert [person.person_id for person in people.list_people(restored, "alpha") if person.is_active] == [
        kept.person_id
    ]
    assert platforms.get(restored, "alpha").purposes == ("recheck",)
    assert take_away_again(exchanges, wiring.now()) == {"keys": [], "people": [], "purposes": []}


def test_the_lock_is_held_longer_than_it_is_left_alone() -> None:
    assert RENEWED_AFTER * 2 < LOCKED_FOR
    assert timedelta(0) < RENEWED_AFTER


@pytest.mark.invented_items
def test_files_that_were_in_work_at_the_moment_are_listed_and_runs_are_sent_again(world: World) -> None:
    world.admit("alpha")
    exchange = wiring.exchange()
    for name, status in (("a", "received"), ("b", "processing"), ("c", "done"), ("d", "refused")):
        exchange.put({"id": f"report#{name}", "status": status, "key": f"reports/alpha/{name}/x.csv"})
    exchange.put({"id": "roster#run", "status": "processing", "key": "rosters/incoming/alpha/run/x.csv", "sent": True})
    exchange.put({"id": "roster#screened again", "status": "processing", "key": "", "sent": True})
    exchange.put({"id": "rosters#alpha", "active": "run", "status": "processing", "key": "of another kind"})
    listed = unfinished(world.dynamodb, wiring.settings().exchange_table)
    assert sorted(listed, key=lambda file: file.key) == [
        File("report", "reports/alpha/a/x.csv", False),
        File("report", "reports/alpha/b/x.csv", True),
        File("roster", "rosters/incoming/alpha/run/x.csv", True),
    ]
    assert send_runs_again(exchange) == 1
    assert exchange.get("roster#run")["sent"] is False  # type: ignore[index]
