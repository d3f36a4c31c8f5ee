"""`pressroom replay`: stored events again, into a read model or through a handler; never a publication."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import single

if TYPE_CHECKING:
    from pressroom.errors import BadInput


def build() -> typer.Typer:
    return single(replay)


def replay(
    context: typer.Context,
    into: Annotated[
        str | None,
        typer.Option(
            metavar="READ_MODEL", help="Rebuild this read model from nothing.", autocompletion=_completion.read_models
        ),
    ] = None,
    through: Annotated[
        str | None,
        typer.Option(metavar="HANDLER", help="Hand the events to this handler.", autocompletion=_completion.handlers),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="The first moment, such as 2026-11-20 or 2026-11-20T08:00."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="The moment before which to stop; it is not included.")
    ] = None,
) -> None:
    """Run stored events again, into a read model or through a handler.

    A time without a zone is meant in this machine's zone. Nothing is ever published by a replay.
    """
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.errors import BadInput, UnknownName

    call = Call.of(context)
    if (into is None) == (through is None):
        raise BadInput(
            "Either --into READ_MODEL or --through HANDLER must be given.", todo="See `pressroom replay --help`."
        )
    if into and (since or until):
        raise BadInput("--from and --to go with --through.", todo="A read model is always rebuilt from all events.")
    first, last = moment(since, "--from"), moment(until, "--to")
    with opened(call) as runtime:
        if into is not None:
            if into not in (models := runtime.replay.models()):
                raise UnknownName("read model", into, models)
            count, target = runtime.replay.into(into), into
        else:
            target = str(through)
            if target not in runtime.replay.handlers():
                raise _no_handler(target)
            count = runtime.replay.through(target, first, last)
    if call.json:
        print_json({"into" if into else "through": target, "events": count})
    else:
        typer.echo(f"{count} events were read {'into' if into else 'through'} {target}.")


def _no_handler(name: str) -> BadInput:
    from pressroom import registry
    from pressroom.errors import BadInput, UnknownName

    known = registry.names("handlers")
    if name not in known:
        return UnknownName("handler", name, known)
    return BadInput(
        f"The handler {name} is not switched on.",
        where=f"[handlers.{name}]",
        todo=f"Write `enabled = true` below [handlers.{name}] in pressroom.toml, then replay again.",
    )


def moment(text: str | None, option: str) -> datetime | None:
    """Read a date or a time; without a zone it is this machine's."""
    from pressroom.errors import BadInput

    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise BadInput(
            f"{option} {text}: this is no time.", todo="Write 2026-11-20, 2026-11-20T08:00 or 2026-11-20T08:00+01:00."
        ) from error
