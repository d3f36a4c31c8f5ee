from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pressroom.pipeline import DEFAULT_QUEUE
from pressroom.runtimes.embedded import open_embedded
from tests.entrypoints.cli.conftest import Cli

PRESSROOM = [sys.executable, "-c", "from pressroom.entrypoints.cli import main; main()"]


@contextmanager
def _process(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
    process = subprocess.Popen(
        [*PRESSROOM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=environment | {"PYTHONUNBUFFERED": "1"},
    )
    guard = threading.Timer(60, process.kill)
    guard.start()
    try:
        with process:
            yield process
    finally:
        guard.cancel()
        if process.poll() is None:
            process.kill()


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError(process.stderr.read())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_serves_the_pages_and_stops_in_time_when_told(workspace: Path, number: signal.Signals) -> None:
    with _process("up", "--workspace", workspace, "--port", "0") as process:
        with urllib.request.urlopen(f"{_url(process)}/healthz", timeout=10) as answer:
            assert answer.status == 200
        asked = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - asked < 10
        assert process.stderr is not None
        assert "Stopping" in process.stderr.read()


def test_up_says_as_json_where_it_listens_and_what_starts_next(workspace: Path) -> None:
    with _process("up", "--workspace", workspace, "--port", "0", "--json") as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(10) == 0
    assert said["url"].startswith("http://127.0.0.1:")
    assert "daily_post" in said["next_starts"]


def test_up_works_on_what_was_requested_without_waiting(cli: Cli, workspace: Path) -> None:
    accepted = cli(
        "run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "--no-wait", "--json", "-w", workspace
    )
    assert accepted.json["status"] == "pending"
    job_id = accepted.json["id"]
    with _process("up", "--workspace", workspace, "--port", "0") as process:
        _url(process)
        with _process("events", "-w", workspace, "--job", job_id, "--follow", "--json") as follower:
            assert follower.stdout is not None
            types = []
            for line in follower.stdout:
                types.append(json.loads(line)["type"])
                if types[-1] in ("JobCompleted", "JobFailed"):
                    break
            follower.send_signal(signal.SIGINT)
            assert follower.wait(10) == 130
        process.terminate()
        assert process.wait(10) == 0
    assert types[0] == "JobRequested"
    assert types[-1] == "JobCompleted"
    assert len(types) == len(cli("events", "-w", workspace, "--job", job_id, "--json").json)


def test_a_worker_runs_what_waits_and_stops_when_told(cli: Cli, workspace: Path) -> None:
    job_id = cli(
        "run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "--no-wait", "--json", "-w", workspace
    ).json["id"]
    with _process("worker", "--workspace", workspace) as process:
        with _process("events", "-w", workspace, "--job", job_id, "--follow", "--json") as follower:
            assert follower.stdout is not None
            for line in follower.stdout:
                if json.loads(line)["type"] == "JobCompleted":
                    break
            follower.send_signal(signal.SIGINT)
        process.terminate()
        assert process.wait(10) == 0
    assert cli("jobs", job_id, "-w", workspace, "--json").json["status"] == "completed"


def test_a_port_that_is_taken_is_wrong_use_told_in_a_sentence(cli: Cli, workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = cli("up", "--workspace", workspace, "--port", port)
    assert answer.code == 2
    assert f"The port {port} on 127.0.0.1 is taken" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_stop_ends_with_130_and_leaves_no_delivery_leased(
    cli: Cli, workspace: Path, number: signal.Signals
) -> None:
    with _process("run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "-w", workspace) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "draw_picture" in line:
                process.send_signal(number)
                break
        code = process.wait(30)
        rest = process.stderr.read()
    assert code == 130
    assert "Interrupted" in rest
    assert "Traceback" not in rest
    with open_embedded(workspace, {}) as runtime:
        due = runtime.ports.queue.next_due([DEFAULT_QUEUE])
        assert due is None or due <= runtime.ports.clock.now()
    again = cli("run", "daily_post", "-i", "date=2026-10-31", "-i", "theme=0", "-w", workspace, "--json")
    assert again.code == 0
    assert len(cli("jobs", "-w", workspace, "--json").json) == 1


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('[channels.main]\nnetwork = "bluesky"\nwindows = ["late"]\n', "is no window"),
        ('[channels.main]\nnetwork = "myface"\n', "myface"),
    ],
)
def test_up_refuses_a_channel_whose_settings_are_wrong_before_it_starts(
    cli: Cli, workspace: Path, section: str, said: str
) -> None:
    with (workspace / "pressroom.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{section}")
    answer = cli("up", "-w", workspace, "--port", "0")
    assert answer.code == 2
    assert said in answer.stderr


def test_up_refuses_a_pipeline_that_names_a_channel_which_is_not_there(cli: Cli, workspace: Path) -> None:
    file = workspace / "pressroom.toml"
    text = file.read_text(encoding="utf-8").replace('channels = ["preview"]', 'channels = ["preview", "mian"]')
    file.write_text(text, encoding="utf-8")
    answer = cli("up", "-w", workspace, "--port", "0")
    assert answer.code == 2
    assert "mian" in answer.stderr
