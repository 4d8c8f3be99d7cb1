"""The example receiver, over real HTTP and a real exchange: verifies, applies once, sees a gap, catches up."""

import io
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from examples.receiver import receiver as example
from tests.examples import signing
from tests.support.builders import uscc
from tests.world import World

CONFIRM = "https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription&Token=t0"


class Beta:
    """A platform with the example receiver: its server, its book, and a queue on each topic in the place of SNS."""

    def __init__(self, world: World, book: Path) -> None:
        self.world, self.path = world, book
        self.key = world.admit("beta")
        self.topics = world.call("GET", "/v1/platforms/me", self.key)[1]["topics"]
        self.queues = {feed: world.listen(arn) for feed, arn in self.topics.items()}
        self.fetched: list[str] = []
        self.start()

    def start(self) -> None:
        self.receiver = example.Receiver(example.Book(str(self.path)), self.topics, self.api, self.get)
        self.server = example.server(self.receiver, 0)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.receiver.book.db.close()

    def api(self, path: str, body: Any = None) -> bytes:
        status, answer, _ = self.world.call("POST" if body else "GET", path, self.key, body)
        assert status == 200, answer
        return json.dumps(answer).encode()

    def get(self, url: str) -> bytes:
        self.fetched.append(url)
        return signing.certificate() if url == signing.CERTIFICATE_URL else b"<ConfirmSubscriptionResponse/>"

    def post(self, envelope: Any) -> int:
        body = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.server_address[1]}/", body)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def deliver(self, feed: str, *places: int) -> None:
        """SNS delivers of what waits those in these places, in this order."""
        waiting = self.world.heard(self.queues[feed])
        for place in places:
            assert self.post(signing.notification(self.topics[feed], waiting[place])) == 200

    def book(self) -> list[tuple[str, str]]:
        """The applied entries in order: id and kind."""
        return list(self.receiver.book.db.execute("SELECT id, kind FROM applied ORDER BY rowid"))


@pytest.fixture
def beta(world: World, tmp_path: Path) -> Iterator[Beta]:
    made = Beta(world, tmp_path / "book.sqlite3")
    yield made
    made.stop()


def evict(world: World, key: str, number: int, reason: str = "售假") -> None:
    eviction = {"uscc": uscc(number), "evicted_on": "2026-01-02", "reason_text": reason, "evidence_level": "E4"}
    assert world.call("POST", "/v1/reports", key, {"evictions": [eviction]})[0] == 202
    world.settle()


def test_what_comes_in_order_is_applied_as_it_comes_and_once(world: World, beta: Beta) -> None:
    alpha = world.admit("alpha")
    for number in (1, 2, 3):
        evict(world, alpha, number)
    beta.deliver("closures", 0, 0, 1, 2, 1, 0)
    assert beta.book() == [(f"closures.{number}", "opened") for number in (1, 2, 3)]


def test_a_gap_is_seen_and_filled_from_the_feed_in_order(world: World, beta: Beta) -> None:
    alpha = world.admit("alpha")
    for number in (1, 2, 3):
        evict(world, alpha, number)
    beta.deliver("closures", 2, 0, 1)
    assert [ident for ident, _ in beta.book()] == ["closures.1", "closures.2", "closures.3"]
    evict(world, alpha, 4, "未亮照")  # number 4 is not for everyone
    evict(world, alpha, 5)
    beta.deliver("closures", 0)
    assert [ident for ident, _ in beta.book()][3:] == ["closures.5"]
    assert beta.receiver.book.cursor("closures") == 5


def test_after_two_days_away_it_reads_on_from_its_cursor_and_acknowledges_its_own(world: World, beta: Beta) -> None:
    alpha = world.admit("alpha")
    world.call("POST", "/v1/lookups", beta.key, {"uscc": uscc(1), "purpose": "onboarding"})
    evict(world, alpha, 1)
    beta.deliver("closures", 0)
    beta.stop()
    with world.away(*beta.queues.values()):
        evict(world, alpha, 2)
        listing = world.call("GET", "/v1/tasks", beta.key)[1]["tasks"][0]["listing"]["listing_id"]
        world.call("POST", f"/v1/listings/{listing}/withdrawal", alpha, {})
        world.settle()
    beta.start()
    beta.receiver.catch_up("closures")
    beta.receiver.catch_up("own")
    assert beta.book() == [
        ("closures.1", "opened"),
        ("closures.2", "opened"),
        ("closures.3", "withdrawn"),
        ("own.1", "task_opened"),
        ("own.2", "task_opened"),
    ]
    page = world.call("GET", "/v1/notices", beta.key)[1]
    assert page["unacknowledged"] == {"count": 0}
    assert all("acknowledged_at" in notice for notice in page["notices"])


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_of_the_signature_are_accepted_and_the_certificate_is_fetched_once(
    world: World, beta: Beta, version: str
) -> None:
    evict(world, world.admit("alpha"), 1)
    (notice,) = world.heard(beta.queues["closures"])
    for _ in range(2):
        with_subject = signing.notification(beta.topics["closures"], notice, version, Subject="清退")
        assert beta.post(with_subject) == 200
    assert beta.book() == [("closures.1", "opened")]
    assert beta.fetched == [signing.CERTIFICATE_URL]


