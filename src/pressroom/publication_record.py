"""One publication under way: stores each step forward before the next, and says how a run of it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pressroom.arguments import Context
from pressroom.bus import Bus
from pressroom.changes import Change, Claim
from pressroom.channel_desk import waiting_room
from pressroom.errors import Deferred, Held, Problem
from pressroom.events import Event
from pressroom.following import job_event
from pressroom.ports import Clock
from pressroom.publications import Attempt, Publication, PublicationState, Receipt


class PublicationRecord:
    """Raises `Conflict` from whatever stores, when another worker has overtaken this run."""

    def __init__(self, bus: Bus, clock: Clock, context: Context, publication: Publication) -> None:
        self._bus, self._clock, self._context = bus, clock, context
        self.now = publication

    @property
    def channel(self) -> str:
        return self.now.channel

    def save(self, more: Change | None = None, **fields: Any) -> None:
        """Store the publication with these fields changed, together with `more`."""
        after = replace(self.now, **fields, version=self.now.version + 1, updated_at=self._clock.now())
        self._bus.commit((more or Change()) + Change(publications=(after,)))
        self.now = after

    def close(
        self,
        attempt: Attempt,
        state: PublicationState,
        more: Change | None = None,
        receipt: Receipt | None = None,
        **fields: Any,
    ) -> None:
        """Store what became of the last attempt."""
        attempts = (*self.now.attempts[:-1], attempt)
        self.save(more, state=state, attempts=attempts, receipt=receipt, problem=None, due_at=None, **fields)

    def published(self, receipt: Receipt, attempt: Attempt, *claims: Claim) -> None:
        """Store that it is there, together with these claims."""
        receipt = replace(receipt, limit_ends_at=None)
        told = replace(self.now, receipt=receipt)
        event = self.event("PostPublished", told.as_published())
        published = replace(attempt, outcome="published")
        self.close(published, PublicationState.PUBLISHED, Change(events=(event,), claims=claims), receipt)

    def rejected(self, problem: Problem) -> None:
        event = self.event("PostRejected", {"channel": self.channel, "error": problem.as_dict()})
        self.save(Change(events=(event,)), state=PublicationState.REJECTED, problem=problem, due_at=None)

    def hold(self, problem: Problem, known: dict[str, Any] | None = None) -> Held:
        """Store that a person must decide; return what to raise."""
        data = {"channel": self.channel, "error": problem.as_dict(), "known": known or {}}
        event = self.event("PostHeld", data)
        self.save(Change(events=(event,)), state=PublicationState.HELD, problem=problem, due_at=None)
        return Held(problem.what, where=problem.where, todo=problem.todo, detail=problem.detail)

    def wait(self, until: datetime, problem: Problem) -> Deferred:
        """Store that it goes on later; return what to raise."""
        state = PublicationState.PUBLISHING if self.now.open_attempt else PublicationState.SCHEDULED
        if (self.now.state, self.now.problem, self.now.due_at) != (state, problem, until):
            self.save(state=state, problem=problem, due_at=until)
        return Deferred(until, problem.what, where=self.channel, todo=problem.todo, detail=problem.detail)

    def wait_in_line(self, until: datetime, problem: Problem) -> Deferred:
        """Store that it waits for its channel to let it go, not before `until`; return what to raise.

        It then costs nothing until its turn comes, the oldest first. An attempt that may be out waits in no line.
        """
        deferred = self.wait(until, problem)
        if self.now.open_attempt is None:
            deferred.until, deferred.queue = self.now.created_at, waiting_room(self.channel)
        return deferred

    def event(self, type_: str, data: dict[str, Any]) -> Event:
        context = self._context
        return job_event(type_, context.job, self._clock.now(), context.cause, subject=self.now.id, data=data)
