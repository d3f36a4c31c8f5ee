"""Sends one post whose earlier attempts all have a result: the turn, the preparation, the attempt, the one public call.

Each step is committed before the next, so that whoever comes after a crash knows how far this one came.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.changes import Change, Claim
from pressroom.channel_desk import ChannelDesk
from pressroom.defects import Defect, defect_of
from pressroom.due_times import channels_time, own_time
from pressroom.errors import (
    AccountDisconnected,
    Conflict,
    Deferred,
    OutcomeUnknown,
    OutOfCredit,
    PostRejected,
    PressroomError,
    Problem,
    RateLimited,
    Unavailable,
)
from pressroom.log import log
from pressroom.ports import Clock, Ledger
from pressroom.post_costs import PostCosts
from pressroom.publication_record import PublicationRecord
from pressroom.publications import Attempt, Post, PostMedia, Publication, PublicationState, Receipt
from pressroom.publishers.base import Publisher
from pressroom.reconciling import FIRST_LOOK, LOOKING, PATIENCE, claim_of, paused

DEFAULT_WAIT = timedelta(minutes=15)
"""For a rate limit that does not say when it ends."""
LONGEST_PAUSE = timedelta(minutes=5)
"""Between two times that the same call is made again: often enough to come while the network knows our key."""


@dataclass(frozen=True)
class SendingParts:
    """What sending needs of the runtime."""

    desk: ChannelDesk
    assets: Assets
    ledger: Ledger
    clock: Clock
    costs: PostCosts


class Sending:
    """Sends one publication whose earlier attempts all have a result; each step is committed before the next."""

    def __init__(self, parts: SendingParts, context: Context, publisher: Publisher, record: PublicationRecord) -> None:
        self._parts, self._context, self._publisher, self._record = parts, context, publisher, record
        self._clock, self._desk, self._costs = parts.clock, parts.desk, parts.costs
        self._turn_at = self._clock.now()
        self._repeated = record.now.open_attempt
        """The attempt whose call is made again, since the network knows our key; nobody knows what became of it."""

    def revise(self, post: Post) -> None:
        """Take up another wording of a post that surely is nowhere: somebody has edited it and tries again.

        What was once taken for lost keeps the words by which it can be found.
        """
        is_nowhere = all(attempt.outcome == "refused" for attempt in self._record.now.attempts)
        if is_nowhere and post != self._record.now.post and not self._record.now.post.by_hand:
            self._record.save(post=post, prepared={}, state=PublicationState.REQUESTED, problem=None)

    def run(self) -> None:
        self._wait_for_turn()
        prepared = self._prepare()
        again, now = self._repeated, self._clock.now()
        if again is not None and not repeats(self._publisher, self._record.now, again, now):
            # Preparing took so long that the network may have forgotten our key.
            raise self._record.wait(now + FIRST_LOOK, LOOKING)
        self._costs.reserve(self._context, self._record.now, self._publisher.price(self._record.now.post))
        attempt = self._begin()
        if self._clock.now() - attempt.last_call_at > self._publisher.timeout:
            # This process stood still between the commit and here (a suspended laptop). Others may have looked
            # meanwhile and found nothing, so only reconciling may go on from here.
            raise self._record.wait(self._clock.now() + FIRST_LOOK, LOOKING)
        try:
            receipt = self._publisher.publish(self._record.now.post, prepared)
        except PressroomError as error:
            raise self._not_published(error, attempt) from error
        except Exception as error:
            raise self._still_unknown(self._unforeseen(error)) from error
        self._published(receipt, attempt)
        self._desk.succeeded(self._record.channel, receipt.limit_ends_at)

    def _wait_for_turn(self) -> None:
        channel, now, post = self._record.channel, self._clock.now(), self._record.now
        is_repeat = self._repeated is not None  # it may be out already, and only the same call again tells
        if not is_repeat and (due := own_time(post.post, channel, now)):
            raise self._record.wait(due.at, due.why)
        pace = self._publisher.channel.settings.pace
        if is_repeat:
            pace = pace.without_wishes()
        self._turn_at = now
        state = self._desk.take_turn(channel, pace, now, post.id)
        if state.paused:
            todo = f"When that is mended: `pressroom channels resume {channel}`."
            what = f"The channel {channel} is paused: {state.paused}"
            held = self._record.hold(Problem(what, channel, todo, "ChannelPaused"))
            if not self._desk.state(channel).paused:
                # Whoever ended the pause meanwhile did not yet see this post among those that it held.
                raise self._record.wait(now, Problem(f"The pause of {channel} is over.", channel))
            raise held
        if due := channels_time(state, channel, pace, now, post.id):
            raise self._record.wait_in_line(due.at, due.why)

    def _prepare(self) -> dict[str, Any]:
        def keep(prepared: dict[str, Any]) -> None:
            self._record.save(prepared=dict(prepared))

        def read(media: PostMedia) -> bytes:
            return self._parts.assets.read(media.key, media.revision)

        try:
            prepared = self._publisher.prepare(self._record.now.post, read, dict(self._record.now.prepared), keep)
        except OutcomeUnknown as error:
            # Nothing of preparation is public, so it is simply done again.
            raise self._failed(
                Unavailable(error.what, where=error.where, todo=error.todo, detail=error.detail)
            ) from error
        except PressroomError as error:
            raise self._refused(error) from error
        except Exception as error:
            raise self._unforeseen(error) from error
        if prepared != self._record.now.prepared:
            keep(prepared)
        return prepared

    def _begin(self) -> Attempt:
        """Commit that the post is now going to be made public; raises `Conflict` if its job has ended meanwhile."""
        now = self._clock.now()
        known = self._record.now.open_attempt
        number = known.number if known else len(self._record.now.attempts) + 1
        again = replace(known, repeated_at=now, absent_at=()) if known else None
        attempt = again or Attempt(number=number, started_at=now)
        before = self._record.now.attempts[:-1] if known else self._record.now.attempts
        event = self._record.event("PublishAttempted", {"channel": self._record.channel, "attempt": number})
        claims = () if known else (Claim(f"attempt:{self._record.now.id}:{number}", {"at": now.isoformat()}),)
        self._record.save(
            Change(events=(event,), claims=claims, live_jobs=(self._record.now.job_id,)),
            state=PublicationState.PUBLISHING,
            attempts=(*before, attempt),
            problem=None,
            due_at=None,
        )
        return attempt

    # --- what came of it

    def _published(self, receipt: Receipt, attempt: Attempt) -> None:
        """Store the receipt, and that it is nobody else's, in one commit."""
        claim = claim_of(self._record, receipt)
        try:
            self._record.published(receipt, attempt, claim)
        except Conflict:
            if self._parts.ledger.get(claim.key) is None:
                raise
            # The id is known from an earlier call, or one that looked has taken our post for its own: it is there.
            self._record.published(receipt, attempt)

    def _not_published(self, error: PressroomError, attempt: Attempt) -> PressroomError:
        """Return what to raise when the public call ended in an error that says what it means."""
        if self._repeated is not None:
            return self._still_unknown(error)
        sure = isinstance(error, PostRejected | AccountDisconnected | OutOfCredit | Unavailable)
        if not sure:
            return self._still_unknown(error)
        self._costs.take_back(self._record.now, attempt.number)
        self._record.close(replace(attempt, outcome="refused"), PublicationState.SCHEDULED)
        return self._refused(error)

    def _refused(self, error: PressroomError) -> PressroomError:
        """Return what to raise for an error after which this run surely has not sent the post."""
        channel, now = self._record.channel, self._clock.now()
        if isinstance(error, Deferred):
            # The network is still at work on what was uploaded: no failure, and no gap that others must keep.
            self._desk.give_back_turn(channel, self._turn_at)
            return self._record.wait(error.until, error.problem(channel))
        if self._record.now.open_attempt is not None:
            return self._still_unknown(error)
        if isinstance(error, AccountDisconnected | OutOfCredit):
            return paused(self._record, self._desk, error, "and the post was not sent")
        if isinstance(error, RateLimited):
            until = error.retry_at or now + DEFAULT_WAIT
            self._desk.limited(channel, until, error.what)
            return self._record.wait(until, error.problem(channel))
        if isinstance(error, Unavailable):
            return self._failed(error)
        if isinstance(error, PostRejected):
            problem = error.problem(channel)
            if any(attempt.outcome == "absent" for attempt in self._record.now.attempts):
                # "Duplicate" may be the echo of an attempt that was taken for lost and came through very late.
                what = f"{error.what} An earlier attempt had no answer, so the post may be there all the same."
                return self._record.hold(replace(problem, what=what, todo="Look there, then `pressroom held resolve`."))
            self._record.rejected(problem)
            self._desk.give_back(channel, self._record.now.id)
        return error

    def _failed(self, error: Unavailable) -> Unavailable:
        self._desk.failed(self._record.channel, self._publisher.channel.settings.pace, error.what)
        self._record.save(state=PublicationState.SCHEDULED, problem=error.problem(self._record.channel))
        return error

    def _unforeseen(self, error: Exception) -> Defect:
        log.exception("a publisher failed in an unforeseen way", channel=self._record.channel)
        return defect_of(error, self._record.channel, self._publisher.channel.secrets)

    def _still_unknown(self, error: PressroomError) -> PressroomError:
        """Return what to raise while it is not known whether the post is there; its attempt stays open.

        Where the call was made again, a sure refusal is one of that call: the one before it may have gone through.
        """
        channel, now = self._record.channel, self._clock.now()
        attempt = self._record.now.open_attempt
        assert attempt is not None, "a call is made only after its attempt was stored"
        if isinstance(error, AccountDisconnected | OutOfCredit):
            return paused(self._record, self._desk, error, "and it is not known whether the post is there")
        if isinstance(error, PostRejected):
            attempts = (*self._record.now.attempts[:-1], replace(attempt, is_repeatable=False))
            self._record.save(attempts=attempts)
            return self._record.wait(now + FIRST_LOOK, replace(LOOKING, detail=error.what))
        if isinstance(error, RateLimited):
            until = error.retry_at or now + DEFAULT_WAIT
            self._desk.limited(channel, until, error.what)
            return self._record.wait(until, error.problem(channel))
        self._desk.failed(channel, self._publisher.channel.settings.pace, error.what)
        pause = min(now - attempt.started_at, LONGEST_PAUSE) if self._repeated else FIRST_LOOK
        return self._record.wait(now + max(pause, FIRST_LOOK), error.problem(channel))


def repeats(publisher: Publisher, publication: Publication, attempt: Attempt, now: datetime) -> bool:
    """Say whether the call of an attempt without a result is simply made again, rather than looked for.

    Not for ever: what is still unclear after a day is looked for, and at last a person is asked.
    """
    if not attempt.is_repeatable or now - attempt.started_at > PATIENCE:
        return False
    return publisher.may_repeat(dict(publication.prepared), attempt)
