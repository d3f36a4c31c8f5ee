"""Jobs that are worked on in the process of the command."""

from __future__ import annotations

import signal
import threading

import pytest

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._working import work_off
from pressroom.testing import memory_runtime
from tests.engine import Calls, a_pipeline


def test_told_to_stop_it_stops_all_workers_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = memory_runtime(a_pipeline(*Calls().steps("draw")))
    jobs = [job for _ in range(3) for job in runtime.runner.request("work_through", {})]
    together = threading.Barrier(3, timeout=10)
    stopped: list[str] = []
    started: list[str] = []

    class Lingering:
        """Stops only when the others stop too."""

        def __init__(self, runtime: object, *, job_id: str) -> None:
            self.job_id = job_id

        def start(self) -> None:
            started.append(self.job_id)
            if len(started) == 3:
                signal.raise_signal(signal.SIGTERM)

        def stop(self, timeout: float | None = None) -> bool:
            together.wait()
            stopped.append(self.job_id)
            return True

    monkeypatch.setattr("pressroom.worker.Worker", Lingering)
    with pytest.raises(KeyboardInterrupt):
        work_off(runtime, jobs, Call())
    assert sorted(stopped) == sorted(started) == sorted(job.id for job in jobs)
