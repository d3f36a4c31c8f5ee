"""Answers a state machine's question: how a node of a job stands; and runs the delivery that it is about."""

from __future__ import annotations

from datetime import datetime, timedelta

from pressroom import plan
from pressroom.channel_desk import queue_of
from pressroom.deployment.standing import Answer, Go, Question, Records, answer, is_a_channels
from pressroom.following import item_of
from pressroom.handing_over import deal_with
from pressroom.jobs import Job, StepStatus
from pressroom.nodes import Step
from pressroom.pipeline import Pipeline
from pressroom.runtime import Runtime
from pressroom.waiting_rooms import WaitingRooms

ASK_AGAIN = timedelta(minutes=15)
"""Of a post whose channel is paused: once it is not, housekeeping tells its function within minutes."""


def run(runtime: Runtime, question: Question, lease: timedelta) -> Answer:
    """Run the delivery of this path if it is due and nobody has it; answer how the node then stands.

    Whoever has it answers too, and a second word for what is over finds nothing: so a word may come twice, or late.
    """
    claimed = runtime.ports.queue.claim_one(question.path, lease, job_id=question.job_id)
    if claimed is not None:
        deal_with(runtime, claimed)
    return ask(runtime, question)


def ask(runtime: Runtime, question: Question) -> Answer:
    """Answer how a node stands; of a job that nobody knows, that nothing more happens."""
    job = runtime.ports.jobs.get(question.job_id)
    if job is None:
        return Answer(go=Go.STOP)
    pipeline = runtime.runner.pipelines().get(job.pipeline)
    if pipeline is None:
        return Answer(go=Go.STOP if job.status.has_ended else Go.PAUSE)
    records = runtime.ports.jobs.steps(job.id)
    return answer(pipeline, job, records, question.path, _due(runtime, pipeline, job, records, question.path))


def _due(runtime: Runtime, pipeline: Pipeline, job: Job, records: Records, path: str) -> datetime | None:
    """Return when the delivery of a path can next be run: its own time, or that of the line that it waits in."""
    due = runtime.ports.queue.due(path, job_id=job.id)
    now = runtime.ports.clock.now()
    if due is None or due > now:
        return due
    channel = _channel(runtime, pipeline, records, path)
    if channel is None:
        return due
    # In a line it is always due: its channel says when it lets one go.
    opens = WaitingRooms(runtime).next_due([queue_of(channel)], job_id=job.id)
    return max(opens, now) if opens is not None else now + ASK_AGAIN


def _channel(runtime: Runtime, pipeline: Pipeline, records: Records, path: str) -> str | None:
    """Return the channel that a step publishes on and still waits for; None of any other node."""
    node, record = plan.find(pipeline.steps + pipeline.on_failure, path), records.get(path)
    if not isinstance(node, Step) or not is_a_channels(node) or record is None:
        return None
    if record.status is not StepStatus.READY:
        return None
    queue = node.queue_for(item_of(pipeline, records, path))
    return next((one for one in runtime.publishing.channels() if queue_of(one) == queue), None)
