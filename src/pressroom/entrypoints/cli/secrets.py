"""`pressroom secrets`: sets, lists and removes secrets. A value comes from standard input and is never shown."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pressroom.entrypoints.cli import _completion
from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, ListByDefault, group

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="After its section: channels.main.api_key.", autocompletion=_completion.secrets
    ),
]


def build() -> typer.Typer:
    app = group(ListByDefault, "Set, list or remove secrets; they are stored encrypted.")
    for name, function in (("set", set_secret), ("list", list_secrets), ("remove", remove)):
        app.command(name, cls=Command)(function)
    return app


def set_secret(context: typer.Context, name: Name) -> None:
    """Store a secret; its value is read from standard input, or asked for without showing it."""
    from pressroom.entrypoints.cli import _secret_names as rules
    from pressroom.entrypoints.cli._output import note, print_json
    from pressroom.entrypoints.cli._workspace import records, settings
    from pressroom.errors import BadInput

    call = Call.of(context)
    config = settings(call)
    # Not the whole runtime: it cannot be opened while an extension lacks the very secret that is to be set.
    with records(call) as ports:
        # A name that cannot be one is told before anybody types a value.
        ports.secrets.get(name)
        rules.refuse_mistaken_name(name, config)
        value = _value(name)
        if not value:
            raise BadInput(
                f"No value was given for {name}.", todo=f"Pipe it in: `pressroom secrets set {name} < file`."
            )
        rules.refuse_mistaken_value(name, value)
        ports.secrets.set(name, value)
    doubts = rules.doubts_about(name, config)
    if call.json:
        print_json({"set": name})
    else:
        typer.echo(f"{name} is stored, encrypted.")
    if doubts:
        note(call, doubts)


def list_secrets(context: typer.Context) -> None:
    """List the names of the secrets that are set, here or in the environment; never a value."""
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._secret_names import from_environment
    from pressroom.entrypoints.cli._workspace import records

    call = Call.of(context)
    with records(call) as ports:
        names = sorted(ports.secrets.names())
        given = from_environment(names, ports.secrets.get, call.environment)
    if call.json:
        print_json([{"name": name, "from_environment": name in given} for name in names])
        return
    for name in names:
        typer.echo(f"{name}  (from the environment)" if name in given else name)
    if not names:
        typer.echo("No secret is set.")


def remove(context: typer.Context, name: Name) -> None:
    """Remove a stored secret."""
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened
    from pressroom.errors import UnknownName

    call = Call.of(context)
    with opened(call) as runtime:
        if not runtime.ports.secrets.remove(name):
            raise UnknownName("stored secret", name, runtime.ports.secrets.names())
    if call.json:
        print_json({"removed": name})
    else:
        typer.echo(f"{name} is removed.")


def _value(name: str) -> str:
    """Read the value; the line's end that `echo` or an editor adds does not belong to it."""
    from pressroom.errors import BadInput

    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(f"Value of {name} (not shown): ")
    try:
        return sys.stdin.read().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise BadInput(f"The value for {name} is no text; nothing was stored.", todo="Encode it first.") from error
