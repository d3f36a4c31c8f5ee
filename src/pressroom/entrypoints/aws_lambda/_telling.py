"""What a function tells of itself beside its log: counts for CloudWatch, and its part of a trace for X-Ray.

Both are Powertools', and loaded only where there is somebody to tell: in Lambda.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

NAMESPACE = "Pressroom"
IN_LAMBDA, _TRACED = "AWS_LAMBDA_FUNCTION_NAME", "_X_AMZN_TRACE_ID"


class Counts:
    """Counts of one call; written down with its end, in one line that CloudWatch reads."""

    def __init__(self, metrics: Any = None) -> None:
        self._metrics = metrics

    def count(self, what: str, number: float = 1) -> None:
        if self._metrics is not None:
            self._metrics.add_metric(name=what, unit="Count", value=number)


@contextmanager
def counted(function: str, deployment: str, environment: Mapping[str, str]) -> Iterator[Counts]:
    """Yield where to count; how often the function was called and failed is counted anyway."""
    if IN_LAMBDA not in environment:
        yield Counts()
        return
    from aws_lambda_powertools import Metrics

    metrics = Metrics(namespace=NAMESPACE, service=function)
    metrics.set_default_dimensions(deployment=deployment)
    counts = Counts(metrics)
    counts.count("Calls")
    try:
        yield counts
    except Exception:
        counts.count("Failures")
        raise
    finally:
        metrics.flush_metrics()


@contextmanager
def traced(function: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Let X-Ray see a part of its own for this call, and in it each call of AWS."""
    if _TRACED not in environment:
        yield
        return
    from aws_lambda_powertools import Tracer

    tracer = Tracer(service=function, auto_patch=False)
    tracer.patch(("botocore",))
    opened: Any = tracer.provider.in_subsegment(name=f"## {function}")
    with opened as part:
        try:
            yield
        except Exception as error:
            # Only its kind: what an error says may quote what somebody else sent.
            part.add_fault_flag()
            part.put_annotation("error", type(error).__name__)
            raise


def note(environment: Mapping[str, str], job_id: str) -> None:
    """Let the trace of this call be found by its job."""
    if _TRACED in environment:
        from aws_lambda_powertools import Tracer

        Tracer(auto_patch=False).put_annotation("job_id", job_id)
