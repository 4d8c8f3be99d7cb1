"""Each step of the deploy: repeated runs, state that is kept, and error messages."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.aws import DeployError, wait_for
from infra.deploy import create_first_operator
from infra.emulation.behaviour import Behaviour, patched
from infra.emulation.stacks import stack_replacements
from infra.release import state
from infra.release.live import check_live
from infra.settings import POLICIES, asks_for_signatures, read_config, variable, write_policies, write_settings
from infra.stack import protect, put_stack
from tests.infra.project import ROOT

ACCOUNT = "123456789012"
OUTPUTS = {
    "SubjectsTable": "lianfang-subjects-dev",
    "SubjectsStreamArn": f"arn:aws-cn:dynamodb:cn-north-1:{ACCOUNT}:table/lianfang-subjects-dev/stream/1",
    "ExchangeTable": "exchange",
    "ClosuresTopicArn": f"arn:aws-cn:sns:cn-north-1:{ACCOUNT}:lianfang-closures-dev",
    "PlatformTopicPrefix": "lianfang-platform-dev-",
    "KeyArn": f"arn:aws-cn:kms:cn-north-1:{ACCOUNT}:key/1",
    "StreamDeadQueueArn": "x",
    "ScheduleDeadQueueArn": "y",
}


@pytest.fixture
def cloud() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".chalice/deployed").mkdir(parents=True)
    for source in (ROOT / ".chalice").glob("*.json"):
        (tmp_path / ".chalice" / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def with_template(project: Path, resources: dict[str, Any]) -> Path:
    (project / "infra").mkdir(exist_ok=True)
    body = {
        "Parameters": {"Stage": {"Type": "String"}, "AlarmEmail": {"Type": "String", "Default": ""}},
        "Resources": resources,
        "Outputs": {"Mail": {"Value": {"Ref": "AlarmEmail"}}},
    }
    (project / "infra/template.yaml").write_text(json.dumps(body))
    return project


QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "one"}}


@pytest.mark.usefixtures("cloud")
def test_a_stack_is_made_then_updated_and_keeps_omitted_parameters(project: Path) -> None:
    cloudformation = boto3.client("cloudformation")
    with_template(project, {"One": QUEUE})
    assert put_stack(cloudformation, project, "dev", {"AlarmEmail": "a@example.com"}) == {"Mail": "a@example.com"}
    assert put_stack(cloudformation, project, "dev", {}) == {"Mail": "a@example.com"}
    with_template(project, {"One": QUEUE, "Two": {"Type": "AWS::SQS::Queue"}})
    put_stack(cloudformation, project, "dev", {"AlarmEmail": ""})
    assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 2
    policy = json.loads(cloudformation.get_stack_policy(StackName="lianfang-dev")["StackPolicyBody"])
    assert [statement["Effect"] for statement in policy["Statement"]] == ["Allow", "Deny"]


@pytest.mark.usefixtures("cloud")
def test_a_parameter_that_the_template_lacks_is_left_out(project: Path) -> None:
    cloudformation = boto3.client("cloudformation")
    with_template(project, {"One": QUEUE})
    put_stack(cloudformation, project, "dev", {"AlarmEmail": "a@example.com"})
    template = project / "infra/template.yaml"
    older = json.loads(template.read_text())
    del older["Parameters"]["AlarmEmail"], older["Outputs"]
    template.write_text(json.dumps(older))
    with patched(stack_replacements(Behaviour(busy_answers=0))):
        assert put_stack(cloudformation, project, "dev", {"SeriousViolationsFeed": "on"}) == {}


class Scripted:
    """A CloudFormation whose stack goes through the given states."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.done: list[str] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if not self.states:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": f"{StackName} does not exist"}}, "x")
        state_now = self.states[0] if len(self.states) == 1 else self.states.pop(0)
        return {"Stacks": [{"StackStatus": state_now, "Outputs": []}]}

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"StackEvents": []}

    def create_stack(self, **_: Any) -> None:
        self.done.append("create")
        self.states = ["CREATE_COMPLETE"]

    def update_stack(self, **_: Any) -> None:
        self.done.append("update")
        self.states = ["UPDATE_ROLLBACK_COMPLETE"]

    def get_template_summary(self, TemplateBody: str) -> dict[str, Any]:  # noqa: N803
        return {"Parameters": [{"ParameterKey": key} for key in json.loads(TemplateBody)["Parameters"]]}

    def update_termination_protection(self, **wanted: Any) -> None:
        self.done.append("protect" if wanted["EnableTerminationProtection"] else "unprotect")

    def delete_stack(self, **_: Any) -> None:
        self.done.append("delete")
        self.states = []


