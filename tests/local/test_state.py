"""A stack that is started again in the same process: it shares only DATA with the first."""

import os
import threading
from pathlib import Path

import pytest

from chalicelib import wiring
from local import demo_data, launch
from local.aws import memory
from tests.support.local_calls import called

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]


def _versions() -> dict[tuple[str, str], str]:
    """The present version of each object that is not made anew at each start."""
    held = memory.objects().items()
    return {place: str(each.version_id) for place, each in held if not place[1].startswith("trust/")}


@pytest.mark.long
def test_a_stack_leaves_the_process_as_it_was_and_comes_back_as_it_was(tmp_path: Path) -> None:
    import app as ours

    environment = dict(os.environ)
    uscc = demo_data.made_up_uscc("330602", "MA2DT012")
    eviction = {"uscc": uscc, "evicted_on": "2024-05-06", "reason_text": "售假", "evidence_level": "E2"}
    question = {"uscc": uscc, "purpose": "recheck"}

    first = launch.start(data=tmp_path)
    keys = first.keys
    called(first.url, keys["qingluan"], "POST", "/v1/reports", {"evictions": [eviction]})
    versions = _versions()
    first.stop()  # with the report on its way

    elsewhere = launch.start(seed=False)
    assert elsewhere.keys == {}
    elsewhere.stop()

    again = launch.start(data=tmp_path)
    kept = _versions()
    assert again.keys == keys
    both = versions.keys() & kept.keys()
    assert both
    assert [key for key in both if kept[key] != versions[key]] == [], "items and links name versions"
    assert again.settle(30)
    answer = called(again.url, keys["beidou"], "POST", "/v1/lookups", question)
    again.stop()
    assert answer["verdict"] == "block"
    assert dict(os.environ) == environment

    import app

    assert app is ours


def test_a_call_that_outlasts_the_stop_leaves_no_client_of_the_stack() -> None:
    running = launch.start(seed=False)
    over = threading.Event()

    def call() -> None:
        while not over.is_set():
            wiring.client("dynamodb")

    late = threading.Thread(target=call)
    late.start()
    running.stop()
    over.set()
    late.join()
    assert wiring.client("dynamodb").meta.endpoint_url == "https://dynamodb.cn-north-1.amazonaws.com.cn"
