"""Streams of events to programs and pages (server-sent events): bounded in number, in memory and in time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from pressroom.entrypoints.api.event_tail import Bell, EventTail
from pressroom.errors import BadInput, NotFound, Unavailable
from pressroom.events import Event
from pressroom.log import log
from pressroom.ports import Ports

BATCH = 32
"""Events that are read at once: what a stream holds in memory, however slow its reader is."""
READERS = 2
"""Threads that read for all streams, so that they take none from those who ask for something else."""
RETRY_MS = 1000
"""How long a browser waits before it comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    most: int = 64
    """Streams at the same time in one process."""
    heartbeat: timedelta = timedelta(seconds=15)
    """How long a stream is silent at most: proxies close what says nothing for a minute."""
    longest: timedelta = timedelta(minutes=15)
    """After this a stream ends and its reader comes back, with a key that is then still good or is not."""
    patience: timedelta = timedelta(seconds=30)
    """How long a reader may leave what was sent to it unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a stream tells of."""

    after: int | None = None
    """The position behind which to begin; None for what happens from now on."""
    types: tuple[str, ...] = ()
    job_id: str = ""
    says_only_that: bool = False
    """Whether a message bears the event's type alone: for readers who need not know more."""
    until_ended: bool = False
    """Whether the stream ends with its job."""


@dataclass(frozen=True, slots=True)
class Batch:
    events: list[Event]
    position: int
    """Up to here the log has been looked through."""
    is_full: bool = False
    """Whether there may be more at once."""
    is_last: bool = False


class EventStreams:
    """All streams of one server."""

    def __init__(self, ports: Ports, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._ports, self._tail = ports, EventTail(ports)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="event stream")
        self._open = 0
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many are open."""
        return self._open

    def close(self) -> None:
        """End every stream; may be called from any thread. Their readers find where they were with the next server."""
        self._is_closed = True
        self._tail.ring_all()

    async def open(self, wanted: Wanted) -> EventStream | None:
        """Return a stream, to be answered with; None if there is nothing to come.

        Raises `Unavailable` if there are as many as may be, `NotFound` for an unknown job, `BadInput` for a
        position that the log has not reached.
        """
        if self._is_closed or self._open >= self.limits.most:
            raise Unavailable(
                f"{self._open} streams of events are open, and no more are served at the same time.",
                todo="Close one that is not read any more, or ask again in a while; /api/v1/events tells the same.",
            )
        self._open += 1
        try:
            first = await self._read(partial(self._begin, wanted))
            if first.is_last and not first.events:
                self._open -= 1
                return None
        except BaseException:
            self._open -= 1
            raise
        return EventStream(self._messages(wanted, first), self.limits.patience, self._left)

    def _left(self) -> None:
        self._open -= 1

    async def _read(self, read: partial[Batch]) -> Batch:
        return await asyncio.get_running_loop().run_in_executor(self._readers, read)

    async def _messages(self, wanted: Wanted, batch: Batch) -> AsyncIterator[bytes]:
        now = asyncio.get_running_loop().time
        ends = now() + self.limits.longest.total_seconds()
        with self._tail.listening() as bell:
            yield format_sse_event(retry=RETRY_MS)
            while not self._is_closed:
                for event in batch.events:
                    yield told(event) if wanted.says_only_that else message(event)
                if batch.is_last or (now() >= ends and not batch.is_full):
                    return
                if not batch.is_full and not await self._wait(bell, ends - now()):
                    yield format_sse_event(comment="nothing new")
                if self._is_closed:
                    return
                bell.silence()
                try:
                    batch = await self._read(partial(self._next, wanted, batch.position))
                except Unavailable as error:
                    # Its reader comes back and goes on behind the last event that it got.
                    log.warning("a stream of events ends, since the log cannot be read", why=str(error))
                    return

    async def _wait(self, bell: Bell, left: float) -> bool:
        return await bell.heard(max(0.0, min(self.limits.heartbeat.total_seconds(), left)))

    def _begin(self, wanted: Wanted) -> Batch:
        last = self._ports.events.last_position()
        if wanted.job_id and self._ports.jobs.get(wanted.job_id) is None:
            raise NotFound(f"There is no job {wanted.job_id}.", todo="/api/v1/jobs lists the jobs there are.")
        if wanted.after is not None and wanted.after > last:
            raise BadInput(
                f"The log has not reached position {wanted.after}: it ends at {last}.",
                todo="Begin behind a position that an event of this Pressroom has, or without one.",
            )
        return self._next(wanted, last if wanted.after is None else wanted.after)

    def _next(self, wanted: Wanted, position: int) -> Batch:
        """Read on behind a position.

        Where the log ends, and whether the job is over, is asked before the events are: what comes in between is
        then told by the next batch, and nothing is passed over.
        """
        events = self._ports.events
        job = self._ports.jobs.get(wanted.job_id) if wanted.until_ended else None
        last = events.last_position()
        if wanted.job_id:
            # Only the job's own: the log of a job is short, and found without looking through the others'.
            found = [
                event
                for event in events.of_job(wanted.job_id)
                if event.position is not None
                and position < event.position <= last
                and (not wanted.types or event.type in wanted.types)
            ]
        else:
            found = events.after(position, limit=BATCH, types=wanted.types)
        is_full = len(found) > BATCH if wanted.job_id else len(found) == BATCH
        found = found[:BATCH]
        reached = (found[-1].position or position) if found else position
        is_last = wanted.until_ended and not is_full and (job is None or job.status.has_ended)
        return Batch(found, reached if is_full else max(reached, last), is_full, is_last)


def message(event: Event) -> bytes:
    """Return an event as one message of a stream."""
    text = json.dumps(event.as_cloudevent(), ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(data_str=text, event=event.type, id=str(event.position))


def told(event: Event) -> bytes:
    """Return that something of this type has happened, as one message of a stream."""
    return format_sse_event(data_str="{}", event=event.type, id=str(event.position))


class EventStream(StreamingResponse):
    """Gives its place free whatever ends it, and ends when what was sent is not read."""

    media_type = "text/event-stream"

    def __init__(self, messages: AsyncIterator[bytes], patience: timedelta, left: Callable[[], None]) -> None:
        # Proxies are told not to keep anything back.
        super().__init__(messages, headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        self._patience, self._left = patience.total_seconds(), left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(sent: Message) -> None:
            async with asyncio.timeout(self._patience):
                await send(sent)

        try:
            await super().__call__(scope, receive, send_in_time)
        except TimeoutError:
            log.info("a stream of events was not read, and is closed")
        finally:
            self._left()
