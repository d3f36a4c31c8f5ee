"""Replays that run while nobody waits for them: one at a time, told of until the server stops."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pressroom.errors import Conflict, Problem, problem_of
from pressroom.ids import new_id
from pressroom.log import log
from pressroom.replay import Told
from pressroom.runtime import Runtime

REMEMBERED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRun:
    id: str
    into: str | None
    through: str | None
    started_at: datetime
    status: str = "running"
    events: int = 0
    ended_at: datetime | None = None
    error: Problem | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "into": self.into,
            "through": self.through,
            "status": self.status,
            "events": self.events,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "error": self.error.as_dict() if self.error else None,
        }


class Stopped(Exception):
    """The server stops, so the replay does."""


class Replaying:
    """The replays of one server, in memory: what they wrote is stored, how far they were is not."""

    def __init__(self, runtime: Runtime) -> None:
        self._replay, self._clock = runtime.replay, runtime.ports.clock
        self._lock = threading.Lock()
        self._runs: dict[str, ReplayRun] = {}
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def runs(self) -> list[ReplayRun]:
        """Return the replays, those begun last first."""
        with self._lock:
            return list(reversed(self._runs.values()))

    def get(self, id: str) -> ReplayRun | None:
        with self._lock:
            return self._runs.get(id)

    def start(
        self, into: str | None, through: str | None, since: datetime | None = None, until: datetime | None = None
    ) -> ReplayRun:
        """Begin a replay in a thread of its own; raises `Conflict` while another one runs.

        Of names that nothing answers to it tells like `Replay` does, before anything is begun.
        """
        if into is not None:
            self._replay.knows_model(into)
        else:
            self._replay.knows_handler(str(through))

        def work(told: Told) -> int:
            if into is not None:
                return self._replay.into(into, told)
            return self._replay.through(str(through), since, until, told)

        run = ReplayRun(id=new_id("rep"), into=into, through=through, started_at=self._clock.now())
        with self._lock:
            if self._is_closed or any(one.status == "running" for one in self._runs.values()):
                raise Conflict("Another replay is under way.", todo="Wait for it: /api/v1/replay tells how far it is.")
            self._runs[run.id] = run
            while len(self._runs) > REMEMBERED:
                del self._runs[next(iter(self._runs))]
            self._thread = threading.Thread(target=self._run, args=(run.id, work), name="replay", daemon=True)
            self._thread.start()
        return run

    def close(self, timeout: float | None = 2) -> None:
        """Stop what runs, at the end of its batch."""
        self._is_closed = True
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, id: str, work: Callable[[Told], int]) -> None:
        def told(events: int) -> None:
            self._note(id, events=events)
            if self._is_closed:
                raise Stopped

        try:
            events = work(told)
        except Stopped:
            self._note(id, status="stopped", ended_at=self._clock.now())
        except Exception as error:
            log.exception("a replay has failed")
            self._note(id, status="failed", ended_at=self._clock.now(), error=problem_of(error))
        else:
            self._note(id, status="completed", ended_at=self._clock.now(), events=events)

    def _note(self, id: str, **fields: Any) -> None:
        with self._lock:
            if id in self._runs:
                self._runs[id] = replace(self._runs[id], **fields)
