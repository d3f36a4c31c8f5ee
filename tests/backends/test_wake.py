"""Wakes within one process and between the processes of one machine."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressroom.backends.wake import LocalWake, MachineWake
from pressroom.contracts.wake import WakeContract

LISTEN = """
import sys, time
from pathlib import Path
from pressroom.backends.wake import MachineWake

wake = MachineWake(Path(sys.argv[1]))
listener = wake.listen()
print("ready", flush=True)
while listener.wait(30):
    print(time.monotonic(), flush=True)
"""


@pytest.fixture
def machine_wake(tmp_path: Path) -> Iterator[MachineWake]:
    wake = MachineWake(tmp_path)
    yield wake
    wake.close()


class TestLocalWake(WakeContract):
    @pytest.fixture
    def wake(self) -> LocalWake:
        return LocalWake()

    def test_a_listener_sleeps_through_notices_for_other_queues(self, wake: LocalWake) -> None:
        listener = wake.listen(["channel:main"])
        wake.notify(["events", "steps"])
        assert not listener.wait(0)
        listener.close()


class TestMachineWake(WakeContract):
    @pytest.fixture
    def wake(self, machine_wake: MachineWake) -> MachineWake:
        return machine_wake


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that listens in the same workspace, and says when it was woken."""
    command = [sys.executable, "-c", LISTEN, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_notice_wakes_another_process_within_50_ms(
    machine_wake: MachineWake, listening: subprocess.Popen[str]
) -> None:
    assert listening.stdout is not None
    delays = []
    for _ in range(10):
        sent = time.monotonic()
        machine_wake.notify()
        delays.append(float(listening.stdout.readline()) - sent)
    # The median: one of ten may meet a busy test machine.
    assert sorted(delays)[5] < 0.05


def test_a_process_that_was_killed_is_in_nobodys_way(
    machine_wake: MachineWake, listening: subprocess.Popen[str]
) -> None:
    listening.kill()
    listening.wait(10)
    listener = machine_wake.listen()
    machine_wake.notify()
    machine_wake.notify()
    assert listener.wait(5)


def test_workspaces_do_not_wake_each_other(tmp_path: Path) -> None:
    one, other = MachineWake(tmp_path / "one"), MachineWake(tmp_path / "other")
    listener = other.listen()
    one.notify()
    assert not listener.wait(0.1)
    one.close()
    other.close()


def test_nothing_is_left_of_a_closed_one(tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("pressroom-*/*"))
    wake = MachineWake(tmp_path)
    wake.listen()
    assert len(set(Path(tempfile.gettempdir()).glob("pressroom-*/*")) - before) == 1
    wake.close()
    assert set(Path(tempfile.gettempdir()).glob("pressroom-*/*")) <= before
