"""Describes what a plugin failed with unforeseen, without any secret: a library's message may quote a request."""

from __future__ import annotations

from pressroom.errors import PressroomError, problem_of
from pressroom.ports import Secrets
from pressroom.redaction import redactor


class Defect(PressroomError):
    """A publisher or a generator failed in a way that nobody foresaw."""


def defect_of(error: BaseException, where: str, secrets: Secrets) -> Defect:
    """Return what may be stored and shown of an exception that is not ours; its traceback belongs into the log."""
    problem = problem_of(error, where)
    without_secrets = redactor(_values(secrets))
    return Defect(without_secrets(problem.what), where=where, todo=problem.todo)


def _values(secrets: Secrets) -> list[str]:
    try:
        return [value for name in secrets.names() if (value := secrets.get(name))]
    except (PressroomError, OSError):
        return []  # what cannot be read now was not sent either; what looks like a secret is taken out all the same
