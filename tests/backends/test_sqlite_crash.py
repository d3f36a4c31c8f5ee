"""What `kill -9` leaves of a SQLite database: each change wholly or not at all, and every promised one."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pressroom.jobs import StepStatus
from pressroom.ports import Ports
from pressroom.testing import ManualClock
from tests.backends.sqlite_ports import sqlite_ports

ROOT = Path(__file__).parents[2]
KILLS = 6


def _live_and_die(file: Path, life: int, chance: random.Random) -> tuple[set[str], set[str]]:
    """Let a process commit, kill it at a random moment, and return what it had said was asked and worked."""
    command = [sys.executable, "-m", "tests.backends.sqlite_program", str(file), str(life)]
    asked: set[str] = set()
    worked: set[str] = set()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(chance.randint(1, 400)):
            _note(process.stdout.readline(), asked, worked)
        process.kill()
        for line in process.stdout:
            _note(line, asked, worked)
    assert process.returncode == -9
    return asked, worked


def _note(line: str, asked: set[str], worked: set[str]) -> None:
    word, name = line.split()
    (asked if word == "asked" else worked).add(name)


def _names(values: Iterable[str], prefix: str, suffix: str = "") -> set[str]:
    return {value.removeprefix(prefix).removesuffix(suffix) for value in values}


def _check(ports: Ports, asked: set[str], worked: set[str]) -> None:
    events = ports.events.after(0, limit=1_000_000)
    there = _names((event.subject for event in events if event.type == "JobRequested"), "job_")
    done = {event.subject for event in events if event.type == "StepWorked"}
    assert asked <= there
    assert worked <= done <= there
    jobs = ports.jobs.find(limit=1_000_000)
    assert _names((job.id for job in jobs), "job_") == there
    assert _names((item.id for item in ports.publications.find(limit=1_000_000)), "pub_") == there
    assert _names((asset.key for asset in ports.assets.find("", limit=1_000_000)), "images/", ".jpg") == there
    for name in there:
        assert [step.status for step in ports.jobs.steps(f"job_{name}").values()] == [StepStatus.READY]
        assert [cost.id for cost in ports.costs.of_job(f"job_{name}")] == [f"cost_{name}"]
        assert ports.ledger.get(name) is not None
        assert (ports.ledger.get(f"worked {name}") is not None) == (name in done)
    waiting = ports.queue.claim(["steps"], 1_000_000, timedelta(0))
    assert sorted(delivery.name for delivery in waiting) == sorted(there - done)


def test_after_kill_9_each_change_is_there_wholly_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "pressroom.db"
    chance = random.Random(20261031)
    asked: set[str] = set()
    worked: set[str] = set()
    for life in range(KILLS):
        more_asked, more_worked = _live_and_die(file, life, chance)
        asked, worked = asked | more_asked, worked | more_worked
        # A day later every lease is over.
        ports = sqlite_ports(file, ManualClock(datetime.now(UTC) + timedelta(days=1 + life)))
        _check(ports, asked, worked)
        ports.close()
    assert asked
    assert worked
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
