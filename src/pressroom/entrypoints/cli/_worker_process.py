"""The worker of `pressroom up`, in a process of its own, so that what computes never keeps an answer waiting."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pressroom.entrypoints.cli._tie import LEFT, STOP
from pressroom.errors import Unavailable
from pressroom.log import log
from pressroom.retry import doubled
from pressroom.rounds import Rounds
from pressroom.waiting import next_due

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call
    from pressroom.runtime import Runtime

LONGEST_SLEEP = 5.0
"""Seconds after which is looked whether something is due although nobody said so."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=0.5), timedelta(seconds=30)
"""Before a worker that ended by itself is started again; doubled with each time in a row."""
WELL_AFTER = 60.0
"""Seconds of life after which an end is the first in a row again."""
SILENT_SECONDS = 120.0
"""A worker that says nothing for so long hangs; it says something every second."""
_MARGIN = 0.7
"""Of the second that parts have beyond their time to stop: for the end of the process, and to kill it."""


@dataclass(slots=True)
class Pulse:
    """What the health check reads of the worker. One that rests is well."""

    heartbeat: datetime
    is_alive: bool = True


class WorkerProcess(Rounds):
    """Keeps one worker process while there is something to do, and starts another when it dies.

    Nothing is asked of it: it takes what is due from the queues, as every worker does.
    """

    def __init__(self, runtime: Runtime, call: Call, *, log_level: str = "", silent_seconds: float = SILENT_SECONDS):
        super().__init__("worker-process")
        self._runtime, self._silent_seconds = runtime, silent_seconds
        self._command = [sys.executable, "-P", "-m", "pressroom", "worker", "--workspace", str(call.folder)]
        self._command += [name for name, wanted in (("--debug", call.debug), ("--no-color", call.no_color)) if wanted]
        self._environment = call.environment | ({"PRESSROOM_LOG__LEVEL": log_level} if log_level else {})
        self._listener = runtime.ports.wake.listen()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None
        self._failures = 0
        self._has_left = False
        self.pulse = Pulse(runtime.ports.clock.now())

    @property
    def process_id(self) -> int | None:
        """Of the worker that runs now; None while none is needed."""
        return self._process.pid if self._process else None

    def round(self) -> float:
        """Wait until something is due, or run a worker until it ends; return how long to wait before the next."""
        try:
            return self._rest_or_run()
        except Unavailable as error:
            log.warning("what is due cannot be read; trying again", why=str(error))
        except Exception:
            log.exception("no worker could be started; trying again")
            self.pulse.is_alive = False
        return LONGEST_SLEEP

    def _rest_or_run(self) -> float:
        due, now = next_due(self._runtime), self._runtime.ports.clock.now()
        self.pulse.heartbeat = now
        if due is not None and due <= now:
            return self._run_one()
        self.pulse.is_alive = True
        seconds = LONGEST_SLEEP if due is None else (due - now).total_seconds()
        self._listener.wait(min(seconds, LONGEST_SLEEP))
        return 0

    def interrupt(self) -> None:
        self._listener.ring()
        if self._end is not None:
            self._tell_to_stop(self._end)

    def stop(self, timeout: float | None = 5) -> bool:
        """Let the worker finish what runs within `timeout` seconds; say whether it could. It ends in any case."""
        has_ended = super().stop(None if timeout is None else timeout + _MARGIN)
        if not has_ended and self._process is not None:
            self._process.kill()
            self._thread.join(1)
        self._listener.close()
        return has_ended and not self._has_left

    def _run_one(self) -> float:
        """Run one worker to its end; return how long to wait before another."""
        began = time.monotonic()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._process = subprocess.Popen(
                    [*self._command, "--tied", str(theirs.fileno())],
                    env=self._environment,
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=2,  # what `up` prints there is for programs
                    # Ctrl-C is for this process alone, which tells the other to stop.
                    process_group=0,
                )
            self._end = ours
            if self.stopping.is_set():
                self._tell_to_stop(ours)  # it was asked for while the worker was being started
            for said in self._lines(ours):
                self._take(said)
        code = self._process.wait()  # where it lives on, it has just seen its tie cut
        self._end = self._process = None
        return self._after(code, time.monotonic() - began)

    def _lines(self, end: socket.socket) -> Iterator[str]:
        """Yield what the worker says, until it has ended; one that says nothing for too long is killed."""
        assert self._process is not None
        end.settimeout(self._silent_seconds)
        with end.makefile("rb") as lines:
            while True:
                try:
                    line = lines.readline()
                except TimeoutError:
                    log.error("the worker hangs and is killed", process=self._process.pid)
                    self._process.kill()
                    return
                except OSError:
                    return  # it was killed with something still to be read
                if not line:
                    return
                yield line.decode().strip()

    def _take(self, said: str) -> None:
        if said == LEFT:
            self._has_left = True
        else:
            self.pulse.heartbeat, self.pulse.is_alive = datetime.fromisoformat(said), True

    def _after(self, code: int, seconds: float) -> float:
        if code == 0 or self.stopping.is_set():
            self._failures = 0
            return 0
        self._failures = 1 if seconds >= WELL_AFTER else self._failures + 1
        pause = doubled(FIRST_PAUSE, self._failures - 1, LONGEST_PAUSE).total_seconds()
        self.pulse.is_alive = False
        why = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        log.error("the worker ended by itself; another takes its place", why=why, pause_seconds=pause)
        return pause

    @staticmethod
    def _tell_to_stop(end: socket.socket) -> None:
        try:
            end.sendall(STOP.encode())
        except OSError:
            return  # it has ended already
