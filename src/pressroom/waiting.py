"""What waits on the queues although it is due, and from when on that means that work stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pressroom.bus import EVENTS_QUEUE
from pressroom.channel_desk import queue_of
from pressroom.pipeline import DEFAULT_QUEUE, PICTURES_QUEUE
from pressroom.runtime import Runtime

LATE = timedelta(minutes=5)
"""A delivery that was due this long ago and that nobody claimed means that work stands still."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The deliveries of one queue that are due and unclaimed."""

    queue: str
    count: int
    age: timedelta
    """For how long the oldest could have been claimed."""
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
    served = queues(runtime)
    now = runtime.ports.clock.now()
    return [
        Waiting(queue, count, now - since, queue in served)
        for queue, (count, since) in sorted(runtime.ports.queue.oldest_waiting().items())
    ]