def test_a_creation_that_was_rolled_back_is_cleared_and_tried_again(project: Path) -> None:
    cloudformation = Scripted("ROLLBACK_COMPLETE")
    put_stack(cloudformation, with_template(project, {}), "dev", {})
    assert cloudformation.done == ["unprotect", "delete", "create"]


def test_an_update_that_was_rolled_back_is_an_error(project: Path) -> None:
    with pytest.raises(DeployError, match="lianfang-dev is UPDATE_ROLLBACK_COMPLETE"):
        put_stack(Scripted("CREATE_COMPLETE"), with_template(project, {}), "dev", {})


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name lianfang-dev"),
        ("ROLLBACK_FAILED", "make destroy STAGE=dev"),
        ("CREATE_FAILED", "make destroy STAGE=dev"),
        ("DELETE_FAILED", "make destroy STAGE=dev"),
    ],
)
def test_a_stack_that_is_stuck_is_left_to_a_person_with_the_remedy(project: Path, status: str, remedy: str) -> None:
    cloudformation = Scripted(status)
    with pytest.raises(DeployError, match=f"(?s){status}.*{remedy}"):
        put_stack(cloudformation, with_template(project, {}), "dev", {})
    assert cloudformation.done == []


class Unchanged(Scripted):
    """A stack that the template would not change."""

    def update_stack(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "ValidationError", "Message": "No updates are to be performed."}}, "x")


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_what_needs_no_update_is_good_after_a_failed_update_too(project: Path, status: str) -> None:
    assert put_stack(Unchanged(status), with_template(project, {}), "dev", {}) == {}


