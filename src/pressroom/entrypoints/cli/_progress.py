"""Shows on standard error how jobs get on: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from pressroom.entrypoints.cli._output import console, duration, note

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pressroom.entrypoints.cli._call import Call
    from pressroom.jobs import Job, StepRecord

SIGNS = {
    "ready": ("…", "cyan"),
    "waiting": ("·", "dim"),
    "held": ("!", "yellow"),
    "completed": ("✓", "green"),
    "failed": ("✗", "red"),
    "passed_over": ("-", "dim"),
}


class Display(Protocol):
    def show(self, job: Job, steps: Iterable[StepRecord], waits: Sequence[str] = ()) -> None:
        """Take note of how one job stands now; `waits` says what is waited for."""


@contextmanager
def shown(call: Call, jobs: Sequence[Job]) -> Iterator[Display]:
    """Show the progress of these jobs until the block ends."""
    out = console(call, stderr=True)
    if not out.is_terminal:
        yield Lines(call, jobs)
        return
    from rich.live import Live

    table = Table()
    with Live(get_renderable=table.render, console=out, refresh_per_second=10, transient=True):
        yield table
    out.print(table.render())


class Lines:
    """A line for each thing that changed."""

    def __init__(self, call: Call, jobs: Sequence[Job]) -> None:
        self._call = call
        of_each = Counter(job.pipeline for job in jobs)
        # By its pipeline, if that tells it from the others.
        names = {job.id: job.pipeline if of_each[job.pipeline] == 1 else job.id for job in jobs}
        self._names = names if len(jobs) > 1 else {}
        self._said: dict[tuple[str, str], tuple[Any, ...]] = {}

    def show(self, job: Job, steps: Iterable[StepRecord], waits: Sequence[str] = ()) -> None:
        name = self._names.get(job.id)
        whose = f"{name} " if name else ""
        for step in filter(_was_run, steps):
            state = (step.status, step.attempts if step.error else 0)
            if self._said.get((job.id, step.path)) == state:
                continue
            self._said[job.id, step.path] = state
            has_begun = step.status == "ready" and step.started_at is not None
            if step.status.is_over or step.status == "held" or step.error or has_begun:
                sign, _ = SIGNS[step.status]
                time = _time_of(step) if step.status.is_over else ""
                note(self._call, "  ".join(filter(None, (f"{whose}{sign} {step.path}", time, _remark(step)))))
        for wait in waits:
            if self._said.get((job.id, wait)) is None:
                self._said[job.id, wait] = ()
                note(self._call, f"{whose}… {wait}")


class Table:
    """All jobs with their steps and times, drawn anew ten times a second."""

    def __init__(self) -> None:
        from rich.spinner import Spinner

        self._jobs: dict[str, tuple[Job, list[StepRecord], list[str]]] = {}
        # One for all: a spinner knows where it stands by when it was first drawn.
        self._spinner = Spinner("dots", style="cyan")

    def show(self, job: Job, steps: Iterable[StepRecord], waits: Sequence[str] = ()) -> None:
        self._jobs[job.id] = (job, list(steps), list(waits))

    def render(self) -> RenderableType:
        from rich.table import Table as Grid
        from rich.text import Text

        grid = Grid.grid(padding=(0, 2, 0, 0))
        for job, steps, waits in list(self._jobs.values()):
            title = f"{job.pipeline}  {job.phase or job.status}"
            grid.add_row("", Text(title, style="bold"), "", Text(job.id, style="dim"))
            for step in filter(_was_run, steps):
                sign, style = SIGNS[step.status]
                runs = step.status == "ready" and step.started_at and not step.error
                grid.add_row(
                    self._spinner if runs else Text(sign, style=style),
                    Text(step.path),
                    Text(_time_of(step), style="dim"),
                    Text(_remark(step), style="yellow" if step.error else "dim", overflow="fold"),
                )
            for wait in waits:
                grid.add_row(Text("…", style="yellow"), Text(wait, style="yellow", overflow="fold"))
        return grid


def _was_run(step: StepRecord) -> bool:
    """Leave out where branches met or an event came: nobody ran that, and it takes no time of its own."""
    return step.status != "completed" or step.attempts > 0


def _time_of(step: StepRecord) -> str:
    if step.started_at is None:
        return ""
    return duration((step.completed_at or datetime.now(UTC)) - step.started_at)


def _remark(step: StepRecord) -> str:
    if step.error and step.status != "completed":
        return f"attempt {step.attempts}: {step.error.what}"
    return f"{step.attempts} attempts" if step.attempts > 1 else ""
