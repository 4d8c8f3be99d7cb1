"""The same content sent again: the same report while its listings stand, a new one once they do not; forms used again;
and files that make the worker fail."""

import json
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.handlers.events.last_try import MOST_TRIES, GivenUp
from chalicelib.reports import read_report, receive_report, save_report_rows, split_report
from chalicelib.reports.rules.report import Submission
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import Killed, killed_after
from tests.support.builders import uscc
from tests.world import World, sqs_event

BUCKET = ENVIRONMENT["FILES_BUCKET"]
HEAD = "统一社会信用代码,清退时间,清退原因"


def eviction(number: int) -> dict[str, Any]:
    return {"uscc": uscc(number), "evicted_on": "2026-01-02", "reason_text": "售假"}


def send(world: World, key: str, *numbers: int, **more: Any) -> tuple[int, Any]:
    headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
    body = {"evictions": [eviction(number) for number in numbers], **more}
    status, sent, _ = world.call("POST", "/v1/reports", key, body, **headers)
    world.settle()
    return status, sent


def state(world: World, key: str, report_id: str) -> dict[str, Any]:
    return dict(world.call("GET", f"/v1/reports/{report_id}", key)[1])


def listings(world: World, key: str, number: int) -> list[dict[str, Any]]:
    return list(world.call("GET", f"/v1/merchants/{uscc(number)}", key)[1].get("listings", []))


def withdraw(world: World, key: str, number: int) -> None:
    listing = listings(world, key, number)[0]["listing_id"]
    assert world.call("POST", f"/v1/listings/{listing}/withdrawal", key, {})[0] == 200
    world.settle()


def reports(world: World) -> list[str]:
    items = world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
    return [item["id"]["S"] for item in items if item["id"]["S"].startswith("report#")]


def notices(world: World, key: str) -> list[tuple[str, str]]:
    page = world.call("GET", "/v1/notices", key)[1]["notices"]
    return [(entry["notice"]["kind"], entry["notice"]["report"]["report_id"]) for entry in page]


def file_message(world: World) -> str:
    """The message of the bucket that waits, but for that of the new notification."""
    bodies = [message["Body"] for message in world.waiting("report_file_arrived")]
    (body,) = [body for body in bodies if "Records" in json.loads(body)]
    return str(body)


def csv_of(*numbers: int) -> bytes:
    return "\n".join((HEAD, *(f"{uscc(number)},2026-01-02,售假" for number in numbers))).encode()


def post(world: World, form: dict[str, Any], body: bytes) -> None:
    world.s3.put_object(Bucket=BUCKET, Key=form["upload"]["fields"]["key"], Body=body)


@pytest.mark.parametrize("keys", [("k1", "k2"), ("", ""), ("k1", "")])
def test_the_same_content_after_a_withdrawal_is_a_new_report_that_lists_again(
    world: World, keys: tuple[str, str]
) -> None:
    alpha = world.admit("alpha")
    first = send(world, alpha, 1, 2, Idempotency_Key=keys[0])[1]["report_id"]
    withdraw(world, alpha, 1)
    second = send(world, alpha, 1, 2, Idempotency_Key=keys[1])[1]["report_id"]
    assert first != second
    assert (state(world, alpha, second)["status"], state(world, alpha, second)["accepted"]) == ("done", 2)
    assert [len(listings(world, alpha, number)) for number in (1, 2)] == [1, 1], "the one that stood is not doubled"
    assert send(world, alpha, 1, 2)[1]["report_id"] == second, "now that one stands"
    withdraw(world, alpha, 2)
    assert len({first, second, send(world, alpha, 1, 2)[1]["report_id"]}) == 3
    assert len(listings(world, alpha, 2)) == 1


