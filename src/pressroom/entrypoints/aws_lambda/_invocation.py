"""One call of a function: the runtime, the time that is left, and its log, metrics and trace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pressroom.entrypoints.aws_lambda._opened import Container, container

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

T = TypeVar("T")

MARGIN = timedelta(seconds=30)
"""By how much a lease outlasts its function, so that clocks that differ never let two run one delivery."""


class Invocation:
    def __init__(self, function: str, context: Any, held: Container) -> None:
        self.function, self._context, self._container = function, context, held

    @property
    def deployed(self) -> Deployed:
        return self._container.deployed()

    def kept(self, name: str, make: Callable[[Deployed], T]) -> T:
        """Return what this container keeps between calls under a name, made when first asked for."""
        return self._container.kept(name, make)

    @property
    def time_left(self) -> timedelta:
        """Until AWS kills this call."""
        return timedelta(milliseconds=self._context.get_remaining_time_in_millis())

    @property
    def lease(self) -> timedelta:
        """How long a delivery claimed now stays with this call: longer than it can run."""
        return self.time_left + MARGIN


@contextmanager
def invoked(function: str, context: Any) -> Iterator[Invocation]:
    """Let every line of the log within tell which call it is of; measure and trace what happens within."""
    from pressroom.log import bound, log

    call = Invocation(function, context, container())
    said = {"function": function, "request_id": getattr(context, "aws_request_id", "")}
    with bound(**said), _traced(function):
        try:
            yield call
        except Exception:
            log.exception("a function failed; its word comes again")
            raise


@contextmanager
def _traced(function: str) -> Iterator[None]:
    """Let X-Ray see a part of its own, where Lambda passes a trace on."""
    if "_X_AMZN_TRACE_ID" not in os.environ:
        yield
        return
    from aws_lambda_powertools import Tracer

    tracer = Tracer(service=function, auto_patch=False)
    with tracer.provider.in_subsegment(name=f"## {function}"):
        yield
