"""`pressroom worker`: a further worker process on the same workspace."""

from __future__ import annotations

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single
from pressroom.entrypoints.cli._errors import FAILED

LOOK_EVERY = 1.0
"""Seconds between two looks whether its threads still run."""


def build() -> typer.Typer:
    return single(worker)


def worker(context: typer.Context) -> int:
    """Run a further worker, until Ctrl-C or SIGTERM; it schedules and serves nothing."""
    from pressroom.entrypoints.cli._output import note
    from pressroom.entrypoints.cli._serving import stop_on_signals
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.worker import Worker

    call = Call.of(context)
    with stop_on_signals() as stop, opened(call, serves=True) as runtime:
        working = Worker(runtime)
        working.start()
        note(call, f"A worker runs on {runtime.config.workspace}. Ctrl-C stops it.")
        while not stop.wait(LOOK_EVERY):
            if not working.is_alive:
                working.stop()
                note(call, "The worker has stopped by itself; the log above says why. Start it again.")
                return FAILED
        note(call, "Stopping …")
        if not working.stop(runtime.config.worker.stop_seconds):
            note(call, "What was not finished is handed back; another worker goes on with it.")
    return 0