def test_a_key_stays_with_its_report_whatever_became_of_it(world: World) -> None:
    alpha = world.admit("alpha")
    first = send(world, alpha, 1, Idempotency_Key="k")[1]["report_id"]
    withdraw(world, alpha, 1)
    assert send(world, alpha, 1, Idempotency_Key="k")[1]["report_id"] == first
    assert listings(world, alpha, 1) == []
    status, answer = send(world, alpha, 2, Idempotency_Key="k")
    assert (status, answer["error"]["code"]) == (409, "idempotency_conflict")
    second = send(world, alpha, 1, Idempotency_Key="other")[1]["report_id"]
    withdraw(world, alpha, 1)
    assert send(world, alpha, 1, Idempotency_Key="other")[1]["report_id"] == second != first


def test_a_key_of_an_earlier_version_names_the_report_of_its_content(world: World) -> None:
    alpha = world.admit("alpha")
    first = send(world, alpha, 1, Idempotency_Key="k")[1]["report_id"]
    (item,) = [
        item["id"]["S"]
        for item in world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
        if item["id"]["S"].startswith("idempotency#")
    ]
    wiring.exchange().remove_field(item, "report_id")
    withdraw(world, alpha, 1)
    assert send(world, alpha, 1, Idempotency_Key="k")[1]["report_id"] == first


def test_while_its_listings_stand_a_report_sent_again_under_any_key_is_one_report(world: World) -> None:
    alpha = world.admit("alpha")
    first = send(world, alpha, 1, 2)[1]["report_id"]
    send(world, alpha, 3)
    withdraw(world, alpha, 3)
    assert {send(world, alpha, 1, 2, Idempotency_Key=key)[1]["report_id"] for key in ("", "a", "b")} == {first}
    assert len(reports(world)) == 2


def test_what_another_report_listed_meanwhile_stands_for_the_first(world: World) -> None:
    """The listing counts, whichever report made it."""
    alpha = world.admit("alpha")
    first = send(world, alpha, 1)[1]["report_id"]
    withdraw(world, alpha, 1)
    send(world, alpha, 1, 2)
    assert send(world, alpha, 1)[1]["report_id"] == first
    withdraw(world, alpha, 1)
    assert send(world, alpha, 1)[1]["report_id"] != first
    assert len(listings(world, alpha, 1)) == 1


def test_a_report_of_which_no_row_was_taken_is_taken_anew(world: World) -> None:
    alpha = world.admit("alpha")
    body = f"{HEAD}\n{uscc(1)},2026-01-02,\n".encode()
    headers = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    sent = []
    for _ in range(2):
        sent.append(world.call("POST", "/v1/reports/files", alpha, body, **headers)[1]["report_id"])
        world.settle()
    assert len(set(sent)) == 2
    assert [state(world, alpha, report_id)["rejected"] for report_id in sent] == [1, 1]


def test_a_file_that_was_refused_is_a_new_report_with_a_notice_of_its_own(world: World) -> None:
    alpha = world.admit("alpha")
    headers = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    sent = []
    for _ in range(2):
        sent.append(world.call("POST", "/v1/reports/files", alpha, b"a,b\n1,2\n", **headers)[1]["report_id"])
        world.settle()
    assert len(set(sent)) == 2
    assert notices(world, alpha) == [("report_refused", report_id) for report_id in sent]


@pytest.mark.parametrize("filing", [{"on_behalf_of": "alpha"}, {"enforcement": True}])
def test_what_a_regulator_files_again_lists_again(world: World, filing: dict[str, Any]) -> None:
    bureau = world.admit("bureau", "regulator")
    world.admit("alpha")
    first = send(world, bureau, 1, **filing)[1]["report_id"]
    assert send(world, bureau, 1, **filing)[1]["report_id"] == first
    withdraw(world, bureau, 1)
    second = send(world, bureau, 1, **filing)[1]["report_id"]
    assert second != first
    assert len([item for item in listings(world, bureau, 1) if item["state"] == "active"]) == 1


