"""Dead letters as operators handle them, by the API and at the console, also while SQS does not answer."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from chalicelib import wiring
from chalicelib.dead_letters import dead_letter_queues
from chalicelib.dead_letters.rules import dead_letter
from chalicelib.handlers.desk import dead_letter_desk
from chalicelib.people.duties import Duty
from chalicelib.storage.sqs_queue import Depth, Message
from tests.handlers.console.test_operation import operator
from tests.handlers.test_outages import failing
from tests.handlers.visitor import Forms
from tests.world import World

PATH = "/v1/queues/report-chunks/dead-letters"
PAGE = "/console/operation/queues/report-chunks"


@pytest.fixture
def queues(world: World) -> dict[str, str]:
    """The queues of dead letters, by name."""
    return world.dead_queues()


@pytest.fixture
def ops(world: World, queues: dict[str, str]) -> str:
    return world.admit("ops-key", "operator")


def put(world: World, url: str, count: int, report_id: str = "r_1") -> list[str]:
    """Put chunks of a report into a queue; the ids of the messages."""
    bodies = [json.dumps({"report_id": report_id, "chunk": place}) for place in range(count)]
    ids: list[str] = []
    for start in range(0, count, 10):
        entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies[start : start + 10])]
        sent = world.sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]
        ids += [str(entry["MessageId"]) for entry in sent]
    return ids


def depth(world: World, url: str) -> tuple[int, int]:
    """How many messages wait there, and how many are hidden."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counted = world.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(counted[names[0]]), int(counted[names[1]])


def outage(operation: str) -> AbstractContextManager[list[str]]:
    """The calls of a person to SQS fail."""
    return failing(wiring.client("sqs", True), operation, ConnectTimeoutError(endpoint_url="https://sqs"))


def test_every_queue_stands_with_its_counts_and_its_oldest_dead_letter(
    world: World, queues: dict[str, str], ops: str
) -> None:
    put(world, queues["report-chunks"], 12)
    world.sqs.send_message(QueueUrl=world.queue("lianfang-roster-chunks-test").url, MessageBody="{}")
    lines = {line["queue"]: line for line in world.call("GET", "/v1/queues", ops)[1]["queues"]}
    assert list(lines) == list(dead_letter.QUEUES)
    assert (lines["report-chunks"]["dead"], lines["roster-chunks"]["waiting"]) == (12, 1)
    assert "oldest_at" in lines["report-chunks"]
    assert lines["stream"] == {"queue": "stream", "dead": 0}
    assert depth(world, queues["report-chunks"]) == (12, 0)


def test_dead_letters_say_whether_their_report_ended_and_are_given_back(
    world: World, queues: dict[str, str], ops: str
) -> None:
    put(world, queues["report-chunks"], 11)
    letters = world.call("GET", PATH, ops)[1]["letters"]
    assert sorted(letter["part"] for letter in letters) == list(range(11))
    assert [letter["sent_at"] for letter in letters] == sorted(letter["sent_at"] for letter in letters)
    assert {letter["to_do"] for letter in letters} == {"redrive"}
    assert depth(world, queues["report-chunks"]) == (11, 0)
    wiring.exchange().put({"id": "report#r_1", "status": "refused"})
    letters = world.call("GET", PATH, ops)[1]["letters"]
    assert {(letter["to_do"], letter["is_finished"]) for letter in letters} == {("discard", True)}


def test_the_chosen_are_sent_again_and_the_others_stay(world: World, queues: dict[str, str], ops: str) -> None:
    ids = put(world, queues["report-chunks"], 15)
    work = world.queue("lianfang-report-chunks-test").url
    status, answer, _ = world.call("POST", f"{PATH}/redrive", ops, {"message_ids": [ids[2], ids[13], "gone"]})
    assert (status, answer) == (200, {"queue": "report-chunks", "done": 2, "failed": 0, "left": 13})
    assert depth(world, queues["report-chunks"]) == (13, 0)
    assert {message["chunk"] for message in world.heard(work)} == {2, 13}
    entry = world.call("GET", "/v1/audit", ops)[1]["entries"][0]
    assert (entry["action"], entry["object"], entry["outcome"]) == ("redriveDeadLetters", "queue:report-chunks", "done")
    assert (entry["before"]["dead"], entry["after"]["redriven"], entry["after"]["dead"]) == (15, 2, 13)
    assert ids[2] in entry["after"]["message_ids"]


