"""Starts an execution for each job that was requested, or whose upload has come: words from a pipeline's queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.entrypoints.aws_lambda._batches import Received, each
from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.errors import NotFound
from pressroom.jobs import JobStatus

NEEDS = timedelta(seconds=10)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take events of jobs. A second start finds the execution's name taken, which is the job's."""
    with invoked("starting", context) as call:

        def start(received: Received) -> None:
            deployed, job_id = call.deployed, received.job_id
            job = deployed.runtime.ports.jobs.get(job_id)
            if job is None:
                raise NotFound(f"There is no job {job_id}, although an event tells of it.", where=received.queue)
            if job.status.has_ended or job.status is JobStatus.UPLOAD_PENDING:
                return  # the latter begins with its upload
            if deployed.names.pipeline_queue(job.pipeline) != received.queue:
                return  # an upload is told to every pipeline that takes one
            deployed.executions.start(job.pipeline, job.id, {"job_id": job.id})

        return each(call, event, start, needs=NEEDS)