def test_a_subscription_is_confirmed_at_sns_and_nowhere_else(beta: Beta) -> None:
    assert beta.post(signing.confirmation(beta.topics["own"], CONFIRM)) == 200
    assert beta.fetched == [signing.CERTIFICATE_URL, CONFIRM]
    for wrong in (
        "https://sns.cn-north-1.amazonaws.com.cn.example.com/?Action=ConfirmSubscription",
        "http://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription",
        "https://169.254.169.254/latest",
    ):
        assert beta.post(signing.confirmation(beta.topics["own"], wrong)) == 403
    assert len(beta.fetched) == 2


def test_what_is_not_from_sns_or_not_for_us_is_refused(world: World, beta: Beta) -> None:
    notice = {"kind": "opened", "change": 1}
    good = signing.notification(beta.topics["closures"], notice)
    other_topic = signing.notification("arn:aws-cn:sns:cn-north-1:999999999999:theirs", notice)
    pem = signing.CERTIFICATE_URL.rpartition("/")[2]
    for wrong in (
        {**good, "Message": json.dumps({**notice, "change": 2})},
        {**good, "Signature": "AAAA"},
        {**good, "Signature": "not base64!"},
        {**good, "SignatureVersion": "1"},
        {**good, "SignatureVersion": "3"},
        {**good, "Type": "Gossip"},
        {**good, "Type": ["Notification"]},
        {**good, "SigningCertURL": f"https://sns.cn-north-1.amazonaws.com.cn.example.com/{pem}"},
        {**good, "SigningCertURL": f"https://s3.cn-north-1.amazonaws.com.cn/{pem}"},
        {**good, "SigningCertURL": f"http://sns.cn-north-1.amazonaws.com.cn/{pem}"},
        {**good, "SigningCertURL": f"https://user@sns.cn-north-1.amazonaws.com.cn/{pem}"},
        {**good, "SigningCertURL": "https://sns.cn-north-1.amazonaws.com.cn/?Action=GetCallerWords"},
        {name: value for name, value in good.items() if name != "Timestamp"},
        other_topic,
        ["a", "list"],
        b"not json",
    ):
        assert beta.post(wrong) == 403, wrong
    assert set(beta.fetched) <= {signing.CERTIFICATE_URL}
    assert beta.book() == []


def test_when_the_exchange_cannot_be_reached_sns_is_asked_to_try_again(world: World, beta: Beta) -> None:
    alpha = world.admit("alpha")
    for number in (1, 2):
        evict(world, alpha, number)
    _, second = world.heard(beta.queues["closures"])
    reach = beta.receiver.api

    def unreachable(*_: Any) -> bytes:
        raise OSError("no route")

    beta.receiver.api = unreachable
    envelope = signing.notification(beta.topics["closures"], second)
    assert beta.post(envelope) == 500
    assert beta.book() == []
    beta.receiver.api = reach
    assert beta.post(envelope) == 200
    assert [ident for ident, _ in beta.book()] == ["closures.1", "closures.2"]


def test_work_that_fails_moves_no_cursor(world: World, beta: Beta) -> None:
    evict(world, world.admit("alpha"), 1)
    (notice,) = world.heard(beta.queues["closures"])

    class Clumsy(example.Book):
        def apply(self, ident: str, entry: dict[str, Any]) -> None:
            super().apply(ident, entry)
            raise RuntimeError("the shop system is down")

    well, clumsy = beta.receiver.book, Clumsy(str(beta.path))
    beta.receiver.book = clumsy
    envelope = signing.notification(beta.topics["closures"], notice)
    assert beta.post(envelope) == 500
    clumsy.db.close()
    beta.receiver.book = well
    assert (beta.book(), well.cursor("closures")) == ([], 0)
    assert beta.post(envelope) == 200
    assert (len(beta.book()), well.cursor("closures")) == (1, 1)


def test_the_example_stays_small_enough_to_read() -> None:
    assert len(Path(example.__file__).read_text("utf-8").splitlines()) <= 220


def test_the_topics_of_a_platform_are_those_that_sns_names(beta: Beta) -> None:
    assert beta.topics == {
        "closures": wiring.settings().closures_topic_arn,
        "own": wiring.topics().platform_arn("beta"),
    }


def test_after_a_restore_it_reads_again_from_where_it_is_told(tmp_path: Path) -> None:
    restored = {"error": {"code": "restored", "details": {"after": "57", "read_after": "1000000050"}}}
    entry = {"change": 1_000_000_051, "kind": "opened"}
    pages: dict[str, Any] = {
        "1000000050": {"changes": [entry], "next": "1000000051"},
        "1000000051": {"changes": [], "next": "1000000051"},
    }

    def api(path: str, body: Any = None) -> bytes:
        after = path.partition("after=")[2].partition("&")[0]
        if after == "57":
            answer = io.BytesIO(json.dumps(restored).encode())
            raise urllib.error.HTTPError(path, 409, "", Message(), answer)
        return json.dumps(pages[after]).encode()

    book = example.Book(str(tmp_path / "book.sqlite3"))
    book.take("closures", 57, [("closures.51", {"kind": "opened"})])
    example.Receiver(book, {}, api, api).catch_up("closures")
    assert book.cursor("closures") == 1_000_000_051
    applied = [row[0] for row in book.db.execute("SELECT id FROM applied ORDER BY rowid")]
    assert applied == ["closures.51", "closures.1000000051"]
    book.db.close()
