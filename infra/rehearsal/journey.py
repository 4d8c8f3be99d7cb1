"""A report through the deployed exchange: uploaded, saved, matched, notified, withdrawn, rebuilt."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import requests

from chalicelib.licences.rules.licence import Licence
from chalicelib.storage.exchange_table import ExchangeTable
from chalicelib.values.records import Json
from infra.aws import client, wait_for
from infra.rehearsal.deployed_exchange import NAME, USCC, Journey, expect
from infra.rehearsal.licence_journey import show_licences

# Invented merchants. Counterfeits, found by the authority: grave enough, and proven enough, to block.
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


def watch_topic(topic: str, name: str) -> str:
    """A queue that is subscribed to a topic; its URL."""
    sqs = client("sqs")
    url = str(sqs.create_queue(QueueName=name)["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"RawMessageDelivery": "true"}
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def received(queue: str) -> list[Json]:
    """The notices that wait in a follower's queue, in the order of their sending, taken from it."""
    sqs = client("sqs")
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def next_notices(queue: str) -> list[Json]:
    """Wait for the next notices in a follower's queue; the stream's functions run beside the writer, and may lag."""
    return wait_for(lambda: received(queue) or None, seconds=30, every=0.2, subject="a notice")


def run_journey(journey: Journey) -> Json:
    """Run the whole journey and check the result of each step; returns the results."""
    account = journey.result.outputs["ClosuresTopicArn"].split(":")[4]
    reporter, other = journey.admit("shop-a", aws_account=account), journey.admit("shop-b", aws_account="222222222222")
    closures = watch_topic(other["topics"]["closures"], "follower")
    own = watch_topic(reporter["topics"]["own"], "reporter")
    counts = _report(journey, reporter["key"])
    expect(len(next_notices(own)) == 1, "the reporter is notified that its report is done")
    _read_and_subscribe(journey, reporter["key"])
    reported = journey.verdict(other["key"], uscc=USCC, name=NAME)
    expect(reported["verdict"] == "block", f"the lookup: {reported}")
    screened = _screen(journey, other["key"])
    [opened] = next_notices(closures)
    listing = opened["listing"]["listing_id"]
    disputed = _dispute(journey, listing, reporter["key"], other["key"])
    kinds = [notice["kind"] for notice in received(closures)]
    expect(kinds == ["disputed", "dispute_closed"], f"notices of a dispute: {kinds}")
    ended = journey.ask("POST", f"/v1/listings/{listing}/withdrawal", {"reason": "误报"}, reporter["key"])
    expect(ended["state"] != "active", f"the withdrawal: {ended}")
    cleared = journey.verdict(other["key"], uscc=USCC)
    [closed] = next_notices(closures)
    licence = Licence(USCC, NAME, status="在营", holder_role="法定代表人")
    licences = show_licences(journey, journey.result.outputs["SubjectsTable"].rpartition("-")[2], other["key"], licence)
    listed, rebuilt = _pull_and_rebuild(journey, other["key"])
    display = _show(journey, reporter["key"])
    journey.expect_no_failure()
    return {
        "report": counts,
        "roster": screened,
        "verdicts": {
            "reported": reported["verdict"],
            "disputed": disputed,
            "withdrawn": cleared["verdict"],
            "on_the_government_list": listed["verdict"],
        },
        "licences": licences,
        "notices": [opened, closed],
        "display": display,
        "rebuild": rebuilt,
    }


def _read_and_subscribe(journey: Journey, key: str) -> None:
    """A pushed notice is read and acknowledged; a queue is subscribed, given a filter, and unsubscribed."""
    journey.invoke("notices_due", SCHEDULED)
    [notice] = journey.ask("GET", "/v1/notices", key=key)["notices"]
    expect("pushed_at" in notice, f"the notice was pushed: {notice}")
    done = journey.ask("POST", "/v1/notices/acknowledgements", {"through": notice["sequence"]}, key)
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


def _report(journey: Journey, key: str) -> Json:
    report = journey.report(key)
    counts = {name: report[name] for name in ("status", "rows", "accepted", "rejected")}
    expect(counts == {"status": "done", "rows": 2, "accepted": 1, "rejected": 1}, f"the report: {report}")
    [rejection] = journey.ask("GET", f"/v1/reports/{report['report_id']}/rejections", key=key)["rejections"]
    expect(rejection["code"] == "invalid_uscc", f"the rejection: {rejection}")
    return counts


