"""Runs the deliveries of jobs: a step, an event that a job waits for, a deadline; and decides what follows.

Whatever a delivery comes to is one change: the step's record, its events, what starts next, and the settlement.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from pressroom import plan, telemetry
from pressroom.arguments import Context, Provide, call
from pressroom.bus import Bus, Subscription
from pressroom.changes import Change, change_job
from pressroom.deliveries import Again, Bury, Delivery, Done, Settlement, Task
from pressroom.errors import (
    BadInput,
    Conflict,
    Held,
    LeaseLost,
    PressroomError,
    Problem,
    Skip,
    UnknownName,
    problem_of,
)
from pressroom.events import Event
from pressroom.following import Following, Happening, Records, item_of, job_event, why_failed
from pressroom.gates import closed, opened, waited
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.log import bound, log
from pressroom.pipeline import DEFAULT_QUEUE, Outcome, Pipeline, PipelineSettings, Step
from pressroom.ports import Clock, JobStore
from pressroom.retry import Dead, decide, of_dead
from pressroom.step_ends import announced, failed_late, vanished
from pressroom.upload_assets import found_upload

CONFLICTS = 50
"""Decisions made anew because another branch of the job committed first, before we call it a defect."""


class Execution:
    def __init__(
        self,
        bus: Bus,
        jobs: JobStore,
        clock: Clock,
        pipelines: Mapping[str, Pipeline],
        settings: Mapping[str, PipelineSettings],
        provide: Provide,
    ) -> None:
        self.bus, self.jobs, self.clock = bus, jobs, clock
        self.pipelines, self.settings, self.provide = pipelines, settings, provide

    # --- what the worker calls

    def run(self, delivery: Delivery) -> None:
        """Deal with a delivery of a job and settle it. Raises only what the worker must know: `LeaseLost`."""
        job = self.jobs.get(delivery.job_id or "")
        pipeline = self.pipelines.get(job.pipeline) if job else None
        if job is None or job.status.has_ended:
            return self.bus.commit(Change(settled=Done(delivery)))
        if pipeline is None:
            return self._bury(job, delivery, f"There is no pipeline {job.pipeline} here.")
        if delivery.task is Task.DEADLINE:
            return self._deadline(pipeline, job, delivery)
        return self._step(pipeline, job, delivery)

    def subscriptions(self) -> list[Subscription]:
        """Return a subscription for each pipeline whose jobs wait for events."""
        return [self._gate(pipeline) for pipeline in self.pipelines.values() if pipeline.gates()]

    # --- steps

    def _step(self, pipeline: Pipeline, job: Job, delivery: Delivery) -> None:
        path = delivery.name
        node = plan.find(pipeline.steps + pipeline.on_failure, path)
        records = self.jobs.steps(job.id)
        record = records.get(path)
        if record is None or record.status.is_over:
            return self.bus.commit(Change(settled=Done(delivery)))
        if not isinstance(node, Step):
            return self._bury(job, delivery, f"The pipeline {pipeline.name} has no step {path} any more.")
        job = self._started(job, delivery)
        if job.status.has_ended:  # somebody cancelled it at this moment
            return self.bus.commit(Change(settled=Done(delivery)))
        started = self.clock.now()
        lost = delivery.attempt - 1 - delivery.failures
        if lost:
            log.warning("a worker vanished while it ran this step", job_id=job.id, step=path, so_far=lost)
            job = self.commit(pipeline, job, lambda known: vanished(known[path], job, delivery, started)) or job
        try:
            if lost >= node.retry.lost_workers:
                raise BadInput(
                    f"{lost} workers vanished while they ran the step {path}.",
                    todo="Look for what ends the process (memory, a native library); then redrive it.",
                )
            context = self._context(pipeline, job, records, path, delivery)
            with (
                bound(job_id=job.id, step=path),
                telemetry.span(f"step {node.name}", job_id=job.id, pipeline=pipeline.name, step=path),
            ):
                returned = call(node.run, context, self.provide)
        except LeaseLost:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - every failure becomes part of the job's record
            return self._failed(pipeline, job, delivery, node, error, started)
        return self._completed(pipeline, job, delivery, returned, started)

    def _started(self, job: Job, delivery: Delivery) -> Job:
        """Mark the job as begun, unless another of its first steps has done so."""
        while job.status is JobStatus.PENDING:
            event = job_event("JobStarted", job, self.clock.now(), delivery.event)
            try:
                self.bus.commit(change_job(job, [event]))
            except Conflict:
                log.debug("another step began the job first", job_id=job.id)
            job = self._again(job)
        return job

    def _completed(self, pipeline: Pipeline, job: Job, delivery: Delivery, returned: Any, started: datetime) -> None:
        outcome = returned if isinstance(returned, Outcome) else Outcome(output=returned)
        now, path = self.clock.now(), delivery.name

        def happening(records: Records) -> Happening:
            record = records[path]
            is_late = record.status is StepStatus.PASSED_OVER
            if record.status.is_over and not is_late:
                return Happening(settled=Done(delivery))  # the deadline of the whole pipeline was faster
            ended = replace(
                record,
                status=record.status if is_late else StepStatus.COMPLETED,
                output=outcome.output.model_dump(mode="json") if outcome.output is not None else None,
                error=None,
                attempts=delivery.attempt,
                started_at=started,
                completed_at=now,
            )
            return Happening(
                events=announced(outcome, job, delivery, started, now, is_late=is_late),
                records=(ended,),
                settled=Done(delivery),
                assets=outcome.assets,
                is_late=is_late,
            )

        # A branch beside this one has nearly always changed the job since: to commit on what it was would be in vain.
        self.commit(pipeline, self._again(job), happening)

    def _failed(
        self,
        pipeline: Pipeline,
        job: Job,
        delivery: Delivery,
        node: Step,
        error: Exception | SystemExit,
        started: datetime,
    ) -> None:
        now, path = self.clock.now(), delivery.name
        problem = problem_of(error, where=f"step {path} of {pipeline.name}")
        if not isinstance(error, PressroomError):
            log.exception("a step failed unexpectedly", job_id=job.id, step=path)
        settled: Settlement = Done(delivery)
        events: list[Event] = []
        ends: Event | None = None
        is_failure = not isinstance(error, Skip | Held)
        if isinstance(error, Skip):
            status = StepStatus.COMPLETED
            ends = self._event("JobSkipped", job.id, job, delivery.event, {"error": problem.as_dict()})
        elif isinstance(error, Held):
            status = StepStatus.HELD
        else:
            decision = decide(error, delivery.failures + 1, node.retry, now, random.random())
            data: dict[str, Any] = {"step": path, "attempt": delivery.attempt, "error": problem.as_dict()}
            if isinstance(decision, Dead):
                problem = of_dead(problem, decision, delivery.id)
                data["error"] = problem.as_dict()
                status, settled = StepStatus.FAILED, Bury(delivery, problem)
                events.append(self._event("StepFailed", path, job, delivery.event, data | {"retry_at": None}))
                dead = {"queue": delivery.queue, "name": path, "error": problem.as_dict()}
                events.append(self._event("DeliveryDied", str(delivery.id), job, events[-1], dead))
            else:
                status = StepStatus.READY
                settled = Again(delivery, decision.at, problem, decision.counts, decision.queue)
                if not decision.counts:
                    # Nothing happened but waiting, which changes nothing about the job.
                    self.bus.commit(Change(settled=settled))
                    return
                data["retry_at"] = decision.at.isoformat()
                events.append(self._event("StepFailed", path, job, delivery.event, data))

        def happening(records: Records) -> Happening:
            if records[path].status is StepStatus.PASSED_OVER:
                return failed_late(records[path], job, delivery, problem if is_failure else None, started, now)
            if records[path].status.is_over:
                return Happening(settled=Done(delivery))
            record = replace(
                records[path],
                status=status,
                error=problem,
                attempts=delivery.attempt,
                started_at=started,
                completed_at=now if status.is_over else None,
            )
            return Happening(events=tuple(events), records=(record,), settled=settled, ends=ends)

        self.commit(pipeline, job, happening)

    def _bury(self, job: Job, delivery: Delivery, what: str) -> None:
        """Keep a delivery that nothing here can run: another version of the pipelines may know what it is."""
        problem = Problem(
            what,
            delivery.name,
            "Install what has it, then redrive the delivery; or cancel the job.",
            UnknownName.__name__,
        )
        dead = {"queue": delivery.queue, "name": delivery.name, "error": problem.as_dict()}
        died = self._event("DeliveryDied", str(delivery.id), job, delivery.event, dead)
        self.bus.commit(Change(events=(died,), settled=Bury(delivery, problem)))

    # --- events and deadlines

    def _gate(self, pipeline: Pipeline) -> Subscription:
        gates = pipeline.gates()

        def handle(event: Event) -> None:
            job = self.jobs.get(event.job_id or "")
            if job is None or job.pipeline != pipeline.name or job.status.has_ended:
                return
            for gate in filter(lambda gate: gate.matches(event), gates):
                happening = partial(opened, gate, job, event, now=self.clock.now())
                self.commit(pipeline, job, happening, cause=event)

        return Subscription(
            name=f"pipeline:{pipeline.name}",
            types=frozenset(gate.event for gate in gates),
            handle=handle,
            queue=DEFAULT_QUEUE,
            wants=lambda event: event.job_id is not None and any(gate.matches(event) for gate in gates),
        )

    def _deadline(self, pipeline: Pipeline, job: Job, delivery: Delivery) -> None:
        now, path = self.clock.now(), delivery.name
        node = plan.find(pipeline.steps + pipeline.on_failure, path)
        if path and node is None:
            self._bury(job, delivery, f"The pipeline {pipeline.name} has no {path} any more.")
            return
        happening = partial(closed, pipeline, node, delivery, now=now)
        if node is not None and node is pipeline.upload_gate:
            waits = job.status is JobStatus.UPLOAD_PENDING
            context = self._context(pipeline, job, {}, path, delivery)
            found = call(found_upload, context, self.provide) if waits else None
            happening = partial(waited, pipeline, job, delivery, found, now=now)
        self.commit(pipeline, job, happening)

    # --- what follows

    def commit(
        self,
        pipeline: Pipeline,
        job: Job,
        happening: Callable[[Records], Happening | None],
        cause: Event | None = None,
    ) -> Job | None:
        """Store a happening with everything that follows from it; decide anew if another branch was faster.

        Returns the job as it then stands; None if nothing happened to it, because it has ended or was further on.
        """
        for _ in range(CONFLICTS):
            records = self.jobs.steps(job.id)
            what = happening(records)
            if what is None:
                return None
            if job.status.has_ended and not (what.is_late and job.status.keeps_what_is_late):
                if what.settled is not None:
                    self.bus.commit(Change(settled=what.settled))
                return None
            change = self._following(pipeline, job, cause).change(records, what)
            try:
                self.bus.commit(change)
                return change.jobs[0].after
            except Conflict:
                job = self._again(job)
        raise Conflict(f"The job {job.id} changed {CONFLICTS} times while one step was being stored.")

    def _context(self, pipeline: Pipeline, job: Job, records: Records, path: str, delivery: Delivery) -> Context:
        _, bracket, rest = path.partition("[")
        return Context(
            pipeline=pipeline,
            settings=self.settings[pipeline.name],
            job=job,
            records=records,
            suffix=bracket + rest,
            path=path,
            item=item_of(pipeline, records, path),
            error=why_failed(pipeline, records) if plan.find(pipeline.on_failure, path) else None,
            extra=delivery.data,
            attempt=delivery.attempt,
            cause=delivery.event,
        )

    def _following(self, pipeline: Pipeline, job: Job, cause: Event | None) -> Following:
        return Following(
            pipeline=pipeline,
            settings=self.settings[pipeline.name],
            provide=self.provide,
            job=job,
            now=self.clock.now(),
            cause=cause,
        )

    def _again(self, job: Job) -> Job:
        found = self.jobs.get(job.id)
        assert found is not None, "a job's row is never removed"
        return found

    def _event(self, type_: str, subject: str, job: Job, cause: Event | None, data: dict[str, Any]) -> Event:
        return job_event(type_, job, self.clock.now(), cause, subject=subject, data=data)
