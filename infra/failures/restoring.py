"""A stage is put back to an earlier moment, with the restore breaking off within each of its steps.

Before the moment a merchant is reported; after it that listing is withdrawn, another merchant reported, a receiver
reads both, a key is revoked, a participant admitted, files are replaced and deleted.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import boto3

from chalicelib.storage.dynamodb_values import from_item
from chalicelib.storage.item_keys.numbered_log_keys import EPOCH
from chalicelib.values.records import Json
from infra import restore
from infra.aws import DeployError, client, object_exists, wait_for
from infra.deploy import Result
from infra.emulation.behaviour import Behaviour
from infra.moto_cloud import Functions
from infra.rehearsal.deployed_exchange import NAME, USCC, Journey, expect
from infra.rehearsal.gateway import Gateway
from infra.rehearsal.permissions import Place, refused
from infra.rehearse import STAGE, copy_project, deploy_copy, emulated_account, expect_one_of_each, fill_gaps, gateway_of
from infra.settings import TABLES, output_of
from infra.stack import find_outputs

REGION: Final = "cn-north-1"
UNREACHED_LIST: Final = "http://127.0.0.1:9/list.csv"
# Invented merchants. The second is reported in the time that is lost.
OTHER_USCC: Final = "91330106MA0000779X"
OTHER_NAME: Final = "杭州晚照样例商贸有限公司"
# Kinds of items that only what happened changes.
LASTING: Final = ("change#", "platform#", "report#", "task:", "notice:", "numbered#", "platforms", "content#")
# Between two looks, in pauses of the deploy.
PAUSE: Final = 100.0
# So long a pause of the deploy is 1 second of its own clock.
PACE: Final = "0.002"
# After so many calls of AWS, counted from its beginning, each step breaks off; twice where one is done.
BREAKS: Final[Mapping[str, tuple[int, ...]]] = {
    "close": (1, 6),
    "copies": (2, 5),
    "drain": (1,),
    "settle": (3, 12),
    "epoch": (4, 20),
    "bucket": (1, 3, 6),
    "stack": (1, 4),
    "functions": (1, 60),
    "rebuild": (1, 5),
    "files": (1, 6),
    "open": (1, 12, 30),
}


class Breaks:
    """Breaks the restore off: raises at the n-th call of AWS of a step, as if the machine had gone away."""

    def __init__(self) -> None:
        self.to_come = {name: list(calls) for name, calls in BREAKS.items()}
        self.left: int | None = None
        self.seen: list[str] = []

    def begin(self, step: str) -> None:
        """A step begins."""
        self.seen.append(step)
        self.left = self.to_come[step].pop(0) if self.to_come[step] else None

    def count(self, **_: Any) -> None:
        """A call of AWS is made."""
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise DeployError("broken off")


@contextmanager
def counted(breaks: Breaks) -> Iterator[None]:
    """Every call of AWS that this process makes is counted."""
    boto3.setup_default_session()
    events = boto3.DEFAULT_SESSION.events if boto3.DEFAULT_SESSION else None
    assert events is not None
    events.register("provide-client-params", breaks.count, unique_id="breaks")
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = None


class Story:
    """A stage with two platforms, and what each keeps."""

    def __init__(self, functions: Functions, project: Path, result: Result) -> None:
        self.functions, self.project, self.result = functions, project, result
        self.sender = self.journey.admit("shop-a")
        self.receiver = self.journey.admit("shop-b")
        issued = self.ask("POST", "/v1/platforms/shop-b/keys", self.operator, {}, status=201)
        self.stolen = str(issued["key"])

    @property
    def journey(self) -> Journey:
        """Requests to what is deployed now."""
        return Journey(
            self.functions, self.result, Gateway(client("apigateway"), client("lambda"), self.result.deployed)
        )

    @property
    def operator(self) -> str:
        """The operator's key."""
        return str(self.result.operator_key)

    def ask(self, method: str, path: str, key: str, body: Any = None, status: int = 200) -> Any:
        """A request with a key."""
        return self.journey.ask(method, path, body, key, status)

    def report(self, uscc: str, name: str) -> Json:
        """The sender posts a file with one merchant; the report when it is done."""
        rows = [
            "统一社会信用代码,主体名称,店铺名称,清退日期,清退原因,证据等级",
            f"{uscc},{name},样例旗舰店,2026-01-02,销售假冒注册商标的商品,E3",
        ]
        return self.journey.send("reports", "report_id", rows, self.sender["key"])

    def changes(self, after: str, count: int = 1) -> list[Json]:
        """What the receiver reads of the changes, once so many are there.

        Each is waited for before the next write: moto loses a record of a stream that is written twice at once.
        """

        def page() -> list[Json] | None:
            changes: list[Json] = self.ask("GET", f"/v1/changes?after={after}", self.receiver["key"])["changes"]
            return changes if len(changes) >= count else None

        return wait_for(page, seconds=60, every=PAUSE, subject=f"{count} changes behind {after}")

    def verdict(self, uscc: str) -> str:
        """What the receiver is told of a merchant."""
        return str(self.journey.verdict(self.receiver["key"], uscc=uscc)["verdict"])


