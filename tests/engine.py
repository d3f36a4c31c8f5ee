"""What the tests of the engine share: steps that remember their calls, and a bench to run small pipelines on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pressroom.arguments import Context
from pressroom.jobs import Job, JobStatus, StepRecord
from pressroom.pipeline import DEFAULT_QUEUE, Part, Pipeline, Request, Step
from pressroom.retry import Policy
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, memory_runtime, work_off

Does = Callable[[Context], Any]


@dataclass
class Calls:
    """Makes steps that write down each of their calls."""

    paths: list[str] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    _mutex: Any = field(default_factory=threading.Lock)

    def step(
        self, name: str, does: Does | None = None, *, retry: Policy | None = None, queue: str = DEFAULT_QUEUE
    ) -> Step:
        """Return a step of this name; `does` is its body, and what it returns its outcome."""

        def run(context: Context) -> Any:
            with self._mutex:
                self.paths.append(context.path)
            returned = does(context) if does else None
            with self._mutex:
                self.completed.append(context.path)
            return returned

        run.__name__ = name
        return Step(run, retry=retry or Policy(), queue=queue)

    def steps(self, *names: str) -> list[Step]:
        return [self.step(name) for name in names]


def a_pipeline(*steps: Part, name: str = "work_through", **more: Any) -> Pipeline:
    return Pipeline(name, trigger=more.pop("trigger", Request()), steps=steps, **more)


class Bench:
    """A runtime in memory whose clock is moved by hand, with one pipeline."""

    def __init__(self, pipeline: Pipeline, *more: Pipeline, **sections: Mapping[str, Any]) -> None:
        self.pipeline, self.clock = pipeline, ManualClock()
        self.runtime: Runtime = memory_runtime(pipeline, *more, clock=self.clock, **sections)

    def request(self, **input: Any) -> Job:
        [job] = self.runtime.runner.request(self.pipeline.name, input)
        return job

    def run(self, **input: Any) -> Job:
        """Request a job and do everything that is due; return the job as it stands then."""
        job = self.request(**input)
        self.work()
        return self.job(job)

    def work(self) -> int:
        return work_off(self.runtime)

    def later(self, **units: float) -> int:
        """Let time go by, then do what has become due."""
        self.clock.advance(timedelta(**units))
        return self.work()

    def patiently(self, job: Job, *, most: int = 40) -> Job:
        """Let time go by until the job has ended."""
        for _ in range(most):
            if self.job(job).status.has_ended:
                break
            self.later(minutes=16)
        return self.job(job)

    def job(self, job: Job) -> Job:
        found = self.runtime.ports.jobs.get(job.id)
        assert found is not None
        return found

    def status(self, job: Job) -> JobStatus:
        return self.job(job).status

    def records(self, job: Job) -> dict[str, StepRecord]:
        return self.runtime.ports.jobs.steps(job.id)

    def standing(self, job: Job) -> dict[str, str]:
        """Return how each step stands, by its path."""
        return {path: record.status.value for path, record in self.records(job).items()}

    def events(self, job: Job, *types: str) -> list[tuple[str, str]]:
        """Return type and subject of the job's events, of these types or all."""
        return [
            (event.type, event.subject)
            for event in self.runtime.ports.events.of_job(job.id)
            if not types or event.type in types
        ]

    def letters(self, job: Job) -> list[Any]:
        return self.runtime.ports.dead_letters.find(job_id=job.id)
