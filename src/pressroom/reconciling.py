"""Finds out what became of an attempt without a result. Nothing is sent from here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pressroom.changes import Claim
from pressroom.channel_desk import ChannelDesk
from pressroom.defects import defect_of
from pressroom.errors import (
    AccountDisconnected,
    Conflict,
    Deferred,
    OutOfCredit,
    PressroomError,
    Problem,
    RateLimited,
)
from pressroom.log import log
from pressroom.ports import Clock, Ledger
from pressroom.publication_record import PublicationRecord
from pressroom.publications import Attempt, Publication, PublicationState, Receipt
from pressroom.publishers.base import CannotTell, Found, Publisher

FIRST_LOOK = timedelta(seconds=2)
"""After an unclear answer: finding the post counts at any time, so the first look is soon."""
PATIENCE = timedelta(days=1)
"""How long a network may be unreadable before a person is asked instead."""
READINGS = 2
"""That must not find a post, after the settling time, before it is believed not to be there."""
LOOKING = Problem(
    "No clear answer came back, so it is being found out whether the post is there.",
    todo="It goes on by itself; nothing is sent again before that is known.",
    kind="OutcomeUnknown",
)
_RESUME = "resume the channel"
_LOOK_THERE = "Look there, then say so with `pressroom held resolve`."


class Reconciling:
    """Of one publication; after `run` its last attempt is `published` or `absent`, else something was raised."""

    def __init__(
        self, record: PublicationRecord, publisher: Publisher, desk: ChannelDesk, ledger: Ledger, clock: Clock
    ) -> None:
        self._record, self._publisher = record, publisher
        self._desk, self._ledger, self._clock = desk, ledger, clock

    def run(self) -> None:
        """Look once. Raises `Deferred` to look again later, and `Held` when only a person can tell."""
        publication, now = self._record.now, self._clock.now()
        attempt = publication.open_attempt
        assert attempt is not None
        try:
            reading = self._publisher.reconcile(publication.post, publication.prepared, attempt)
        except (AccountDisconnected, OutOfCredit) as error:
            raise paused(self._record, self._desk, error, "and it is not known whether the post is there") from error
        except PressroomError as error:
            raise self._unreadable(attempt, error, now) from error
        except Exception as error:
            # A defect of the publisher must not end a job whose post may be out: somebody would have to look.
            log.exception("a publisher could not look in an unforeseen way", channel=publication.channel)
            defect = defect_of(error, publication.channel, self._publisher.channel.secrets)
            raise self._unreadable(attempt, defect, now) from error
        if isinstance(reading, Found) and self._is_ours(reading.receipt):
            self._record.published(reading.receipt, attempt)
            self._desk.succeeded(publication.channel)
        elif isinstance(reading, CannotTell):
            what = f"Nobody can tell whether the post is on {publication.channel}: {reading.why}"
            raise self._record.hold(Problem(what, publication.channel, _LOOK_THERE, "OutcomeUnknown"), reading.known)
        else:
            self._absent(attempt, now)

    def interrupted(self, stored: Publication, attempt: Attempt, error: BaseException) -> PressroomError:
        """Return what to raise in the place of an error while it is not known whether the post is there.

        As a failure of the step it would end the job, and nobody would find out what became of the post.
        """
        self._record.now = stored
        channel = stored.channel
        later = self._clock.now() + FIRST_LOOK
        if isinstance(error, Conflict):
            # Another worker, or a person, goes on with the post: what they have stored of it stands.
            return Deferred(later, error.what, where=channel)
        if not isinstance(error, PressroomError):
            log.exception("a post was interrupted in an unforeseen way", channel=channel, publication=stored.id)
            error = defect_of(error, channel, self._publisher.channel.secrets)
        try:
            return self._unreadable(attempt, error, self._clock.now())
        except Exception:
            log.exception("what interrupted a post could not be stored", channel=channel, publication=stored.id)
            return Deferred(later, error.what, where=channel, todo=error.todo)

    def cut_off(self, runs: int) -> PressroomError:
        """Hold a post that workers vanish over before anything is found out; return what to raise."""
        channel = self._record.channel
        what = f"The post may be on {channel}: {runs - 1} times what looked for it ended before it knew."
        todo = f"Look for what ends the process (memory, a native library). {_LOOK_THERE}"
        return self._record.hold(Problem(what, channel, todo, "OutcomeUnknown"))

    def _is_ours(self, receipt: Receipt) -> bool:
        """Say whether a post that was found may be this one: one with the same words may be another's receipt."""
        return claim_receipt(self._ledger, self._record, receipt)

    def _absent(self, attempt: Attempt, now: datetime) -> None:
        """Believe that a post is not there only after the settling time, and only on two readings.

        The settling time begins when the call has surely been given up: it may begin a time-out after its attempt
        was stored, not later, and takes as long at most.
        """
        settled_at = attempt.last_call_at + 2 * self._publisher.timeout + self._publisher.settles_in
        if now < settled_at:
            # Look again when twice as much time has gone by, and once it counts.
            next_look = now + max(now - attempt.last_call_at, FIRST_LOOK)
            raise self._record.wait(min(next_look, settled_at), LOOKING)
        attempt = replace(attempt, absent_at=(*attempt.absent_at, now))
        if len(attempt.absent_at) < READINGS:
            self._record.save(attempts=(*self._record.now.attempts[:-1], attempt))
            raise self._record.wait(now + self._publisher.settles_in / 4, LOOKING)
        left = self._publisher.forget_attempt(dict(self._record.now.prepared))
        self._record.close(replace(attempt, outcome="absent"), PublicationState.SCHEDULED, prepared=left)

    def _unreadable(self, attempt: Attempt, error: PressroomError, now: datetime) -> PressroomError:
        channel = self._record.channel
        problem = error.problem(channel)
        if now - attempt.started_at > PATIENCE:
            what = f"The post may be on {channel}, which could not be read for a day: {problem.what}"
            return self._record.hold(Problem(what, channel, _LOOK_THERE, "OutcomeUnknown", problem.detail))
        until = now + max(now - attempt.started_at, FIRST_LOOK)
        if isinstance(error, RateLimited):
            until = error.retry_at or until
            self._desk.limited(channel, until, error.what)
        return self._record.wait(until, problem)