def put_back_to_a_moment() -> None:
    """Everything is as it was at the moment, and what was lost since can be sent and read again."""
    behaviour = Behaviour()
    with emulated_account(REGION, behaviour) as (functions, project):
        os.environ["DEPLOY_PACE"] = PACE
        copy_project(project, UNREACHED_LIST)
        result = deploy_copy(project)
        fill_gaps(result.outputs)
        story = Story(functions, project, result)
        _fill(story)
        moment, held = _remember(story)
        cursor = _go_on(story)
        _put_back(story, moment)
        _check_tables(story, held)
        _check_objects(story)
        _check_receiver(story, cursor)
        _check_deploys(story)


def _fill(story: Story) -> None:
    expect(story.report(USCC, NAME)["accepted"] == 1, "the earlier report")
    story.changes("0")
    expect(story.verdict(USCC) == "block", "the merchant is listed")
    bucket, s3 = story.result.outputs["FilesBucket"], client("s3")
    for key in ("evidence/replaced", "evidence/deleted", "trust/list"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"of then")


def _remember(story: Story) -> tuple[datetime, dict[str, dict[str, Json]]]:
    """A moment at which nothing is written, and what the tables hold then."""
    time.sleep(2.1)
    moment = datetime.now(UTC).replace(microsecond=0)
    held = {table: _items(story.result.outputs[output_of(table)]) for table in TABLES}
    time.sleep(2.1)
    return moment, held


def _go_on(story: Story) -> str:
    """What comes after the moment; the receiver's cursor behind it."""
    [first] = story.changes("0")
    listing = first["listing"]["listing_id"]
    story.ask("POST", f"/v1/listings/{listing}/withdrawal", story.sender["key"], {"reason": "误报"})
    story.changes("0", 2)
    expect(story.report(OTHER_USCC, OTHER_NAME)["accepted"] == 1, "the report that is lost")
    cursor = str(story.changes("0", 3)[-1]["change"])
    expect(story.verdict(OTHER_USCC) == "block", "the other merchant is listed")
    key_id = story.stolen.split("_")[1]
    story.ask("DELETE", f"/v1/platforms/shop-b/keys/{key_id}", story.operator)
    story.journey.admit("shop-c")
    bucket, s3 = story.result.outputs["FilesBucket"], client("s3")
    s3.put_object(Bucket=bucket, Key="evidence/replaced", Body=b"of later")
    s3.put_object(Bucket=bucket, Key="evidence/new", Body=b"of later")
    s3.put_object(Bucket=bucket, Key="trust/list", Body=b"of later")
    s3.delete_object(Bucket=bucket, Key="evidence/deleted")
    return cursor


