"""Works on jobs in this process until each has ended or is held for a person."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from pressroom.entrypoints.cli._errors import FAILED, HELD, SKIPPED
from pressroom.entrypoints.cli._progress import shown

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call
    from pressroom.jobs import Job, StepRecord
    from pressroom.runtime import Runtime
    from pressroom.worker import Worker

AT_ONCE = 4
"""Jobs under way at the same time; each has a worker with threads of its own."""
LOOK_EVERY = 0.1
"""Seconds after which a job is looked at although nothing announced a change."""
LOOK_EVERY_ON_AWS = 2.0
"""Where nothing is announced here, and each look is paid for."""


class Elsewhere:
    """Stands for the functions that work on a job on AWS: here it is only watched."""

    def start(self) -> None:
        """They have the word already."""

    @property
    def is_alive(self) -> bool:
        return True

    def stop(self, timeout: float | None = None) -> bool:
        return True


def work_off(runtime: Runtime, jobs: Sequence[Job], call: Call) -> list[Job]:
    """Run the jobs with workers of their own, showing progress; return them as they then stand.

    Told to stop, by Ctrl-C or SIGTERM, it lets running steps finish or hands them back, so that whoever works next
    goes on from there, and raises `KeyboardInterrupt`.
    """
    from pressroom.entrypoints.cli._serving import stop_all, stop_on_signals
    from pressroom.worker import Worker

    done = {job.id: job for job in jobs}
    waiting = [job.id for job in jobs if not job.status.has_ended]
    running: dict[str, Worker | Elsewhere] = {}
    patience = runtime.config.worker.stop_seconds
    listener = runtime.ports.wake.listen()
    with stop_on_signals() as stop, ExitStack() as at_the_end, shown(call, jobs) as display:
        at_the_end.callback(lambda: stop_all(list(running.values()), patience))
        at_the_end.callback(listener.close)
        while waiting or running:
            if stop.wait(0):
                raise KeyboardInterrupt
            while waiting and len(running) < AT_ONCE:
                job_id = waiting.pop(0)
                running[job_id] = Elsewhere() if call.is_on_aws else Worker(runtime, job_id=job_id)
                running[job_id].start()
            listener.wait(LOOK_EVERY_ON_AWS if call.is_on_aws else LOOK_EVERY)
            for job_id, worker in list(running.items()):
                done[job_id], steps = _look(runtime, job_id)
                display.show(done[job_id], steps, waits(runtime, job_id, steps))
                if is_over(done[job_id], steps) and not _has_deliveries(runtime, job_id):
                    worker.stop(patience)
                    del running[job_id]
    return list(done.values())


def _look(runtime: Runtime, job_id: str) -> tuple[Job, list[StepRecord]]:
    from pressroom.errors import NotFound

    # The job first: steps read later can only be further on, so the end is never shown with a step still open.
    job = runtime.ports.jobs.get(job_id)
    if job is None:
        raise NotFound(f"The job {job_id} vanished while it was being worked on.", todo="Run `pressroom doctor`.")
    return job, list(runtime.ports.jobs.steps(job_id).values())


def waits(runtime: Runtime, job_id: str, steps: Sequence[StepRecord]) -> list[str]:
    """Say what is waited for and until when: a retry, a rate limit, a channel's pace."""
    from pressroom.entrypoints.cli._output import local

    said = []
    again = {step.path for step in steps if step.error and step.status == "ready"}
    if again:
        for event in reversed(runtime.ports.events.of_job(job_id)):
            path = event.data.get("step")
            if event.type == "StepFailed" and path in again:
                again.discard(path)
                said.append(f"{path} is tried again at {local(event.data.get('retry_at'))}.")
    for publication in runtime.ports.publications.of_job(job_id):
        if publication.due_at and publication.due_at > runtime.ports.clock.now():
            why = publication.problem.what if publication.problem else "It is not its turn yet"
            said.append(f"{publication.channel}: {_sentence(why)} It goes on at {local(publication.due_at)}.")
    return said


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def is_over(job: Job, steps: Sequence[StepRecord]) -> bool:
    """Whether nothing more will happen by itself; a held job's other branches may still be under way."""
    return job.status.has_ended or (job.status == "held" and not any(step.status == "ready" for step in steps))


def _has_deliveries(runtime: Runtime, job_id: str) -> bool:
    """Whether something of the job can be done now, such as handing its last event to who waits for it."""
    from pressroom.bus import EVENTS_QUEUE
    from pressroom.pipeline import DEFAULT_QUEUE, PICTURES_QUEUE

    due = runtime.ports.queue.next_due([DEFAULT_QUEUE, EVENTS_QUEUE, PICTURES_QUEUE], job_id=job_id)
    return due is not None and due <= runtime.ports.clock.now()


def exit_code(jobs: Sequence[Job]) -> int:
    """Return the worst outcome's code: a failure before a held post before a skipped job."""
    statuses = {job.status.value for job in jobs}
    for code, bad in ((FAILED, {"failed", "cancelled", "expired"}), (HELD, {"held"}), (SKIPPED, {"skipped"})):
        if statuses & bad:
            return code
    return 0