def _dispute(journey: Journey, listing: str, reporter: str, opener: str) -> str:
    """A dispute with a file as evidence, upheld; the verdict while it was open."""
    bureau = journey.admit("bureau", role="regulator")["key"]
    wanted = {"listing_id": listing, "kind": "for_merchant", "statement": "有授权", "contact": "13800000000"}
    path = "/v1/disputes/" + journey.ask("POST", "/v1/disputes", wanted, opener, status=201)["dispute_id"]
    verdict = journey.verdict(opener, uscc=USCC)["verdict"]
    expect(verdict == "review", f"while it is disputed: {verdict}")
    file = {"file_name": "授权书.pdf", "content_type": "application/pdf"}
    journey.post(journey.ask("POST", path + "/evidence", file, opener, status=202)["upload"], b"%PDF-1.7")
    [held] = journey.ask("GET", path, key=bureau)["evidence"]
    expect(held["state"] == "arrived", f"the evidence: {held}")
    link = journey.ask("GET", f"{path}/evidence/{held['evidence_id']}", key=reporter)["url"]
    expect(requests.get(link, timeout=60).content == b"%PDF-1.7", "the link leads to the file")
    journey.ask("POST", path + "/answer", {"stand": "stand_by", "statement": "属实"}, reporter)
    journey.ask("POST", path + "/decision", {"decision": "uphold", "statement": "证据充分"}, bureau)
    expect(journey.verdict(opener, uscc=USCC)["verdict"] == "block", "upheld, it counts again")
    return str(verdict)


def _screen(journey: Journey, key: str) -> Json:
    """A snapshot is built, a roster screened against it; the merchant that was evicted elsewhere is blocked."""
    journey.invoke("snapshot_due", SCHEDULED)
    rows = [f"S1,{USCC},{NAME}", f"S2,,{LISTED_NAME}", "S3,坏码,"]
    for _ in range(2):  # the second time it takes the place of the first
        roster = journey.send("rosters", "roster_id", ["商家ID,统一社会信用代码,主体名称", *rows], key)
        counts = {name: roster[name] for name in ("status", "rows", "rejected", "screened")}
        expect(counts == {"status": "done", "rows": 3, "rejected": 1, "screened": True}, f"the roster: {roster}")
    results = journey.ask("GET", f"/v1/rosters/{roster['roster_id']}/results", key=key)
    expect([result["verdict"] for result in results["results"]] == ["block"], f"the results: {results}")
    # The function that signs a link must be allowed to read the file.
    expect(requests.get(results["links"]["jsonl"], timeout=60).ok, "the link to the results")
    tasks = journey.ask("GET", "/v1/tasks", key=key)["tasks"]
    expect(len(tasks) == 1, f"the task: {tasks}")
    return dict(roster["counts"])


def _pull_and_rebuild(journey: Journey, key: str) -> tuple[Json, list[Any]]:
    """The schedules run, then everything is derived again: the same verdict before and after."""
    journey.invoke("feeds_due", SCHEDULED)
    journey.invoke("clocks_due", SCHEDULED)
    listed = journey.verdict(key, name=LISTED_NAME)
    rebuilt = [journey.invoke("rebuild", event) for event in ({"sweep": True}, {"start": ""})]
    again = journey.verdict(key, name=LISTED_NAME)
    expect(again["verdict"] == listed["verdict"], f"after the rebuild: {again}")
    return listed, rebuilt


def _show(journey: Journey, key: str) -> Json:
    """A licence is shown, seen by anyone, and followed by the watch; what the public was answered."""
    licence: Json = {
        "uscc": USCC,
        "name": NAME,
        "state": "verified",
        "due_on": "2999-01-01",
        "verified_for": {"shop-a": "x"},
    }
    licence |= {"id": f"licence#{USCC}", "status": "operating", "verified_by": "local", "version": 1}
    ExchangeTable(client("dynamodb"), journey.result.outputs["ExchangeTable"]).put(licence)
    display = journey.ask("POST", "/v1/displays", {"uscc": USCC, "shop_name": "星河样例旗舰店"}, key, status=201)
    path = f"/licences/{display['display_id']}"
    answers = {more: journey.gateway.send("GET", path + more) for more in ("", "/mark.svg", "/qr.svg", "/data.json")}
    expect(all(page.status == 200 for page in answers.values()), f"the display: {answers}")
    expect(NAME in answers[""].body.decode(), "the page names the merchant")
    report = journey.ask("POST", "/v1/identity-reports", {}, key, status=202)
    expect((report["state"], report["rows"]) == ("done", 1), f"the report of identity data: {report}")
    journey.invoke("licences_due", SCHEDULED)
    return {more or "/": (page.status, len(page.body)) for more, page in answers.items()}
