"""What people do about posts: see what is held, resolve it, let a paused channel go on."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pressroom.changes import Change, Claim
from pressroom.channel_desk import ChannelDesk, queue_of, waiting_room
from pressroom.channels import ChannelState
from pressroom.deliveries import Delivery, Task
from pressroom.errors import BadInput, Conflict, NotFound, Problem
from pressroom.events import Event
from pressroom.execution import CONFLICTS, Execution
from pressroom.following import Following, Happening, Records, job_event
from pressroom.jobs import Job, StepRecord, StepStatus
from pressroom.ports import Ledger, Publications, Queue
from pressroom.publications import GIVEN_UP, Publication, PublicationState, Receipt
from pressroom.publishers.base import Publisher
from pressroom.reconciling import FIRST_LOOK, receipt_key

_ENDS_WITH_THE_PAUSE = ("AccountDisconnected", "OutOfCredit", "ChannelPaused")
"""Kinds of problems that nobody needs to decide about one by one."""


class Resolution(StrEnum):
    IT_IS_THERE = "it_is_there"
    """The post was found; its URL or id becomes the receipt."""
    SEND_AGAIN = "send_again"
    """It is surely not there."""
    GIVE_UP = "give_up"
    """It is not wanted any more."""


class NobodySends(BadInput):
    """A post cannot go on, because the job that would send it has ended."""


class Desk:
    def __init__(
        self,
        channel_desk: ChannelDesk,
        execution: Execution,
        publications: Publications,
        queue: Queue,
        ledger: Ledger,
    ) -> None:
        self._channels, self._execution = channel_desk, execution
        self._publications, self._queue, self._ledger = publications, queue, ledger

    def channels(self) -> list[str]:
        return self._channels.names()

    def publisher(self, channel: str) -> Publisher:
        return self._channels.publisher(channel)

    def state(self, channel: str) -> ChannelState:
        return self._channels.state(channel)

    def state_to_send(self, channel: str) -> ChannelState:
        """Return the state by which posts are let go; may give back places of the day that nobody will use."""
        pace = self.publisher(channel).channel.settings.pace
        return self._channels.state_to_send(channel, pace, self._execution.clock.now())

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
        data = {"channel": held.channel, "action": action.value, "url": url, "remote_id": remote_id}
        claims = self._claims(held, remote_id) if action is Resolution.IT_IS_THERE else ()
        if not self._move(held, resolved, data, claims):
            raise BadInput(
                f"Somebody else has decided about the publication {publication_id} at this moment.",
                where=publication_id,
                todo="`pressroom held list` shows what is still held.",
            )
        return resolved

    def resume(self, channel: str) -> int:
        """End a channel's pause or wait, and let the posts go on that were held or put off for it; return how many.

        A post whose job has ended meanwhile stays held: nothing would send it.
        """
        self.publisher(channel)  # an unknown name is an error
        self._channels.resume(channel)
        waiting = [
            publication
            for publication in self.held()
            if publication.channel == channel
            and publication.problem is not None
            and publication.problem.kind in _ENDS_WITH_THE_PAUSE
        ]
        in_line, _ = self._queue.oldest_waiting().get(waiting_room(channel), (0, None))
        hastened = self._queue.hasten(queue_of(channel)) + in_line
        resumed = 0
        for publication in waiting:
            state = PublicationState.PUBLISHING if publication.open_attempt else PublicationState.SCHEDULED
            try:
                # One that somebody else has moved at this moment goes on as they have decided.
                self._move(publication, self._moved(publication, state), {"channel": channel, "action": "resume"})
            except NobodySends:
                continue
            resumed += 1
        self._execution.bus.wake()
        return resumed + hastened

    def _resolved(self, held: Publication, action: Resolution, remote_id: str, url: str) -> Publication:
        outcome = "published" if action is Resolution.IT_IS_THERE else "absent"
        attempts = held.attempts
        if held.open_attempt is not None and action is not Resolution.GIVE_UP:
            attempts = (*attempts[:-1], replace(held.open_attempt, outcome=outcome))
        if action is Resolution.IT_IS_THERE:
            receipt = Receipt(remote_id=remote_id, url=url, at=self._execution.clock.now())
            return self._moved(held, PublicationState.PUBLISHED, attempts=attempts, receipt=receipt)
        if action is Resolution.SEND_AGAIN:
            left = self.publisher(held.channel).forget_attempt(dict(held.prepared))
            return self._moved(held, PublicationState.SCHEDULED, attempts=attempts, prepared=left)
        given_up = Problem("A person gave this post up.", held.channel, kind=GIVEN_UP)
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

    def _claims(self, held: Publication, remote_id: str) -> tuple[Claim, ...]:
        """Return the claim that makes a post this publication's own; raises if it is known to be another's."""
        if not remote_id:
            return ()
        key = receipt_key(held.channel, remote_id)
        entry = self._ledger.get(key)
        if entry is None:
            return (Claim(key, {"publication_id": held.id}),)
        if entry.note["publication_id"] != held.id:
            raise BadInput(
                f"The post {remote_id} on {held.channel} belongs to {entry.note['publication_id']}.",
                where=held.id,
                todo="Look which post is this one's; if none is, send it again or give it up.",
            )
        return ()

    def _move(
        self, held: Publication, moved: Publication, data: dict[str, str], claims: tuple[Claim, ...] = ()
    ) -> bool:
        """Store a person's decision together with what its job does next, so that no crash comes between the two.

        Returns False, and stores nothing, if somebody else has decided first. Raises `NobodySends`.
        """
        execution = self._execution
        now = execution.clock.now()
        for _ in range(CONFLICTS):
            job = execution.jobs.get(held.job_id)
            assert job is not None, "a publication belongs to a job"
            decided = job_event("PublicationResolved", job, now, subject=held.id, data=data)
            events = [decided]
            if moved.state is PublicationState.PUBLISHED:
                told = job_event("PostPublished", job, now, decided, subject=held.id, data=moved.as_published())
                events.append(told)
            change = Change(events=tuple(events), publications=(moved,), claims=claims)
            try:
                execution.bus.commit(change + self._going_on(moved, job, decided))
            except Conflict:
                if (stored := self._publications.get(held.id)) is None or stored.version != held.version:
                    return False
                if any(self._ledger.get(claim.key) for claim in claims):
                    return False
                continue  # another branch of the job committed first
            return True
        raise Conflict(f"The job {held.job_id} changed {CONFLICTS} times while {held.id} was being resolved.")

    def _going_on(self, publication: Publication, job: Job, cause: Event) -> Change:
        """Return what lets the step that holds this publication go on: run again, or end as failed if given up.

        Raises `NobodySends` for a post that is to go on without such a step.
        """
        execution, now = self._execution, self._execution.clock.now()
        records = execution.jobs.steps(job.id)
        step = _step_of(records, publication)
        if step is None or job.status.has_ended:
            if not publication.state.is_final:
                raise NobodySends(
                    f"Nothing would send {publication.id}: its job {job.id} "
                    + (f"has ended as {job.status}." if job.status.has_ended else "is past the step that sends it."),
                    where=publication.id,
                    todo="Give this post up, and run the pipeline again if it is still wanted.",
                )
            return Change()
        again = Delivery(
            queue=queue_of(publication.channel), task=Task.STEP, name=step.path, job_id=job.id, event=cause
        )
        if step.status is StepStatus.READY:
            # Its worker has held the post and not yet the step, or was killed in between: let it come first.
            return Change(deliveries=(replace(again, available_at=now + FIRST_LOOK),))
        if publication.state is PublicationState.REJECTED:
            what = Happening(records=(replace(step, status=StepStatus.FAILED, error=publication.problem),))
        else:
            what = Happening(records=(replace(step, status=StepStatus.READY, error=None),), deliveries=(again,))
        following = Following(
            pipeline=execution.pipelines[job.pipeline],
            settings=execution.settings[job.pipeline],
            provide=execution.provide,
            job=job,
            now=now,
            cause=cause,
        )
        return following.change(records, what)


def _step_of(records: Records, publication: Publication) -> StepRecord | None:
    """Return the step that sends a publication and is not over."""
    return next(
        (
            record
            for record in records.values()
            if record.status in (StepStatus.HELD, StepStatus.READY) and publication.is_sent_by(record.path)
        ),
        None,
    )
