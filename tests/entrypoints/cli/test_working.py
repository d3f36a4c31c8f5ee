"""Jobs that are worked on in the process of the command."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from pressroom.changes import Change
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._working import waits, work_off
from pressroom.errors import Problem
from pressroom.publications import PublicationState
from pressroom.testing import memory_runtime
from tests.engine import Calls, a_pipeline
from tests.entrypoints.edition import Edition


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


@pytest.mark.parametrize("why", ["The channel keeps its pace.", "The channel keeps its pace"])
def test_what_is_waited_for_is_told_in_sentences(why: str) -> None:
    runtime = memory_runtime()
    job = Edition(runtime.ports).job("Cake", state=PublicationState.SCHEDULED)
    [waiting] = runtime.ports.publications.of_job(job)
    due = runtime.ports.clock.now() + timedelta(hours=1)
    runtime.bus.commit(Change(publications=(replace(waiting, due_at=due, problem=Problem(why), version=2),)))
    [said] = waits(runtime, job, [])
    assert said.startswith("preview: The channel keeps its pace. It goes on at ")
