"""Starts jobs and changes their course: request, cancel, retry, redrive, discard. Running them is `execution`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from pressroom.arguments import Context, call
from pressroom.bus import Subscription
from pressroom.changes import Change, change_job
from pressroom.deliveries import DeadLetter, Task
from pressroom.errors import BadInput, Conflict, NotFound, UnknownName
from pressroom.events import Event
from pressroom.execution import CONFLICTS, Execution
from pressroom.following import Following, Happening, deadline_delivery, job_event
from pressroom.ids import new_id
from pressroom.jobs import Job, JobStatus, apply
from pressroom.pipeline import On, Pipeline, Start
from pressroom.ports import DeadLetters, EventLog, JobStore, Publications
from pressroom.publications import PublicationState
from pressroom.redaction import redact
from pressroom.redriving import redriven, refuse_if_over, reopening
from pressroom.upload_terms import Announced, held_as, terms_for

Along = Callable[[Sequence[Job]], Change]
"""Makes, of the jobs that a request means, what is stored in the same commit: their ids are known by then."""
_MAY_BE_REPEATED = (JobStatus.FAILED, JobStatus.SKIPPED, JobStatus.CANCELLED, JobStatus.EXPIRED)


class Runner:
    def __init__(
        self,
        execution: Execution,
        jobs: JobStore,
        dead_letters: DeadLetters,
        publications: Publications,
        events: EventLog,
    ) -> None:
        self.execution, self._bus, self._clock = execution, execution.bus, execution.clock
        self._jobs, self._dead, self._publications, self._events = jobs, dead_letters, publications, events

    def pipelines(self) -> Mapping[str, Pipeline]:
        return self.execution.pipelines

    def pipeline(self, name: str) -> Pipeline:
        if name not in self.execution.pipelines:
            raise UnknownName("pipeline", name, self.execution.pipelines)
        return self.execution.pipelines[name]

    # --- starting

    def request(
        self,
        pipeline: str,
        input: dict[str, Any],
        *,
        trigger: str = "run",
        cause: Event | None = None,
        key: str | None = None,
        along: Change | Along = Change(),  # noqa: B008 - a frozen value
        upload: Announced | None = None,
    ) -> list[Job]:
        """Start the jobs that this request means, all or none of them, and return them.

        A job that already stands for the same key is returned as it is. `key` is what a start without keys of
        its own is the only one for. `along` is stored in the same commit, or what it makes of the jobs; raises
        `Conflict` if that does not find things as it expects. `upload` is the file that the jobs of an upload's
        pipeline wait for: see `uploads`.
        """
        declared = self.pipeline(pipeline)
        if upload is None and declared.upload_gate is not None:
            raise BadInput(
                f"{pipeline} works on a file, and none comes with this start.",
                where=pipeline,
                todo=f"Give -i file=PATH to `pressroom run {pipeline}`, or ask for an upload: POST /api/v1/uploads.",
            )
        starts = self._starts(declared, input, key)
        for _ in range(CONFLICTS):
            standing = {start.key: self._jobs.by_key(start.key) for start in starts if start.key}
            change, jobs = self._starting(declared, starts, standing, trigger, cause, upload)
            whole = (along(jobs) if callable(along) else along) + change
            try:
                if whole != Change():
                    self._bus.commit(whole)
            except Conflict:
                if all(self._jobs.by_key(key) == job for key, job in standing.items()):
                    raise  # it was not about the keys
                continue
            return jobs
        raise Conflict(f"Jobs of {pipeline} were started and ended by others {CONFLICTS} times meanwhile.")

    def keys(self, pipeline: str, input: dict[str, Any]) -> list[str | None]:
        """Return what each job of such a request would be the only one for, were it made now; None: for nothing."""
        return [start.key for start in self._starts(self.pipeline(pipeline), input, None)]

    def subscriptions(self) -> list[Subscription]:
        """Return a subscription for each pipeline that events start; each event starts it once."""
        return [
            self._started_by(pipeline) for pipeline in self.pipelines().values() if isinstance(pipeline.trigger, On)
        ]

    def _started_by(self, pipeline: Pipeline) -> Subscription:
        trigger = pipeline.trigger
        assert isinstance(trigger, On)

        def handle(event: Event) -> None:
            known = {name: value for name, value in event.data.items() if name in pipeline.input.model_fields}
            self.request(pipeline.name, known, trigger=event.type, cause=event, key=f"{pipeline.name}:{event.id}")

        return Subscription(
            name=f"start:{pipeline.name}", types=frozenset({trigger.event}), handle=handle, wants=trigger.matches
        )

    def _starts(self, pipeline: Pipeline, input: dict[str, Any], key: str | None) -> Sequence[Start]:
        try:
            checked = pipeline.input(**input)
        except ValidationError as error:
            raise _bad_input(pipeline, error) from error
        values = checked.model_dump(mode="json", exclude_defaults=True)
        if pipeline.starts is None:
            return [Start(values, key)]
        starts: Sequence[Start] = call(pipeline.starts, self.context(pipeline, values), self.execution.provide)
        return starts

    def context(self, pipeline: Pipeline, input: dict[str, Any] | None = None) -> Context:
        """Return what is known to a function of a pipeline that is asked before there is a job."""
        now, settings = self._clock.now(), self.execution.settings[pipeline.name]
        status = JobStatus.PENDING
        nobody = Job(id="", pipeline=pipeline.name, status=status, input=input or {}, created_at=now, updated_at=now)
        return Context(pipeline=pipeline, settings=settings, job=nobody, records={})

    def _starting(
        self,
        pipeline: Pipeline,
        starts: Sequence[Start],
        standing: Mapping[str, Job | None],
        trigger: str,
        cause: Event | None,
        upload: Announced | None,
    ) -> tuple[Change, list[Job]]:
        """Return the change that starts what does not stand yet, and the job of each start."""
        by_key, change, jobs = dict(standing), Change(), []
        for start in starts:
            job = by_key.get(start.key or "")
            if job is None or self._may_be_repeated(job):
                if job is not None:
                    change += change_job(job, [job_event("JobKeyReleased", job, self._clock.now())])
                first = self._first_change(pipeline, start, trigger, cause, upload)
                change, job = change + first, first.jobs[0].after
                by_key[start.key or new_id("start")] = job
            jobs.append(job)
        return change, jobs

    def _may_be_repeated(self, job: Job) -> bool:
        """Say whether a job came to nothing, so that the same may be asked for again."""
        return job.status in _MAY_BE_REPEATED and not any(
            publication.attempts for publication in self._publications.of_job(job.id)
        )

    def _first_change(
        self, pipeline: Pipeline, start: Start, trigger: str, cause: Event | None, upload: Announced | None
    ) -> Change:
        now = self._clock.now()
        settings = self.execution.settings[pipeline.name]
        keep = settings.keep or pipeline.keep
        job_id = new_id("job")
        data = {
            "pipeline": pipeline.name,
            "input": start.input,
            "key": start.key,
            "trigger": trigger,
            "expires_at": (now + keep).isoformat(),
        }
        terms = terms_for(pipeline, settings, upload, job_id, now) if upload else None
        if terms:
            data |= {"status": JobStatus.UPLOAD_PENDING.value, "upload": terms.as_dict(), "result": held_as(terms)}
        requested = Event(
            type="JobRequested",
            subject=job_id,
            time=now,
            data=data,
            job_id=job_id,
            cause_id=cause.id if cause else None,
        )
        job = apply(None, requested)
        assert job is not None
        following = Following(
            pipeline=pipeline, settings=settings, provide=self.execution.provide, job=job, now=now, cause=requested
        )
        first = following.change({}, Happening())
        # What follows from a job that stands is made into one change with the request that lets it stand.
        extra = tuple(event for event in first.events if event.type != "JobAdvanced")
        deliveries = first.deliveries
        if terms and pipeline.upload_gate:
            deliveries += (deadline_delivery(job_id, pipeline.upload_gate.name, terms.expires_at, requested),)
        elif pipeline.deadline is not None:
            deliveries += (deadline_delivery(job_id, "", now + pipeline.deadline, requested),)
        return change_job(None, [requested, *extra], steps=first.steps, deliveries=deliveries)

    # --- changing course

    def cancel(self, job_id: str) -> Job:
        """End a job at a person's wish; what it has published stays."""
        for _ in range(CONFLICTS):
            job = self._job(job_id)
            if job.status.has_ended:
                raise BadInput(f"The job {job_id} has already ended as {job.status}.", where=job_id)
            for publication in self._publications.of_job(job_id):
                if publication.state is PublicationState.PUBLISHING:
                    raise BadInput(
                        f"The job {job_id} is publishing on {publication.channel} at this moment.",
                        where=job_id,
                        todo="Wait until that is settled: the post may already be out.",
                    )
            change = change_job(job, [job_event("JobCancelled", job, self._clock.now())])
            try:
                self._bus.commit(change)
            except Conflict:
                continue
            return change.jobs[0].after
        raise Conflict(f"The job {job_id} changed {CONFLICTS} times while it was to be cancelled.")

    def retry(self, job_id: str) -> Job:
        """Redrive everything that is dead in a job."""
        self._job(job_id)
        letters = self._dead.find(job_id=job_id, limit=1000)
        if not letters:
            raise BadInput(f"Nothing in the job {job_id} is dead, so there is nothing to retry.", where=job_id)
        refused: BadInput | None = None
        for letter in letters:
            try:
                self.redrive(letter.id)
            except BadInput as error:
                refused = error  # the others are redriven all the same
        if refused is not None:
            raise refused
        return self._job(job_id)

    def redrive(self, dead_id: int, data: dict[str, Any] | None = None) -> None:
        """Put a dead delivery back on its queue; `data` gives arguments of its step by name, in place of its own."""
        letter = self._letter(dead_id)
        for _ in range(CONFLICTS):
            try:
                if not self._dead.redrive(dead_id, self._redriving(letter), data=data):
                    raise _gone(dead_id)
            except Conflict:
                continue
            self._bus.wake()
            return
        raise Conflict(f"The job {letter.job_id} changed {CONFLICTS} times while its step was to be redriven.")

    def discard(self, dead_id: int) -> None:
        """Remove a dead delivery for good; that it was there stays in the log."""
        letter = self._letter(dead_id)
        discarded = Event(
            type="DeliveryDiscarded",
            subject=str(dead_id),
            time=self._clock.now(),
            data={"queue": letter.queue, "name": letter.name, "job_id": letter.job_id},
            job_id=letter.job_id,
        )
        if not self._dead.discard(dead_id, Change(events=(discarded,))):
            raise _gone(dead_id)

    def _redriving(self, letter: DeadLetter) -> Change:
        """Return what changes when a dead delivery is put back; raises `BadInput` if its job must not go on."""
        job = self._job(letter.job_id) if letter.job_id and letter.task is Task.STEP else None
        if job is None:
            return Change(events=(redriven(letter, self._clock.now()),))
        requested = None if job.key else next(iter(self._events.of_job(job.id)), None)
        key = requested.data.get("key") if requested else None
        refuse_if_over(job, letter, self._jobs.by_key(key) if key else None)
        return reopening(letter, job, self._jobs.steps(job.id), self.pipeline(job.pipeline), self._clock.now())

    def _job(self, job_id: str) -> Job:
        job = self._jobs.get(job_id)
        if job is None:
            raise NotFound(
                f"There is no job {job_id}.", where=job_id, todo="`pressroom jobs` lists the jobs there are."
            )
        return job

    def _letter(self, dead_id: int) -> DeadLetter:
        letter = self._dead.get(dead_id)
        if letter is None:
            raise _gone(dead_id)
        return letter


def _gone(dead_id: int) -> NotFound:
    return NotFound(
        f"There is no dead letter {dead_id} (any more).", todo="`pressroom dead list` shows those there are."
    )


def _bad_input(pipeline: Pipeline, error: ValidationError) -> BadInput:
    known = ", ".join(pipeline.input.model_fields) or "none"
    reasons = []
    for item in error.errors(include_url=False):
        name = ".".join(map(str, item["loc"]))
        if item["type"] == "extra_forbidden":
            reasons.append(f"there is no input called {name!r}")
        elif item["type"] == "missing":
            reasons.append(f"the input {name!r} is missing")
        else:
            # What was given may be an address with a password in it.
            said = item["msg"].removeprefix("Value error, ").rstrip(".")
            reasons.append(redact(f"{name}: {said}, not {item['input']!r}", ()))
    return BadInput(
        f"{pipeline.name} cannot start: {'; '.join(reasons)}.",
        where=pipeline.name,
        todo=f"Inputs of {pipeline.name}: {known}.",
    )
