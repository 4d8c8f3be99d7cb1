"""From lookups through the API to the regulator's notice, its figures, and the key that is slowed by its rule."""

import json
import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chalicelib import wiring
from chalicelib.accounts import quotas, request_limits
from chalicelib.handlers import dependencies
from chalicelib.probing import watch_lookups
from chalicelib.probing.watch_lookups import Watched
from chalicelib.storage.item_keys import probing_keys
from chalicelib.values.organisation_codes import ALPHABET, uscc_check_character
from chalicelib.values.timestamps import china_date
from tests.support.builders import uscc
from tests.world import World

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "notice-1.json"


@pytest.fixture
def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An exchange that writes beside its requests, as it does in service."""
    monkeypatch.setenv("USAGE_SHARED", "yes")
    wiring.reset(keep_clients=True)
    yield world
    wait()


def wait() -> None:
    """Wait for what is written beside requests."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon and "Thread-" in thread.name:
            thread.join(5)


def watch(hours: int = 0) -> Watched:
    wait()
    return watch_lookups.watch(dependencies.notices(), wiring.now() + timedelta(hours=hours), lambda: True)


def honest(world: World, key: str, numbers: range) -> None:
    """Look applicants up and check them when they join."""
    for number in numbers:
        # Far apart, as codes of applicants are.
        given = {"uscc": uscc(number * 997)}
        assert world.call("POST", "/v1/lookups", key, {**given, "purpose": "onboarding"})[0] == 200
        enrolled = {"enrol": False} if number == numbers[0] else {"merchant_id": f"S-{number}"}
        assert world.call("POST", "/v1/onboarding-checks", key, {**given, **enrolled})[0] == 200
        wait()


def probe(world: World, key: str, numbers: range) -> None:
    body = {"purpose": "onboarding", "applicants": [{"uscc": uscc(number)} for number in numbers]}
    assert world.call("POST", "/v1/lookups/batch", key, body)[0] == 200


def notices(world: World, key: str) -> list[dict[str, Any]]:
    return [each["notice"] for each in world.call("GET", "/v1/notices", key)[1]["notices"]]


def test_codes_in_sequence_are_told_to_the_regulator_and_slow_the_key(counted: World) -> None:
    alpha, beta = counted.admit("alpha"), counted.admit("beta")
    bureau = counted.admit("bureau", role="regulator")
    honest(counted, beta, range(1, 4))
    probe(counted, alpha, range(100, 130))
    for number in range(150, 154):
        assert counted.call("GET", f"/v1/merchants/{uscc(number)}", alpha)[0] == 404
    assert watch() == Watched(2, 1)
    assert watch() == Watched(), "nothing was asked since"

    [notice] = notices(counted, bureau)
    jsonschema.validate(notice, json.loads(SCHEMA.read_text("utf-8")))
    assert (notice["kind"], notice["probing"]["platform_id"]) == ("probing_suspected", "alpha")
    figures = notice["probing"]["figures"]
    assert (figures["lookups"], figures["codes"], figures["in_sequence"]) == (34, 34, 34)
    assert (figures["judged"], figures["absent"], figures["hits"]) == (34, 34, 0)
    assert "in_sequence" in [signal["signal"] for signal in notice["probing"]["signals"]]
    own_key = counted.call("GET", "/v1/platforms/me", alpha)[1]["keys"][0]["key_id"]
    assert notice["probing"]["key_ids"] == [own_key]
    assert "slowed_until" not in notice["probing"], "nobody is slowed without a regulator's word"

    read = counted.call("GET", "/v1/probing", bureau)[1]
    assert [(day["platform_id"], "finding" in day) for day in read["days"]] == [("alpha", True), ("beta", False)]
    of_beta = counted.call("GET", "/v1/probing?platform=beta&days=1", bureau)[1]["days"][0]["figures"]
    assert (of_beta["lookups"], of_beta["judged"], of_beta["absent"]) == (6, 6, 1)
    assert counted.call("GET", "/v1/probing", alpha)[0] == 403

    probe(counted, alpha, range(160, 170))
    assert watch(hours=1) == Watched(1, 0), "the same is told once a week"
    assert len(notices(counted, bureau)) == 1


def test_made_up_codes_and_persons_numbers_are_told_though_no_other_platform_is_there(counted: World) -> None:
    drawn = random.Random(5)
    alpha, beta = counted.admit("alpha"), counted.admit("beta")
    bureau = counted.admit("bureau", role="regulator")
    assert watch() == Watched(), "the hour began without lookups"
    codes = ["91330106MA2" + "".join(drawn.choice(ALPHABET) for _ in range(6)) for _ in range(40)]
    made_up: list[dict[str, str]] = [{"uscc": code + uscc_check_character(code)} for code in codes]
    numbers: list[dict[str, str]] = [{"id_no": f"H{drawn.randrange(10**8):08d}", "name": "张三"} for _ in range(40)]
    for key, applicants in ((alpha, made_up), (beta, numbers)):
        body = {"purpose": "onboarding", "applicants": applicants}
        assert counted.call("POST", "/v1/lookups/batch", key, body)[0] == 200
    assert watch() == Watched(2, 2), "sooner than in an hour"
    found = {each["probing"]["platform_id"]: each["probing"]["signals"] for each in notices(counted, bureau)}
    signals = {platform: {signal["signal"] for signal in of_one} for platform, of_one in found.items()}
    assert signals == {"alpha": {"odd_codes", "absent"}, "beta": {"personal", "absent"}}


