"""Traces: what a collector receives from real processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from pressroom import telemetry

JOB = "job_0197f3c25b1e7f00a1b2c3d4e5f60718"
WORK = """
import sys
from pressroom import telemetry
from pressroom.config import Telemetry

stop = telemetry.start(Telemetry(otlp_endpoint=sys.argv[1]))
try:
    with telemetry.span("step publish_post", job_id="JOB", pipeline="daily_post"):
        with telemetry.span("publish", job_id="JOB", channel="main"):
            if "fail" in sys.argv:
                raise ValueError("the token is hunter2")
except ValueError:
    pass
with telemetry.span("elsewhere"):
    pass
stop()
""".replace("JOB", JOB)


class Collector(ThreadingHTTPServer):
    """An OTLP endpoint that keeps the spans it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receive)
        self.spans: list[Span] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Receive(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/v1/traces":
            for resource in body.resource_spans:
                for scope in resource.scope_spans:
                    self.server.spans.extend(scope.spans)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def work(collector: Collector, *arguments: str) -> dict[str, Span]:
    """Run the work in a process of its own; return the spans that the collector got from it, by name."""
    collector.spans.clear()
    subprocess.run([sys.executable, "-c", WORK, collector.url, *arguments], check=True, timeout=60)
    return {span.name: span for span in collector.spans}


def test_spans_of_one_job_join_in_one_trace_from_whichever_process_they_come(collector: Collector) -> None:
    traces = {work(collector)["step publish_post"].trace_id.hex() for _ in range(2)}
    assert traces == {JOB.removeprefix("job_")}


def test_what_happens_within_a_step_is_its_child(collector: Collector) -> None:
    spans = work(collector)
    assert spans["publish"].parent_span_id == spans["step publish_post"].span_id
    assert spans["publish"].trace_id == spans["step publish_post"].trace_id


def test_a_span_says_what_it_was_about(collector: Collector) -> None:
    span = work(collector)["publish"]
    said = {attribute.key: attribute.value.string_value for attribute in span.attributes}
    assert said == {"pressroom.job_id": JOB, "pressroom.channel": "main"}


def test_what_belongs_to_no_job_has_a_trace_of_its_own(collector: Collector) -> None:
    spans = work(collector)
    assert spans["elsewhere"].trace_id != spans["publish"].trace_id


def test_a_failure_marks_its_spans_and_tells_only_its_kind(collector: Collector) -> None:
    span = work(collector, "fail")["publish"]
    assert span.status.code == Status.STATUS_CODE_ERROR
    assert "ValueError" in str(span)
    assert "hunter2" not in str(span)


def test_without_an_endpoint_nothing_is_imported_and_spans_cost_nothing() -> None:
    script = """
import sys
from pressroom import telemetry
from pressroom.config import Telemetry

stop = telemetry.start(Telemetry())
with telemetry.span("step", job_id="job_1"):
    pass
stop()
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("job_id", ["job_1", "", "job_" + "0" * 32, "job_" + "z" * 32])
def test_every_job_id_has_a_trace_that_is_valid(job_id: str) -> None:
    assert 0 < telemetry.trace_id_of(job_id) < 2**128
