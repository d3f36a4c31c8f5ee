"""A pipeline whose steps leave traces in a file, so that a test can see from outside what ran in which process."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.composition import compose
from pressroom.config import load
from pressroom.pipeline import Choice, Pipeline, Request, Schedule, Start
from pressroom.ports import Clock
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_ports

PATIENCE = 30.0


class Practice(BaseModel):
    folder: str
    key: str = ""
    kind: str = ""
    """What `second` does beside leaving its trace: `waits`, `dies`, or `meets` a step in another process."""

    def note(self, what: str) -> None:
        """Append a line to the folder's trace; a single small write to a file opened for appending is not torn."""
        with (Path(self.folder) / "trace").open("a") as file:
            file.write(f"{what} {os.getpid()}\n")


class Day(BaseModel):
    date: str = ""


def one_for_its_key(input: Practice) -> list[Start]:
    return [Start(input.model_dump(), input.key or None)]


def first(practice: Practice) -> None:
    practice.note("first")


def is_wanted(practice: Practice) -> bool:
    practice.note("asked")
    return True


def second(practice: Practice, context: Context) -> None:
    practice.note("second")
    if practice.kind == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    ends = time.monotonic() + PATIENCE
    while not _may_go_on(practice) and time.monotonic() < ends:
        time.sleep(0.005)


def _may_go_on(practice: Practice) -> bool:
    folder = Path(practice.folder)
    if practice.kind == "waits":
        return (folder / "go").exists()
    if practice.kind == "meets":
        lines = (folder / "trace").read_text().splitlines()
        return len({line.split()[1] for line in lines if line.startswith("second")}) > 1
    return True


def third(practice: Practice) -> None:
    practice.note("third")


def look_out(day: Day) -> None:
    """The only step of the scheduled pipeline."""


def traces(folder: Path) -> list[str]:
    """Return what has run so far, without the processes."""
    file = folder / "trace"
    return [line.split()[0] for line in file.read_text().splitlines()] if file.exists() else []


def open_practice(workspace: Path, clock: Clock) -> Runtime:
    """Open a workspace with the two pipelines of practice, as a process of Pressroom does with its own."""
    pipelines = [
        Pipeline(
            "practice",
            trigger=Request(),
            input=Practice,
            starts=one_for_its_key,
            steps=[first, Choice(is_wanted, second), third],
        ),
        Pipeline("daily_practice", trigger=Schedule("0 8 * * *"), input=Day, steps=[look_out]),
    ]
    config = load(workspace, {})
    return compose(config, open_ports(workspace, {}, clock), {pipeline.name: pipeline for pipeline in pipelines})