def test_a_finding_slows_the_key_by_the_regulators_rule_until_it_is_let_go(counted: World) -> None:
    alpha, bureau = counted.admit("alpha"), counted.admit("bureau", role="regulator")
    rule = {"slows": True, "merchants_per_minute": 3, "merchants_per_day": 40, "days": 2}
    status, answer, _ = counted.call("PUT", "/v1/probing/rule", bureau, rule)
    assert (status, answer["set_by"]) == (200, "bureau")
    assert counted.call("PUT", "/v1/probing/rule", alpha, rule)[0] == 403
    probe(counted, alpha, range(30))
    assert watch() == Watched(1, 1)

    own_key = counted.call("GET", "/v1/platforms/me", alpha)[1]["keys"][0]["key_id"]
    now = wiring.now().timestamp()
    limits = request_limits.limits_in_force(wiring.exchange(), f"key:{own_key}", now)
    assert (limits.merchants_per_minute, limits.merchants_per_day) == (3, 40)
    usual = quotas.DEFAULTS
    assert request_limits.limits_in_force(wiring.exchange(), f"key:{own_key}", now + 2 * 86_400 + 1) == usual
    assert request_limits.limits_in_force(wiring.exchange(), "platform:alpha", now) == usual
    assert notices(counted, bureau)[0]["probing"]["slowed_until"][:10] > china_date(wiring.now())

    assert counted.call("DELETE", f"/v1/probing/slowed-keys/{own_key}", alpha)[0] == 403
    path = f"/v1/probing/slowed-keys/{own_key}"
    assert counted.call("DELETE", path, bureau)[:2] == (200, {"key_id": own_key})
    assert counted.call("DELETE", path, bureau)[0] == 404
    assert request_limits.limits_in_force(wiring.exchange(), f"key:{own_key}", wiring.now().timestamp()) == usual


def test_what_was_granted_is_no_probing_and_what_joins_within_a_week_is_settled(counted: World) -> None:
    alpha = counted.admit("alpha")
    bureau = counted.admit("bureau", role="regulator")
    counted.call("PUT", "/v1/platforms/alpha/purposes", bureau, {"purposes": ["investigation"]})
    body = {"purpose": "investigation", "applicants": [{"uscc": uscc(number)} for number in range(30)]}
    assert counted.call("POST", "/v1/lookups/batch", alpha, body)[0] == 200
    counted.call("POST", "/v1/lookups", alpha, {"uscc": uscc(9_999), "purpose": "onboarding"})
    assert watch() == Watched(1, 0)
    today = china_date(wiring.now())
    figures = watch_lookups.read_figures(wiring.exchange(), ["alpha"], [today])["alpha"][today]
    assert (figures.lookups, figures.codes, figures.judged, figures.absent) == (1, 1, 1, 1)

    counted.call("POST", "/v1/onboarding-checks", alpha, {"uscc": uscc(9_999), "merchant_id": "S-1"})
    assert watch(hours=7 * 24).findings == 0
    figures = watch_lookups.read_figures(wiring.exchange(), ["alpha"], [today])["alpha"][today]
    assert (figures.settled, figures.settled_absent) == (2, 0)


def test_probing_by_onboarding_checks_is_told_too(counted: World) -> None:
    alpha, bureau = counted.admit("alpha"), counted.admit("bureau", role="regulator")
    for number in range(30):
        given = {"uscc": uscc(number), "enrol": False}
        assert counted.call("POST", "/v1/onboarding-checks", alpha, given)[0] == 200
        wait()
    assert watch() == Watched(1, 1)
    [notice] = notices(counted, bureau)
    figures = notice["probing"]["figures"]
    assert (figures["lookups"], figures["in_sequence"], figures["absent"]) == (30, 30, 30)


def test_a_platform_whose_figures_cannot_be_made_is_set_aside_and_the_others_are_watched(counted: World) -> None:
    alpha, beta = counted.admit("alpha"), counted.admit("beta")
    bureau = counted.admit("bureau", role="regulator")
    for key in (alpha, beta):
        probe(counted, key, range(30))
    wait()
    today = china_date(wiring.now())
    sample = wiring.exchange().get(probing_keys.sample(today, "alpha", 0))
    assert sample
    wiring.exchange().put({**sample, "entries": [17]})
    assert watch() == Watched(2, 1)
    assert [each["probing"]["platform_id"] for each in notices(counted, bureau)] == ["beta"]
    [wrong] = counted.call("GET", "/v1/set-aside", bureau)[1]["set_aside"]
    assert (wrong["job"], wrong["record_id"], wrong["origin"]) == ("probing", "alpha", today)


def test_days_that_no_run_has_seen_are_made_up_for(counted: World) -> None:
    alpha = counted.admit("alpha")
    honest(counted, alpha, range(1, 3))
    today = china_date(wiring.now())
    assert watch().platforms == 1
    honest(counted, alpha, range(3, 5))
    # The next run comes nine days later.
    assert watch(hours=9 * 24).platforms == 1
    figures = watch_lookups.read_figures(wiring.exchange(), ["alpha"], [today])["alpha"][today]
    assert (figures.lookups, figures.settled) == (8, 8)


def test_a_run_out_of_time_goes_on_with_the_next(counted: World) -> None:
    for platform in ("alpha", "beta"):
        honest(counted, counted.admit(platform), range(1, 3))
    wait()
    left = iter((True, False))
    sender = dependencies.notices()
    assert watch_lookups.watch(sender, wiring.now(), lambda: next(left)) == Watched(1, 0)
    assert watch() == Watched(1, 0)
