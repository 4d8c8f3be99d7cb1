"""The whole deploy for real, against moto's server: `python -m infra.rehearse`.

Deploys twice (the second time changes nothing), then lets a report travel: a platform posts a file to the bucket,
the bucket's event wakes the deployed function, its chunks the next, the stream the others; another platform looks
the merchant up and hears of the closure on a queue. What moto cannot show is asserted elsewhere: on the template
(TTL, backups, encryption, policies, alarms) and on the package (wheels for Lambda; here functions load those that
are installed). Permissions, throttling and binary types are kept by moto and not enforced.
"""

import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from cfnlint.decode.cfn_yaml import load as load_template

from infra.aws import DeployError, client, wait_for
from infra.deploy import PROJECT, Result, deploy
from infra.gateway import Answer, Gateway
from infra.harden import read_deployed, verify
from infra.moto_cloud import Functions, moto_cloud, only_here
from infra.settings import CONFIG
from infra.stack import TEMPLATE

STAGE: Final = "rehearsal"
COPIED: Final = ("app.py", "requirements.txt", "constraints.txt", "chalicelib", ".chalice")
# An invented merchant. Counterfeits, found by the market authority: grave enough, and proven enough, to block.
NAME: Final = "北京星河样例商贸有限公司"
USCC: Final = "91110108MA01ABCD84"


def expect(holds: object, what: str) -> None:
    """Stop the rehearsal when something is not as it must be."""
    if not holds:
        raise DeployError(what)


@dataclass
class Rehearsal:
    """A rehearsal on its way: what was deployed, and how to speak to it."""

    functions: Functions
    result: Result
    gateway: Gateway

    def ask(self, method: str, path: str, body: Any = None, key: str = "", status: int = 200) -> Any:
        """Send a request to the deployed API, expect the status, return the JSON."""
        answer: Answer = self.gateway.send(method, path, body, key)
        expect(answer.status == status, f"{method} {path}: {answer.status} {answer.body.decode()}")
        return answer.json()

    def expect_no_failure(self) -> None:
        """Stop when a function has raised; a queue or the stream would try it again, and moto hides it."""
        expect(not self.functions.failures, f"functions failed: {self.functions.failures}")

    def admit(self, name: str, aws_account: str = "") -> dict[str, Any]:
        """Admit a platform with the operator's key."""
        wanted = {"id": name, "name": name, "role": "platform"}
        if aws_account:
            wanted["aws_account"] = aws_account
        admitted: dict[str, Any] = self.ask("POST", "/v1/platforms", wanted, str(self.result.operator_key), status=201)
        return admitted


def copy_project(target: Path) -> None:
    """A copy of the project with a stage for the rehearsal, made of the dev stage."""
    ignored = shutil.ignore_patterns("__pycache__", "deployed", "deployments", "policies")
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignored)
        else:
            shutil.copy2(source, target / name)
    (target / TEMPLATE).parent.mkdir()
    shutil.copy2(PROJECT / TEMPLATE, target / TEMPLATE)
    config = json.loads((target / CONFIG).read_text(encoding="utf-8"))
    text = json.dumps(config["stages"]["dev"]).replace("/dev/", f"/{STAGE}/")
    stage = json.loads(text) | {"api_gateway_stage": STAGE}
    stage["environment_variables"] = {"STAGE": STAGE, "SERIOUS_VIOLATIONS_URL": ""}
    config["stages"] = {STAGE: stage}
    (target / CONFIG).write_text(json.dumps(config, indent=2), encoding="utf-8")


def fill_gaps(outputs: dict[str, str]) -> None:
    """Make what the template asks for and moto's CloudFormation leaves out: the bucket's notification, the secret."""
    resources = load_template(str(PROJECT / TEMPLATE))["Resources"]
    notification = resources["FilesBucket"]["Properties"]["NotificationConfiguration"]
    expect(len(notification["QueueConfigurations"]) == 1, "the template has one notification")
    wanted = notification["QueueConfigurations"][0]
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=outputs["ReportFilesQueue"])["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("s3").put_bucket_notification_configuration(
        Bucket=outputs["FilesBucket"],
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "QueueArn": arn,
                    "Events": [wanted["Event"]],
                    "Filter": {"Key": {"FilterRules": wanted["Filter"]["S3Key"]["Rules"]}},
                }
            ]
        },
    )
    client("secretsmanager").create_secret(Name=outputs["DigestKeySecret"], SecretString="0123456789abcdef" * 4)


