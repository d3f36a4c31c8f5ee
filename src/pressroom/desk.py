"""What people do about posts: see what is held, resolve it, let a paused channel go on."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pressroom.changes import Change
from pressroom.channel_desk import ChannelDesk, queue_of
from pressroom.channels import ChannelState
from pressroom.deliveries import Delivery, Task
from pressroom.errors import BadInput, NotFound, Problem
from pressroom.events import Event
from pressroom.execution import Execution
from pressroom.following import Happening, Records, job_event
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.ports import Publications, Queue
from pressroom.publications import Publication, PublicationState, Receipt
from pressroom.publishers.base import Publisher

_ENDS_WITH_THE_PAUSE = ("AccountDisconnected", "OutOfCredit", "ChannelPaused")
"""Kinds of problems that nobody needs to decide about one by one."""


class Resolution(StrEnum):
    IT_IS_THERE = "it_is_there"
    """The post was found; its URL or id becomes the receipt."""
    SEND_AGAIN = "send_again"
    """It is surely not there."""
    GIVE_UP = "give_up"
    """It is not wanted any more."""


class Desk:
    def __init__(
        self, channel_desk: ChannelDesk, execution: Execution, publications: Publications, queue: Queue
    ) -> None:
        self._channels, self._execution = channel_desk, execution
        self._publications, self._queue = publications, queue

    def channels(self) -> list[str]:
        return self._channels.names()

    def publisher(self, channel: str) -> Publisher:
        return self._channels.publisher(channel)

    def state(self, channel: str) -> ChannelState:
        return self._channels.state(channel)

    def held(self) -> list[Publication]:
        """Return the publications that wait for a person, newest first."""
        return self._publications.find(states=[PublicationState.HELD], limit=1000)

    def resolve(self, publication_id: str, action: Resolution, *, remote_id: str = "", url: str = "") -> Publication:
        """Carry out what a person decided about a held publication; its job goes on from there."""
        held = self._publications.get(publication_id)
        if held is None:
            raise NotFound(f"There is no publication {publication_id}.", todo="`pressroom held list` shows them.")
        if held.state is not PublicationState.HELD:
            raise BadInput(f"The publication {publication_id} is not held: it is {held.state}.", where=publication_id)
        if action is Resolution.IT_IS_THERE and not (remote_id or url):
            raise BadInput(
                "Where is it? A post that is there has an address.",
                where=publication_id,
                todo="Give its --url, or its --remote-id.",
            )
        resolved = self._resolved(held, action, remote_id, url)
        now = self._execution.clock.now()
        job = self._execution.jobs.get(held.job_id)
        assert job is not None, "a publication belongs to a job"
        data = {"channel": held.channel, "action": action.value, "url": url, "remote_id": remote_id}
        event = job_event("PublicationResolved", job, now, subject=held.id, data=data)
        events = [event]
        if action is Resolution.IT_IS_THERE:
            events.append(job_event("PostPublished", job, now, event, subject=held.id, data=resolved.as_published()))
        self._execution.bus.commit(Change(events=tuple(events), publications=(resolved,)))
        self._go_on(resolved, job, event)
        return resolved

    def resume(self, channel: str) -> int:
        """End a channel's pause or wait, and let the posts go on that were held or put off for it; return how many."""
        self.publisher(channel)  # an unknown name is an error
        self._channels.resume(channel)
        waiting = [
            publication
            for publication in self.held()
            if publication.channel == channel
            and publication.problem is not None
            and publication.problem.kind in _ENDS_WITH_THE_PAUSE
        ]
        hastened = self._queue.hasten(queue_of(channel))
        for publication in waiting:
            state = PublicationState.PUBLISHING if publication.open_attempt else PublicationState.SCHEDULED
            going = self._moved(publication, state)
            job = self._execution.jobs.get(publication.job_id)
            assert job is not None, "a publication belongs to a job"
            now = self._execution.clock.now()
            data = {"channel": channel, "action": "resume"}
            event = job_event("PublicationResolved", job, now, subject=publication.id, data=data)
            self._execution.bus.commit(Change(events=(event,), publications=(going,)))
            self._go_on(going, job, event)
        self._execution.bus.wake()
        return len(waiting) + hastened

    def _resolved(self, held: Publication, action: Resolution, remote_id: str, url: str) -> Publication:
        outcome = "published" if action is Resolution.IT_IS_THERE else "absent"
        attempts = held.attempts
        if held.open_attempt is not None and action is not Resolution.GIVE_UP:
            attempts = (*attempts[:-1], replace(held.open_attempt, outcome=outcome))
        if action is Resolution.IT_IS_THERE:
            receipt = Receipt(remote_id=remote_id, url=url, at=self._execution.clock.now())
            return self._moved(held, PublicationState.PUBLISHED, attempts=attempts, receipt=receipt)
        if action is Resolution.SEND_AGAIN:
            return self._moved(held, PublicationState.SCHEDULED, attempts=attempts)
        given_up = Problem("A person gave this post up.", held.channel, kind="GivenUp")
        return replace(self._moved(held, PublicationState.REJECTED), problem=given_up)

    def _moved(self, publication: Publication, state: PublicationState, **fields: object) -> Publication:
        return replace(
            publication,
            state=state,
            problem=None,
            due_at=None,
            updated_at=self._execution.clock.now(),
            version=publication.version + 1,
            **fields,  # type: ignore[arg-type]
        )

    def _go_on(self, publication: Publication, job: Job, cause: Event) -> None:
        """Let the step that holds this publication go on: run again, or end as failed if it was given up."""
        pipeline = self._execution.pipelines[job.pipeline]
        given_up = publication.state is PublicationState.REJECTED

        def happening(records: Records) -> Happening | None:
            held = _held_step(records, publication.channel)
            if held is None:
                return None
            if given_up:
                failed = replace(held, status=StepStatus.FAILED, error=publication.problem)
                return Happening(records=(failed,))
            again = Delivery(
                queue=queue_of(publication.channel), task=Task.STEP, name=held.path, job_id=job.id, event=cause
            )
            return Happening(records=(replace(held, status=StepStatus.READY, error=None),), deliveries=(again,))

        self._execution.commit(pipeline, job, happening, cause)


def _held_step(records: Records, channel: str) -> StepRecord | None:
    """Return the step that stands still for a channel; it is the turn of a `ForEach` over channels."""
    return next(
        (
            record
            for record in records.values()
            if record.status is StepStatus.HELD and record.path.endswith(f"[{channel}]")
        ),
        None,
    )
