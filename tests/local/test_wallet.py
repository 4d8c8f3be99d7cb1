"""A licence check on one machine: a platform asks, the wallet presents, the check is verified, or not."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import StartError, demo_data, launch, wallet
from local.aws import memory
from local.stack import ROOT, Stack
from tests.support.local_calls import called

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]
NAME = demo_data.MERCHANTS[0][1]
USCC = demo_data.made_up_uscc(*demo_data.MERCHANTS[0][2:4])


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    running = launch.start()
    yield running
    running.stop(patience=60)


def ask(running: Stack, **more: str) -> dict[str, Any]:
    wanted = {"uscc": USCC, "purpose": "onboarding", "name": NAME, **more}
    return called(running.url, running.keys["beidou"], "POST", "/v1/licence-checks", wanted)


def look(running: Stack, made: dict[str, Any]) -> dict[str, Any]:
    return called(running.url, running.keys["beidou"], "GET", f"/v1/licence-checks/{made['check_id']}")


@pytest.mark.long
def test_the_issuer_survives_a_restart(tmp_path: Path) -> None:
    # First of all here: one stack runs in a process at a time, and the others share one.
    held: list[dict[str, str]] = []
    for _ in range(3):
        running = launch.start(data=tmp_path)
        try:
            held.append(memory.secrets())
            made = ask(running)
            assert wallet.answer(made["deep_link"], {})["state"] == "verified"
        finally:
            running.stop(patience=60)
    assert held[0] == held[1] == held[2], "the issuer, and the key of all digests"
    assert {"lianfang/local/licence-issuer", "lianfang/local/digest-key"} <= held[0].keys()


def test_the_wallet_answers_what_is_scanned(running: Stack) -> None:
    made = ask(running)
    done = subprocess.run(
        [sys.executable, "-m", "local.wallet", made["qr"]["text"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "verified"
    seen = look(running, made)
    assert (seen["state"], seen["licence"]["name"]) == ("verified", NAME)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"name": "苏州樾野示例商贸有限公司"}, "other_name"),
        ({"status": "吊销"}, "not_operating"),
        ({"annotation": "吊销"}, "licence_annotated"),
        ({"holder_role": "股东"}, "wrong_holder_role"),
        ({"uscc": demo_data.made_up_uscc("110105", "MA9XT099"), "name": NAME}, "other_uscc"),
    ],
)
def test_it_can_show_what_must_fail(running: Stack, wanted: dict[str, str], code: str) -> None:
    made = ask(running)
    result = wallet.answer(made["deep_link"], dict(wanted))
    assert (result["state"], result["reason"]["code"]) == ("failed", code)
    assert look(running, made)["reason"]["code"] == code


@pytest.mark.parametrize(
    "link",
    [
        "https://example.cn/",
        "lianfang://licence-check",
        "lianfang://licence-check?session=1&nonce=1&aud=1&uscc=1&answer_to=http%3A%2F%2Fexample.cn%2F",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_answered(link: str) -> None:
    with pytest.raises(StartError):
        wallet.read_link(link)
