"""`pressroom events`: the event log, of one job or of all, once or as it grows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single

if TYPE_CHECKING:
    from pressroom.events import Event
    from pressroom.ports import Ports

LOOK_EVERY = 0.5
"""Seconds after which the log is read although nothing announced an event."""


def build() -> typer.Typer:
    return single(events)


def events(
    context: typer.Context,
    job: Annotated[
        str | None, typer.Option(metavar="JOB", help="Only this job's events.", autocompletion=_completion.jobs)
    ] = None,
    type: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            help="Only events of this type, such as PostPublished; may stand several times.",
            autocompletion=_completion.event_types,
        ),
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many at most, the newest ones.")] = 100,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new ones until Ctrl-C; with --json a document a line.")
    ] = False,
) -> None:
    """List events, oldest first, or follow them as they happen."""
    from pressroom.documents import event_document
    from pressroom.entrypoints.cli._event_types import refuse_unknown
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    types = type or []
    with records(call) as ports:
        refuse_unknown(types, ports.events)
        position = ports.events.last_position()
        found = _stored(ports, job, types, limit)
        if call.json and not follow:
            print_json([event_document(event) for event in found])
            return
        for event in found:
            _print(call, event)
        if follow:
            for event in _new(ports, max([position, *(e.position or 0 for e in found)]), types):
                if job in (None, event.job_id):
                    _print(call, event)
        elif not found:
            typer.echo("No such event." if job or types else "No event yet.")


def _stored(ports: Ports, job_id: str | None, types: list[str], limit: int) -> list[Event]:
    """Return the newest `limit` events, oldest first."""
    from pressroom.entrypoints.cli.jobs import find

    if job_id is not None:
        of_job = ports.events.of_job(find(ports.jobs, job_id).id)
        return [event for event in of_job if not types or event.type in types][-limit:]
    return ports.events.latest(limit=limit, types=types)[::-1]


def _new(ports: Ports, position: int, types: list[str]) -> Iterator[Event]:
    listener = ports.wake.listen()
    try:
        while True:
            for event in ports.events.after(position, types=types):
                position = event.position or position
                yield event
            listener.wait(LOOK_EVERY)
    finally:
        listener.close()


def _print(call: Call, event: Event) -> None:
    from pressroom.documents import event_document
    from pressroom.entrypoints.cli._output import local, print_json_line

    if call.json:
        print_json_line(event_document(event))
        return
    dim = typer.style(local(event.time), dim=True)
    about = event.subject if event.subject != event.job_id else ""
    line = f"{dim}  {event.type:<22} {event.job_id or '':<36}  {about}  {_gist(event)}"
    typer.echo(line.rstrip(), color=None if call.has_color else False)


def _gist(event: Event) -> str:
    """Return what is most telling in an event's data, in a line."""
    error = event.data.get("error")
    if isinstance(error, dict):
        return str(error.get("what", ""))
    names = ("pipeline", "step", "phase", "channel", "url", "why", "action", "media_type", "seconds", "attempt")
    return "  ".join(f"{name}={event.data[name]}" for name in names if event.data.get(name) not in (None, "", {}))
