"""The command `pressroom`: which commands there are, and how each is found without importing the others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer
import typer.main
from typer.core import TyperCommand

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Group, group

COMMANDS: dict[str, dict[str, str]] = {
    "Begin": {
        "init": "Set up a workspace: a commented pressroom.toml and sample data.",
        "demo": "Run every pipeline once, offline, and show the pages.",
        "doctor": "Check the set-up, and say what to do about what is wrong.",
    },
    "Work": {
        "run": "Run a pipeline once, with live progress.",
        "up": "Run everything: scheduler, sources, workers, HTTP API, pages.",
        "worker": "Run a further worker.",
    },
    "What happened": {
        "jobs": "List jobs, show one, cancel or retry one.",
        "events": "List events, or follow them as they happen.",
        "report": "Report what became of posts, and their likes, shares and views.",
        "replay": "Run stored events again, into a read model or through a handler.",
    },
    "What needs a person": {
        "posts": "Posts that wait for their time: list, change, withdraw.",
        "dead": "Deliveries that nobody tries any more: list, show, redrive, discard.",
        "held": "Posts that wait for a person: list, show, resolve.",
    },
    "Set-up": {
        "channels": "List the channels, check, connect, or resume one.",
        "secrets": "Set, list or remove secrets; they are stored encrypted.",
        "keys": "Keys of the HTTP API: create, list, revoke.",
        "populate": "Fill a pipeline's tables from files, such as a story's characters.",
        "aws": "Run on AWS: build, deploy, look at, take down a deployment.",
    },
}
"""By heading. Each name is that of a module here with a function `build() -> typer.Typer`."""


class Named(TyperCommand):
    """Stands for a command in the help and in completion, until it is called."""


class Root(Group):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.commands = {
            name: Named(name, help=line, rich_markup_mode=None)
            for part in COMMANDS.values()
            for name, line in part.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and isinstance(command, Named):
            command = load(name)
        return name, command, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for heading, part in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl(list(part.items()))

    def main(  # type: ignore[override] # Typer's own always calls it by these two and `more`
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **more: Any
    ) -> NoReturn:
        """Run and exit; a function's returned number is the exit code, and every error ends here."""
        from pressroom.entrypoints.cli._errors import exit_code_of

        arguments = list(sys.argv[1:] if args is None else args)
        call = Call()
        more |= {"standalone_mode": False, "obj": call}
        try:
            code = super().main(arguments, "pressroom", **more)
        except Exception as error:  # noqa: BLE001 - told to the user, with what to do
            call.json = call.json or "--json" in arguments
            code = exit_code_of(error, call)
        sys.exit(code or 0)


def load(name: str) -> Any:
    """Import the module of a command and return the command."""
    module = importlib.import_module(f"pressroom.entrypoints.cli.{name}")
    command = typer.main.get_command(module.build())
    command.name = name
    return command


def build() -> typer.Typer:
    app = group(
        Root, "Takes content from an idea to finished media, publishes it, and remembers what happened.", completes=True
    )
    app.callback()(_pressroom)
    return app


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"pressroom {version('pressroom')}")
        raise typer.Exit


def _pressroom(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Takes content from an idea to finished media, publishes it, and remembers what happened.

    Begin with `pressroom demo`, which needs no account and no network.
    """