def test_what_was_voided_does_not_make_a_new_report(world: World) -> None:
    """No report opens it again, so that sending it again changes nothing."""
    alpha = world.admit("alpha")
    first = send(world, alpha, 1)[1]["report_id"]
    listing = listings(world, alpha, 1)[0]["listing_id"]
    item = wiring.registry().subject(f"uscc:{uscc(1)}")
    assert item is not None
    voided = item.replace(listings={listing: item.listings[listing].replace(state="voided")})
    world.dynamodb.put_item(TableName=ENVIRONMENT["SUBJECTS_TABLE"], Item=_as_stored(voided.to_item()))
    assert send(world, alpha, 1)[1]["report_id"] == first
    subject = wiring.registry().subject(f"uscc:{uscc(1)}")
    assert subject is not None
    assert [entry.state for entry in subject.listings.values()] == ["voided"]


def _as_stored(item: dict[str, Any]) -> dict[str, Any]:
    from chalicelib.storage.dynamodb_values import to_item

    return to_item(item)


@pytest.mark.parametrize("first", [b"foo,bar\n1,2\n", csv_of(1)], ids=["refused", "done"])
def test_a_form_that_is_used_again_after_the_end_makes_a_report_that_the_first_names(
    world: World, first: bytes
) -> None:
    alpha = world.admit("alpha")
    form = world.call("POST", "/v1/reports/uploads", alpha, {"file_name": "十月.csv"})[1]
    post(world, form, first)
    world.settle()
    ended = state(world, alpha, form["report_id"])
    post(world, form, csv_of(2, 3))
    world.settle()
    after = state(world, alpha, form["report_id"])
    other = after.pop("followed_by")
    assert after == ended
    assert (state(world, alpha, other)["status"], state(world, alpha, other)["accepted"]) == ("done", 2)
    assert len(listings(world, alpha, 2)) == 1
    assert [report_id for _, report_id in notices(world, alpha)] == [form["report_id"], other]
    left = world.s3.list_object_versions(Bucket=BUCKET, Prefix="reports/")
    assert not left.get("Versions"), "what holds personal data is erased"


def test_a_form_that_is_used_again_with_the_same_file_lists_again_what_was_withdrawn(world: World) -> None:
    alpha = world.admit("alpha")
    form = world.call("POST", "/v1/reports/uploads", alpha, {"file_name": "a.csv"})[1]
    for _ in range(2):
        post(world, form, csv_of(1))
        world.settle()
    assert "followed_by" not in state(world, alpha, form["report_id"]), "it stands, so it is the same report"
    withdraw(world, alpha, 1)
    post(world, form, csv_of(1))
    world.settle()
    assert state(world, alpha, state(world, alpha, form["report_id"])["followed_by"])["accepted"] == 1
    assert len(listings(world, alpha, 1)) == 1


def test_files_posted_with_one_form_before_any_was_read_are_all_read(world: World) -> None:
    alpha = world.admit("alpha")
    form = world.call("POST", "/v1/reports/uploads", alpha, {"file_name": "a.csv"})[1]
    for number in (1, 2, 3):
        post(world, form, csv_of(number))
    world.settle()
    assert [len(listings(world, alpha, number)) for number in (1, 2, 3)] == [1, 1, 1]
    assert len(reports(world)) == 3


class Stage:
    """A report of one merchant was done and the merchant withdrawn; its content is sent again, step by step.

    Sent as the body of a call, or with the form of the first (`form`), of which the file may have been refused.
    """

    def __init__(self, world: World, way: str) -> None:
        self.world, self.alpha = world, world.admit("alpha")
        form = way != "sent"
        if form:
            self.form = world.call("POST", "/v1/reports/uploads", self.alpha, {"file_name": "a.csv"})[1]
            post(world, self.form, csv_of(1) if way == "form" else b"a,b\n1,2\n")
            world.settle()
        else:
            self.submission = Submission(platform_id="alpha", file_name="a.csv", idempotency_key="second")
            self.receive("first")
            world.settle()
        if way != "refused":
            withdraw(world, self.alpha, 1)
        if form:
            post(world, self.form, csv_of(1))

    def receive(self, key: str = "second") -> None:
        stores = receive_report.Stores(wiring.exchange(), wiring.bucket(), wiring.registry())
        submission = Submission(platform_id="alpha", file_name="a.csv", idempotency_key=key)
        receive_report.receive_report(stores, submission, csv_of(1), wiring.now())

    def deliver(self) -> None:
        self.world.settle()

    def end(self) -> tuple[int, list[str], list[str]]:
        left = self.world.s3.list_object_versions(Bucket=BUCKET, Prefix="reports/").get("Versions", [])
        kinds = [kind for kind, _ in notices(self.world, self.alpha)]
        states = [(wiring.exchange().get(item) or {})["status"] for item in reports(self.world)]
        return len(left), kinds, states


