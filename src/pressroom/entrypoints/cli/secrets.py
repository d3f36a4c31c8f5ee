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
    from pressroom.entrypoints.cli._output import note, print_json
    from pressroom.entrypoints.cli._workspace import records, settings
    from pressroom.errors import BadInput

    call = Call.of(context)
    config = settings(call)
    # Not the whole runtime: it cannot be opened while an extension lacks the very secret that is to be set.
    with records(call) as ports:
        # A name that cannot be one is told before anybody types a value.
        ports.secrets.get(name)
        value = _value(name)
        if not value:
            raise BadInput(
                f"No value was given for {name}.", todo=f"Pipe it in: `pressroom secrets set {name} < file`."
            )
        ports.secrets.set(name, value)
    missing = _missing_section(name, config.channels, config.generators)
    if call.json:
        print_json({"set": name})
    else:
        typer.echo(f"{name} is stored, encrypted.")
    if missing:
        note(call, missing)


def list_secrets(context: typer.Context) -> None:
    """List the names of the secrets that are set; never a value."""
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import opened

    call = Call.of(context)
    with opened(call) as runtime:
        names = sorted(runtime.ports.secrets.names())
    if call.json:
        print_json([{"name": name} for name in names])
        return
    for name in names:
        typer.echo(name)
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
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(f"Value of {name} (not shown): ")
    return sys.stdin.read().removesuffix("\n").removesuffix("\r")


def _missing_section(name: str, *sections: dict[str, dict[str, object]]) -> str:
    """Say which lines the settings lack for this secret to be used; empty if none."""
    kind, _, rest = name.partition(".")
    section = rest.rpartition(".")[0]
    known = dict(zip(("channels", "generators"), sections, strict=True)).get(kind)
    if known is None or not section or section in known:
        return ""
    key = "network" if kind == "channels" else "use"
    return f'Nothing uses it yet. Add to pressroom.toml:\n\n  [{kind}.{section}]\n  {key} = "…"'