def _put_back(story: Story, moment: datetime) -> None:
    """Say what will be lost, then put back, with all its breaks."""
    before = {output_of(table): _items(story.result.outputs[output_of(table)]) for table in TABLES}
    restore.preview(restore.plan(STAGE, moment))
    expect({name: _items(story.result.outputs[name]) for name in before} == before, "saying it changes nothing")
    breaks = Breaks()

    def announce(step: str) -> None:
        print(f"restore: {step}")
        if step in ("bucket", "rebuild"):
            _expect_closed(story)
        breaks.begin(step)

    with counted(breaks):
        while True:
            try:
                report = restore.restore_stage(
                    STAGE, moment, story.project, fetch=gateway_of(story.project), vendor=False, announce=announce
                )
                break
            except DeployError as error:
                expect("broken off" in str(error), f"the restore stopped otherwise: {error}")
                if breaks.seen[-1] == "settle":
                    _expect_no_deploy(story)
    expect(not any(breaks.to_come.values()), f"it broke off at each place but {breaks.to_come}")
    print(f"steps: {breaks.seen}; seconds: {report['seconds']}")
    _check_report(report, moment)
    kept = {name: _items(story.result.outputs[name]) for name in before}
    expect(kept["SubjectsTable"] == before["SubjectsTable"], "the earlier tables stay as they were")
    outputs = find_outputs(client("cloudformation"), STAGE)
    story.result = Result(outputs, story.result.deployed, story.operator)
    story.functions.calls.clear()


def _expect_closed(story: Story) -> None:
    answer = story.journey.gateway.send("GET", "/v1/changes", key=story.receiver["key"])
    expect((answer.status, answer.json()["error"]["code"]) == (503, "restoring"), f"closed: {answer}")
    mappings = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    states = {each["State"] for each in mappings if ":sqs:" in each["EventSourceArn"]}
    expect(states <= {"Disabled", "Updating"}, f"queues are stopped: {states}")
    rules = {each["State"] for each in client("events").list_rules()["Rules"]}
    expect(rules == {"DISABLED"}, f"schedules are stopped: {rules}")


def _expect_no_deploy(story: Story) -> None:
    try:
        deploy_copy(story.project)
    except DeployError as error:
        expect("is being put back" in str(error), f"the deploy stopped otherwise: {error}")
    else:
        raise DeployError("no deploy is let at a stage that is being put back")


def _check_report(report: Json, moment: datetime) -> None:
    expect(report["lost_from"] == moment.isoformat(timespec="seconds"), f"{report['lost_from']}")
    expect(report["epoch"] == 1, "the first epoch")
    expect(report["senders_in_that_time"] == ["shop-a"], f"senders: {report['senders_in_that_time']}")
    lost = report["lost"]
    expect(lost["changes"] == 2, f"changes: {lost}")
    expect(lost["admitted_since"] == ["shop-c"], f"admitted: {lost}")
    expect(len(report["taken_away_again"]["keys"]) == 1, f"revoked again: {report}")
    expect(report["objects"]["copied"] >= 2 and report["objects"]["covered"] >= 1, f"objects: {report['objects']}")


