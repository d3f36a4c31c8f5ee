from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped,import-not-found,unused-ignore]
import pytest

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._worker_process import WorkerProcess
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded
from tests.entrypoints.cli.conftest import Cli

UP = [sys.executable, "-c", "from pressroom.entrypoints.cli import main; main()", "up", "--port", "0", "--json"]
PATIENCE = 60
BRIEF_LEASES = {"PRESSROOM_WORKER__LEASE_SECONDS": "2"}


@contextmanager
def _up(workspace: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `pressroom up`; yield its process and its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
    with (workspace.parent / "log").open("w") as log:
        process = subprocess.Popen(
            [*UP, "--workspace", str(workspace)], stdout=subprocess.PIPE, stderr=log, text=True,
            env=environment | settings,
        )  # fmt: skip
    guard = threading.Timer(110, process.kill)
    guard.start()
    try:
        with process:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["url"]
            process.kill()
    finally:
        guard.cancel()


def _requested(cli: Cli, workspace: Path, theme: int = 0) -> str:
    words = ("-i", "date=2026-10-31", "-i", f"theme={theme}", "--no-wait", "--json", "-w", workspace)
    return str(cli("run", "daily_post", *words).json["id"])


def _until(what: str, done: Callable[[], Any]) -> Any:
    ends = time.monotonic() + PATIENCE
    while not (found := done()):
        assert time.monotonic() < ends, f"not within {PATIENCE} s: {what}"
        time.sleep(0.02)
    return found


def _children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return list(psutil.Process(process.pid).children())


def _log(workspace: Path) -> str:
    return (workspace.parent / "log").read_text(encoding="utf-8")


def _got(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _ask_for_a_post(url: str) -> None:
    wish = json.dumps({"input": {"date": "2026-10-31", "theme": "0"}}).encode()
    request = urllib.request.Request(
        f"{url}/api/v1/pipelines/daily_post/jobs", wish, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 202


def _status(cli: Cli, workspace: Path, job_id: str) -> str:
    return str(cli("jobs", job_id, "-w", workspace, "--json").json["status"])


def test_there_is_no_worker_before_there_is_work_and_up_is_ready_all_the_same(workspace: Path) -> None:
    with _up(workspace) as (process, url):
        status, said = _got(f"{url}/readyz")
        assert status == 200, said
        assert {"name": "worker", "ok": True, "what": "It works."} in said["checks"]
        assert _children(process) == []


def test_what_is_requested_is_worked_on_by_another_process_that_lets_this_one_go_first(
    cli: Cli, workspace: Path
) -> None:
    job_id = _requested(cli, workspace)
    with _up(workspace) as (process, _):
        [worker] = _until("a worker runs", lambda: _children(process))
        _until("it is the nicer one", lambda: worker.nice() > psutil.Process(process.pid).nice())
        _until("the job is done", lambda: _status(cli, workspace, job_id) == "completed")
        process.terminate()
        assert process.wait(20) == 0
        assert not worker.is_running()


def test_no_worker_outlives_an_up_that_was_killed(cli: Cli, workspace: Path) -> None:
    _requested(cli, workspace)
    with _up(workspace) as (process, _):
        [worker] = _until("a worker runs", lambda: _children(process))
        process.kill()
        process.wait()
        worker.wait(20)  # raises if it is still there
        assert not worker.is_running()


def test_a_killed_worker_is_replaced_and_its_job_is_done_once(cli: Cli, workspace: Path) -> None:
    job_id = _requested(cli, workspace)
    with _up(workspace, **BRIEF_LEASES) as (process, _):
        [first] = _until("a worker runs", lambda: _children(process))
        _until("it has begun", lambda: _status(cli, workspace, job_id) == "processing")
        first.kill()
        _until("the job is done", lambda: _status(cli, workspace, job_id) == "completed")
        assert first.pid not in [child.pid for child in _children(process)]
        process.terminate()
        assert process.wait(20) == 0
    job = cli("jobs", job_id, "-w", workspace, "--json").json
    assert [one["attempts"] for one in job["publications"]] == [1]
    types = [one["type"] for one in cli("events", "-w", workspace, "--job", job_id, "--json").json]
    assert types.count("PostPublished") == 1
    assert "by SIGKILL" in _log(workspace)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both_in_time_and_what_was_begun_is_handed_back(
    cli: Cli, workspace: Path, number: signal.Signals
) -> None:
    job_id = _requested(cli, workspace)
    with _up(workspace) as (process, _):
        [worker] = _until("a worker runs", lambda: _children(process))
        _until("it has begun", lambda: _status(cli, workspace, job_id) == "processing")
        process.send_signal(number)
        assert process.wait(20) == 0
        assert not worker.is_running()
    assert "Traceback" not in _log(workspace)
    with open_embedded(workspace, {}) as runtime:
        waiting = runtime.ports.queue.oldest_waiting()
        assert waiting or runtime.ports.jobs.get(job_id).status == "completed"  # type: ignore[union-attr]


def test_health_says_that_a_worker_has_stopped_until_another_is_there(cli: Cli, workspace: Path) -> None:
    with _up(workspace) as (process, url):
        settings = workspace / "pressroom.toml"
        good = settings.read_text(encoding="utf-8")
        settings.write_text("nonsense = [", encoding="utf-8")  # a worker that starts now ends at once
        _ask_for_a_post(url)
        said = _until("it is not ready", lambda: (found := _got(f"{url}/readyz"))[0] == 503 and found[1])
        [check] = [one for one in said["checks"] if one["name"] == "worker"]
        assert check["ok"] is False
        assert "stopped" in check["what"]
        settings.write_text(good, encoding="utf-8")
        _until("it is ready again", lambda: _got(f"{url}/readyz")[0] == 200)
        process.terminate()
        assert process.wait(20) == 0
    assert "exit code 2" in _log(workspace)


def test_a_worker_that_hangs_is_killed_and_replaced(workspace: Path) -> None:
    environment = {"PRESSROOM_WORKSPACE": str(workspace)}
    with open_embedded(workspace, environment) as runtime:
        watching = WorkerProcess(runtime, Call(workspace=str(workspace)), silent_seconds=8)
        watching.start()
        try:
            runtime.runner.request("daily_post", {"date": "2026-10-31", "theme": "0"})
            hanging = _until("a worker runs", lambda: watching.process_id)
            os.kill(hanging, signal.SIGSTOP)
            _until("it was killed", lambda: watching.process_id != hanging)
            _work_again(runtime)
            _until("another runs", lambda: watching.process_id not in (hanging, None))
        finally:
            assert watching.stop(20)
        assert watching.process_id is None


def _work_again(runtime: Runtime) -> None:
    """Let something be due at once: what the killed worker held comes back only once its lease has ended."""
    runtime.runner.request("daily_post", {"date": "2026-11-02", "theme": "0"})


def test_metrics_count_what_the_worker_process_does(cli: Cli, workspace: Path) -> None:
    with _up(workspace) as (_, url):
        job_id = _requested(cli, workspace)
        _until("the job is done", lambda: _status(cli, workspace, job_id) == "completed")
        with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
    assert 'pressroom_jobs_total{pipeline="daily_post",status="completed"} 1.0' in lines
