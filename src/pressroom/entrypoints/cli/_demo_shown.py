"""Shows what a demo made: for each pipeline a line with what came out, and where to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pressroom.entrypoints.cli._output import duration, print_pairs

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call
    from pressroom.errors import Problem
    from pressroom.jobs import Job
    from pressroom.runtime import Runtime

_SIGNS = {"completed": ("✓", "green"), "failed": ("✗", "red")}


def print_job(call: Call, job: Job, runtime: Runtime, pages: str) -> None:
    """Say what a job made and where it is: on the pages at that address, or in a file if they are not served."""
    from pressroom.entrypoints.pages.made import headline_of

    took = f" in {duration(job.completed_at - job.created_at)}" if job.completed_at else ""
    status = "" if job.status == "completed" else f" {job.status}"
    what = f"{job.pipeline}{status}{took}: {headline_of(runtime.ports, job)}"
    _print(call, _SIGNS.get(job.status, ("!", "yellow")), what, job.error)
    if pages:
        print_pairs(call, [("  look at", f"{pages}/jobs/{job.id}")])
    else:
        print_pairs(call, [("  file", _file(job, runtime)), ("  job", job.id)])


def print_not_started(call: Call, pipeline: str, problem: Problem) -> None:
    _print(call, _SIGNS["failed"], f"{pipeline} could not be started", problem)


def _print(call: Call, sign: tuple[str, str], what: str, problem: Problem | None) -> None:
    shape, colour = sign
    color = None if call.has_color else False
    typer.echo(f"{typer.style(shape, fg=colour, bold=True)} {what}", color=color)
    if problem:
        print_pairs(call, [("  why", problem.what), ("  where", problem.where), ("  to do", problem.todo)])


def _file(job: Job, runtime: Runtime) -> str:
    from pressroom.entrypoints.pages.made import made

    chosen = made(runtime.ports, job).main_file
    return str(runtime.ports.blobs.where(chosen.key, chosen.revision)) if chosen else ""
