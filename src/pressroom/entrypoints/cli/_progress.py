"""Shows on standard error how jobs get on: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    def show(self, job: Job, steps: Iterable[StepRecord]) -> None:
        """Take note of how one job stands now."""


@contextmanager
def shown(call: Call, count: int) -> Iterator[Display]:
    """Show the progress of `count` jobs until the block ends."""
    out = console(call, stderr=True)
    if not out.is_terminal:
        yield Lines(call, count)
        return
    from rich.live import Live

    table = Table()
    with Live(get_renderable=table.render, console=out, refresh_per_second=10, transient=True):
        yield table
    out.print(table.render())


class Lines:
    """A line for each thing that changed."""

    def __init__(self, call: Call, count: int) -> None:
        self._call, self._several = call, count > 1
        self._said: dict[tuple[str, str], tuple[Any, ...]] = {}

    def show(self, job: Job, steps: Iterable[StepRecord]) -> None:
        for step in steps:
            state = (step.status, step.attempts if step.error else 0)
            if self._said.get((job.id, step.path)) == state:
                continue
            self._said[job.id, step.path] = state
            has_begun = step.status == "ready" and step.started_at is not None
            if step.status.is_over or step.status == "held" or step.error or has_begun:
                whose = f"{job.id} " if self._several else ""
                sign, _ = SIGNS[step.status]
                time = _time_of(step) if step.status.is_over else ""
                note(self._call, "  ".join(filter(None, (f"{whose}{sign} {step.path}", time, _remark(step)))))


class Table:
    """All jobs with their steps and times, drawn anew ten times a second."""

    def __init__(self) -> None:
        self._jobs: dict[str, tuple[Job, list[StepRecord]]] = {}

    def show(self, job: Job, steps: Iterable[StepRecord]) -> None:
        self._jobs[job.id] = (job, list(steps))

    def render(self) -> RenderableType:
        from rich.spinner import Spinner
        from rich.table import Table as Grid
        from rich.text import Text

        grid = Grid.grid(padding=(0, 2, 0, 0))
        for job, steps in list(self._jobs.values()):
            title = f"{job.pipeline}  {job.phase or job.status}"
            grid.add_row("", Text(title, style="bold"), "", Text(job.id, style="dim"))
            for step in steps:
                sign, style = SIGNS[step.status]
                runs = step.status == "ready" and step.started_at and not step.error
                grid.add_row(
                    Spinner("dots", style=style) if runs else Text(sign, style=style),
                    Text(step.path),
                    Text(_time_of(step), style="dim"),
                    Text(_remark(step), style="yellow" if step.error else "dim", overflow="fold"),
                )
        return grid


def _time_of(step: StepRecord) -> str:
    if step.started_at is None:
        return ""
    return duration((step.completed_at or datetime.now(UTC)) - step.started_at)


def _remark(step: StepRecord) -> str:
    if step.error and step.status != "completed":
        again = ", tried again soon" if step.status == "ready" else ""
        return f"attempt {step.attempts}: {step.error.what}{again}"
    return f"{step.attempts} attempts" if step.attempts > 1 else ""
