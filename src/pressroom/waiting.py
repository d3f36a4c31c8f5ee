"""What waits on the queues although it is due, and from when on that means that work stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.bus import EVENTS_QUEUE
from pressroom.channel_desk import queue_of
from pressroom.pipeline import DEFAULT_QUEUE, PICTURES_QUEUE
from pressroom.runtime import Runtime
from pressroom.waiting_rooms import WaitingRooms

LATE = timedelta(minutes=5)
"""A delivery that was due this long ago and that nobody claimed means that work stands still."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The deliveries of one queue that are due and unclaimed."""

    queue: str
    count: int
    age: timedelta
    """For how long the oldest could have been claimed; what waits for its channel could while that is open."""
    is_served: bool
    """Whether a worker with these settings looks at the queue at all."""

    @property
    def is_late(self) -> bool:
        return self.age > LATE


def queues(runtime: Runtime) -> list[str]:
    """Return the queues that a worker with these settings looks at."""
    return [DEFAULT_QUEUE, EVENTS_QUEUE, PICTURES_QUEUE, *map(queue_of, runtime.publishing.channels())]


def waiting(runtime: Runtime) -> list[Waiting]:
    """Return what is due on each queue, by the queue's name."""
    served, rooms, now = queues(runtime), WaitingRooms(runtime), runtime.ports.clock.now()
    served_rooms = rooms.served(served)
    found = []
    for queue, (count, since) in sorted(runtime.ports.queue.oldest_waiting().items()):
        if queue in served_rooms:
            found.append(Waiting(queue, count, rooms.stands_still(queue, since, LATE), True))
        else:
            found.append(Waiting(queue, count, now - since, queue in served))
    return found


def next_due(runtime: Runtime) -> datetime | None:
    """Return when a worker can next do something; None if nothing goes on by itself."""
    return WaitingRooms(runtime).next_due(queues(runtime))