@pytest.mark.long
@pytest.mark.parametrize("way", ["sent", "form", "refused"])
def test_killed_after_each_write_what_is_sent_again_is_listed_once(clients: dict[str, Any], way: str) -> None:
    from moto import mock_aws

    first = "refused" if way == "refused" else "done"
    writes = 1
    while True:
        with mock_aws():
            world = World(clients)
            stage = Stage(world, way)
            killed = False
            with killed_after(world, writes) as done:
                try:
                    if way == "sent":
                        stage.receive()
                    stage.deliver()
                except Killed:
                    killed = True
            if way == "sent":
                stage.receive()
            for _ in range(3):
                stage.deliver()
            left, kinds, states = stage.end()
            assert (len(listings(world, stage.alpha, 1)), left) == (1, 0), f"after write {writes}: {done[-1:]}"
            assert kinds == [f"report_{first}", "report_done"]
            assert sorted(states) == sorted([first, "done"])
            world.close(declared=False)
        if not killed:
            break
        writes += 1
    assert writes > 12


def test_a_worker_that_fails_at_every_try_refuses_the_file_and_keeps_the_message(world: World) -> None:
    import app

    alpha = world.admit("alpha")
    body, headers = csv_of(1), {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    report_id = world.call("POST", "/v1/reports/files", alpha, body, **headers)[1]["report_id"]
    message = file_message(world)

    def refuse(**_: Any) -> None:
        raise ValueError("the worker has a fault")

    world.sqs.meta.events.register("before-call.sqs.SendMessageBatch", refuse, unique_id="refuse")
    try:
        for count in range(1, MOST_TRIES + 1):
            with pytest.raises(ValueError, match="fault"):
                app.report_file_arrived(sqs_event(message, count), None)
            expected = "processing" if count < MOST_TRIES else "refused"
            assert state(world, alpha, report_id)["status"] == expected
    finally:
        world.sqs.meta.events.unregister("before-call.sqs.SendMessageBatch", unique_id="refuse")
    refused = state(world, alpha, report_id)["refused"]
    assert (refused["code"], refused["details"]) == ("processing_failed", {"file_name": "a.csv"})
    assert notices(world, alpha) == [("report_refused", report_id)]
    assert not world.s3.list_object_versions(Bucket=BUCKET, Prefix="reports/").get("Versions")
    again = world.call("POST", "/v1/reports/files", alpha, body, **headers)[1]["report_id"]
    world.settle()
    assert again != report_id
    assert (state(world, alpha, again)["status"], len(listings(world, alpha, 1))) == ("done", 1)


def test_a_worker_that_was_killed_at_every_try_is_given_up_at_the_delivery_after(world: World) -> None:
    import app

    alpha = world.admit("alpha")
    headers = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    report_id = world.call("POST", "/v1/reports/files", alpha, csv_of(1), **headers)[1]["report_id"]
    message = file_message(world)
    for _ in range(2):
        with pytest.raises(GivenUp):
            app.report_file_arrived(sqs_event(message, MOST_TRIES + 1), None)
    assert state(world, alpha, report_id)["status"] == "refused"
    assert notices(world, alpha) == [("report_refused", report_id)]


def test_a_chunk_that_cannot_be_saved_ends_its_report(world: World) -> None:
    import app

    alpha = world.admit("alpha")
    report_id = world.call("POST", "/v1/reports", alpha, {"evictions": [eviction(1)]})[1]["report_id"]
    world.deliver_queue("report_file_arrived")
    (message,) = world.waiting("report_chunk_arrived")
    chunk = next(key for _, key in wiring.bucket().written("chunks/"))
    wiring.bucket().put(chunk, b"\xff")
    with pytest.raises(UnicodeDecodeError):
        app.report_chunk_arrived(sqs_event(message["Body"], MOST_TRIES), None)
    assert state(world, alpha, report_id)["refused"]["code"] == "processing_failed"
    app.report_chunk_arrived(sqs_event(message["Body"]), None)
    assert not list(wiring.bucket().written("chunks/")), "nothing personal is left"


def test_a_report_that_nobody_sent_is_not_given_up(world: World) -> None:
    import app
    from chalicelib.errors import NotFound

    body = json.dumps({"report_id": "r_unknown", "chunk": 1})
    with pytest.raises(NotFound):
        app.report_chunk_arrived(sqs_event(body, MOST_TRIES), None)


@pytest.mark.parametrize("written", ["a%0Ab.csv", "a%00b.csv", "%01%02.csv", "a%EF%BF%BFb.csv", "a%0d%0aX-Y: z.csv"])
def test_a_name_with_control_characters_is_cleaned(world: World, written: str) -> None:
    alpha = world.admit("alpha")
    headers = {"Content_Type": "text/csv", "X_File_Name": written}
    status, sent, _ = world.call("POST", "/v1/reports/files", alpha, csv_of(1), **headers)
    world.settle()
    assert (status, state(world, alpha, sent["report_id"])["status"]) == (202, "done")
    assert sent["file_name"].isprintable()
    assert sent["file_name"].endswith("csv")


def test_a_name_in_raw_utf_8_is_decoded(world: World) -> None:
    alpha = world.admit("alpha")
    raw = "清退名单.csv".encode().decode("latin-1")
    headers = {"Content_Type": "text/csv", "X_File_Name": raw}
    assert world.call("POST", "/v1/reports/files", alpha, csv_of(1), **headers)[1]["file_name"] == "清退名单.csv"


@pytest.mark.parametrize(
    "body",
    [
        b'[{"name":"\\ud800\xe6\x9d\xad\xe5\xb7\x9e\xe7\xa4\xba\xe4\xbe\x8b","uscc":"91330106MA2GT00116",'
        b'"evicted_on":"2026-01-02","reason_text":"\\udfff \xe5\x81\x87"}]',
        b'[{"name\\ud800":"x","uscc":"91330106MA2GT00116","evicted_on":"x","reason_text":"x"}]',
    ],
    ids=["values", "keys"],
)
def test_a_lone_surrogate_anywhere_rejects_its_row_alone(world: World, body: bytes) -> None:
    alpha = world.admit("alpha")
    headers = {"Content_Type": "text/csv", "X_File_Name": "a.csv"}
    report_id = world.call("POST", "/v1/reports/files", alpha, body, **headers)[1]["report_id"]
    world.settle()
    ended = state(world, alpha, report_id)
    assert (ended["status"], ended["rejected"]) == ("done", 1)
    assert len(world.call("GET", f"/v1/reports/{report_id}/rejections", alpha)[1]["rejections"]) == 1


def test_a_report_that_was_split_before_is_found_without_its_file(world: World) -> None:
    """A second message of the bucket for a report that is done finds no file, and changes nothing."""
    alpha = world.admit("alpha")
    sent = send(world, alpha, 1)[1]["report_id"]
    before = state(world, alpha, sent)
    split_report.split_file(dependencies.reports(), read_report.find_report(wiring.exchange(), sent).key, wiring.now())
    save_report_rows.save_chunk(dependencies.reports(), wiring.registry(), sent, 1, wiring.now())
    assert state(world, alpha, sent) == before
