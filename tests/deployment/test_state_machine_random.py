"""Random pipelines carried by their state machines in moto, against the same plain interpreter as the engine's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from pressroom.jobs import JobStatus
from pressroom.pipeline import Part, Step
from tests.deployment.walking import Walk
from tests.engine import a_pipeline
from tests.test_execution_random import Built, interpret, sequences

A_MOMENT = timedelta(milliseconds=10)
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each try is an execution of a second or two."""


class Hasty(Built):
    """Steps that are tried again at once: this clock is the real one."""

    def part(self, spec: Any) -> Part:
        part = super().part(spec)
        if not isinstance(part, Step):
            return part
        return replace(part, retry=replace(part.retry, first_wait=A_MOMENT, longest_wait=A_MOMENT))


@given(sequences)
@settings(max_examples=12, deadline=None, phases=WITHOUT_SHRINKING, suppress_health_check=[*HealthCheck])
def test_whatever_the_pipeline_the_machine_completes_each_step_once_and_joins_wait_for_all(specs: list[Any]) -> None:
    built = Hasty()
    walk = Walk(a_pipeline(*(built.part(spec) for spec in specs)))
    job, status = walk.walk()
    goes_well, done, order = interpret(list(zip(walk.pipeline.steps, specs, strict=True)))
    assert job.status is (JobStatus.COMPLETED if goes_well else JobStatus.FAILED)
    assert status == ("SUCCEEDED" if goes_well else "FAILED")
    assert Counter(built.calls.completed) == Counter(done)
    place = {path: number for number, path in enumerate(built.calls.completed)}
    assert all(place[first] < place[second] for first, second in order)
