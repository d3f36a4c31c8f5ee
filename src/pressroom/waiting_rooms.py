"""The lines of posts before paced or closed channels: who may go on, and when the next may. Posts nothing itself.

A post that its channel does not let go yet waits on a queue that nobody claims from. Here as many of them are put
back onto the channel's own queue as may go, the oldest first, so that a long line costs nothing while it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pressroom.channel_desk import queue_of, waiting_room
from pressroom.channels import Pace
from pressroom.errors import PressroomError
from pressroom.runtime import Runtime


class WaitingRooms:
    def __init__(self, runtime: Runtime) -> None:
        self._publishing, self._clock, self._queue = runtime.publishing, runtime.ports.clock, runtime.ports.queue
        self._channels = {queue_of(channel): channel for channel in runtime.publishing.channels()}

    def let_go(self, queues: Sequence[str], most: int, *, job_id: str | None = None) -> None:
        """Put up to `most` posts of each channel among these queues back onto its queue, if the channel lets them."""
        for channel in self._with_a_line(queues, job_id):
            if (count := self._lets_go(channel, most)) > 0:
                self._queue.move(waiting_room(channel), queue_of(channel), count, job_id=job_id)

    def next_due(self, queues: Sequence[str], *, job_id: str | None = None) -> datetime | None:
        """Return when something can next be claimed from these queues, or let go onto them; None for not by itself."""
        due = [self._queue.next_due(queues, job_id=job_id)]
        due += [self._opens_at(channel) for channel in self._with_a_line(queues, job_id)]
        return min((moment for moment in due if moment is not None), default=None)

    def served(self, queues: Iterable[str]) -> list[str]:
        """Return the queues of the waiting rooms that belong to these queues."""
        return [waiting_room(self._channels[queue]) for queue in queues if queue in self._channels]

    def stands_still(self, room: str, since: datetime, patience: timedelta) -> timedelta:
        """Return for how long the first in line could have gone; nothing while, or just after, it may not."""
        [channel] = [channel for channel in self._channels.values() if waiting_room(channel) == room]
        now, pace = self._clock.now(), self._pace(channel)
        if pace is None:
            return now - since
        state = self._publishing.state(channel)
        if state.paused or state.waits_until(now, pace) or state.waits_until(now - patience, pace):
            return timedelta(0)
        return max(now - max(since, state.last_sent_at or since) - pace.minimum_gap, timedelta(0))

    def _with_a_line(self, queues: Sequence[str], job_id: str | None) -> list[str]:
        channels = [self._channels[queue] for queue in queues if queue in self._channels]
        rooms = [waiting_room(channel) for channel in channels]
        if not rooms or self._queue.next_due(rooms, job_id=job_id) is None:
            return []
        return [one for one in channels if self._queue.next_due([waiting_room(one)], job_id=job_id) is not None]

    def _lets_go(self, channel: str, most: int) -> int:
        pace = self._pace(channel)
        if pace is None:
            return most
        return self._publishing.state_to_send(channel).lets_go(self._clock.now(), pace, most)

    def _opens_at(self, channel: str) -> datetime | None:
        now, pace = self._clock.now(), self._pace(channel)
        if pace is None:
            return now
        state = self._publishing.state_to_send(channel)
        return None if state.paused else state.waits_until(now, pace) or now

    def _pace(self, channel: str) -> Pace | None:
        """Return the channel's pace; None if its settings are wrong, and then each post's own step says what is."""
        try:
            return self._publishing.publisher(channel).channel.settings.pace
        except PressroomError:
            return None
