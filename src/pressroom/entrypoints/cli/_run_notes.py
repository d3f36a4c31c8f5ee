"""What `run` tells beside the outcome: which jobs stand already, and what goes on with them after Ctrl-C."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from pressroom.entrypoints.cli._output import note

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call
    from pressroom.jobs import Job
    from pressroom.runtime import Runtime

AGAIN = "again"
"""The input by which a pipeline whose jobs are the only ones for something starts another one all the same."""


def standing(runtime: Runtime, pipeline: str, values: dict[str, Any]) -> frozenset[str]:
    """Return the ids of the jobs that are there for what this start would be for."""
    found = (runtime.ports.jobs.by_key(key) for key in _keys(runtime, pipeline, values) if key)
    return frozenset(job.id for job in found if job is not None)


def tell_standing(call: Call, runtime: Runtime, jobs: Sequence[Job], before: Collection[str]) -> None:
    """Say of each job that was not started now that it is the one from before, and how to get another."""
    for job in jobs:
        if job.id not in before:
            continue
        if job.status.has_ended:
            said = f"{job.key} was run before, as {job.id}; this is what came of it, whatever was asked for now."
        else:
            said = f"{job.key} is under way already, as {job.id}, with what was asked for then; nothing was started."
        can_be_repeated = AGAIN in runtime.runner.pipeline(job.pipeline).input.model_fields
        note(call, said + (f" For another one, add -i {AGAIN}=true." if can_be_repeated else ""))


def tell_interrupted(call: Call, runtime: Runtime, jobs: Sequence[Job], pipeline: str, values: dict[str, Any]) -> None:
    """Say what goes on with the jobs that are not over; the same command does only if it means these very jobs."""
    now = [runtime.ports.jobs.get(job.id) or job for job in jobs]
    left = [job for job in now if not job.status.has_ended]
    keys = set(_keys(runtime, pipeline, values))
    if not left or all(job.key and job.key in keys for job in left):
        note(call, "Interrupted. Nothing is lost: `pressroom worker` or the same command goes on from here.")
        return
    ids = ", ".join(job.id for job in left)
    note(
        call,
        f"Interrupted. Nothing is lost: `pressroom worker` goes on with {ids}, and `pressroom events --job "
        f"{left[0].id} --follow` tells how it gets on. The same command would start another one.",
    )


def _keys(runtime: Runtime, pipeline: str, values: dict[str, Any]) -> list[str | None]:
    if runtime.runner.pipeline(pipeline).upload_gate is not None:
        return []  # each upload is a job of its own
    return runtime.runner.keys(pipeline, values)
