"""Worker processes that are killed without warning, and replaced."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path


class Workers:
    """Keeps some workers running while `kill_for_a_while` ends them by SIGKILL."""

    def __init__(self, workspace: Path, environment: dict[str, str], count: int = 2) -> None:
        self._workspace, self._environment = workspace, environment
        self._log = (workspace / "workers.log").open("a")
        self._processes = [self._new() for _ in range(count)]
        self.kills = 0
        self.cut_off = 0
        """Attempts that were under way when every worker was killed."""

    def kill_for_a_while(
        self, kills: int, chance: random.Random, enough: threading.Event, is_publishing: Callable[[], int]
    ) -> None:
        """Kill at random moments, at most `kills` workers, or until there is nothing left to do.

        Every third time all workers are killed at once as soon as one is in the middle of publishing, so that
        the attempts that stand open afterwards were surely cut off by us.
        """
        while self.kills < kills and not enough.wait(chance.uniform(0.4, 1.4)):
            if chance.random() < 1 / 3:
                self._wait_for(is_publishing, enough)
                self._kill(range(len(self._processes)))
                self.cut_off += is_publishing()
            else:
                self._kill([chance.randrange(len(self._processes))])
            self._replace()

    def _wait_for(self, is_publishing: Callable[[], int], enough: threading.Event) -> None:
        ends = time.monotonic() + 3
        while not is_publishing() and time.monotonic() < ends and not enough.wait(0.005):
            pass

    def _kill(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if self._processes[number].poll() is None:
                self._processes[number].send_signal(signal.SIGKILL)
                self.kills += 1
        for number in numbers:
            self._processes[number].wait()

    def _replace(self) -> None:
        self._processes = [self._new() if one.poll() is not None else one for one in self._processes]

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(20)
        self._log.close()

    def _new(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pressroom", "--workspace", str(self._workspace), "worker"]
        return subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)
