"""A report's way through what was deployed: posted to the bucket, saved, found, told, withdrawn, derived again."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import requests

from infra.aws import DeployError, client, wait_for
from infra.deploy import Result
from infra.gateway import Gateway
from infra.moto_cloud import Functions

# Invented merchants. Counterfeits, found by the authority: grave enough, and proven enough, to block.
NAME: Final = "北京星河样例商贸有限公司"
USCC: Final = "91110108MA01ABCD84"
LISTED_NAME: Final = "北京远山样例商贸有限公司"
GOVERNMENT_LIST: Final = (
    "ENTNAME,SERILLREA_CN,ABNTIME,DECORG_CN,REMEXCPRES_CN,REMDATE\n"
    f"{LISTED_NAME},组织虚假交易，情节严重,{datetime.now(UTC).date() - timedelta(days=90)},样例市市场监督管理局,,"
)

SCHEDULED: Final = {
    "version": "0",
    "id": "rehearsal",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "",
    "time": "",
    "region": "",
    "resources": [],
    "detail": {},
}


def expect(holds: object, what: str) -> None:
    """Stop the rehearsal when something is not as it must be."""
    if not holds:
        raise DeployError(what)


@contextmanager
def government_source() -> Iterator[str]:
    """A government list on this machine; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Send the list."""
            body = GOVERNMENT_LIST.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/list.csv"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Journey:
    """What was deployed, and how to speak to it."""

    functions: Functions
    result: Result
    gateway: Gateway

    def ask(self, method: str, path: str, body: Any = None, key: str = "", status: int = 200) -> Any:
        """Send a request to the deployed API, expect the status, return the JSON."""
        answer = self.gateway.send(method, path, body, key)
        expect(answer.status == status, f"{method} {path}: {answer.status} {answer.body.decode()}")
        return answer.json()

    def expect_no_failure(self) -> None:
        """Stop when a function has raised; a queue or the stream would try it again, and moto hides it."""
        expect(not self.functions.failures, f"functions failed: {self.functions.failures}")

    def invoke(self, function: str, event: Any) -> Any:
        """Call a function as its schedule or an operator does; its answer."""
        arn = self.result.deployed.functions[function]
        answer = client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
        self.expect_no_failure()
        return json.loads(answer["Payload"].read())

    def admit(self, name: str, **more: str) -> dict[str, Any]:
        """Admit a platform with the operator's key."""
        wanted = {"id": name, "name": name, "role": "platform", **more}
        admitted: dict[str, Any] = self.ask("POST", "/v1/platforms", wanted, str(self.result.operator_key), status=201)
        return admitted

    def report(self, key: str) -> dict[str, Any]:
        """Post a file of two rows, one of them bad, straight to the bucket; the report when it is done."""
        day = (datetime.now(UTC) - timedelta(days=2)).date()
        rows = [
            "统一社会信用代码,主体名称,店铺名称,清退日期,清退原因,证据等级",
            f"{USCC},{NAME},星河样例旗舰店,{day},销售假冒注册商标的商品,E3",
            f"{USCC[:-1]}9,北京星河坏行有限公司,,{day},售假,E2",
        ]
        opened = self.ask("POST", "/v1/reports/uploads", {"file_name": "清退名单.csv"}, key, status=202)
        form = opened["upload"]
        # Whoever signs the form must be allowed to write what is posted with it.
        signed = ["s3", "PutObject", {"Bucket": self.result.outputs["FilesBucket"], "Key": form["fields"]["key"]}]
        self.functions.calls["api_handler"].append(signed)
        file = {"file": ("file", "\n".join(rows).encode("gb18030"))}
        posted = requests.post(form["url"], data=form["fields"], files=file, timeout=120)
        expect(posted.ok, f"posting to the bucket: {posted.status_code} {posted.text}")

        def done() -> dict[str, Any] | None:
            self.expect_no_failure()
            report: dict[str, Any] = self.ask("GET", f"/v1/reports/{opened['report_id']}", key=key)
            return report if report["status"] in ("done", "refused") else None

        return wait_for(done, seconds=60, every=0.2, what="the report")

    def verdict(self, key: str, **asked: str) -> dict[str, Any]:
        """What the deployed API says of an applicant."""
        answer: dict[str, Any] = self.ask("POST", "/v1/lookups", {**asked, "purpose": "onboarding"}, key)
        return answer


