"""Streams of events: each event once and in order, whoever leaves and comes back; bounded in number, time, memory."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.entrypoints.api.event_streams import BATCH, EventStream, EventStreams, Limits, Wanted
from pressroom.errors import BadInput, NotFound, Unavailable
from pressroom.events import Event
from pressroom.jobs import Job
from pressroom.pipeline import Pipeline, Request
from pressroom.ports import Ports
from pressroom.testing import ManualClock, memory_runtime, work_off

SOON = 10.0
"""Seconds: nothing here takes so long unless it hangs."""
QUIET = timedelta(hours=1)


class Log:
    """A log in memory with a bus, so that what is written wakes who listens."""

    def __init__(self, **limits: Any) -> None:
        self.ports: Ports = build_memory_ports(ManualClock())
        self.bus = Bus(self.ports.store, self.ports.wake)
        self.streams = EventStreams(self.ports, Limits(**({"heartbeat": QUIET, "longest": QUIET} | limits)))

    def write(self, *types: str, job_id: str | None = None) -> None:
        now = self.ports.clock.now()
        for type_ in types:
            event = Event(type=type_, subject="x", time=now, data={"said": "Grüße\n\n"}, job_id=job_id)
            self.bus.commit(Change(events=(event,)))

    async def open(self, **wanted: Any) -> EventStream:
        stream = await self.streams.open(Wanted(**wanted))
        assert stream is not None
        return stream


def soon(work: Coroutine[Any, Any, Any]) -> Any:
    async def within() -> Any:
        async with asyncio.timeout(SOON):
            return await work

    return asyncio.run(within())


def parsed(chunk: bytes) -> dict[str, str]:
    """Read one message as the standard says; comments and what only sets the waiting time have no `event`."""
    found: dict[str, str] = {}
    assert chunk.endswith(b"\n\n")
    for line in chunk.decode().splitlines():
        name, _, value = line.partition(":")
        if name:
            found[name] = value.removeprefix(" ")
    return found


async def told(stream: EventStream, count: int | None = None) -> list[dict[str, str]]:
    """Return so many messages with events, or all until the stream ends."""
    found: list[dict[str, str]] = []
    async for chunk in stream.body_iterator:
        assert isinstance(chunk, bytes)
        if "event" in (message := parsed(chunk)):
            found.append(message)
        if count is not None and len(found) >= count:
            break
    return found


def types_of(messages: list[dict[str, str]]) -> list[str]:
    return [message["event"] for message in messages]


def test_an_event_is_told_with_its_position_its_type_and_its_envelope() -> None:
    log = Log()
    log.write("JobStarted", job_id="job_1")

    async def read() -> list[dict[str, str]]:
        return await told(await log.open(after=0), 1)

    [message] = soon(read())
    assert (message["id"], message["event"]) == ("1", "JobStarted")
    envelope = json.loads(message["data"])
    assert envelope == log.ports.events.after(0)[0].as_cloudevent()
    assert envelope["data"] == {"said": "Grüße\n\n"}


def test_what_happens_from_now_on_is_told_as_it_happens_and_without_asking_again_and_again() -> None:
    log = Log()
    log.write("Before")

    async def read() -> list[dict[str, str]]:
        stream = await log.open()
        reading = asyncio.ensure_future(told(stream, 2))
        await asyncio.to_thread(log.write, "First")
        await asyncio.to_thread(log.write, "Second")
        return await reading

    # The stream itself is silent for an hour: only the bus can have told it.
    assert types_of(soon(read())) == ["First", "Second"]


def test_whoever_leaves_and_comes_back_misses_nothing_and_gets_nothing_twice() -> None:
    log, chance = Log(), random.Random(4)
    expected = 400

    def write_all() -> None:
        for number in range(expected):
            log.write(f"Event{number}")

    async def read() -> list[dict[str, str]]:
        writer = threading.Thread(target=write_all)
        found: list[dict[str, str]] = []
        writer.start()
        while len(found) < expected:
            after = int(found[-1]["id"]) if found else 0
            stream = await log.open(after=after)
            found += await told(stream, min(chance.randint(1, 60), expected - len(found)))
            await stream.body_iterator.aclose()  # type: ignore[attr-defined]
            stream._left()
        writer.join()
        return found

    messages = soon(read())
    assert [int(message["id"]) for message in messages] == list(range(1, expected + 1))
    assert types_of(messages) == [f"Event{number}" for number in range(expected)]


def test_types_and_jobs_are_chosen() -> None:
    log = Log(longest=timedelta(0))
    for job_id in ("job_1", "job_2"):
        log.write("JobStarted", "StepCompleted", "JobCompleted", job_id=job_id)

    async def read(**wanted: Any) -> list[tuple[str, str]]:
        stream = await log.open(after=0, **wanted)
        return [(one["id"], one["event"]) for one in await told(stream)]

    assert soon(read(types=("JobStarted",))) == [("1", "JobStarted"), ("4", "JobStarted")]
    log.ports.store.commit(_a_job("job_2"))
    assert [id for id, _ in soon(read(job_id="job_2"))] == ["4", "5", "6", "7"]
    assert soon(read(job_id="job_2", types=("JobCompleted",))) == [("6", "JobCompleted")]


def _a_job(job_id: str) -> Change:
    from pressroom.changes import change_job

    requested = Event(
        type="JobRequested", subject=job_id, time=ManualClock().now(), data={"pipeline": "x"}, job_id=job_id
    )
    return change_job(None, [requested])


def test_a_long_log_is_read_in_parts() -> None:
    log = Log(longest=timedelta(0))
    log.write(*[f"Event{number}" for number in range(3 * BATCH + 1)])

    async def read() -> list[dict[str, str]]:
        return await told(await log.open(after=0))

    assert len(soon(read())) == 3 * BATCH + 1


def test_a_stream_that_is_silent_shows_that_it_lives() -> None:
    log = Log(heartbeat=timedelta(milliseconds=5))

    async def read() -> list[bytes]:
        stream = await log.open()
        chunks: AsyncIterator[Any] = stream.body_iterator  # type: ignore[assignment]
        return [await anext(chunks) for _ in range(3)]

    first, *others = soon(read())
    assert first.startswith(b"retry: ")
    assert others == [b": nothing new\n\n"] * 2


def test_only_so_many_are_open_and_one_that_ends_makes_room() -> None:
    log = Log(most=2)

    async def read() -> None:
        first, _ = await log.open(), await log.open()
        with pytest.raises(Unavailable, match="2 streams"):
            await log.open()
        await _served(first, leaves=True)
        await log.open()

    soon(read())


async def _served(stream: EventStream, *, leaves: bool = False, unread: bool = False) -> list[bytes]:
    """Answer with the stream as a server does; who asked `leaves` at once, or leaves everything `unread`."""
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        if not leaves:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if unread and message["type"] == "http.response.body":
            await asyncio.Event().wait()
        sent.append(message.get("body", b""))

    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    await stream(scope, receive, send)
    return sent


def test_a_reader_that_reads_nothing_is_given_up_and_holds_no_more_than_one_batch() -> None:
    log = Log(patience=timedelta(milliseconds=20))
    log.write(*["Something"] * (10 * BATCH))
    reads: list[int] = []
    plain = log.ports.events.after

    class Counted:
        def __getattr__(self, name: str) -> Any:
            return getattr(log.ports.events, name)

        def after(self, position: int, **more: Any) -> list[Event]:
            found = plain(position, **more)
            reads.append(len(found))
            return found

    streams = EventStreams(replace(log.ports, events=Counted()), log.streams.limits)

    async def read() -> None:
        stream = await streams.open(Wanted(after=0))
        assert stream is not None
        await _served(stream, unread=True)

    soon(read())
    assert reads == [BATCH]
    assert streams.count == 0


def test_every_stream_ends_when_the_server_stops() -> None:
    log = Log()
    log.write("Something")

    async def read() -> list[list[dict[str, str]]]:
        streams = [await log.open(after=0) for _ in range(3)]
        begun = [types_of(await told(stream, 1)) for stream in streams]
        assert begun == [["Something"]] * 3
        reading = [asyncio.ensure_future(told(stream)) for stream in streams]
        await asyncio.sleep(0)
        await asyncio.to_thread(log.streams.close)
        return await asyncio.gather(*reading)

    assert soon(read()) == [[], [], []]
    with pytest.raises(Unavailable):
        soon(log.open())


def test_nothing_runs_for_streams_when_none_is_open() -> None:
    log = Log(longest=timedelta(0))
    log.write("Something")

    async def read() -> list[dict[str, str]]:
        return await told(await log.open(after=0))

    soon(read())
    tail = [thread for thread in threading.enumerate() if thread.name == "event tail"]
    for thread in tail:
        thread.join(SOON)
    assert not any(thread.is_alive() for thread in tail)


def test_a_stream_ends_with_its_job() -> None:
    def say(job: Job) -> None:
        """A step that only ends."""

    runtime = memory_runtime(Pipeline("greeting", trigger=Request(), steps=[say]))
    streams = EventStreams(runtime.ports, Limits(heartbeat=QUIET, longest=QUIET))
    [job] = runtime.runner.request("greeting", {})

    async def read() -> list[str]:
        stream = await streams.open(Wanted(after=0, job_id=job.id, until_ended=True))
        assert stream is not None
        reading = asyncio.ensure_future(told(stream))
        await asyncio.to_thread(work_off, runtime)
        return types_of(await reading)

    found = soon(read())
    assert (found[0], found[-1]) == ("JobRequested", "JobCompleted")
    assert len(found) == len(runtime.ports.events.of_job(job.id))
    behind = runtime.ports.events.last_position()
    assert soon(streams.open(Wanted(after=behind, job_id=job.id, until_ended=True))) is None
    assert streams.count == 1, "what is not opened takes no place"


def test_what_cannot_be_told_is_said_at_once() -> None:
    log = Log()
    log.write("Something")
    with pytest.raises(NotFound, match="job_9"):
        soon(log.open(job_id="job_9"))
    with pytest.raises(BadInput, match="ends at 1"):
        soon(log.open(after=2))
    assert log.streams.count == 0
