"""One call of a function: the runtime, the time that is left, and its log, metrics and trace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pressroom.entrypoints.aws_lambda._opened import Container, container
from pressroom.entrypoints.aws_lambda._telling import Counts, counted, note, traced

if TYPE_CHECKING:
    from pressroom.deployment.standing import Answer, Question
    from pressroom.runtimes.aws import Deployed

T = TypeVar("T")

MARGIN = timedelta(seconds=30)
"""By how much a lease outlasts its function, so that clocks that differ never let two run one delivery."""


class Invocation:
    def __init__(
        self, function: str, context: Any, held: Container, counts: Counts, environment: Mapping[str, str]
    ) -> None:
        self.function, self._context, self._container = function, context, held
        self._counts, self._environment = counts, environment

    @property
    def deployed(self) -> Deployed:
        return self._container.deployed()

    def kept(self, name: str, make: Callable[[Deployed], T]) -> T:
        """Return what this container keeps between calls under a name, made when first asked for."""
        return self._container.kept(name, make)

    def answers(self, question: Question, given: Answer) -> dict[str, Any]:
        """Count an answer to a state machine, and return it as JSON."""
        self._counts.count(f"Answered{given.go.value.title().replace('_', '')}")
        note(self._environment, question.job_id)
        return given.as_dict()

    def count(self, what: str, number: float = 1) -> None:
        self._counts.count(what, number)

    @property
    def time_left(self) -> timedelta:
        """Until AWS kills this call."""
        return timedelta(milliseconds=self._context.get_remaining_time_in_millis())

    @property
    def lease(self) -> timedelta:
        """How long a delivery claimed now stays with this call: longer than it can run."""
        return self.time_left + MARGIN


@contextmanager
def invoked(function: str, context: Any, environment: Mapping[str, str] = os.environ) -> Iterator[Invocation]:
    """Let every line of the log within tell which call it is of; count and trace what happens within."""
    from pressroom.log import bound, log

    said = {"function": function, "request_id": getattr(context, "aws_request_id", "")}
    deployment = environment.get("PRESSROOM_AWS__NAME", "")
    with (
        bound(**said),
        traced(function, environment),
        counted(function, deployment, environment) as counts,
    ):
        try:
            yield Invocation(function, context, container(), counts, environment)
        except Exception:
            log.exception("a function failed; its word comes again")
            raise