def _check_tables(story: Story, held: Mapping[str, Mapping[str, Json]]) -> None:
    """The tables in use hold what was held, and have what a restore leaves out."""
    outputs, tables = story.result.outputs, client("dynamodb")
    expect(outputs["SubjectsTable"].startswith(f"lianfang-subjects-{STAGE}-r"), f"in use: {outputs['SubjectsTable']}")
    expect(_items(outputs["SubjectsTable"]) == held["subjects"], "subjects are as they were")
    expect(_items(outputs["KeysTable"]) == held["keys"], "posting lists are as they were")
    _check_exchange(_items(outputs["ExchangeTable"]), held["exchange"])
    subjects = tables.describe_table(TableName=outputs["SubjectsTable"])["Table"]
    expect(subjects["LatestStreamArn"] == outputs["SubjectsStreamArn"], "the stream is the one in use")
    expiry = tables.describe_time_to_live(TableName=outputs["ExchangeTable"])["TimeToLiveDescription"]
    expect((expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at"), f"{expiry}")
    for table in TABLES:
        backups = tables.describe_continuous_backups(TableName=outputs[output_of(table)])
        state = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        expect(state == "ENABLED", f"backups of {table}")


def _check_exchange(items: Mapping[str, Json], then: Mapping[str, Json]) -> None:
    """What was there is as it was; what was lost is not there, and what the rebuild derived has new numbers."""
    for item_id, item in then.items():
        if item_id.startswith(LASTING):
            expect(items.get(item_id) == item, f"{item_id} is as it was: {items.get(item_id)} and not {item}")
    new = {item_id: item for item_id, item in items.items() if item_id not in then and item_id.startswith(LASTING)}
    for item_id, item in new.items():
        expect(int(item.get("number", 0)) > EPOCH, f"{item_id} was not there at the moment")


def _check_objects(story: Story) -> None:
    bucket, s3 = story.result.outputs["FilesBucket"], client("s3")

    def body(key: str, **version: str) -> bytes:
        return bytes(s3.get_object(Bucket=bucket, Key=key, **version)["Body"].read())

    expect(body("evidence/replaced") == b"of then", "what was replaced is current again")
    expect(body("evidence/deleted") == b"of then", "what was deleted is there again")
    expect(body("trust/list") == b"of later", "whom we trust stays")
    expect(not object_exists(s3, bucket, "evidence/new"), "what came later is covered")
    versions = s3.list_object_versions(Bucket=bucket, Prefix="evidence/new")["Versions"]
    expect(body("evidence/new", VersionId=versions[0]["VersionId"]) == b"of later", "and not destroyed")


def _check_receiver(story: Story, cursor: str) -> None:
    """A receiver that was ahead reads again; what was lost is sent again and reaches it."""
    receiver = story.receiver["key"]
    expect(story.verdict(USCC) == "block", "the withdrawal is lost")
    expect(story.verdict(OTHER_USCC) != "block", "the report is lost")
    answer = story.ask("GET", f"/v1/changes?after={cursor}", receiver, status=409)["error"]
    expect(answer["code"] == "restored", f"a late cursor: {answer}")
    after = answer["details"]["read_after"]
    for key in (story.stolen, "lf_aaaaaaaaaaaa_" + "0" * 48):
        story.ask("GET", "/v1/changes", key, status=401)
    expect(story.report(OTHER_USCC, OTHER_NAME)["accepted"] == 1, "the lost file is taken again")
    story.changes(after)
    listing = story.changes("0")[0]["listing"]["listing_id"]
    story.ask("POST", f"/v1/listings/{listing}/withdrawal", story.sender["key"], {"reason": "误报"})
    changes = story.changes(after, 2)
    told = {(change["listing"]["listing_id"], change["kind"]) for change in changes}
    expect((listing, "withdrawn") in told, f"the withdrawal is told again: {told}")
    expect(any(kind == "opened" and ident != listing for ident, kind in told), f"and the report: {told}")
    expect(all(change["change"] > EPOCH for change in changes), "under numbers that were never given before")
    expect((story.verdict(USCC) != "block", story.verdict(OTHER_USCC)) == (True, "block"), "verdicts as they were")
    story.journey.expect_no_failure()


def _check_deploys(story: Story) -> None:
    """The next deploy goes on with the restored tables, by policies that allow them."""
    states = [each["State"] for each in client("events").list_rules()["Rules"]]
    expect(set(states) == {"ENABLED"}, f"schedules run: {states}")
    place = Place.of(story.result.outputs["SubjectsStreamArn"])
    forbidden = refused(story.project, STAGE, place, story.functions.calls)
    expect(not forbidden, "a policy is too narrow:\n  " + "\n  ".join(forbidden))
    again = deploy_copy(story.project)
    expect(again.outputs == story.result.outputs, "a deploy leaves the restored tables in use")
    expect_one_of_each(again)
    story.result = Result(again.outputs, again.deployed, story.operator)
    expect(story.verdict(OTHER_USCC) == "block", "and works on them")


def _items(table: str) -> dict[str, Json]:
    """The items of a table by key; sets in order."""
    items: dict[str, Json] = {}
    for page in client("dynamodb").get_paginator("scan").paginate(TableName=table):
        for raw in page["Items"]:
            item = {name: sorted(value) if isinstance(value, set) else value for name, value in from_item(raw).items()}
            items[str(item.get("subject_id") or item.get("key") or item["id"])] = item
    return items
