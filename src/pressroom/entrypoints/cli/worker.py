"""`pressroom worker`: a further worker process on the same workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single
from pressroom.entrypoints.cli._errors import FAILED

LOOK_EVERY = 1.0
"""Seconds between two looks whether its threads still run."""
RESTS_AFTER = 60.0
"""Seconds without work after which a worker that `up` started ends, and with it all that it has loaded."""


def build() -> typer.Typer:
    return single(worker)


def worker(
    context: typer.Context,
    tied_by: Annotated[int | None, typer.Option("--tied", hidden=True, help="For `pressroom up` alone.")] = None,
) -> int:
    """Run a further worker, until Ctrl-C or SIGTERM; it schedules and serves nothing."""
    from pressroom.entrypoints.cli._output import note
    from pressroom.entrypoints.cli._serving import answering_first, stop_on_signals
    from pressroom.entrypoints.cli._tie import tied
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.worker import Worker

    call = Call.of(context)
    with stop_on_signals() as stop, tied(tied_by, stop.end) as tie, opened(call, serves=True) as runtime:
        working = Worker(runtime)
        with answering_first():
            working.start()
            if tie is None:
                note(call, f"A worker runs on {runtime.config.workspace}. Ctrl-C stops it.")
            while not stop.wait(LOOK_EVERY):
                if not working.is_alive:
                    working.stop()
                    note(call, "The worker has stopped by itself; the log above says why. Start it again.")
                    return FAILED
                if tie is not None:
                    tie.tell(working.heartbeat)
                    if working.idle_seconds > RESTS_AFTER:
                        break
            if tie is None:
                note(call, "Stopping …")
            if working.stop(runtime.config.worker.stop_seconds):
                return 0
            if tie is None:
                note(call, "What was not finished is handed back; another worker goes on with it.")
            else:
                tie.tell_of_rest()
    return 0
