"""`pressroom demo`: every pipeline once, offline, on the preview channel; then the pages."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single
from pressroom.entrypoints.cli._errors import FAILED
from pressroom.entrypoints.cli.up import Host, Port

if TYPE_CHECKING:
    from pressroom.errors import Problem
    from pressroom.jobs import Job
    from pressroom.runtime import Runtime

FOLDER = "pressroom-demo"
_OFFLINE_WRITER = {"PRESSROOM_PIPELINES__DAILY_POST__TEXT": "offline_text"}
"""A demo shows the captions that are written here, not the template that is the default."""


def build() -> typer.Typer:
    return single(demo)


def demo(
    context: typer.Context,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Whether to serve the pages afterwards, until Ctrl-C.")
    ] = True,
    host: Host = None,
    port: Port = None,
) -> int:
    """Run every pipeline once, offline, and show the pages.

    Uses the folder pressroom-demo, or --workspace. What was made today already is shown, not made again.
    """
    from pressroom.config import FILE_NAME
    from pressroom.entrypoints.cli._serving import listening, stop_on_signals, url_of
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.entrypoints.cli.init import set_up
    from pressroom.entrypoints.cli.up import serve as serve_until_stopped

    call = Call.of(context)
    call.workspace = call.workspace or FOLDER
    call.overrides |= _OFFLINE_WRITER
    if not (call.folder / FILE_NAME).exists():
        set_up(call.folder, call.environment)
    _refuse_to_publish(call)
    if not serve:
        with opened(call) as runtime:
            return _run_all(call, runtime, "")
    # The port comes first: nobody wants to wait for pictures to learn that it is taken.
    with listening(call, host, port) as bound, opened(call) as runtime:
        code = _run_all(call, runtime, url_of(bound))
        level = "warning" if runtime.config.log.level == "info" else ""  # as this process logs
        with stop_on_signals() as stop:
            return serve_until_stopped(call, runtime, bound, stop, log_level=level) or code


def _refuse_to_publish(call: Call) -> None:
    """Raise if this workspace has accounts or models of its own: a demo reaches nobody and costs nothing."""
    from pressroom.entrypoints.cli._workspace import settings
    from pressroom.errors import BadInput

    config = settings(call)
    named = [f"[channels.{name}]" for name in config.channels] + [f"[generators.{name}]" for name in config.generators]
    if named:
        raise BadInput(
            f"{config.file} configures {', '.join(named)}; a demo there could publish or cost money.",
            where=str(config.file),
            todo="Give the demo a folder of its own: `pressroom demo --workspace DIR`.",
        )


def _run_all(call: Call, runtime: Runtime, pages: str) -> int:
    """Run what was not run today, and say what was made and where; returns the exit code."""
    from pressroom.documents import job_document
    from pressroom.entrypoints.cli._demo_shown import print_job, print_not_started
    from pressroom.entrypoints.cli._output import note, print_json
    from pressroom.entrypoints.cli._working import exit_code, work_off

    jobs: list[Job] = []
    problems: dict[str, Problem] = {}
    for name in runtime.runner.pipelines():
        _begin(runtime, name, jobs, problems)
    if any(not job.status.has_ended for job in jobs):
        note(call, "Each pipeline once, offline, with the samples that come with Pressroom …")
    jobs = work_off(runtime, jobs, call)
    if call.json:
        failed = [{"pipeline": name, "status": "failed", "error": one.as_dict()} for name, one in problems.items()]
        print_json([*(job_document(runtime, job) for job in jobs), *failed])
    else:
        for job in jobs:
            print_job(call, job, runtime, pages)
        for name, problem in problems.items():
            print_not_started(call, name, problem)
    return FAILED if problems else exit_code(jobs)


def _begin(runtime: Runtime, pipeline: str, jobs: list[Job], problems: dict[str, Problem]) -> None:
    """Start a pipeline, unless it ran today; what cannot be started takes nothing from the others."""
    from pressroom.entrypoints.cli._starting import start
    from pressroom.errors import problem_of

    try:
        jobs += _of_today(runtime, pipeline) or start(runtime, pipeline, _input(pipeline), trigger="demo")
    except Exception as error:  # noqa: BLE001 - a plugin's pipeline may raise anything, and it is told
        problems[pipeline] = problem_of(error, where=f"pipeline {pipeline}")


def _of_today(runtime: Runtime, pipeline: str) -> list[Job]:
    """Return the jobs of this pipeline that were begun today and did not fail."""
    today = runtime.ports.clock.now().astimezone().date()
    return [
        job
        for job in runtime.ports.jobs.find(pipeline=pipeline, limit=20)
        if job.created_at.astimezone().date() == today and job.status not in ("failed", "cancelled", "expired")
    ]


def _input(pipeline: str) -> dict[str, Any]:
    """Return what the pipeline's module wants to be shown with: its `demo_input()`, else nothing."""
    name = f"pressroom.pipelines.{pipeline}"
    if importlib.util.find_spec(name) is None:
        # It comes from another package, which says nothing about demos.
        return {}
    demo_input = getattr(importlib.import_module(name), "demo_input", None)
    return dict(demo_input()) if demo_input else {}
