"""The publishing protocol: a post is never published twice and never lost, whatever is killed or answered wrongly.

The one call that makes a post public is made only after its attempt is committed; an attempt without a result is
reconciled, never repeated on a guess. Runs inside a step, so whatever it raises is dealt with as any step's error.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from pressroom import telemetry
from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.bus import Bus
from pressroom.changes import Change, Claim
from pressroom.channel_desk import ChannelDesk
from pressroom.config import Config
from pressroom.costs import Cost
from pressroom.errors import (
    AccountDisconnected,
    Deferred,
    Held,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    Problem,
    RateLimited,
    Unavailable,
    problem_of,
)
from pressroom.events import Event
from pressroom.following import job_event
from pressroom.generation import budgets_of, over
from pressroom.ids import new_id
from pressroom.ports import Clock, Costs, Publications
from pressroom.publications import Attempt, Post, PostMedia, Publication, PublicationState, Receipt
from pressroom.publishers.base import Absent, CannotTell, Found, Publisher

FIRST_LOOK = timedelta(seconds=2)
"""After an unclear answer: finding the post counts at any time, so the first look is soon."""
DEFAULT_WAIT = timedelta(minutes=15)
"""For a rate limit that does not say when it ends."""
PATIENCE = timedelta(days=1)
"""How long a network may be unreadable before a person is asked instead."""

log = structlog.get_logger()


class Publishing:
    def __init__(
        self,
        bus: Bus,
        publications: Publications,
        desk: ChannelDesk,
        assets: Assets,
        costs: Costs,
        clock: Clock,
        config: Config,
    ) -> None:
        self._bus, self._publications, self._desk = bus, publications, desk
        self._assets, self._costs, self._clock, self._config = assets, costs, clock, config

    def publisher(self, channel: str) -> Publisher:
        return self._desk.publisher(channel)

    def publish(self, context: Context, channel: str, post: Post) -> Publication:
        """Bring the post onto the channel, once, or say why not; go on from wherever an earlier run ended.

        Returns the publication as `published`. Raises `Deferred` to be called again later, `Held` for a person,
        `PostRejected`, or `Unavailable` for another try.
        """
        publisher = self._desk.publisher(channel)
        publication = self._requested(context, channel, post, publisher)
        if publication.state is PublicationState.PUBLISHED:
            return publication
        if publication.state is PublicationState.HELD:
            raise Held(*_said(publication.problem), where=channel)
        with telemetry.span("publish", job_id=context.job.id, channel=channel, network=publication.network):
            run = _Run(self, context, publisher, publication)
            if publication.open_attempt is not None and not publisher.repeatable:
                run.reconcile()
            if run.publication.state is not PublicationState.PUBLISHED:
                run.revise(post)
                run.send()
            return run.publication

    def _requested(self, context: Context, channel: str, post: Post, publisher: Publisher) -> Publication:
        """Return the publication of this job on this channel, as it stands or newly made."""
        job = context.job
        known = self._publications.by_key(f"{job.id}:{channel}:1")
        if known is not None:
            return known
        now = self._clock.now()
        new = Publication(
            id=new_id("pub"),
            key=f"{job.id}:{channel}:1",
            job_id=job.id,
            pipeline=job.pipeline,
            channel=channel,
            network=publisher.channel.settings.network,
            post=post,
            state=PublicationState.REQUESTED,
            created_at=now,
            updated_at=now,
            version=1,
        )
        data = {"channel": channel, "network": new.network, "publication_id": new.id}
        event = job_event("PublicationRequested", job, now, context.cause, subject=new.id, data=data)
        self._bus.commit(Change(events=(event,), publications=(new,)))
        return new


class _Run:
    """One run of the protocol for one publication; every step forward is committed before the next."""

    def __init__(self, parts: Publishing, context: Context, publisher: Publisher, publication: Publication) -> None:
        self._parts, self._context, self._publisher = parts, context, publisher
        self.publication = publication
        self._clock, self._desk = parts._clock, parts._desk

    # --- what happened to an attempt that has no result

    def reconcile(self) -> None:
        """Find out whether the open attempt went through; returns only when that is known."""
        attempt = self.publication.open_attempt
        assert attempt is not None
        now = self._clock.now()
        try:
            reading = self._publisher.reconcile(self.publication.post, self.publication.prepared, attempt)
        except (AccountDisconnected, OutOfCredit) as error:
            raise self._pause(error, "and it is not known whether the post is there") from error
        except (Unavailable, OutcomeUnknown) as error:
            raise self._unreadable(attempt, error, now) from error
        if isinstance(reading, Found):
            self._published(reading.receipt, attempt)
        elif isinstance(reading, CannotTell):
            raise self._hold(
                Problem(
                    f"Nobody can tell whether the post is on {self.publication.channel}: {reading.why}",
                    self.publication.channel,
                    "Look there, then say so with `pressroom held resolve`.",
                    "OutcomeUnknown",
                ),
                reading.known,
            )
        else:
            self._absent(attempt, now, reading)

    def _absent(self, attempt: Attempt, now: datetime, reading: Absent) -> None:
        """Believe that a post is not there only after the settling time, and only on two readings."""
        settled_at = attempt.started_at + self._publisher.timeout + self._publisher.settles_in
        if now < settled_at:
            # Look again when twice as much time has gone by, and once it counts.
            raise self._wait(min(now + max(now - attempt.started_at, FIRST_LOOK), settled_at), _LOOKING)
        attempt = replace(attempt, absent_at=(*attempt.absent_at, now))
        if len(attempt.absent_at) < 2:
            gap = max(self._publisher.settles_in / 4, timedelta(milliseconds=200))
            self._save(attempts=(*self.publication.attempts[:-1], attempt))
            raise self._wait(now + gap, _LOOKING)
        self._close(replace(attempt, outcome="absent"), PublicationState.SCHEDULED)

    def _unreadable(self, attempt: Attempt, error: PressroomError, now: datetime) -> PressroomError:
        if now - attempt.started_at > PATIENCE:
            return self._hold(
                Problem(
                    f"The post may be on {self.publication.channel}, which could not be read for a day: {error.what}",
                    self.publication.channel,
                    "Look there, then say so with `pressroom held resolve`.",
                    "OutcomeUnknown",
                    error.detail,
                ),
                {},
            )
        if isinstance(error, RateLimited) and error.retry_at is not None:
            return self._wait(error.retry_at, error.problem())
        return self._wait(now + max(now - attempt.started_at, FIRST_LOOK), error.problem())

    # --- sending

    def revise(self, post: Post) -> None:
        """Take up another wording of a post that was rejected: somebody has edited it and tries again."""
        if self.publication.state is PublicationState.REJECTED and post != self.publication.post:
            self._save(post=post, prepared={}, state=PublicationState.REQUESTED, problem=None)

    def send(self) -> None:
        self._wait_for_turn()
        prepared = self._prepare()
        cost = self._reserve()
        attempt = self._begin(cost)
        if self._clock.now() - attempt.started_at > self._publisher.timeout:
            # This process stood still between the commit and here (a suspended laptop). Others may have looked
            # meanwhile and found nothing, so only reconciling may go on from here.
            raise self._wait(self._clock.now() + FIRST_LOOK, _LOOKING)
        try:
            receipt = self._publisher.publish(self.publication.post, prepared)
        except PressroomError as error:
            raise self._not_published(error, attempt, cost) from error
        except Exception as error:
            log.exception("a publisher failed in an unforeseen way", channel=self.publication.channel)
            raise self._unknown(problem_of(error, self.publication.channel)) from error
        self._published(receipt, attempt)

    def _wait_for_turn(self) -> None:
        channel, now = self.publication.channel, self._clock.now()
        pace = self._publisher.channel.settings.pace
        state = self._desk.take_turn(channel, pace, now)
        if state.paused:
            raise self._hold(
                Problem(
                    f"The channel {channel} is paused: {state.paused}",
                    channel,
                    f"When that is mended: `pressroom channels resume {channel}`.",
                    "ChannelPaused",
                ),
                {},
            )
        until = state.waits_until(now, pace)
        if until is not None:
            why = state.why or "it keeps the time between two posts that was asked for"
            raise self._wait(until, Problem(f"{channel} waits: {why}", channel, "It goes on by itself."))

    def _prepare(self) -> dict[str, Any]:
        def keep(prepared: dict[str, Any]) -> None:
            self._save(prepared=dict(prepared))

        def read(media: PostMedia) -> bytes:
            return self._parts._assets.read(media.key, media.revision)

        try:
            prepared = self._publisher.prepare(self.publication.post, read, dict(self.publication.prepared), keep)
        except OutcomeUnknown as error:
            # Nothing of preparation is public, so it is simply done again.
            raise self._failed(
                Unavailable(error.what, where=error.where, todo=error.todo, detail=error.detail)
            ) from error
        except PressroomError as error:
            raise self._refused(error) from error
        if prepared != self.publication.prepared:
            keep(prepared)
        return prepared

    def _begin(self, cost: Cost | None) -> Attempt:
        """Commit that the post is now going to be made public."""
        now = self._clock.now()
        known = self.publication.open_attempt
        number = known.number if known else len(self.publication.attempts) + 1
        attempt = replace(known, started_at=now) if known else Attempt(number=number, started_at=now)
        before = self.publication.attempts[:-1] if known else self.publication.attempts
        event = self._event("PublishAttempted", now, {"channel": self.publication.channel, "attempt": number})
        claims = () if known else (Claim(f"attempt:{self.publication.id}:{number}", {"at": now.isoformat()}),)
        self._save(
            Change(events=(event,), claims=claims),
            state=PublicationState.PUBLISHING,
            attempts=(*before, attempt),
            problem=None,
            due_at=None,
        )
        return attempt

    def _reserve(self) -> Cost | None:
        price = self._publisher.price(self.publication.post)
        if not price:
            return None
        number = len(self.publication.attempts) + (self.publication.open_attempt is None)
        cost = Cost(
            id=f"cost_{self.publication.id}_{number}",
            job_id=self.publication.job_id,
            pipeline=self.publication.pipeline,
            what=self.publication.channel,
            unit="posts",
            quantity=1,
            money=price,
            currency="USD",
            at=self._clock.now(),
        )
        passed = self._parts._costs.reserve(cost, budgets_of(self._context, self._parts._config))
        if passed is not None:
            raise over(passed, self._context, self.publication.channel, price)
        return cost

    # --- what came of it

    def _published(self, receipt: Receipt, attempt: Attempt) -> None:
        told = replace(self.publication, receipt=receipt)
        event = self._event("PostPublished", self._clock.now(), told.as_published())
        self._close(
            replace(attempt, outcome="published"), PublicationState.PUBLISHED, Change(events=(event,)), receipt=receipt
        )
        self._desk.succeeded(self.publication.channel)

    def _not_published(self, error: PressroomError, attempt: Attempt, cost: Cost | None) -> PressroomError:
        """Return what to raise when the public call ended in an error that says what it means."""
        sure = isinstance(error, PostRejected | AccountDisconnected | OutOfCredit | Unavailable)
        if not sure:
            return self._unknown(error.problem(self.publication.channel))
        if cost is not None:
            self._parts._costs.settle(cost.id, [])
        self._close(replace(attempt, outcome="refused"), PublicationState.SCHEDULED)
        return self._refused(error)

    def _refused(self, error: PressroomError) -> PressroomError:
        """Return what to raise for an error after which the post surely is not there."""
        channel, now = self.publication.channel, self._clock.now()
        if isinstance(error, AccountDisconnected | OutOfCredit):
            return self._pause(error, "and the post was not sent")
        if isinstance(error, RateLimited):
            until = error.retry_at or now + DEFAULT_WAIT
            self._desk.limited(channel, until, error.what)
            return self._wait(until, error.problem(channel))
        if isinstance(error, Unavailable):
            return self._failed(error)
        if isinstance(error, PostRejected):
            problem = error.problem(channel)
            event = self._event("PostRejected", now, {"channel": channel, "error": problem.as_dict()})
            self._save(Change(events=(event,)), state=PublicationState.REJECTED, problem=problem, due_at=None)
        return error

    def _failed(self, error: Unavailable) -> Unavailable:
        self._desk.failed(self.publication.channel, self._publisher.channel.settings.pace, error.what)
        self._save(state=PublicationState.SCHEDULED, problem=error.problem(self.publication.channel))
        return error

    def _unknown(self, problem: Problem) -> Deferred:
        self._desk.failed(self.publication.channel, self._publisher.channel.settings.pace, problem.what)
        return self._wait(self._clock.now() + FIRST_LOOK, problem)

    def _pause(self, error: PressroomError, rest: str) -> Held:
        channel = self.publication.channel
        self._desk.pause(channel, error.what)
        todo = error.todo or "Reconnect the account."
        problem = Problem(
            f"{error.what.rstrip('.')}, {rest}.",
            channel,
            f"{todo.rstrip('.')}; then `pressroom channels resume {channel}`.",
            type(error).__name__,
            error.detail,
        )
        return self._hold(problem, {})

    def _hold(self, problem: Problem, known: dict[str, Any]) -> Held:
        data = {"channel": self.publication.channel, "error": problem.as_dict(), "known": known}
        self._save(
            Change(events=(self._event("PostHeld", self._clock.now(), data),)),
            state=PublicationState.HELD,
            problem=problem,
            due_at=None,
        )
        return Held(problem.what, where=problem.where, todo=problem.todo, detail=problem.detail)

    def _wait(self, until: datetime, problem: Problem) -> Deferred:
        state = PublicationState.PUBLISHING if self.publication.open_attempt else PublicationState.SCHEDULED
        self._save(state=state, problem=problem, due_at=until)
        return Deferred(until, problem.what, where=self.publication.channel, todo=problem.todo, detail=problem.detail)

    # --- storing

    def _close(
        self, attempt: Attempt, state: PublicationState, more: Change | None = None, receipt: Receipt | None = None
    ) -> None:
        attempts = (*self.publication.attempts[:-1], attempt)
        self._save(more, state=state, attempts=attempts, receipt=receipt, problem=None, due_at=None)

    def _save(self, more: Change | None = None, **fields: Any) -> None:
        """Store the publication with what changed; a run that another worker has overtaken ends here in `Conflict`."""
        before = self.publication
        after = replace(before, **fields, version=before.version + 1, updated_at=self._clock.now())
        self._parts._bus.commit((more or Change()) + Change(publications=(after,)))
        self.publication = after

    def _event(self, type_: str, now: datetime, data: dict[str, Any]) -> Event:
        return job_event(type_, self._context.job, now, self._context.cause, subject=self.publication.id, data=data)


_LOOKING = Problem(
    "No clear answer came back, so it is being found out whether the post is there.",
    todo="It goes on by itself; nothing is sent again before that is known.",
    kind="OutcomeUnknown",
)


def _said(problem: Problem | None) -> tuple[str]:
    return (problem.what if problem else "A person must decide.",)
