"""The person who looks after the press: reconnects, looks on the network for what is held, tries again."""

from __future__ import annotations

from datetime import datetime, timedelta

from pressroom.desk import Resolution
from pressroom.publications import Publication, PublicationState
from tests.soak.workspace import CHANNEL, Workspace

_WAITING = (PublicationState.SCHEDULED, PublicationState.PUBLISHING)
_ENDS_WITH_THE_PAUSE = ("AccountDisconnected", "OutOfCredit", "ChannelPaused")


class Person:
    """Decides by what is on the network, and truthfully, but not before the network can do nothing more of itself."""

    def __init__(self, workspace: Workspace, *, looks_after: timedelta, waits_for: timedelta) -> None:
        """`looks_after`: how long after the beginning of a call it is surely over, also at the network.

        `waits_for`: what waits longer is let go on at once.
        """
        self._workspace, self._runtime = workspace, workspace.runtime
        self._looks_after, self._waits_for = looks_after, waits_for
        self.resumed = self.redriven = self.found = self.sent_again = 0

    def play(self) -> None:
        """Do all that is to be done now."""
        now = self._runtime.ports.clock.now()
        held = self._runtime.publishing.held()
        self._end_waits(held, now)
        for publication in held:
            if _kind(publication) not in _ENDS_WITH_THE_PAUSE and self._may_look(publication, now):
                self._decide(publication)
        for letter in self._runtime.ports.dead_letters.find():
            self._runtime.runner.redrive(letter.id)
            self.redriven += 1

    def _end_waits(self, held: list[Publication], now: datetime) -> None:
        state = self._runtime.publishing.state(CHANNEL)
        waiting = [state.closed_until, *(one.due_at for one in self._workspace.find(*_WAITING))]
        is_long = any(until is not None and until > now + self._waits_for for until in waiting)
        if is_long or state.paused or any(_kind(one) in _ENDS_WITH_THE_PAUSE for one in held):
            self.resumed += self._runtime.publishing.resume(CHANNEL)

    def _may_look(self, publication: Publication, now: datetime) -> bool:
        return bool(publication.attempts) and now > publication.attempts[-1].last_call_at + self._looks_after

    def _decide(self, publication: Publication) -> None:
        seen = self._workspace.network.seen(self._workspace.fake)
        there = [post for post in seen if post.text == publication.post.text]
        if there:
            self._runtime.publishing.resolve(publication.id, Resolution.IT_IS_THERE, remote_id=there[0].id)
            self.found += 1
        else:
            self._runtime.publishing.resolve(publication.id, Resolution.SEND_AGAIN)
            self.sent_again += 1


def _kind(publication: Publication) -> str:
    return publication.problem.kind if publication.problem else ""
