"""`/metrics` for Prometheus: counters from the event log, and what stands where at the moment of asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import prometheus_client
from fastapi import APIRouter, Request
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from starlette.responses import Response

import pressroom
from pressroom.channel_desk import waiting_room
from pressroom.costs import Budget, Span
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime

router = APIRouter()

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "In Prometheus' text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
_MOST_LISTED = 1000
_OPEN_STATES = tuple(state for state in PublicationState if not state.is_final)


@router.get("/metrics", operation_id="read_metrics", tags=["health"], response_class=Response, responses=_ANSWER)
def metrics(runtime: RuntimeHere, request: Request) -> Response:
    """Return counters and gauges for Prometheus."""
    measurements = request.app.state.measurements
    measurements.catch_up()
    registry = prometheus_client.CollectorRegistry()
    registry.register(_Standing(runtime))
    text = prometheus_client.generate_latest(measurements.registry) + prometheus_client.generate_latest(registry)
    return Response(text, media_type=prometheus_client.CONTENT_TYPE_LATEST)


class _Standing:
    """Reads the ports anew each time it is collected."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def collect(self) -> Iterator[Metric]:
        ports = self.runtime.ports
        yield InfoMetricFamily("pressroom_build", "What runs here.", value={"version": pressroom.__version__})
        jobs = GaugeMetricFamily("pressroom_jobs_now", "Jobs of each status.", labels=["status"])
        for status, count in ports.jobs.count().items():
            jobs.add_metric([status], count)
        yield jobs
        yield from self._queues()
        dead = GaugeMetricFamily("pressroom_deliveries_dead", "Dead deliveries (counted to 1000).", labels=["queue"])
        for queue, count in Counter(letter.queue for letter in ports.dead_letters.find(limit=_MOST_LISTED)).items():
            dead.add_metric([queue], count)
        yield dead
        open_posts = GaugeMetricFamily(
            "pressroom_publications_open", "Publications without an end (counted to 1000).", labels=["channel", "state"]
        )
        found = ports.publications.find(states=_OPEN_STATES, limit=_MOST_LISTED)
        for (channel, state), count in Counter((one.channel, one.state.value) for one in found).items():
            open_posts.add_metric([channel, state], count)
        yield open_posts
        yield from self._costs()
        paused = GaugeMetricFamily("pressroom_channel_paused", "1 if a person must act.", labels=["channel"])
        for name in self.runtime.publishing.channels():
            paused.add_metric([name], 1 if ports.channel_states.get(name).paused else 0)
        yield paused

    def _queues(self) -> Iterator[Metric]:
        now = self.runtime.ports.clock.now()
        waiting = GaugeMetricFamily("pressroom_deliveries_waiting", "Due and unclaimed.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "pressroom_oldest_waiting_seconds", "How long the oldest of them has been due.", labels=["queue"]
        )
        lines = {waiting_room(channel) for channel in self.runtime.publishing.channels()}
        for queue, (count, since) in self.runtime.ports.queue.oldest_waiting().items():
            waiting.add_metric([queue], count)
            if queue not in lines:  # what stands in a line is due when its channel says so, and late only then
                oldest.add_metric([queue], max(0.0, (now - since).total_seconds()))
        yield waiting
        yield oldest

    def _costs(self) -> Iterator[Metric]:
        ports = self.runtime.ports
        now = ports.clock.now()
        costs = GaugeMetricFamily(
            "pressroom_cost_usd", "Spent in this day or month (UTC).", labels=["pipeline", "span"]
        )
        for pipeline in self.runtime.runner.pipelines():
            for span in (Span.DAY, Span.MONTH):
                since = Budget(span, Decimal(0)).begins(now)
                costs.add_metric([pipeline, span.value], float(ports.costs.spent(since, pipeline=pipeline)))
        yield costs