class Held:
    """A queue in memory, with so many messages."""

    def __init__(self, count: int = 0) -> None:
        at = datetime(2026, 1, 5, tzinfo=UTC)
        self.visible = [Message(f"m-{place}", "{}", f"r-{place}", 5, at) for place in range(count)]
        self.hidden: list[Message] = []
        self.bodies: list[str] = []

    def depth(self) -> Depth:
        return Depth(len(self.visible), len(self.hidden), 0)

    def receive(self, _seconds: int) -> list[Message]:
        taken, self.visible = self.visible[:10], self.visible[10:]
        self.hidden += taken
        return taken

    def show(self, messages: Sequence[Message]) -> None:
        self.visible += messages
        self.hidden = [message for message in self.hidden if message not in messages]

    def delete(self, messages: Sequence[Message]) -> list[Message]:
        self.hidden = [message for message in self.hidden if message not in messages]
        return list(messages)

    def send_bodies(self, messages: Sequence[Message], bodies: Sequence[str]) -> list[Message]:
        self.bodies += bodies
        return list(messages)


def test_all_are_sent_again_up_to_the_bound_and_the_chosen_are_looked_for_so_far() -> None:
    most = dead_letter_queues.MOST_TAKEN
    held = {"dead": Held(most + 5), "work": Held()}

    def queue(name: str) -> Any:
        return held["dead" if "-dead-" in name else "work"]

    queues = dead_letter_queues.DeadLetterQueues(queue, "test", lambda: 0.0)
    assert queues.redrive("report-chunks", []) == dead_letter_queues.Taken(most, 0, 5)
    assert len(held["work"].bodies) == most
    assert queues.redrive("report-chunks", []) == dead_letter_queues.Taken(5, 0, 0)
    held["dead"] = Held(most + 5)
    assert queues.discard("report-chunks", [f"m-{most}"]) == dead_letter_queues.Taken(0, 0, most + 5)
    nothing: Any = SimpleNamespace(get_many=lambda _ids: {})
    assert len(queues.look("report-chunks", nothing)) == dead_letter_queues.MOST_LOOKED_AT
    assert (len(held["dead"].visible), held["dead"].hidden) == (most + 5, [])


def test_what_came_from_no_queue_is_discarded_and_not_sent_again(
    world: World, queues: dict[str, str], ops: str
) -> None:
    world.sqs.send_message(QueueUrl=queues["schedule"], MessageBody="{}")
    path = "/v1/queues/schedule/dead-letters"
    status, answer, _ = world.call("POST", f"{path}/redrive", ops, {"all": True})
    assert (status, answer["error"]["code"]) == (409, "not_redrivable")
    assert world.call("POST", f"{path}/discard", ops, {"all": True, "why": "下一次已做完"})[1]["done"] == 1
    assert depth(world, queues["schedule"]) == (0, 0)


@pytest.mark.parametrize("body", [{}, {"all": True, "message_ids": ["m-1"]}, {"all": False}, {"message_ids": ["<b>"]}])
def test_a_request_names_letters_or_all(world: World, ops: str, body: dict[str, Any]) -> None:
    status, answer, _ = world.call("POST", f"{PATH}/redrive", ops, body)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")
    assert world.call("POST", f"{PATH}/discard", ops, {"all": True, "why": "无"})[0] == 400


def test_a_queue_that_there_is_not_is_not_found(world: World, ops: str) -> None:
    for method, path, body in (("GET", "", None), ("POST", "/redrive", {"all": True})):
        assert world.call(method, f"/v1/queues/other/dead-letters{path}", ops, body)[0] == 404
    assert world.call("GET", "/v1/queues", world.admit("alpha"))[0] == 403


@pytest.mark.parametrize("operation", ["GetQueueAttributes", "ReceiveMessage"])
def test_while_sqs_does_not_answer_nothing_is_done_and_the_error_says_so(
    world: World, queues: dict[str, str], ops: str, operation: str
) -> None:
    put(world, queues["report-chunks"], 3)
    with outage(operation) as calls:
        for method, path, body in (
            ("GET", "/v1/queues", None),
            ("GET", PATH, None),
            ("POST", f"{PATH}/discard", {"all": True, "why": "试"}),
        ):
            status, answer, _ = world.call(method, path, ops, body)
            assert (status, answer["error"]["code"]) == (503, "queues_unavailable")
        assert calls
    assert depth(world, queues["report-chunks"]) == (3, 0)


@pytest.mark.parametrize("operation", ["SendMessageBatch", "DeleteMessageBatch"])
def test_letters_that_could_not_be_moved_are_dead_letters_still(
    world: World, queues: dict[str, str], ops: str, operation: str
) -> None:
    put(world, queues["report-chunks"], 3)
    with outage(operation):
        answer = world.call("POST", f"{PATH}/redrive", ops, {"all": True})[1]
    assert (answer["done"], answer["failed"], answer["left"]) == (0, 3, 3)
    assert depth(world, queues["report-chunks"]) == (3, 0)


