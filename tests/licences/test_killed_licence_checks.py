"""Killed after any write, an answer that is sent again, or a look at the check, ends as if nothing had happened."""

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.handlers import dependencies
from chalicelib.licences import licence_checks, licence_store, manual_review
from chalicelib.licences.adapters.exchange_issuer import WalletRequest, present
from chalicelib.storage.dynamodb_values import from_item
from tests.conftest import ENVIRONMENT
from tests.interruptions.interruption import Killed, killed_after, timeless
from tests.support import builders, licence_issuing
from tests.support.licence_holders import PICTURE
from tests.support.licence_issuing import LICENCE, NAME, holder, office
from tests.world import World, aws_clients

NONCE = {"nonce": "a nonce", "session": "k_1", "audience": "lianfang-test/alpha"}
# These differ from run to run: when, and what is signed anew.
MORE_TIMES = {"recorded_at", "proof", "presented_at", "decided_at", "verified_at", "verified_for", "signer", "sha256"}
TIMES = {*MORE_TIMES, "created_at", "answer_until"}


def prepared(method: str) -> str:
    """An open check, as the register knows the merchant; what its holder answers."""
    wiring.topics().open_platform("alpha", "")
    registration = {"name": NAME, "status": "operating"}
    wiring.registry().save(
        builders.registered({"uscc": LICENCE.uscc, "name": NAME}, registration, "2026-01-05T02:00:00.000Z")
    )
    licence_issuing.publish_trust()
    now = wiring.now()
    more = {"method": method, "first_review": "", "second_review": "", "remarks": [], "polled_at": ""}
    wiring.exchange().put({**licence_issuing.stored_check(now, **NONCE), **more})
    if method == "manual":
        wiring.bucket().put("licences/k_1", PICTURE)
        review = {"decision": "genuine", "sha256": "0" * 64, "at": "2026-01-05T02:00:00.000Z"}
        typed = {
            field: getattr(LICENCE, field)
            for field in licence_issuing.LICENCE.__slots__
            if field != "annotated_revoked"
        }
        for place, by in (("first_review", "alpha"), ("second_review", "bureau")):
            wiring.exchange().set_fields("licence_check#k_1", {place: {**review, **typed, "by": by}})
        return ""
    return present(holder(), office().licence(LICENCE, holder(), now), WalletRequest(**NONCE), now)


def act(method: str, text: str) -> None:
    if method == "manual":
        manual_review.refresh(dependencies.licence_checks(), wiring.bucket(), "k_1", wiring.now())
    else:
        licence_checks.answer(dependencies.licence_checks(), "k_1", text, wiring.now())


def end_state(world: World) -> list[Any]:
    items = world.dynamodb.scan(TableName=ENVIRONMENT["EXCHANGE_TABLE"])["Items"]
    plain = [timeless({key: value for key, value in from_item(item).items() if key not in TIMES}) for item in items]
    kept = [item for item in plain if not str(item["id"]).startswith(("head#", "presented#"))]
    pictures = world.s3.list_object_versions(Bucket=ENVIRONMENT["FILES_BUCKET"], Prefix="licences/")
    return [*sorted(kept, key=lambda item: str(item["id"])), pictures.get("Versions", [])]


@pytest.mark.long
@pytest.mark.parametrize("method", ["local", "manual"])
@pytest.mark.parametrize("again", ["sent again", "looked at"])
def test_killed_after_each_write(clients: dict[str, Any], method: str, again: str) -> None:
    from moto import mock_aws

    with mock_aws():
        world = World(aws_clients())
        text = prepared(method)
        with killed_after(world, 0) as done:
            act(method, text)
        end = end_state(world)
        writes = len(done)
    assert writes >= 7
    decided = 0
    for place in range(1, writes + 1):
        with mock_aws():
            world = World(clients)
            text = prepared(method)
            with killed_after(world, place), pytest.raises(Killed):
                act(method, text)
            check = licence_checks.find(wiring.exchange(), "k_1")
            # Before it is decided nobody but the wallet can go on.
            if again == "sent again" or check.state == "pending":
                act(method, text)
            else:
                decided += 1
                licence_checks.refresh(dependencies.licence_checks(), check, wiring.now())
            assert end_state(world) == end, f"after write {place}"
    assert decided or again == "sent again"


def test_killed_while_it_follows_the_register(clients: dict[str, Any]) -> None:
    from moto import mock_aws

    ended = {"name": NAME, "status": "licence_revoked"}
    for place in range(1, 30):
        with mock_aws():
            world = World(clients)
            act("local", prepared("local"))
            ear = world.listen("arn:aws-cn:sns:cn-north-1:123456789012:lianfang-platform-test-alpha")
            world.settle()
            change = builders.registered({"uscc": LICENCE.uscc, "name": NAME}, ended, "2026-02-01T00:00:00.000Z")
            wiring.registry().save(change)
            try:
                with killed_after(world, place):
                    world.deliver_stream(("subject_announced",))
                survived = True
            except Killed:
                survived = False
                world.deliver_stream(("subject_announced",))
            licence = licence_store.find_licence(wiring.exchange(), LICENCE.uscc)
            assert licence is not None
            assert licence.state == "revoked"
            # A notice may come twice, but never with two ids.
            notices = {(notice["kind"], notice["notice_id"]) for notice in world.heard(ear)}
            assert sorted(kind for kind, _ in notices) == ["licence_changed", "licence_task_opened"]
        if survived:
            return
    raise AssertionError("more writes than there can be")
