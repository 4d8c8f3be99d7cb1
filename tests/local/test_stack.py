"""The whole exchange on this machine: report, look up, receive notices, stop, restart."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import StartError, demo_data, launch
from local.aws.cloud import until
from local.stack import ROOT, Stack
from tests.support.local_calls import called

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local")]
FIRST = demo_data.made_up_uscc("330106", "MA2GT001")
LATER = demo_data.made_up_uscc("330602", "MA2DT012")
FILE = f"主体名称,统一社会信用代码,清退日期,清退原因\n杭州若耶溪示例纺织有限公司,{LATER},2024-05-06,假冒注册商标\n"


def look_up(running: "Stack | Process", uscc: str) -> Any:
    return called(running.url, running.keys["beidou"], "POST", "/v1/lookups", {"uscc": uscc, "purpose": "onboarding"})


def upload(running: "Stack | Process", body: bytes) -> str:
    request = urllib.request.Request(running.url + "/v1/reports/files", body, method="POST")
    request.add_header("Authorization", f"Bearer {running.keys['qingluan']}")
    request.add_header("Content-Type", "text/csv")
    request.add_header("X-File-Name", "evicted.csv")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.loads(answer.read())["report_id"])


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    running = launch.start()
    yield running
    running.stop(patience=60)


def test_a_seeded_merchant_blocks_and_an_unknown_one_is_clear(running: Stack) -> None:
    answer = look_up(running, FIRST)
    assert answer["verdict"] == "block"
    assert {listing["source"] for listing in answer["matches"][0]["listings"]} == {
        "platform:qingluan",
        "platform:beidou",
    }
    assert look_up(running, demo_data.made_up_uscc("110105", "MA9XT099"))["matches"] == []


def test_a_file_that_one_platform_uploads_is_matched_and_announced_to_others(running: Stack) -> None:
    report = upload(running, FILE.encode("gb18030"))
    assert running.settle(30)
    status = called(running.url, running.keys["qingluan"], "GET", f"/v1/reports/{report}")
    assert (status["status"], status["accepted"], status["rejected"]) == ("done", 1, 0)
    assert look_up(running, LATER)["matches"]
    topics = {
        entry["topic"]: entry["notice"]
        for entry in running.notices
        if LATER in json.dumps(entry["notice"]) or entry["notice"].get("report", {}).get("report_id") == report
    }
    assert set(topics) == {
        "lianfang-closures-local",
        "lianfang-platform-local-qingluan",
        "lianfang-platform-local-regulator",
    }
    with urllib.request.urlopen(running.url + "/_local/notices", timeout=10) as answer:
        assert len(json.loads(answer.read())["notices"]) == len(running.notices)


def test_a_newcomer_subscribes_a_queue_and_receives_notices(running: Stack) -> None:
    sqs = running.cloud.client("sqs")
    queue = sqs.create_queue(QueueName="newcomer")["QueueUrl"]
    arn = "arn:aws-cn:sqs:cn-north-1:123456789012:newcomer"
    wanted = {"topic": "own", "protocol": "sqs", "endpoint": arn}
    made = called(running.url, running.keys["shanhai"], "POST", "/v1/subscriptions", wanted)
    assert made["state"] == "confirmed"
    eviction = {"uscc": LATER, "evicted_on": "2024-05-08", "reason_text": "售假"}
    called(running.url, running.keys["shanhai"], "POST", "/v1/reports", {"evictions": [eviction]})
    assert running.settle(30)
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    pushed_notice = json.loads(message["Body"])
    page = called(running.url, running.keys["shanhai"], "GET", "/v1/notices?state=unacknowledged")
    assert page["notices"][-1]["notice"] == pushed_notice
    assert (pushed_notice["kind"], pushed_notice["sequence"]) == ("report_done", page["unacknowledged"]["count"])


def test_a_file_may_be_posted_straight_to_the_bucket(running: Stack) -> None:
    key = running.keys["shanhai"]
    opened = called(running.url, key, "POST", "/v1/reports/uploads", {"file_name": "大表.csv"})
    form = opened["upload"]
    parts = {**form["fields"], "file": FILE.replace("2024-05-06", "2024-05-07")}
    body = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"'
        + ('; filename="a.csv"' if name == "file" else "")
        + f"\r\n\r\n{value}\r\n"
        for name, value in parts.items()
    )
    request = urllib.request.Request(form["url"], (body + "--edge--\r\n").encode(), method="POST")
    request.add_header("Content-Type", "multipart/form-data; boundary=edge")
    urllib.request.urlopen(request, timeout=10).close()
    assert running.settle(30)
    status = called(running.url, key, "GET", f"/v1/reports/{opened['report_id']}")
    assert (status["status"], status["accepted"]) == ("done", 1)


def test_a_platform_admitted_later_is_listened_to_as_well(running: Stack) -> None:
    made = called(
        running.url,
        running.keys["operator"],
        "POST",
        "/v1/platforms",
        {"id": "newcomer", "name": "新来示例商城", "role": "platform"},
    )
    eviction = {"uscc": LATER, "evicted_on": "2024-05-08", "reason_text": "售假"}
    called(running.url, made["key"], "POST", "/v1/reports", {"evictions": [eviction]})
    assert running.settle(30)
    assert "lianfang-platform-local-newcomer" in {entry["topic"] for entry in running.notices}


def test_there_is_one_stack_in_a_process(running: Stack) -> None:
    with pytest.raises(StartError, match="already"):
        launch.start()
    assert look_up(running, FIRST)["verdict"] == "block"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the printed lines need curl")
def test_the_printed_lines_work_when_pasted(running: Stack) -> None:
    printed = demo_data.banner(running, 1.0, None).replace("\\\n", "").splitlines()
    *lines, wallet = [line for line in printed if line.startswith(("curl", "printf"))]
    answers = [
        json.loads(subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=20).stdout)
        for line in lines
    ]
    completed = subprocess.run(["sh", "-c", wallet], capture_output=True, check=True, timeout=60, cwd=ROOT, text=True)
    assert "verified" in completed.stdout
    assert answers[0]["verdict"] == "block"
    assert running.settle(30)
    for platform, answer in zip(("qingluan", "shanhai"), answers[1:], strict=True):
        report = called(running.url, running.keys[platform], "GET", f"/v1/reports/{answer['report_id']}")
        assert (report["status"], report["accepted"]) == ("done", 1)


def environment(**values: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **values}


class Process:
    """`python -m local` in a process of its own, up to the line that it is ready."""

    def __init__(self, **values: str) -> None:
        self.keys: dict[str, str] = {}
        # The file of an exchange that a developer runs here stays as it is.
        values = {"ENV_FILE": str(Path(tempfile.mkdtemp()) / "env"), **values}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local"],
            cwd=ROOT,
            env=environment(**values),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        output = []
        for line in self.process.stdout:
            output.append(line)
            words = line.split()
            if len(words) == 3 and words[2].startswith("lf_"):
                self.keys[words[1]] = words[2]
            if line.startswith("Lianfang runs on"):
                self.url = words[3]
            if line.startswith("Notices appear"):
                return
        raise AssertionError("".join(output))

    def end(self, by: int) -> tuple[int, str]:
        """Send the process a signal; its exit code and its output since it was ready."""
        self.process.send_signal(by)
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for process in started:
        if process.process.poll() is None:
            process.end(signal.SIGKILL)


@pytest.mark.long
def test_it_survives_a_kill_and_a_stop_with_its_keys_its_state_and_work_in_progress(
    tmp_path: Path, processes: list[Process]
) -> None:
    rows = "".join(f"长河示例{n}号商贸有限公司,,2024-03-01,售假\n" for n in range(30))
    data = str(tmp_path / "data")
    processes.append(first := Process(DATA=data, PORT="0"))
    report = upload(first, ("主体名称,统一社会信用代码,清退日期,清退原因\n" + rows).encode())
    first.end(signal.SIGKILL)

    processes.append(second := Process(DATA=data, PORT="0"))
    mine, path = second.keys["qingluan"], f"/v1/reports/{report}"
    assert until(lambda: called(second.url, mine, "GET", path)["status"] == "done", 120, 0.1)
    code, output = second.end(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in output

    processes.append(third := Process(DATA=data, PORT="0"))
    assert first.keys == second.keys == third.keys
    status = called(third.url, mine, "GET", path)
    assert (status["status"], status["rows"], status["accepted"]) == ("done", 30, 30)
    assert look_up(third, FIRST)["verdict"] == "block"
    assert third.end(signal.SIGINT)[0] == 0


def refuse(**values: str) -> str:
    """The output of `python -m local` when it cannot start: one line, exit code 1, no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "local"],
        cwd=ROOT,
        env=environment(**values),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_a_port_in_use_by_lianfang_is_reported(running: Stack) -> None:
    assert f"Lianfang already runs on http://127.0.0.1:{running.port}" in refuse(PORT=str(running.port))


def test_a_port_in_use_by_another_program_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert "taken by another program" in refuse(PORT=str(other.getsockname()[1]))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"PORT": "eighty"}, "PORT must be a number"),
        ({"PORT": "65536"}, "PORT must be a number"),
        ({"TICK": "often", "PORT": "0"}, "TICK must be a number"),
        ({"DATA": "/dev/null", "PORT": "0"}, "is a file"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(values: dict[str, str], says: str) -> None:
    assert says in refuse(**values)
