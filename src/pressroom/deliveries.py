"""The delivery: one event or one step waiting on a queue for a worker, and how it can be settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pressroom.errors import Problem
from pressroom.events import Event


class Task(StrEnum):
    STEP = "step"
    """Run the step at path `name` of the job."""
    EVENT = "event"
    """Hand the event to the subscriber `name`."""
    DEADLINE = "deadline"
    """The time given to the step at path `name` is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    queue: str
    task: Task
    name: str
    job_id: str | None = None
    event: Event | None = None
    """For a step: the event that led to it. Stored by reference; only its id or position matters when put."""
    available_at: datetime | None = None
    """None: at once."""
    data: dict[str, Any] = field(default_factory=dict)
    """What an edit put in the place of the step's own input."""
    id: int = 0
    """Given by the queue."""
    attempt: int = 0
    """How often it was claimed, this time included."""
    failures: int = 0
    """How often it failed in a way that counts."""
    lease: str = ""
    """The token of the claim; a settlement with an old one is refused."""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Again:
    delivery: Delivery
    at: datetime
    problem: Problem
    counts: bool = True
    """Whether it failed; a mere wait takes its attempt back and adds no failure."""
    queue: str = ""
    """On which it waits; empty for the one that it was claimed from."""


@dataclass(frozen=True, slots=True)
class Bury:
    """Nobody will try it again by itself; it lies with the dead letters."""

    delivery: Delivery
    problem: Problem


Settlement = Done | Again | Bury


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A dead delivery with all that is known of how it died."""

    id: int
    queue: str
    task: Task
    name: str
    job_id: str | None
    attempts: int
    died_at: datetime
    error: Problem
    history: tuple[dict[str, Any], ...]
    """`{at, attempt, what}` of each failure, oldest first."""
    data: dict[str, Any]
    event_id: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "queue": self.queue,
            "task": self.task.value,
            "name": self.name,
            "job_id": self.job_id,
            "attempts": self.attempts,
            "died_at": self.died_at.isoformat(),
            "error": self.error.as_dict(),
            "advice": self.error.todo,
            "history": list(self.history),
            "data": self.data,
            "event_id": self.event_id,
        }
