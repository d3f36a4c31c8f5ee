"""`pressroom up`: the scheduler, the sources, the HTTP API and the pages; the worker is a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single
from pressroom.entrypoints.cli._errors import FAILED

if TYPE_CHECKING:
    import socket
    from datetime import datetime

    from pressroom.entrypoints.cli._serving import Starts, Stop
    from pressroom.runtime import Runtime

Host = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="The address to listen on; else `host` of [server].", show_default=False),
]
Port = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=0,
        max=65535,
        help="The port; else `port` of [server]. 0 takes any free one.",
        show_default=False,
    ),
]

LOOK_EVERY = 1.0
"""Seconds between two looks whether everything still runs."""


def build() -> typer.Typer:
    return single(up)


def up(context: typer.Context, host: Host = None, port: Port = None) -> int:
    """Run everything: scheduler, sources, workers, HTTP API, pages. Ctrl-C or SIGTERM ends it.

    Stops within `stop_seconds` of [worker]: running steps finish, or are handed back and go on with the next start.
    """
    from pressroom.entrypoints.cli._serving import listening, stop_on_signals
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with stop_on_signals() as stop, listening(call, host, port) as bound, opened(call, serves=True) as runtime:
        return serve(call, runtime, bound, stop)


def serve(call: Call, runtime: Runtime, bound: socket.socket, stop: Stop, *, log_level: str = "") -> int:
    """Run everything until asked to stop; returns the exit code. `log_level`: the worker's, else the settings'."""
    from pressroom.entrypoints.cli._output import note
    from pressroom.entrypoints.cli._serving import Pages, answering_first, stop_all, url_of
    from pressroom.entrypoints.cli._worker_process import WorkerProcess
    from pressroom.feeding import feeders
    from pressroom.measuring import Measuring
    from pressroom.scheduler import Scheduler

    _refuse_wrong_channels(runtime)
    worker = WorkerProcess(runtime, call, log_level=log_level)
    scheduler, measuring, fed = Scheduler(runtime), Measuring(runtime), feeders(runtime)
    pages = Pages(runtime, worker.pulse, bound)
    parts: list[Starts] = [pages, *fed, scheduler, measuring, worker]
    with answering_first():
        for part in reversed(parts):
            part.start()
        _announce(call, url_of(bound), scheduler.next_starts(), {one.name: one.pipeline for one in fed})
        while not stop.wait(LOOK_EVERY):
            if not all(part.is_alive for part in parts):
                stop_all(parts, runtime.config.worker.stop_seconds)
                note(call, "A part of Pressroom has stopped by itself; the log above says why. Start it again.")
                return FAILED
        note(call, "Stopping …")
        if not stop_all(parts, runtime.config.worker.stop_seconds):
            note(call, "What was not finished is handed back and goes on with the next start.")
    return 0


def _refuse_wrong_channels(runtime: Runtime) -> None:
    """Raise now for a channel whose settings are wrong or missing, rather than when its first post is due."""
    from pressroom.errors import PressroomError
    from pressroom.steps import PublishingSettings

    for channel in runtime.publishing.channels():
        runtime.publishing.publisher(channel)
    for pipeline, settings in runtime.runner.execution.settings.items():
        for channel in settings.channels if isinstance(settings, PublishingSettings) else ():
            try:
                runtime.publishing.publisher(channel)
            except PressroomError as error:
                error.where = f"[pipelines.{pipeline}] channels"
                raise


def _announce(call: Call, url: str, next_starts: dict[str, datetime], fed: dict[str, str]) -> None:
    from pressroom.entrypoints.cli._output import local, note, print_json_line

    if call.json:
        starts = {name: time.isoformat() for name, time in next_starts.items()}
        print_json_line({"url": url, "next_starts": starts, "sources": fed})
        return
    typer.echo(f"Pressroom listens on {url}")
    for name, time in sorted(next_starts.items(), key=lambda item: item[1]):
        typer.echo(f"  {name} starts next at {local(time)}")
    for source, pipeline in fed.items():
        typer.echo(f"  {pipeline} takes photos from {source}")
    if not next_starts:
        typer.echo("  No pipeline is scheduled.")
    note(call, "Ctrl-C stops it.")