@pytest.mark.filterwarnings("ignore:Tried to parse")
def test_protection_comes_last_and_once() -> None:
    with mock_aws(), patched(stack_replacements(Behaviour(busy_answers=0))):
        cloudformation, tables = boto3.client("cloudformation"), boto3.client("dynamodb")
        put_stack(cloudformation, ROOT, "prod", {})
        names = tables.list_tables()["TableNames"]
        protected = [tables.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"] for name in names]
        assert protected == [False] * 3
        for _ in range(2):
            protect(cloudformation, "prod")
            [stack] = cloudformation.describe_stacks()["Stacks"]
            assert stack["EnableTerminationProtection"] is True
            assert {"ParameterKey": "Protection", "ParameterValue": "on"} in stack["Parameters"]


def test_settings_are_written_beside_what_was_there(project: Path) -> None:
    write_settings(project, "dev", OUTPUTS)
    environment = read_config(project, "dev")["stages"]["dev"]["environment_variables"]
    assert environment["SUBJECTS_STREAM_ARN"] == OUTPUTS["SubjectsStreamArn"]
    assert environment["STAGE"] == "dev"
    assert (environment["GATEWAY_AUTH"], environment["TRACED"]) == ("key", "")
    assert "KEY_ARN" not in environment
    before = (project / ".chalice/config.json").read_bytes()
    write_settings(project, "dev", OUTPUTS)
    assert (project / ".chalice/config.json").read_bytes() == before
    assert "SUBJECTS_TABLE" not in read_config(project, "prod")["stages"]["prod"]["environment_variables"]


@pytest.mark.parametrize(("asked", "signed"), [("iam", True), ("key", False), (None, False)])
def test_the_stage_says_whether_participants_sign(project: Path, asked: str | None, signed: bool) -> None:
    config = read_config(project, "dev")
    config["stages"]["dev"].pop("gateway_auth")
    config["stages"]["dev"] |= {"gateway_auth": asked} if asked else {}
    assert asks_for_signatures(config, "dev") is signed
    config["stages"]["dev"]["gateway_auth"] = "IAM"
    with pytest.raises(DeployError, match="gateway_auth of dev is 'IAM' and not one of key, iam"):
        asks_for_signatures(config, "dev")


def test_an_unknown_stage_is_refused_by_name(project: Path) -> None:
    with pytest.raises(DeployError, match=r"no stage test; it has dev, prod"):
        read_config(project, "test")


def test_policies_are_filled_in_with_the_partition_of_the_stack(project: Path) -> None:
    write_policies(project, "dev", OUTPUTS)
    written = {path.name: path.read_text(encoding="utf-8") for path in (project / POLICIES / "dev").iterdir()}
    assert len(written) == len(list(project.glob(".chalice/policy-*.json")))
    for body in written.values():
        assert "${" not in body
        assert "arn:aws:" not in body
        assert OUTPUTS["KeyArn"] in body


def test_an_output_becomes_a_variable() -> None:
    assert [variable(name) for name in ("FilesBucket", "ClosuresTopicArn")] == ["FILES_BUCKET", "CLOSURES_TOPIC_ARN"]


@pytest.mark.usefixtures("cloud")
def test_the_record_of_what_is_deployed_comes_from_the_bucket(project: Path) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    state.record(project, "dev").write_text("first")
    state.fetch(s3, project, "dev", "files")
    assert state.record(project, "dev").read_text() == "first"
    state.keep(s3, project, "dev", "files")
    state.record(project, "dev").unlink()
    state.fetch(s3, project, "dev", "files")
    assert state.record(project, "dev").read_text() == "first"


def make_function(name: str) -> str:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as made:
        made.writestr("app.py", "")
    role = boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    boto3.client("lambda").create_function(
        FunctionName=name, Role=role, Code={"ZipFile": code.getvalue()}, Runtime="python3.13", Handler="app.x"
    )
    url = boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    queue = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    mapping = boto3.client("lambda").create_event_source_mapping(
        FunctionName=name, EventSourceArn=queue["Attributes"]["QueueArn"]
    )
    return str(mapping["UUID"])


@pytest.mark.usefixtures("cloud")
def test_the_first_operator_is_admitted_once(capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("dynamodb").create_table(
        TableName="exchange",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    key = create_first_operator(OUTPUTS, "dev")
    assert key is not None
    assert key.startswith("lf_")
    assert key in capsys.readouterr().out
    assert create_first_operator(OUTPUTS, "dev") is None
    assert capsys.readouterr().out == ""
    stored = json.dumps(boto3.client("dynamodb").scan(TableName="exchange")["Items"])
    assert key.rpartition("_")[2] not in stored


@pytest.mark.parametrize(
    ("answers", "paths"),
    [
        ([(200, b"{}")], ["ready"]),
        ([(404, b""), (200, b"{}")], ["ready", "health"]),
        ([(405, b""), (200, b"{}")], ["ready", "health"]),
    ],
)
def test_an_api_is_live_when_it_is_ready_or_too_old_to_say_so(answers: list[Any], paths: list[str]) -> None:
    left = iter(answers)
    asked: list[str] = []

    def fetch(url: str) -> tuple[int, bytes]:
        asked.append(url)
        status, body = next(left)
        return status, body

    check_live("https://api/dev/", fetch)
    assert asked == [f"https://api/dev/{path}" for path in paths]


@pytest.mark.parametrize("failure", [(502, b"Bad"), (503, b"not_ready"), URLError("no route")])
def test_an_api_that_is_not_ready_is_an_error_with_its_last_words(failure: Any) -> None:
    def fetch(_: str) -> tuple[int, bytes]:
        if isinstance(failure, Exception):
            raise failure
        return failure  # type: ignore[no-any-return]

    with pytest.raises(DeployError, match=r"last: (502 Bad|503 not_ready|.*no route)"):
        check_live("https://api/dev/", fetch, seconds=0)


@pytest.mark.parametrize(("status", "explained"), [(401, True), (403, True), (500, False)])
def test_a_refusal_by_the_gateway_in_china_is_explained(status: int, explained: bool) -> None:
    with pytest.raises(DeployError) as raised:
        check_live("https://a.execute-api.cn-north-1.amazonaws.com.cn/dev/", lambda _: (status, b""), seconds=0)
    assert ("ICP" in str(raised.value)) is explained
    with pytest.raises(DeployError, match="execute-api:Invoke"):
        check_live(
            "https://a.execute-api.cn-north-1.amazonaws.com.cn/dev/",
            lambda _: (403, b'{"error": {"code": "signature_needed"}}'),
            seconds=0,
        )
    with pytest.raises(DeployError) as raised:
        check_live("https://a.execute-api.us-east-1.amazonaws.com/dev/", lambda _: (status, b""), seconds=0)
    assert "ICP" not in str(raised.value)


def test_waiting_ends() -> None:
    tries = iter([None, None, "there"])
    assert wait_for(lambda: next(tries), seconds=5, every=0, subject="it") == "there"
    with pytest.raises(DeployError, match="it: not there after 0 seconds"):
        wait_for(lambda: None, seconds=0, every=0, subject="it")