def receipt_key(channel: str, remote_id: str) -> str:
    """Return the key of the ledger under which a post that is public belongs to one publication."""
    return f"receipt:{channel}:{remote_id}"


def claim_of(record: PublicationRecord, receipt: Receipt) -> Claim:
    """Return what makes a remote id this publication's own. One post is never two receipts."""
    return Claim(receipt_key(record.channel, receipt.remote_id), {"publication_id": record.now.id})


def claim_receipt(ledger: Ledger, record: PublicationRecord, receipt: Receipt) -> bool:
    """Make a remote id this publication's own; False if it is another's."""
    claim = claim_of(record, receipt)
    ledger.claim(claim.key, claim.note)
    entry = ledger.get(claim.key)
    return entry is not None and entry.note["publication_id"] == record.now.id


def paused(record: PublicationRecord, desk: ChannelDesk, error: PressroomError, rest: str) -> PressroomError:
    """Pause the channel for an account that no longer works, and hold the post; return what to raise."""
    channel = record.channel
    desk.pause(channel, error.what)
    resume = f"`pressroom channels resume {channel}`"
    todo = (error.todo or "Reconnect the account.").rstrip(".")
    # Many a publisher says so itself, without the command.
    todo = todo.replace(_RESUME, resume) if _RESUME in todo else f"{todo}; then {resume}"
    problem = Problem(
        f"{error.what.rstrip('.')}, {rest}.",
        channel,
        f"{todo}.",
        type(error).__name__,
        error.detail,
    )
    return record.hold(problem)
