"""Counts what the event log says, from the start of this process on; the log tells of every worker's work."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram

from pressroom.events import Event
from pressroom.ports import Ports

V = TypeVar("V")

_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600)
_MOST_REMEMBERED = 10_000
_MOST_BATCHES = 50
"""Of a thousand events, read for one scrape, so that none takes long; the next one goes on from there."""

_JOB_STATUS = {
    "JobRequested": "pending",
    "JobStarted": "processing",
    "JobResumed": "processing",
    "JobHeld": "held",
    "JobCompleted": "completed",
    "JobFailed": "failed",
    "JobSkipped": "skipped",
    "JobCancelled": "cancelled",
    "JobExpired": "expired",
}
_POST_STATE = {
    "PublicationRequested": "requested",
    "PostPublished": "published",
    "PostRejected": "rejected",
    "PostHeld": "held",
}
_OTHERS = ("StepCompleted", "StepFailed", "PublishAttempted", "DeliveryDied", "ScheduleMissed")


class Measurements:
    """The counters of one server, brought up to the end of the log whenever they are read."""

    def __init__(self, ports: Ports) -> None:
        self._events, self._job_store = ports.events, ports.jobs
        self._position = ports.events.last_position()
        self._lock = threading.Lock()
        self._pipelines: OrderedDict[str, str] = OrderedDict()
        self._begun: OrderedDict[str, datetime] = OrderedDict()
        self.registry = registry = CollectorRegistry()
        labels = ("pipeline", "step")
        self._jobs = Counter("pressroom_jobs", "Jobs that came to a status.", ("pipeline", "status"), registry=registry)
        self._steps = Histogram(
            "pressroom_step_seconds", "How long completed steps ran.", labels, buckets=_SECONDS, registry=registry
        )
        self._step_failures = Counter("pressroom_step_failures", "Failed attempts at steps.", labels, registry=registry)
        self._posts = Counter(
            "pressroom_publications", "Publications that came to a state.", ("channel", "state"), registry=registry
        )
        self._publishing = Histogram(
            "pressroom_publish_seconds",
            "From the attempt that was committed to its outcome.",
            ("channel", "outcome"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._died = Counter("pressroom_deliveries_died", "Deliveries that died.", ("queue",), registry=registry)
        self._missed = Counter(
            "pressroom_schedules_missed", "Starts missed while nothing ran.", ("pipeline",), registry=registry
        )

    def catch_up(self) -> None:
        """Count the events since the last time; after a long time without a reader, a part of them."""
        types = (*_JOB_STATUS, *_POST_STATE, *_OTHERS)
        with self._lock:
            for _ in range(_MOST_BATCHES):
                events = self._events.after(self._position, limit=1000, types=types)
                for event in events:
                    self._count(event)
                    self._position = event.position or self._position
                if len(events) < 1000:
                    return

    def _count(self, event: Event) -> None:
        data = event.data
        if status := _JOB_STATUS.get(event.type):
            if event.type == "JobRequested":
                status = str(data.get("status", status))
            self._jobs.labels(self._pipeline_of(event), status).inc()
        elif state := _POST_STATE.get(event.type):
            self._posts.labels(data["channel"], state).inc()
            if begun := self._begun.pop(event.subject, None):
                took = (event.time - begun).total_seconds()
                self._publishing.labels(data["channel"], state).observe(max(0.0, took))
        elif event.type == "PublishAttempted":
            _remember(self._begun, event.subject, event.time)
        elif event.type == "StepCompleted":
            self._steps.labels(self._pipeline_of(event), _plain(data["step"])).observe(float(data.get("seconds", 0)))
        elif event.type == "StepFailed":
            self._step_failures.labels(self._pipeline_of(event), _plain(data["step"])).inc()
        elif event.type == "DeliveryDied":
            self._died.labels(data["queue"]).inc()
        elif event.type == "ScheduleMissed":
            self._missed.labels(data["pipeline"]).inc()

    def _pipeline_of(self, event: Event) -> str:
        job_id = event.job_id or event.subject
        if name := event.data.get("pipeline"):
            _remember(self._pipelines, job_id, str(name))
        elif job_id not in self._pipelines:
            job = self._job_store.get(job_id)
            _remember(self._pipelines, job_id, job.pipeline if job else "unknown")
        return self._pipelines[job_id]


def _remember(known: OrderedDict[str, V], key: str, value: V) -> None:
    known[key] = value
    while len(known) > _MOST_REMEMBERED:
        known.popitem(last=False)


def _plain(step: str) -> str:
    """Return a step's path without the names of its items, which would make a label of each of them."""
    return "".join(part.partition("]")[2] if number else part for number, part in enumerate(step.split("[")))
