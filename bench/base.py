"""What a bench is, and what it reports. Nothing here measures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Target:
    claim: str
    """What is promised: `median hop at most 3 ms`."""
    measured: str
    met: bool | None
    """None if it could not be measured here; `measured` says why."""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(slots=True)
class Report:
    """What a bench found, in the order in which it is printed and written to `RESULTS.md`."""

    targets: list[Target] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Single figures that others look for: `ratio to celery (hops/s): 3.10`."""
    notes: list[str] = field(default_factory=list)
    """What a reader must know to trust the figures, or not to."""
    versions: dict[str, str] = field(default_factory=dict)
    """Of everything that was measured beside Pressroom."""

    def expect(self, claim: str, measured: str, met: bool | None) -> None:
        self.targets.append(Target(claim, measured, met))


class Bench(ABC):
    """One measurement; its module holds one subclass and is found by its name."""

    method: ClassVar[str]
    """How it is measured, for a reader who wants to judge or repeat it."""

    @abstractmethod
    def run(self, folder: Path, rounds: int | None) -> Report:
        """Measure in an empty folder on a real disk; `rounds` takes the place of the bench's own number."""


def say(what: str) -> None:
    """Tell whoever waits what is being measured."""
    print(f"  {what}", flush=True)
