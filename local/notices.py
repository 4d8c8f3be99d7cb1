"""The notices that platforms receive: a demo queue on each topic, printed as notices arrive."""

import json
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any

from chalicelib.values.records import Json
from local.aws import memory
from local.aws.cloud import Cloud, run_until_done
from local.aws.resources import STAGE

KEPT = 500


class NoticeBoard:
    """Subscribes a queue of its own to every topic of platforms, and keeps the notices that arrive."""

    def __init__(self, cloud: Cloud, closures_arn: str, platform_prefix: str, show: bool) -> None:
        self.cloud = cloud
        self.show = show
        self.closures = closures_arn
        self.topics = closures_arn.rsplit(":", 1)[0] + ":" + platform_prefix
        self.seen: deque[Json] = deque(maxlen=KEPT)
        self._urls: dict[str, str] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_listening, name="notices", daemon=True)

    def start(self) -> None:
        """Subscribe and listen."""
        self._subscribe()
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._stopping.set()
        self.cloud.write_counter.touch("sqs")
        self._thread.join(5)

    def idle(self) -> bool:
        """Whether everything published has been shown."""
        with self.cloud.paused():
            depths = memory.depths()
            return not any(depths.get(name) for name in self._urls)

    def _subscribe(self) -> None:
        """One queue per topic; a platform that was admitted later gets its queue when its topic appears."""
        with self.cloud.paused():
            names = [topic["Name"] for topic in memory.topics()]
        here = self.closures.rsplit(":", 1)[0]
        for name in names:
            arn, queue = f"{here}:{name}", f"demo-{name}"
            if queue in self._urls or not (arn == self.closures or arn.startswith(self.topics)):
                continue
            sqs = self.cloud.client("sqs")
            url = sqs.create_queue(QueueName=queue)["QueueUrl"]
            queue_arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
            self.cloud.client("sns").subscribe(
                TopicArn=arn,
                Protocol="sqs",
                Endpoint=queue_arn["QueueArn"],
                Attributes={"RawMessageDelivery": "true"},
            )
            self._urls[queue] = url

    def _keep_listening(self) -> None:
        run_until_done(self._listen, self._stopping, "the listener for notices")

    def _listen(self) -> None:
        write_counter, topics_seen = self.cloud.write_counter, -1
        while not self._stopping.is_set():
            seen = write_counter.count("sqs")
            if write_counter.count("sns") != topics_seen:
                topics_seen = write_counter.count("sns")
                self._subscribe()
            with self.cloud.paused():
                full = [name for name in self._urls if memory.waiting(name)]
            for name in full:
                self._take(name)
            if not full:
                write_counter.wait("sqs", seen, timeout=0.5)

    def _take(self, queue: str) -> None:
        sqs, url = self.cloud.client("sqs"), self._urls[queue]
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        for message in got.get("Messages", []):
            self._keep(queue.removeprefix("demo-"), message)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _keep(self, topic: str, message: Json) -> None:
        try:
            notice = json.loads(message["Body"])
        except ValueError:
            notice = message["Body"]
        attributes = {name: value.get("StringValue") for name, value in message.get("MessageAttributes", {}).items()}
        arrived = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.seen.append({"at": arrived, "topic": topic, "attributes": attributes, "notice": notice})
        if self.show:
            try:
                print(format_notice(topic, notice), flush=True)
            except OSError:  # the output is closed
                self.show = False


def format_notice(topic: str, notice: Any) -> str:
    """A notice as a person wants to see it pass by; the whole of it is at /_local/notices."""
    received = topic.removeprefix("lianfang-").removesuffix(f"-{STAGE}").replace(f"platform-{STAGE}-", "")
    if not isinstance(notice, dict):
        return f"notice to {received}: {notice}"
    words = [notice.get("kind", "?")]
    if "change" in notice:
        words.append(f"#{notice['change']}")
    body = notice.get("task") or notice
    subject, listing, report = (body.get(part, {}) for part in ("subject", "listing", "report"))
    words += [subject.get("uscc", ""), subject.get("name", ""), "+".join(listing.get("reasons", ()))]
    if listing:
        words.append(f"{listing['evidence_level']} by {listing['source']}")
    if report:
        words.append(f"{report['report_id']}: {report['accepted']} accepted, {report['rejected']} rejected")
    return f"notice to {received}: " + " ".join(part for part in words if part)
