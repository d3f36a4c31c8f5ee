"""Lets a job go on: answers the tokens it waits with, and sees to it that an execution walks through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.deployment.standing import Go, Question
from pressroom.entrypoints.aws_lambda import _tokens
from pressroom.entrypoints.aws_lambda._standing import ask
from pressroom.jobs import Job, JobStatus
from pressroom.log import log

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

MOST_EXECUTIONS = 1000
"""Of one job: each redrive after an end has one of its own."""


def answer_if_there_is_news(deployed: Deployed, question: Question) -> bool:
    """Answer a kept token unless its node still waits; say whether a task goes on by that."""
    now = ask(deployed.runtime, question)
    if now.go is Go.PAUSE:
        return False
    goes_on = deployed.executions.answer(question.task_token, now.as_dict())
    _tokens.forget(deployed.runtime.ports.tables, question)
    return goes_on


def wake(deployed: Deployed, job_id: str, beside: str = "") -> None:
    """Answer every token of a job that need not wait any more; start an execution if the job has none.

    With `beside`, a name for what asks for it, one is started although another runs: that one may be past the branch
    in which something is to be done again, and wait for a person in another.
    """
    waiting = list(_tokens.waiting(deployed.runtime.ports.tables, job_id))
    answered = [answer_if_there_is_news(deployed, question) for question in waiting]
    job = deployed.runtime.ports.jobs.get(job_id)
    if job is not None and (beside or not any(answered)):
        _ensure_execution(deployed, job, beside)


def _ensure_execution(deployed: Deployed, job: Job, beside: str) -> None:
    """Start an execution for a job that goes on, unless one runs or is to be left alone.

    The first is named by the job; of a job that was redriven after its execution had ended, `{job_id}.1` is next.
    """
    if job.status.has_ended or job.status is JobStatus.UPLOAD_PENDING:
        return
    if job.pipeline not in deployed.runtime.runner.pipelines():
        log.warning("a job's pipeline is not deployed here", job_id=job.id, pipeline=job.pipeline)
        return
    for number in range(MOST_EXECUTIONS):
        name = f"{job.id}.{number}" if number else job.id
        runs = deployed.executions.is_running(job.pipeline, name)
        if runs and not beside:
            return
        if runs:
            name = f"{job.id}.{beside}"
        if runs or runs is None:
            # Of many who find none, or the same reason, one starts it: the name is taken then.
            if deployed.executions.start(job.pipeline, name, {"job_id": job.id}):
                log.info("an execution was started", job_id=job.id, execution=name)
            return