def deploy_twice(functions: Functions, project: Path) -> Rehearsal:
    """Deploy, and deploy again: the same API, the same event sources, no second operator."""

    def fetch(url: str) -> tuple[int, bytes]:
        gateway = Gateway(client("apigateway"), client("lambda"), read_deployed(project, STAGE))
        answer = gateway.send("GET", "/" + urlsplit(url).path.split("/", 2)[2])
        return answer.status, answer.body

    first = deploy(STAGE, project, fetch=fetch, vendor=False)
    expect(first.operator_key, "the first deploy gives the operator a key")
    again = deploy(STAGE, project, fetch=fetch, vendor=False)
    expect(again.operator_key is None, "the second deploy gives nobody a key")
    expect(again.deployed == first.deployed, "the second deploy has the same functions, mappings and API")
    expect(len(client("apigateway").get_rest_apis()["items"]) == 1, "there is one REST API")
    mappings = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    expect(len(mappings) == 4, f"there are four event source mappings and not {len(mappings)}")
    expect(not verify(again.deployed, again.outputs, client), "the hardening reads back")
    fill_gaps(again.outputs)
    gateway = Gateway(client("apigateway"), client("lambda"), again.deployed)
    return Rehearsal(functions, first, gateway)


def closures_queue(topic: str) -> str:
    """A queue of one who follows closures; its URL."""
    sqs = client("sqs")
    url = str(sqs.create_queue(QueueName="follower")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"RawMessageDelivery": "true"}
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def send_report(rehearsal: Rehearsal, key: str) -> dict[str, Any]:
    """Post a file of two rows, one of them bad, straight to the bucket; the report when it is done."""
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    rows = [
        "统一社会信用代码,主体名称,店铺名称,清退日期,清退原因,证据等级",
        f"{USCC},{NAME},星河样例旗舰店,{yesterday},销售假冒注册商标的商品,E3",
        f"{USCC[:-1]}9,北京星河坏行有限公司,,{yesterday},售假,E2",
    ]
    opened = rehearsal.ask("POST", "/v1/reports/uploads", {"file_name": "清退名单.csv"}, key, status=202)
    form = opened["upload"]
    body = "\n".join(rows).encode("gb18030")
    posted = requests.post(form["url"], data=form["fields"], files={"file": ("file", body)}, timeout=120)
    expect(posted.status_code in (200, 204), f"posting to the bucket: {posted.status_code} {posted.text}")

    def done() -> dict[str, Any] | None:
        rehearsal.expect_no_failure()
        report: dict[str, Any] = rehearsal.ask("GET", f"/v1/reports/{opened['report_id']}", key=key)
        return report if report["status"] in ("done", "refused") else None

    return wait_for(done, seconds=60, every=0.2, what="the report")


def rehearse(region: str = "us-east-1") -> dict[str, Any]:
    """Do it all; returns what was seen. Raises `DeployError` with the first thing that is not as it must be."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        project, log_path = Path(folder) / "project", Path(folder) / "functions.log"
        project.mkdir()
        copy_project(project)
        with log_path.open("w") as log, moto_cloud(Path(folder) / "code", log) as functions:
            try:
                with only_here(functions.url, region):
                    return {"region": region, **_act(functions, project, started)}
            except Exception:
                log.flush()
                print(log_path.read_text()[-6_000:], file=sys.stderr)
                raise


def _act(functions: Functions, project: Path, started: float) -> dict[str, Any]:
    rehearsal = deploy_twice(functions, project)
    deployed_in = time.monotonic() - started
    reporter, follower = rehearsal.admit("shop-a"), rehearsal.admit("shop-b", "222222222222")
    queue = closures_queue(follower["topics"]["closures"])
    report = send_report(rehearsal, reporter["key"])
    counts = {name: report[name] for name in ("status", "rows", "accepted", "rejected")}
    expect(counts == {"status": "done", "rows": 2, "accepted": 1, "rejected": 1}, f"the report: {report}")
    asked = {"uscc": USCC, "name": NAME, "purpose": "onboarding"}
    found = rehearsal.ask("POST", "/v1/lookups", asked, follower["key"])
    expect(found["verdict"] == "block", f"the lookup: {found}")
    messages = client("sqs").receive_message(QueueUrl=queue).get("Messages", [])
    notices = [json.loads(message["Body"]) for message in messages]
    expect(len(notices) == 1, f"one notice of the closure and not {notices}")
    rebuilt = client("lambda").invoke(
        FunctionName=rehearsal.result.deployed.functions["rebuild"], Payload=b'{"start": ""}'
    )
    expect("FunctionError" not in rebuilt, "rebuild runs")
    rehearsal.expect_no_failure()
    return {
        "deployed_twice_in_seconds": round(deployed_in, 1),
        "seconds": round(time.monotonic() - started, 1),
        "routes": sum(len(methods) for methods in rehearsal.gateway.routes.values()),
        "invoked": {name: functions.invoked.count(name) for name in sorted(set(functions.invoked))},
        "report": counts,
        "verdict": found["verdict"],
        "notice": notices[0],
        "rebuild": json.loads(rebuilt["Payload"].read()),
    }


def main() -> int:
    """Rehearse and print what was seen; 1 and the reason when something is wrong."""
    try:
        seen = rehearse(*sys.argv[1:2])
    except DeployError as error:
        print(f"rehearsal stopped: {error}", file=sys.stderr)
        return 1
    print(json.dumps(seen, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
