"""The tokens of tasks that wait for an event or a person: kept with the job, and answered once there is news.

With a token whoever has it answers for the task, so none of them is ever written to a log.
"""

from __future__ import annotations

from collections.abc import Iterator

from pressroom.deployment.standing import Question
from pressroom.ports import Tables

_TABLE = "task tokens of "
"""One table for each job, so that its tokens are found without looking through the others'."""


def keep(tables: Tables, question: Question) -> None:
    """Keep the token that the machine asks with, in the place of an older one of the same node."""
    tables.put(_TABLE + question.job_id, {_key(question.path): {"path": question.path, "token": question.task_token}})


def waiting(tables: Tables, job_id: str) -> Iterator[Question]:
    """Yield the questions that are still to be answered."""
    for row in tables.all(_TABLE + job_id).values():
        yield Question(job_id, row["path"], row["token"])


def forget(tables: Tables, question: Question) -> None:
    """Forget a token that was answered; a newer one of the same node stays."""
    table, key = _TABLE + question.job_id, _key(question.path)
    kept = tables.get(table, key)
    if kept is not None and kept["token"] == question.task_token:
        tables.remove(table, [key])


def _key(path: str) -> str:
    return f"at {path}"  # also that of the job as a whole, whose path is empty