def follow(topic: str, name: str) -> str:
    """A queue that is subscribed to a topic; its URL."""
    sqs = client("sqs")
    url = str(sqs.create_queue(QueueName=name)["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"RawMessageDelivery": "true"}
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def heard(queue: str) -> list[dict[str, Any]]:
    """The notices that wait in a follower's queue, in the order of their sending, taken from it."""
    sqs = client("sqs")
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def travel(journey: Journey) -> dict[str, Any]:
    """The whole way, each step held to what it promises; returns what was seen."""
    account = journey.result.outputs["ClosuresTopicArn"].split(":")[4]
    reporter, other = journey.admit("shop-a", aws_account=account), journey.admit("shop-b", aws_account="222222222222")
    closures = follow(other["topics"]["closures"], "follower")
    own = follow(reporter["topics"]["own"], "reporter")
    counts = _report(journey, reporter["key"])
    expect(len(heard(own)) == 1, "the reporter is told that its report is done")
    _read_and_subscribe(journey, reporter["key"])
    found = journey.verdict(other["key"], uscc=USCC, name=NAME)
    expect(found["verdict"] == "block", f"the lookup: {found}")
    [opened] = heard(closures)
    listing = opened["listing"]["listing_id"]
    ended = journey.ask("POST", f"/v1/listings/{listing}/withdrawal", {"reason": "误报"}, reporter["key"])
    expect(ended["state"] != "active", f"the withdrawal: {ended}")
    cleared = journey.verdict(other["key"], uscc=USCC)
    [closed] = heard(closures)
    listed, rebuilt = _pull_and_rebuild(journey, other["key"])
    journey.expect_no_failure()
    return {
        "report": counts,
        "verdicts": {
            "reported": found["verdict"],
            "withdrawn": cleared["verdict"],
            "on_the_government_list": listed["verdict"],
        },
        "notices": [opened, closed],
        "rebuild": rebuilt,
    }


def _read_and_subscribe(journey: Journey, key: str) -> None:
    """What was pushed is read and acknowledged; a queue is subscribed, given a filter, and let go."""
    journey.invoke("notices_due", SCHEDULED)
    [told] = journey.ask("GET", "/v1/notices", key=key)["notices"]
    expect("pushed_at" in told, f"the notice was pushed: {told}")
    done = journey.ask("POST", "/v1/notices/acknowledgements", {"through": told["sequence"]}, key)
    expect(done["unacknowledged"] == {"count": 0}, f"the acknowledgement: {done}")
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="of-its-own")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    wanted = {"topic": "own", "protocol": "sqs", "endpoint": arn}
    for narrowed in ({}, {"severity": [3]}):
        made = journey.ask("POST", "/v1/subscriptions", {**wanted, "filter": narrowed}, key, status=201)
        expect(made["state"] == "confirmed", f"the subscription: {made}")
    ended = journey.ask("DELETE", f"/v1/subscriptions/{made['subscription_id']}", key=key)
    expect(ended["state"] == "ended", f"the end of the subscription: {ended}")


def _report(journey: Journey, key: str) -> dict[str, Any]:
    report = journey.report(key)
    counts = {name: report[name] for name in ("status", "rows", "accepted", "rejected")}
    expect(counts == {"status": "done", "rows": 2, "accepted": 1, "rejected": 1}, f"the report: {report}")
    [rejection] = journey.ask("GET", f"/v1/reports/{report['report_id']}/rejections", key=key)["rejections"]
    expect(rejection["code"] == "invalid_uscc", f"the rejection: {rejection}")
    return counts


def _pull_and_rebuild(journey: Journey, key: str) -> tuple[dict[str, Any], list[Any]]:
    """The hour strikes, then everything is derived again: the same verdict before and after."""
    journey.invoke("feeds_due", SCHEDULED)
    listed = journey.verdict(key, name=LISTED_NAME)
    rebuilt = [journey.invoke("rebuild", event) for event in ({"sweep": True}, {"start": ""})]
    again = journey.verdict(key, name=LISTED_NAME)
    expect(again["verdict"] == listed["verdict"], f"after the rebuild: {again}")
    return listed, rebuilt
