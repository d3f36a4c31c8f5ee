"""OpenTelemetry traces: one trace a job, from whichever processes work on it. Costs nothing unless it is started."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.config import Telemetry

_SDK = "opentelemetry.sdk.trace"
_TRACE_KEY = "pressroom.trace_id"


def start(settings: Telemetry, *, service: str = "pressroom") -> Callable[[], None]:
    """Send spans to the configured endpoint from now on; the function returned sends the rest and ends it.

    Called once in a process, by its entry point. Without an endpoint nothing is imported.
    """
    if not settings.otlp_endpoint:
        return lambda: None
    from opentelemetry import context, trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    import pressroom

    class IdsOfJobs(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            known = context.get_value(_TRACE_KEY)
            return known if isinstance(known, int) else super().generate_trace_id()

    provider = TracerProvider(
        resource=Resource.create({"service.name": service, "service.version": pressroom.__version__}),
        id_generator=IdsOfJobs(),
    )
    endpoint = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def span(
    name: str, *, job_id: str | None = None, **attributes: str | int | float | bool
) -> AbstractContextManager[None]:
    """Measure what happens inside as a span of the job's trace; an exception marks it as failed and goes on."""
    if _SDK not in sys.modules:
        return nullcontext()
    return _span(name, job_id, attributes)


def trace_id_of(job_id: str) -> int:
    """Return the trace of a job: the id's own 128 bits, so that every process finds the same without asking."""
    digits = job_id.rpartition("_")[2]
    try:
        number = int(digits, 16) if len(digits) == 32 else 0
    except ValueError:
        number = 0
    # A trace id of zero means none.
    return number or int.from_bytes(hashlib.sha256(job_id.encode()).digest()[:16]) or 1


@contextmanager
def _span(name: str, job_id: str | None, attributes: dict[str, Any]) -> Iterator[None]:
    from opentelemetry import context, trace

    known = {f"pressroom.{key}": value for key, value in attributes.items()}
    token = None
    if job_id:
        known["pressroom.job_id"] = job_id
        token = context.attach(context.set_value(_TRACE_KEY, trace_id_of(job_id)))
    try:
        with trace.get_tracer("pressroom").start_as_current_span(
            name, attributes=known, record_exception=False, set_status_on_exception=False
        ) as current:
            try:
                yield
            except BaseException as error:
                # Only its kind: what an error says may quote what somebody else sent.
                current.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__name__))
                current.set_attribute("error.type", type(error).__name__)
                raise
    finally:
        if token is not None:
            context.detach(token)
