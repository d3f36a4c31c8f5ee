"""One workspace in SQLite and files: what it refuses, what it keeps, and several processes that work on it."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pressroom.backends.wake import MachineWake
from pressroom.clocks import SystemClock
from pressroom.errors import ConfigurationError
from pressroom.jobs import JobStatus
from pressroom.runtimes.embedded import open_embedded, put_samples
from pressroom.scheduler import Scheduler
from pressroom.testing import ManualClock, work_off
from tests.runtimes.practice import open_practice, traces

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
STEPS = ["first", "asked", "second", "third"]


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that another process does."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.005)


Spawn = Callable[..., Any]


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    """Start programs of `embedded_program` that are ready when they are returned, and end them with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(what: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.runtimes.embedded_program", what, str(tmp_path), *arguments]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        return started[-1]

    def ready(what: str, *arguments: str, count: int = 1) -> Any:
        programs = [begin(what, *arguments) for _ in range(count)]
        for program in programs:
            assert program.stdout is not None
            # A step that kills its process may be quicker than the word that the worker is ready.
            assert program.stdout.readline() == "ready\n" or program.wait(20) == -signal.SIGKILL
        return programs if count > 1 else programs[0]

    yield ready
    for program in started:
        program.kill()
        program.communicate()


def configured(workspace: Path, **worker: float) -> None:
    lines = [f"{name} = {value}" for name, value in worker.items()]
    (workspace / "pressroom.toml").write_text("\n".join(["[worker]", *lines]))


def ask(workspace: Path, kind: str = "", count: int = 1) -> list[str]:
    with open_practice(workspace, SystemClock()) as runtime:
        values = {"folder": str(workspace), "kind": kind}
        return [job.id for _ in range(count) for job in runtime.runner.request("practice", values)]


def status_of(workspace: Path, job_id: str, *, goes_on: bool = False) -> JobStatus:
    """Return how a job stands; with `goes_on`, after a worker of a day later has done everything that is due."""
    now = datetime.now(UTC)
    with open_practice(workspace, ManualClock(now + DAY if goes_on else now)) as runtime:
        if goes_on:
            work_off(runtime)
        job = runtime.ports.jobs.get(job_id)
        assert job is not None
        return job.status


# --- processes


def test_a_step_killed_with_its_process_runs_again_and_a_completed_one_never_does(tmp_path: Path, spawn: Spawn) -> None:
    worker = spawn("work")
    [job_id] = ask(tmp_path, "waits")
    until(lambda: "second" in traces(tmp_path))
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(10) == -signal.SIGKILL
    (tmp_path / "go").touch()
    assert status_of(tmp_path, job_id, goes_on=True) is JobStatus.COMPLETED
    assert traces(tmp_path) == ["first", "asked", "second", "second", "third"]


def test_the_steps_of_a_killed_worker_come_to_another_after_the_lease(tmp_path: Path, spawn: Spawn) -> None:
    configured(tmp_path, lease_seconds=1.05)
    lost = spawn("work")
    [job_id] = ask(tmp_path, "waits")
    until(lambda: "second" in traces(tmp_path))
    lost.send_signal(signal.SIGSTOP)  # it hangs rather than dies, and renews nothing
    (tmp_path / "go").touch()
    spawn("work")
    until(lambda: status_of(tmp_path, job_id) is JobStatus.COMPLETED)
    lost.send_signal(signal.SIGCONT)
    assert Counter(traces(tmp_path))["third"] == 1


def test_a_step_that_kills_its_process_is_the_only_one_that_is_run_again(tmp_path: Path, spawn: Spawn) -> None:
    [job_id] = ask(tmp_path, "dies")
    assert spawn("work").wait(20) == -signal.SIGKILL
    assert traces(tmp_path) == ["first", "asked", "second"]
    with open_practice(tmp_path, ManualClock(datetime.now(UTC) + DAY)) as runtime:
        [delivery] = runtime.ports.queue.claim(["steps"], 10, DAY)
        assert (delivery.name, delivery.attempt, delivery.failures) == ("second", 2, 0)
        assert runtime.ports.jobs.steps(job_id)["first"].attempts == 1


def test_on_sigterm_what_runs_is_finished_and_nothing_else_is_begun(tmp_path: Path, spawn: Spawn) -> None:
    worker = spawn("work")
    [job_id] = ask(tmp_path, "waits")
    until(lambda: "second" in traces(tmp_path))
    worker.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    assert worker.wait(10) == 0
    with open_practice(tmp_path, SystemClock()) as runtime:
        assert runtime.ports.jobs.steps(job_id)["second"].status == "completed"
    assert "third" not in traces(tmp_path)
    assert status_of(tmp_path, job_id, goes_on=True) is JobStatus.COMPLETED
    assert traces(tmp_path) == STEPS


def test_on_sigterm_what_does_not_finish_is_handed_back_at_once(tmp_path: Path, spawn: Spawn) -> None:
    configured(tmp_path, stop_seconds=0.1)
    worker = spawn("work")
    ask(tmp_path, "waits")
    until(lambda: "second" in traces(tmp_path))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 3
    with open_practice(tmp_path, SystemClock()) as runtime:
        [delivery] = runtime.ports.queue.claim(["steps"], 10, DAY)
        assert (delivery.name, delivery.attempt) == ("second", 1), "without waiting for a lease, and not an attempt"


def test_two_workers_share_the_work_of_one_workspace(tmp_path: Path, spawn: Spawn) -> None:
    configured(tmp_path, threads=2)
    spawn("work", count=2)
    jobs = ask(tmp_path, "meets", count=12)
    with open_practice(tmp_path, SystemClock()) as runtime:
        until(lambda: runtime.ports.jobs.count().get("completed") == len(jobs))
    assert Counter(traces(tmp_path)) == dict.fromkeys(STEPS, len(jobs))


def test_a_worker_in_another_process_is_woken_by_a_request(tmp_path: Path, spawn: Spawn) -> None:
    spawn("work")
    with open_practice(tmp_path, SystemClock()) as runtime:
        for number in range(1, 4):
            runtime.runner.request("practice", {"folder": str(tmp_path)})
            # It would look by itself after five seconds; woken, it is there within a twentieth of one.
            until(lambda number=number: traces(tmp_path).count("third") == number, 2)  # type: ignore[misc]


def test_processes_that_race_make_one_job_for_a_key_and_one_for_a_schedule(tmp_path: Path, spawn: Spawn) -> None:
    clock = ManualClock(datetime(2026, 10, 30, 7, 0, tzinfo=UTC))
    keys = [f"key {number}" for number in range(15)]
    with open_practice(tmp_path, clock) as runtime:
        Scheduler(runtime).look()
        programs = spawn("race", *keys, count=3)
        for program in programs:
            program.stdin.write("go\n")
            program.stdin.flush()
        assert [program.wait(30) for program in programs] == [0, 0, 0]
        jobs = Counter(job.key for job in runtime.ports.jobs.find(limit=1000))
        assert jobs == Counter([*keys, None])
        [scheduled] = runtime.ports.jobs.find(pipeline="daily_practice")
        assert scheduled.input == {"date": "2026-10-31"}
        assert len(runtime.ports.events.after(0, types=["ScheduleMissed"])) == 1


# --- the workspace


def test_a_job_survives_the_end_of_its_process(tmp_path: Path) -> None:
    [job_id] = ask(tmp_path)
    assert status_of(tmp_path, job_id) is JobStatus.PENDING
    assert status_of(tmp_path, job_id, goes_on=True) is JobStatus.COMPLETED
    assert traces(tmp_path) == STEPS


def test_what_is_stored_is_for_its_owner_alone(tmp_path: Path) -> None:
    open_embedded(tmp_path, {}).ports.close()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_request_is_stored_though_temporary_files_were_cleaned_away(tmp_path: Path) -> None:
    with open_practice(tmp_path, SystemClock()) as runtime:
        wake = runtime.ports.wake
        assert isinstance(wake, MachineWake)
        shutil.rmtree(wake.folder)
        [job] = runtime.runner.request("practice", {"folder": str(tmp_path)})
        assert runtime.ports.jobs.get(job.id) == job


def test_the_samples_are_put_there_once(tmp_path: Path) -> None:
    with open_embedded(tmp_path, {}) as runtime:
        assert put_samples(runtime) == ["config/national-days.json"]
        assert put_samples(runtime) == []
    with open_embedded(tmp_path, {}) as runtime:
        assert put_samples(runtime) == []
        assert runtime.assets.read("config/national-days.json").startswith(b"{")


def test_a_workspace_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(ConfigurationError, match="cannot be written to") as refused:
        open_embedded(tmp_path, {})
    assert str(tmp_path) in refused.value.what
    assert "--workspace" in refused.value.todo


def test_a_workspace_of_a_newer_pressroom_is_refused_with_what_to_do(tmp_path: Path) -> None:
    open_embedded(tmp_path, {}).ports.close()
    with closing(sqlite3.connect(tmp_path / "data" / "pressroom.db")) as connection:
        connection.execute("PRAGMA user_version = 9999")
    with pytest.raises(ConfigurationError, match="written by a newer Pressroom") as refused:
        open_embedded(tmp_path, {})
    assert refused.value.todo


def test_settings_of_the_environment_count_as_those_of_the_file(tmp_path: Path) -> None:
    configured(tmp_path, threads=2, lease_seconds=30)
    with open_embedded(tmp_path, {"PRESSROOM_WORKER__THREADS": "7"}) as runtime:
        assert (runtime.config.worker.threads, runtime.config.worker.lease_seconds) == (7, 30)


def test_a_database_that_is_missing_is_not_made_anew_in_silence(tmp_path: Path) -> None:
    from pressroom.errors import ConfigurationError
    from pressroom.runtimes.embedded import DATA, DATABASE, HAD_DATABASE

    open_embedded(tmp_path, {}).ports.close()
    for file in (tmp_path / DATA).glob(f"{DATABASE}*"):
        file.unlink()
    with pytest.raises(ConfigurationError, match="knowledge of what was posted") as raised:
        open_embedded(tmp_path, {})
    assert HAD_DATABASE in raised.value.todo
    (tmp_path / DATA / HAD_DATABASE).unlink()
    open_embedded(tmp_path, {}).ports.close()