def test_nothing_is_begun_after_the_deadline(world: World, queues: dict[str, str], ops: str) -> None:
    """Each call takes as long as it may: a sweep ends by the clock, and gives back what it holds."""
    put(world, queues["report-chunks"], 40)
    assert ops
    seconds = iter(range(0, 10_000, 7))
    slow = dead_letter_queues.DeadLetterQueues(wiring.queue, "test", lambda: float(next(seconds)))
    assert len(slow.look("report-chunks", wiring.exchange())) == 10
    assert depth(world, queues["report-chunks"]) == (40, 0)
    with pytest.raises(Exception, match="queues_unavailable"):
        slow.states()


def test_a_person_waits_less_long_for_sqs_than_a_worker() -> None:
    config = wiring.client("sqs", True).meta.config
    assert (config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"]) == (1, 3, 2)
    assert dead_letter_desk.queues()


# At the console


def test_the_screens_show_queues_and_letters_and_lead_through_a_preview(world: World, queues: dict[str, str]) -> None:
    ids = put(world, queues["report-chunks"], 3)
    visitor, key = operator(world)
    assert visitor.get("/console/operation")[1].count("operation/queues") >= 2
    text = visitor.get("/console/operation/queues")[1]
    assert "报送分块" in text
    assert "有死信" in text
    text = visitor.get(PAGE)[1]
    assert all(ident in text for ident in ids)
    assert "仍在处理" in text
    status, text = visitor.post(f"{PAGE}/preview", {"key": key, "act": "redrive", "message_id": ids[0]})
    assert status == 200
    assert "保存报送分块" in text
    fields = next(fields for action, fields in Forms(text).found if action.endswith("/redrive"))
    assert visitor.post(f"{PAGE}/redrive", fields)[0] == 303
    assert visitor.headers["Location"].endswith("?did=redrive&done=1&failed=0&left=2")
    text = visitor.get(PAGE + "?did=redrive&done=1&failed=0&left=2")[1]
    assert "已重投 1 条" in text
    assert ids[0] not in text


def test_a_discard_asks_for_a_reason_and_warns_of_what_is_in_work(world: World, queues: dict[str, str]) -> None:
    put(world, queues["report-chunks"], 2)
    visitor, key = operator(world)
    status, text = visitor.post(f"{PAGE}/preview", {"key": key, "act": "discard_all"})
    assert status == 200
    assert "有 2 条属于仍在处理的报送或名册" in text
    assert visitor.post(f"{PAGE}/discard", {"key": key})[0] == 400
    assert depth(world, queues["report-chunks"]) == (2, 0)
    assert visitor.post(f"{PAGE}/discard", {"key": key, "why": "已由平台重新报送"})[0] == 303
    assert depth(world, queues["report-chunks"]) == (0, 0)


def test_nothing_marked_is_said_in_place(world: World, queues: dict[str, str]) -> None:
    put(world, queues["report-chunks"], 1)
    visitor, key = operator(world)
    status, text = visitor.post(f"{PAGE}/preview", {"key": key, "act": "redrive"})
    assert status == 400
    assert "没有勾选任何一项" in text
    assert visitor.post(f"{PAGE}/preview", {"key": key, "act": "burn"})[0] == 400


def test_who_may_read_alone_sees_no_buttons_and_hostile_bodies_show_nothing(
    world: World, queues: dict[str, str]
) -> None:
    world.sqs.send_message(QueueUrl=queues["report-chunks"], MessageBody='{"report_id": "<script>张三", "chunk": 1}')
    visitor, key = operator(world, Duty.READ)
    text = visitor.get(PAGE)[1]
    assert "无法识别的消息" in text
    assert "script>张三" not in text
    assert "preview" not in text
    assert visitor.post(f"{PAGE}/redrive", {"key": key})[0] == 403
    assert visitor.get("/console/operation/queues/other")[0] == 404


def test_the_oldest_of_more_letters_than_were_looked_at_is_said_to_be_one_of_them(
    world: World, queues: dict[str, str]
) -> None:
    put(world, queues["report-chunks"], 12)
    put(world, queues["roster-chunks"], 3)
    visitor, _ = operator(world)
    assert visitor.get("/console/operation/queues")[1].count("或更早</a>") == 1
    assert dead_letter_desk.queues().dead() == 15


def test_while_sqs_does_not_answer_the_overview_is_shown(world: World, queues: dict[str, str]) -> None:
    assert queues
    visitor, _ = operator(world)
    with outage("GetQueueAttributes"):
        status, text = visitor.get("/console/operation")
        assert status == 200
        assert "队列服务暂无应答" in text
        status, text = visitor.get("/console/operation/queues")
    assert status == 503
    assert "队列服务暂无应答" in text


def test_queues_and_letters_are_files_too(world: World, queues: dict[str, str]) -> None:
    put(world, queues["report-chunks"], 2)
    visitor, _ = operator(world)
    assert len(visitor.get("/console/operation/queues.csv")[1].splitlines()) == 7
    assert len(visitor.get(f"{PAGE}/dead-letters.csv")[1].splitlines()) == 3
